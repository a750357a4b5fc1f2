/* bamboo_check_store(): a healthy store of every kind of run has no problem; each kind of damage is
 * found, and named with its run and event. */
#include "tests/unit/api/support.h"

#include <sqlite3.h>

#include "tests/unit/rows.h"

#define KIND_COUNT    5
#define SENTENCE_SIZE 400

/* The runs of the store that is damaged, by what they are. */
enum kind { ENDED, FAILED, WAITING, SUSPENDED, LONG };
static const char *const FLOWS[KIND_COUNT] = {
    [ENDED] =
        "pipeline ended() {\n  a = shell(\"echo one\")\n  b = shell(\"echo two\")\n  touch()\n}\n",
    [FAILED] = "pipeline failed() {\n  a = shell(\"echo no; exit 1\")\n}\n",
    [WAITING] = "pipeline waiting() {\n  a = callback()\n  b = callback()\n}\n",
    [SUSPENDED] = "pipeline suspended() {\n  touch()\n}\n",
    [LONG] = "pipeline long() {\n  a = shell(\"head -c 50000 /dev/zero | tr '\\\\0' x\")\n"
             "  b = shell(\"head -c 50000 /dev/zero | tr '\\\\0' y\")\n  c = callback()\n"
             "  d = callback()\n}\n",
};

/* One store for all tests. */
static struct world *world;
static char ids[KIND_COUNT][BAMBOO_RUN_ID_SIZE];

struct findings {
    size_t count;
    char first[SENTENCE_SIZE]; /* "table run event: sentence" */
    char all[20 * SENTENCE_SIZE];
};

static const char *text_of(struct bamboo_value map, const char *key)
{
    struct bamboo_value text = bamboo_map_get(map, key);
    return text.type == BAMBOO_STRING ? bamboo_string_bytes(text, NULL) : "-";
}

static void take(void *context, struct bamboo_value finding)
{
    struct findings *findings = context;
    struct bamboo_value event = bamboo_map_get(finding, "event");
    char line[SENTENCE_SIZE];
    bool of_run = bamboo_map_get(finding, "run").type == BAMBOO_STRING;
    if (of_run && strstr(text_of(finding, "problem"), text_of(finding, "run")))
        fail_msg("its run is named twice: %s", text_of(finding, "problem"));
    snprintf(line, sizeof line, "%s %s %lld: %s\n", text_of(finding, "table"),
             text_of(finding, "run"),
             event.type == BAMBOO_INTEGER ? (long long)event.as.integer : 0,
             text_of(finding, "problem"));
    if (findings->count++ == 0) memcpy(findings->first, line, sizeof line);
    size_t size = strlen(findings->all);
    snprintf(findings->all + size, sizeof findings->all - size, "%s", line);
}

static enum bamboo_status check(const char *store, struct findings *findings,
                                struct bamboo_error *error)
{
    struct bamboo_engine *engine = NULL;
    struct bamboo_value counts;
    struct bamboo_engine_options options = {.store = store, .read_only = true};
    *findings = (struct findings){0};
    enum bamboo_status status = bamboo_engine_open(world->library, &options, &engine, error);
    if (status == BAMBOO_OK) status = bamboo_check_store(engine, take, findings, &counts, error);
    if (status == BAMBOO_OK) {
        assert_int_equal(bamboo_map_get(counts, "problems").as.integer, findings->count);
        bamboo_value_release(counts);
    }
    bamboo_engine_close(engine);
    return status;
}

static void execute_sql(const char *store, const char *sql)
{
    sqlite3 *database = NULL;
    char *message = NULL;
    assert_int_equal(sqlite3_open(store, &database), SQLITE_OK);
    if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(database);
}

/* --- The store --- */

static void make_mail(void)
{
    struct bamboo_error error = {0};
    uint64_t mail = 0;
    struct store *store = world->engine->store;
    struct store_run run = {0};
    must(store_find_run(store, ids[WAITING], &run, &error));
    must(store_submit(store, run.id, "program", 7, "tester", &mail, &error));
    struct store_write reply = {.kind = STORE_REPLY, .mail = mail, .bytes = "done", .size = 4};
    must(store_commit(store, &reply, 1, NULL, &error));
    must(store_submit(store, run.id, "another", 7, "tester", &mail, &error));
    store_run_release(&run);
}

/* Another engine takes a run over, does something, and leaves. */
static void take_over(enum kind kind, const char *node)
{
    struct bamboo_error error = {0};
    bool claimed = false;
    memcpy(world->id, ids[kind], sizeof world->id);
    must(world_operate(world, "callback", node, NULL, &claimed, &error));
    assert_true(claimed);
    world_loop(world);
    bamboo_engine_close(world->engine);
    world->engine = world_open(world, false);
}

static int make_store(void **state)
{
    void *made = NULL;
    struct bamboo_error error = {0};
    (void)state;
    if (world_set_up(&made) != 0) return -1;
    world = made;
    for (int i = 0; i < KIND_COUNT; i++) {
        world_start(world, FLOWS[i]);
        memcpy(ids[i], world->id, sizeof world->id);
        if (i == SUSPENDED) must(world_operate(world, "pause", NULL, NULL, NULL, &error));
        world_loop(world);
    }
    bamboo_engine_close(world->engine);
    world->engine = world_open(world, false);
    take_over(WAITING, "a");
    take_over(LONG, "c");
    make_mail();
    execute_sql(world->store, "PRAGMA wal_checkpoint(TRUNCATE)");
    return 0;
}

static int remove_store(void **state)
{
    (void)state;
    void *made = world;
    return world_tear_down(&made);
}

static void a_healthy_store_has_no_problem(void **state)
{
    struct findings findings;
    struct bamboo_error error = {0};
    (void)state;
    must(check(world->store, &findings, &error));
    assert_string_equal(findings.all, "");
}

/* While engines own runs, and in memory. */
static void a_store_at_work_has_no_problem(void **state)
{
    struct bamboo_error error = {0};
    struct findings findings = {0};
    struct bamboo_value counts;
    void *made = NULL;
    (void)state;
    assert_int_equal(world_set_up(&made), 0);
    struct world *other = made;
    for (int i = 0; i < 2; i++) {
        world_start(other, FLOWS[LONG]);
        world_loop(other);
        world_start(other, FLOWS[ENDED]);
        must(bamboo_engine_flush(other->engine, &error));
        must(bamboo_check_store(other->engine, take, &findings, &counts, &error));
        assert_string_equal(findings.all, "");
        assert_true(bamboo_map_get(counts, "runs").as.integer >= 2);
        bamboo_value_release(counts);
        bamboo_engine_close(other->engine);
        snprintf(other->store, sizeof other->store, "memory:");
        other->engine = world_open(other, false);
    }
    assert_int_equal(world_tear_down(&made), 0);
}

static void a_removed_run_leaves_nothing_even_half_swept(void **state)
{
    struct bamboo_error error = {0};
    struct findings findings;
    void *made = NULL;
    (void)state;
    assert_int_equal(world_set_up(&made), 0);
    struct world *other = made;
    world_run(other, FLOWS[ENDED]);
    bamboo_engine_close(other->engine);
    other->engine = world_open(other, false);
    bool done = false;
    must(store_forget_run(other->engine->store, other->id, false, &error));
    for (int i = 0; i < 100 && !done; i++) {
        must(check(other->store, &findings, &error));
        assert_string_equal(findings.all, "");
        must(store_sweep(other->engine->store, 1, &done, &error));
    }
    assert_true(done);
    must(check(other->store, &findings, &error));
    assert_string_equal(findings.all, "");
    assert_int_equal(world_tear_down(&made), 0);
}

/* --- Damage --- */

struct damage {
    const char *promise;
    const char *sql;   /* ID: the id of the run in quotes; RUN: its number */
    enum kind kind;    /* of which run */
    const char *table; /* that the problem names */
    bool of_run;       /* and the run */
    int event;         /* and the event; -1: any */
    const char *sentence;
};

/* A byte in the middle of a blob becomes another. */
#define SPOIL(column) \
    column " = substr(" column ", 1, length(" column ") / 2) || " \
           "CASE substr(" column ", length(" column \
           ") / 2 + 1, 1) WHEN x'41' THEN x'42' ELSE x'41' END || " \
           "substr(" column ", length(" column ") / 2 + 2)"

static const struct damage DAMAGES[] = {
    {"bytes of an event", "UPDATE event SET " SPOIL("bytes") " WHERE run = RUN AND first = 1",
     ENDED, "event", true, 1, "is not what was written"},
    {"the sum of an event", "UPDATE event SET sum = sum + 1 WHERE run = RUN AND first = 1", FAILED,
     "event", true, 1, "is not what was written"},
    {"the end of a batch", "UPDATE event SET last = last + 1 WHERE run = RUN AND first = 1",
     WAITING, "event", true, 1, "is not what was written"},
    {"the fence of an event", "UPDATE event SET fence = fence + 1 WHERE run = RUN AND first = 1",
     ENDED, "event", true, 1, "is not what was written"},
    {"an event without its fence", "UPDATE event SET fence = NULL WHERE run = RUN AND first = 1",
     ENDED, "event", true, 1, "is not what was written"},
    {"the first events are deleted", "DELETE FROM event WHERE run = RUN AND first = 1", ENDED,
     "event", true, 1, "is missing, as are all before"},
    {"the last events are deleted",
     "DELETE FROM event WHERE run = RUN AND first = (SELECT max(first) FROM event WHERE run = RUN)",
     ENDED, "event", true, -1, "is missing, as are all up to"},
    {"events in the middle are deleted",
     "DELETE FROM event WHERE run = RUN AND first = (SELECT min(first) FROM event WHERE run = RUN "
     "AND first > 1)",
     ENDED, "event", true, -1, "is missing, as are all before"},
    {"all events are deleted", "DELETE FROM event WHERE run = RUN", LONG, "event", true, 1,
     "is missing, as are all others"},
    {"two batches are swapped",
     "CREATE TEMP TABLE two AS SELECT first, bytes, sum FROM event WHERE run = RUN ORDER BY first "
     "LIMIT 2; UPDATE event SET bytes = (SELECT bytes FROM two WHERE two.first <> event.first), "
     "sum = (SELECT sum FROM two WHERE two.first <> event.first) WHERE run = RUN AND first IN "
     "(SELECT first FROM two)",
     ENDED, "event", true, 1, "is not what was written"},
    {"a batch of another run",
     "UPDATE event SET (bytes, sum) = (SELECT bytes, sum FROM event AS o WHERE o.run <> RUN AND "
     "o.first = 1 LIMIT 1) WHERE run = RUN AND first = 1",
     ENDED, "event", true, 1, "is not what was written"},
    {"events of no run",
     "INSERT INTO event SELECT 4711, first, last, bytes, sum, fence FROM event WHERE run = RUN",
     ENDED, "event", false, 0, "run number 4711"},
    {"events behind the end", "UPDATE run SET sequence = sequence - 1 WHERE id = ID", ENDED,
     "event", true, -1, "is there, but the run has only"},
    {"the run counts more events", "UPDATE run SET sequence = sequence + 1 WHERE id = ID", FAILED,
     "event", true, -1, "is missing, as are all up to"},
    {"a fence that went back", "UPDATE run SET fence = 1 WHERE id = ID", WAITING, "event", true, -1,
     "but the run's is 1"},
    {"no fence", "UPDATE run SET fence = 0 WHERE id = ID", SUSPENDED, "run", true, 0,
     "has the fence 0"},
    {"another id", "UPDATE run SET id = '00000000000000ab' WHERE id = ID", ENDED, "run", false, 0,
     "its id, name, digest or time"},
    {"no id", "UPDATE run SET id = 'x' WHERE id = ID", ENDED, "run", false, 0, "no proper id"},
    {"another name", "UPDATE run SET name = 'x' WHERE id = ID", ENDED, "run", true, 0,
     "its id, name, digest or time"},
    {"another time of creation", "UPDATE run SET created = created + 1 WHERE id = ID", ENDED, "run",
     true, 0, "its id, name, digest or time"},
    {"another artifact",
     "UPDATE run SET digest = (SELECT digest FROM artifact WHERE digest <> run.digest LIMIT 1) "
     "WHERE id = ID",
     ENDED, "run", true, 0, "its id, name, digest or time"},
    {"half a digest", "UPDATE run SET digest = x'41' WHERE id = ID", ENDED, "run", true, 0,
     "a digest of 1 bytes"},
    {"another state", "UPDATE run SET state = 3 - state WHERE id = ID", SUSPENDED, "run", true, 0,
     "its state is"},
    {"a run that has ended counts as open", "UPDATE run SET ended = 0 WHERE id = ID", ENDED, "run",
     true, 0, "its end is"},
    {"an open run counts as ended", "UPDATE run SET ended = 1 WHERE id = ID", WAITING, "run", true,
     0, "its end is"},
    {"other counts of nodes", "UPDATE run SET failed = failed + 1 WHERE id = ID", FAILED, "run",
     true, 0, "number of failed nodes"},
    {"other counts of waiting nodes", "UPDATE run SET waiting = 7 WHERE id = ID", WAITING, "run",
     true, 0, "number of waiting nodes"},
    {"other counts of running nodes", "UPDATE run SET running = 7 WHERE id = ID", WAITING, "run",
     true, 0, "number of running nodes"},
    {"a deadline that there is not", "UPDATE run SET wake_at = 7 WHERE id = ID", WAITING, "run",
     true, 0, "next deadline"},
    {"another end", "UPDATE run SET finished = finished + 1 WHERE id = ID", ENDED, "run", true, 0,
     "time of its end"},
    {"an owner that there is not", "UPDATE run SET owner = 4711 WHERE id = ID", WAITING, "run",
     true, 0, "engine 4711"},
    {"a run is deleted", "DELETE FROM run WHERE id = ID", ENDED, "event", false, 0,
     "belongs to run number"},
    {"bytes of a snapshot", "UPDATE snapshot SET " SPOIL("bytes") " WHERE run = RUN", LONG,
     "snapshot", true, -1, "is not what was written"},
    {"the number of a snapshot", "UPDATE snapshot SET sequence = sequence + 1000 WHERE run = RUN",
     LONG, "snapshot", true, -1, "is newer than the run"},
    {"a snapshot of no run", "UPDATE snapshot SET run = 4711 WHERE run = RUN", LONG, "snapshot",
     false, 0, "run number 4711"},
    {"bytes of an artifact",
     "UPDATE artifact SET " SPOIL("bytes") " WHERE digest = (SELECT digest FROM run WHERE id = ID)",
     ENDED, "artifact", false, 0, "is not what was stored"},
    {"an artifact is deleted",
     "DELETE FROM artifact WHERE digest = (SELECT digest FROM run WHERE id = ID)", FAILED, "run",
     true, 0, "its artifact is not there"},
    {"an artifact that nobody uses",
     "INSERT INTO artifact SELECT x'"
     "0102030405060708010203040506070801020304050607080102030405060708', x'41' WHERE RUN > 0",
     ENDED, "artifact", false, 0, "is not used"},
    {"bytes of output", "UPDATE log SET " SPOIL("bytes") " WHERE run = RUN", ENDED, "log", true, 0,
     "of the output is not what was written"},
    {"output of another node", "UPDATE log SET node = 'x' WHERE run = RUN", ENDED, "log", true, 0,
     "of the output is not what was written"},
    {"output of another attempt", "UPDATE log SET attempt = attempt + 1 WHERE run = RUN", ENDED,
     "log", true, 0, "of the output is not what was written"},
    {"output of another run",
     "UPDATE log SET run = (SELECT min(number) FROM run WHERE number <> RUN) WHERE run = RUN",
     ENDED, "log", false, 0, "of the output is not what was written"},
    {"output of no run", "UPDATE log SET run = 4711 WHERE run = RUN", ENDED, "log", false, 0,
     "run number 4711"},
    {"bytes of mail", "UPDATE mail SET program = x'41' WHERE answered = 0 AND run = RUN", WAITING,
     "mail", true, 0, "is not what was written"},
    {"who sent mail", "UPDATE mail SET actor = 'x' WHERE answered = 0 AND run = RUN", WAITING,
     "mail", true, 0, "is not what was written"},
    {"an answer", "UPDATE mail SET reply = 'no' WHERE answered = 1 AND run = RUN", WAITING, "mail",
     true, 0, "the answer to mail"},
    {"the status of an answer", "UPDATE mail SET status = 8 WHERE answered = 1 AND run = RUN",
     WAITING, "mail", true, 0, "the answer to mail"},
    {"a status that there is not", "UPDATE mail SET status = 99 WHERE run = RUN", WAITING, "mail",
     true, 0, "a state that there is not"},
    {"answered mail counts as open", "UPDATE mail SET answered = 0 WHERE run = RUN", WAITING,
     "mail", true, 0, "counts as open"},
    {"mail to another run",
     "UPDATE mail SET run = (SELECT max(number) FROM run WHERE number <> RUN) WHERE run = RUN",
     WAITING, "mail", false, 0, "is not what was written"},
    {"mail to no run", "UPDATE mail SET run = 4711 WHERE run = RUN", WAITING, "mail", false, 0,
     "run number 4711"},
    {"an engine without a process",
     "INSERT INTO engine(boot, process, lease_ms, alive_until) SELECT '', 0, 1, 1 WHERE RUN > 0",
     ENDED, "engine", false, 0, "no proper process or lease"},
    {"an endless lease",
     "INSERT INTO engine(boot, process, lease_ms, alive_until) SELECT '', 1, 1, "
     "9000000000000000000 WHERE RUN > 0",
     ENDED, "engine", false, 0, "is longer than it can be"},
    {"a run that is there and removed", "INSERT INTO garbage SELECT number FROM run WHERE id = ID",
     ENDED, "garbage", true, 0, "is there and removed"},
    {"a number that may be given twice", "INSERT INTO garbage SELECT 4711 WHERE RUN > 0", ENDED,
     "removed", false, 0, "the highest number of a removed run is 4711, not 0"},
    {"no highest number of a removed run", "DELETE FROM removed WHERE RUN > 0", ENDED, "removed",
     false, 0, "has 0 rows"},
    {"an index without a row",
     "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM "
     "sqlite_schema WHERE name = 'mail_run') WHERE name = 'log_run' AND RUN > 0",
     ENDED, "file", false, 0, ""},
    {"another definition of a table",
     "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'stream INTEGER', "
     "'stream INTEGES') WHERE name = 'log' AND RUN > 0",
     ENDED, "file", false, 0, "the definition of log is not what was written"},
    {"an index is missing",
     "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'mail_run' AND RUN > 0",
     ENDED, "file", false, 0, "the definition of mail_run is not what was written"},
};
#undef SPOIL

/* `sql` with the id and the number of the run. */
static void write_sql(char *out, size_t size, const char *sql, const char *id)
{
    size_t used = 0;
    while (*sql && used + 64 < size) {
        int written = 1;
        if (strncmp(sql, "ID", 2) == 0) {
            written = snprintf(out + used, size - used, "'%s'", id);
            sql += 2;
        } else if (strncmp(sql, "RUN", 3) == 0) {
            written =
                snprintf(out + used, size - used, "(SELECT number FROM run WHERE id = '%s')", id);
            sql += 3;
        } else {
            out[used] = *sql++;
        }
        used += (size_t)written;
    }
    out[used] = '\0';
}

static void is_found_and_named(void **state)
{
    const struct damage *damage = *state;
    char copy[128], command[500], sql[4096], expected[SENTENCE_SIZE];
    struct findings findings;
    struct bamboo_error error = {0};
    snprintf(copy, sizeof copy, "%s/damaged.db", world->folder);
    snprintf(command, sizeof command, "rm -f %s*; cp %s %s", copy, world->store, copy);
    assert_int_equal(system(command), 0);
    write_sql(sql, sizeof sql, damage->sql, ids[damage->kind]);
    execute_sql(copy, sql);
    must(check(copy, &findings, &error));
    if (findings.count == 0) fail_msg("nothing was found");
    snprintf(expected, sizeof expected, "%s %s", damage->table,
             damage->of_run ? ids[damage->kind] : "");
    for (const char *line = findings.all; *line; line = strchr(line, '\n') + 1) {
        const char *end = strchr(line, '\n'), *sentence = strstr(line, damage->sentence);
        char event[32];
        snprintf(event, sizeof event, " %d: ", damage->event);
        const char *named = strstr(line, event);
        if (strncmp(line, expected, strlen(expected)) == 0 && sentence && sentence < end &&
            (damage->event < 0 || (named && named < end)))
            return;
    }
    fail_msg("not found: %s (event %d) %s, but:\n%s", expected, damage->event, damage->sentence,
             findings.all);
}

/* Its sum is right: only a replay can tell. */
static void a_snapshot_that_is_no_replay_is_told(void **state)
{
    char copy[128], command[500];
    struct findings findings;
    struct bamboo_error error = {0};
    struct store *store = NULL;
    struct store_run run = {0};
    const struct store_options options = {.durability = STORE_DURABILITY_OS, .timeout_ms = 1000};
    uint64_t sequence = 0;
    void *bytes = NULL;
    size_t size = 0;
    (void)state;
    snprintf(copy, sizeof copy, "%s/wrong.db", world->folder);
    snprintf(command, sizeof command, "cp %s %s", world->store, copy);
    assert_int_equal(system(command), 0);
    must(store_open(copy, &options, &store, &error));
    must(store_find_run(store, ids[LONG], &run, &error));
    must(store_read_snapshot(store, run.number, &sequence, &bytes, &size, &error));
    assert_true(size > 10);
    ((char *)bytes)[size / 2] ^= 1;
    struct store_write write = {.kind = STORE_SNAPSHOT,
                                .number = &run.number,
                                .fence = &run.fence,
                                .last = sequence,
                                .bytes = bytes,
                                .size = size};
    must(store_commit(store, &write, 1, NULL, &error));
    memory_free(bytes);
    store_run_release(&run);
    store_close(store);
    must(check(copy, &findings, &error));
    assert_int_equal(findings.count, 1);
    assert_non_null(strstr(findings.all, "is not what a replay of the journal gives"));
    assert_non_null(strstr(findings.all, ids[LONG]));
}

static enum bamboo_status take_batch(void *context, uint64_t first, uint64_t last,
                                     const void *bytes, size_t size, struct bamboo_error *error)
{
    (void)first, (void)last, (void)error;
    writer_raw(context, bytes, size);
    return BAMBOO_OK;
}

/* What is right by its sums and can be no run, as other programs may write it. */
static void write_nonsense(const char *path)
{
    const struct store_options options = {.durability = STORE_DURABILITY_OS, .timeout_ms = 1000};
    struct bamboo_error error = {0};
    struct store *store = NULL;
    struct store_run run = {0};
    struct byte_writer again = {0};
    uint64_t number = 0, fence = 0;
    uint8_t digest[DIGEST_SIZE];
    must(store_open(path, &options, &store, &error));
    must(store_find_run(store, ids[SUSPENDED], &run, &error));
    must(store_read_events(store, run.number, 0, take_batch, &again, &error));
    digest_compute("nonsense", 8, digest);
    const struct store_write writes[] = {{.kind = STORE_APPEND,
                                          .number = &run.number,
                                          .fence = &run.fence,
                                          .first = run.sequence + 1,
                                          .last = run.sequence + 1,
                                          .summary = &run.summary,
                                          .bytes = again.bytes,
                                          .size = again.size},
                                         {.kind = STORE_CREATE_RUN,
                                          .number = &number,
                                          .fence = &fence,
                                          .id = "0000000000000000",
                                          .name = "nonsense",
                                          .digest = digest,
                                          .image = "nonsense",
                                          .image_size = 8,
                                          .summary = &run.summary}};
    must(store_commit(store, writes, 2, NULL, &error));
    writer_release(&again);
    store_run_release(&run);
    store_close(store);
}

static void a_problem_names_its_run_and_event_once(void **state)
{
    char copy[128], command[500], expected[SENTENCE_SIZE];
    struct findings findings;
    struct bamboo_error error = {0};
    (void)state;
    snprintf(copy, sizeof copy, "%s/nonsense.db", world->folder);
    snprintf(command, sizeof command, "cp %s %s", world->store, copy);
    assert_int_equal(system(command), 0);
    write_nonsense(copy);
    must(check(copy, &findings, &error));
    assert_int_equal(findings.count, 2);
    snprintf(expected, sizeof expected,
             "run 0000000000000000 0: its program: this is not an artifact of bamboo\n"
             "event %s 4: 'run-created' does not fit what came before it\n",
             ids[SUSPENDED]);
    assert_string_equal(findings.all, expected);
}

static void count_unchecked(void *context, struct bamboo_value finding)
{
    size_t *count = context;
    assert_string_equal(text_of(finding, "problem"), "-");
    assert_string_not_equal(text_of(finding, "unchecked"), "-");
    ++*count;
}

static void a_run_of_unknown_components_is_no_damage(void **state)
{
    struct bamboo_error error = {0};
    struct bamboo_library *library = NULL;
    struct bamboo_engine *engine = NULL;
    struct bamboo_value counts;
    size_t unchecked = 0;
    struct bamboo_engine_options options = {.store = world->store, .read_only = true};
    (void)state;
    must(bamboo_library_create(NULL, 0, &library, &error));
    must(bamboo_engine_open(library, &options, &engine, &error));
    must(bamboo_check_store(engine, count_unchecked, &unchecked, &counts, &error));
    assert_int_equal(unchecked, 2);
    assert_int_equal(bamboo_map_get(counts, "unchecked").as.integer, 2);
    bamboo_value_release(counts);
    /* Why is told, also to one who does not ask for errors. */
    assert_int_equal(bamboo_check_store(engine, count_unchecked, &unchecked, &counts, NULL),
                     BAMBOO_OK);
    assert_int_equal(unchecked, 4);
    bamboo_value_release(counts);
    bamboo_engine_close(engine);
    bamboo_library_destroy(library);
}

static void a_truncated_file_is_told(void **state)
{
    char copy[128], command[500];
    struct findings findings;
    struct bamboo_error error = {0};
    (void)state;
    snprintf(copy, sizeof copy, "%s/short.db", world->folder);
    snprintf(command, sizeof command, "cp %s %s; truncate -s 40960 %s", world->store, copy, copy);
    assert_int_equal(system(command), 0);
    enum bamboo_status status = check(copy, &findings, &error);
    assert_true(status == BAMBOO_E_STORE || findings.count > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_healthy_store_has_no_problem),
        cmocka_unit_test(a_store_at_work_has_no_problem),
        cmocka_unit_test(a_removed_run_leaves_nothing_even_half_swept),
        cmocka_unit_test(a_truncated_file_is_told),
        cmocka_unit_test(a_snapshot_that_is_no_replay_is_told),
        cmocka_unit_test(a_problem_names_its_run_and_event_once),
        cmocka_unit_test(a_run_of_unknown_components_is_no_damage),
    };
    if (make_store(NULL) != 0) return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    failed += RUN_ROWS(DAMAGES, is_found_and_named);
    return failed + (remove_store(NULL) != 0);
}
