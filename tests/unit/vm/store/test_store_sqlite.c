/* What can be wrong with the file of a store, and what then is said; and that nothing is lost. */
#include "tests/unit/vm/store/support.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "vm/store/store_sqlite.h"

static const char *path_of(const struct place *place)
{
    return place->url + strlen("sqlite:");
}

/* Does something to the file that no store would. */
static void damage(const struct place *place, const char *sql)
{
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(path_of(place), &database), SQLITE_OK);
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(database));
    sqlite3_close(database);
}

static void assert_does_not_open(const char *url, const struct store_options *options,
                                 enum bamboo_status status, const char *text)
{
    struct store *store = NULL;
    fails(store_open(url, options, &store, &error), status, text);
    assert_null(store);
}

static void what_was_committed_is_there_after_reopening(void **state)
{
    struct place *place = *state;
    for (unsigned durability = STORE_DURABILITY_NONE; durability <= STORE_DURABILITY_FULL;
         durability++) {
        char id[] = "00000000000000ax";
        id[15] = (char)('0' + durability);
        struct store_options options = {.durability = (enum store_durability)durability,
                                        .timeout_ms = 100};
        struct store *store = NULL;
        succeed(store_open(place->url, &options, &store, &error));
        struct test_run run = create_run(store, id, 0);
        commit_one(store, append_write(&run, "one", &running));
        store_close(store);
        store = open_store(place);
        assert_events(store, run.number, 0, "1-1:one ");
        store_close(store);
    }
}

/* Commits without closing, as a crash leaves it. */
static void what_was_committed_is_there_after_a_crash(void **state)
{
    struct place *place = *state;
    pid_t child = fork();
    if (child == 0) {
        struct store *crashing = open_store(place);
        struct test_run run = create_run(crashing, "00000000000000a1", join(crashing));
        commit_one(crashing, append_write(&run, "one", &running));
        _exit(0);
    }
    int result = 1;
    waitpid(child, &result, 0);
    assert_int_equal(result, 0);
    struct store *store = open_store(place);
    struct store_run row = find(store, "@last");
    assert_int_equal(row.sequence, 1);
    assert_false(row.owner_alive);
    assert_events(store, row.number, 0, "1-1:one ");
    store_run_release(&row);
    store_close(store);
}

static void a_url_says_which_store(void **state)
{
    struct place *place = *state;
    char url[120];
    assert_does_not_open("mysql:x", &usual, BAMBOO_E_USAGE, "no store of the kind 'mysql:'");
    assert_does_not_open("sqlite:", &usual, BAMBOO_E_USAGE, "path of the store is missing");
    assert_does_not_open("", &usual, BAMBOO_E_USAGE, "path of the store is missing");
    snprintf(url, sizeof url, "%s/a b:c%%?x=#.db", place->folder);
    struct store *store = NULL;
    succeed(store_open(url, &usual, &store, &error));
    assert_int_equal(access(url, F_OK), 0);
    store_close(store);
}

static void a_foreign_or_garbage_file_is_left_alone(void **state)
{
    struct place *place = *state;
    char url[100];
    snprintf(url, sizeof url, "%s/garbage", place->folder);
    FILE *file = fopen(url, "w");
    assert_non_null(file);
    for (int i = 0; i < 2000; i++)
        fputs("This is a letter.\n", file);
    fclose(file);
    assert_does_not_open(url, &usual, BAMBOO_E_STORE, "is not a store of bamboo");
    assert_does_not_open(place->folder, &usual, BAMBOO_E_STORE, "cannot be opened");

    store_close(open_store(place));
    damage(place, "PRAGMA application_id = 7");
    assert_does_not_open(place->url, &usual, BAMBOO_E_STORE, "of another program");
    unlink(path_of(place));
    damage(place, "CREATE TABLE theirs(x)");
    assert_does_not_open(place->url, &usual, BAMBOO_E_STORE, "of another program");
    damage(place, "INSERT INTO theirs VALUES(1)");
}

static void a_newer_schema_is_refused(void **state)
{
    struct place *place = *state;
    store_close(open_store(place));
    damage(place, "PRAGMA user_version = 1000");
    assert_does_not_open(place->url, &usual, BAMBOO_E_STORE, "newer bamboo (schema 1000");
    damage(place, "PRAGMA user_version = -1");
    assert_does_not_open(place->url, &usual, BAMBOO_E_STORE, "damaged: its schema version is -1");
}

/* A store as bamboo wrote it with schema 1. It never changes: what is added to the schema must be
 * able to take it over. */
static const char *const store_of_schema_1[] = {
#define FIXTURE(sql) (sql),
#include "tests/unit/vm/store/schema_1.def"
};
static const char *const from_schema_1_to_2[] = {
#include "tests/unit/vm/store/schema_2.def"
#undef FIXTURE
};

static struct store *open_store_of_schema(const struct place *place, unsigned schema)
{
    store_close(open_store(place)); /* makes the folder */
    char path[200];
    snprintf(path, sizeof path, "rm '%s'*", path_of(place));
    assert_int_equal(system(path), 0);
    for (size_t i = 0; i < sizeof store_of_schema_1 / sizeof *store_of_schema_1; i++)
        damage(place, store_of_schema_1[i]);
    for (size_t i = 0; schema == 2 && i < sizeof from_schema_1_to_2 / sizeof *from_schema_1_to_2;
         i++)
        damage(place, from_schema_1_to_2[i]);
    return open_store(place);
}

static void no_problem(void *context, const struct store_problem *problem)
{
    (void)context;
    fail_msg("%s %s %llu: %s", problem->table, problem->run, (unsigned long long)problem->event,
             problem->sentence);
}

static void a_store_of_schema_1_can_be_carried_on(void **state)
{
    struct place *place = *state;
    struct store *store = open_store_of_schema(place, 1);
    struct store_run row = find(store, "@last");
    assert_string_equal(row.id, "00000000000000a1");
    assert_string_equal(row.name, "release");
    assert_int_equal(row.sequence, 2);
    assert_int_equal(row.summary.state, 2);
    assert_false(row.owner_alive);
    assert_events(store, row.number, 0, "1-1:one 2-2:two ");
    void *bytes = NULL;
    size_t size = 0;
    uint64_t sequence = 0;
    succeed(store_read_snapshot(store, row.number, &sequence, &bytes, &size, &error));
    assert_int_equal(sequence, 2);
    memory_free(bytes);
    succeed(store_read_artifact(store, row.digest, &bytes, &size, &error));
    assert_int_equal(size, sizeof image);
    memory_free(bytes);
    struct test_run run = {.number = row.number, .fence = row.fence, .sequence = row.sequence};
    commit_one(store, append_write(&run, "three", &running));
    store_run_release(&row);
    /* What had no checksum then has none now, and is no problem. */
    const struct store_finder finder = {no_problem, NULL};
    struct store_counts counts;
    succeed(store_check(store, &finder, &counts, &error));
    assert_int_equal(counts.events, 3);
    assert_int_equal(counts.logs + counts.mails > 0, true);
    /* Its file was not made to give pages back, which is no mistake. */
    bool done = false;
    succeed(store_remove_run(store, "00000000000000a1", true, &error));
    succeed(store_shrink(store, 10, &done, &error));
    assert_true(done);
    store_close(store);
}

static void a_store_of_schema_2_can_be_carried_on(void **state)
{
    struct store *store = open_store_of_schema(*state, 2);
    struct store_run last = find(store, "@last");
    assert_int_equal(last.number, 1);
    store_run_release(&last);
    /* Run 5 was there: its number is not given again, its rows and its artifact go. */
    const struct test_run next = create_run(store, "00000000000000a6", 0);
    assert_int_equal(next.number, 6);
    uint8_t digest[DIGEST_SIZE];
    void *bytes = NULL;
    size_t size = 0;
    digest_compute("another", strlen("another"), digest);
    succeed(store_read_artifact(store, digest, &bytes, &size, &error));
    memory_free(bytes);
    bool done = false;
    while (!done)
        succeed(store_sweep(store, 100, &done, &error));
    fails(store_read_artifact(store, digest, &bytes, &size, &error), BAMBOO_E_NOT_FOUND, "");
    const struct store_finder finder = {no_problem, NULL};
    struct store_counts counts;
    succeed(store_check(store, &finder, &counts, &error));
    assert_int_equal(counts.runs, 2);
    assert_int_equal(counts.events, 2);
    store_close(store);
}

static void a_truncated_file_is_damaged(void **state)
{
    struct place *place = *state;
    struct store *store = open_store(place);
    create_run(store, "00000000000000a1", 0);
    succeed(
        connection_execute(&sqlite_of(store)->writer, "PRAGMA wal_checkpoint(TRUNCATE)", &error));
    store_close(store);
    for (off_t size = 9000; size > 0; size -= 2900) {
        assert_int_equal(truncate(path_of(place), size), 0);
        assert_does_not_open(place->url, &usual, BAMBOO_E_STORE, "is damaged");
    }
}

static void read_only_reads_and_refuses_to_create_and_to_write(void **state)
{
    struct place *place = *state;
    struct store_options options = {.timeout_ms = 100, .read_only = true};
    assert_does_not_open(place->url, &options, BAMBOO_E_STORE, "there is no store");
    assert_int_not_equal(access(path_of(place), F_OK), 0);
    struct store *store = open_store(place);
    struct test_run run = create_run(store, "00000000000000a1", join(store));
    commit_one(store, append_write(&run, "one", &running));
    struct store *reader = NULL;
    succeed(store_open(place->url, &options, &reader, &error));
    assert_events(reader, run.number, 0, "1-1:one ");
    struct store_run row = find(reader, "@last");
    assert_true(row.owner_alive);
    store_run_release(&row);
    uint64_t mail = 0;
    fails(store_submit(reader, run.id, "SKIP", 4, "bob", &mail, &error), BAMBOO_E_STORE,
          "cannot be written");
    store_close(store);
    store_close(reader);
    succeed(store_open(place->url, &options, &reader, &error)); /* nobody else has it open */
    assert_events(reader, run.number, 0, "1-1:one ");
    row = find(reader, "@last");
    assert_false(row.owner_alive);
    store_run_release(&row);
    store_close(reader);
}

#define NOBODY 65534 /* a user without rights */

static void an_unwritable_place_is_named(void **state)
{
    struct place *place = *state;
    assert_does_not_open("/proc/nothing/here.db", &usual, BAMBOO_E_STORE,
                         "the folder /proc/nothing for the store cannot be made");
    store_close(open_store(place));
    assert_int_equal(chmod(path_of(place), 0444), 0);
    assert_int_equal(chmod(place->folder, 0555), 0);
    char below[100];
    snprintf(below, sizeof below, "%s/below", place->folder);
    assert_int_equal(chmod(below, 0555), 0);
    pid_t child = fork();
    if (child == 0) {
        /* Nothing is unwritable for root. */
        if (geteuid() == 0 && setuid(NOBODY) < 0) _exit(1);
        assert_does_not_open(place->url, &usual, BAMBOO_E_STORE, "cannot be written");
        char url[100];
        snprintf(url, sizeof url, "%s/new.db", place->folder);
        assert_does_not_open(url, &usual, BAMBOO_E_STORE, "cannot be opened");
        snprintf(url, sizeof url, "%s/new/new.db", place->folder);
        assert_does_not_open(url, &usual, BAMBOO_E_STORE, "cannot be made");
        _exit(0);
    }
    int result = 1;
    waitpid(child, &result, 0);
    assert_int_equal(result, 0);
    chmod(place->folder, 0700);
    chmod(below, 0700);
}

static void a_locked_store_says_so(void **state)
{
    struct place *place = *state;
    struct store_options hasty = {.durability = STORE_DURABILITY_OS, .timeout_ms = 20};
    struct store *store = NULL;
    succeed(store_open(place->url, &hasty, &store, &error));
    struct test_run run = create_run(store, "00000000000000a1", 0);
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(path_of(place), &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    struct store_write write = append_write(&run, "one", &running);
    fails(store_commit(store, &write, 1, NULL, &error), BAMBOO_E_STORE,
          "locked by another process (waited 20ms)");
    assert_events(store, run.number, 0, ""); /* reading goes on */
    assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    commit_one(store, write);
    store_close(store);

    assert_int_equal(sqlite3_open(path_of(place), &other), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(other, "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE", NULL, NULL, NULL),
        SQLITE_OK);
    assert_does_not_open(place->url, &hasty, BAMBOO_E_STORE, "locked by another");
    sqlite3_close(other);
    store_close(open_store(place));
}

static void a_full_disk_loses_nothing(void **state)
{
    struct place *place = *state;
    struct store *store = open_store(place);
    struct connection *writer = &sqlite_of(store)->writer;
    struct test_run run = create_run(store, "00000000000000a1", 0);
    commit_one(store, append_write(&run, "one", &running));
    char *much = calloc(1, 1000001);
    assert_non_null(much);
    memset(much, 'x', 1000000);
    succeed(connection_execute(writer, "PRAGMA max_page_count = 40", &error));
    struct test_run fresh = {0};
    uint8_t digest[DIGEST_SIZE] = {0};
    struct store_write writes[] = {create_write(&fresh, "00000000000000a2", digest, 0),
                                   append_write(&run, "two", &running),
                                   append_write(&run, much, &running)};
    fails(store_commit(store, writes, 3, NULL, &error), BAMBOO_E_STORE, "no space left");
    assert_int_equal(fresh.number, 0);
    assert_events(store, run.number, 0, "1-1:one ");
    /* The same commit goes through once there is space. */
    succeed(connection_execute(writer, "PRAGMA max_page_count = 100000", &error));
    succeed(store_commit(store, writes, 3, NULL, &error));
    struct store_run row = find(store, run.id);
    assert_int_equal(row.sequence, 3);
    store_run_release(&row);
    free(much);
    store_close(store);
}

struct damage_row {
    const char *promise;
    const char *sql;
    const char *error; /* of reading events, then artifact, then snapshot */
};

static void damaged_rows_are_noticed(void **state)
{
    static const struct damage_row rows[] = {
        {"bytes", "UPDATE event SET bytes = 'onf' WHERE first = 2",
         "event 2 of run 00000000000000a1"},
        {"number", "UPDATE event SET last = 3 WHERE first = 3", "event 3 of run 00000000000000a1"},
        {"gap", "DELETE FROM event WHERE first = 2", "event 3 of run 00000000000000a1"},
        {"start", "DELETE FROM event WHERE first = 1", "event 2 of run 00000000000000a1"},
        {"end", "DELETE FROM event WHERE first = 3", "event 3 of run 00000000000000a1 is missing"},
        {"all", "DELETE FROM event", "event 1 of run 00000000000000a1 is missing"},
    };
    struct place *place = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct store *store = open_store(place);
        struct test_run run = create_run(store, "00000000000000a1", 0);
        commit_one(store, append_write(&run, "one", &running));
        commit_one(store, append_write(&run, "two", &running));
        struct store_write write = append_write(&run, "three", &running);
        write.last = 4;
        commit_one(store, write);
        write.kind = STORE_SNAPSHOT;
        commit_one(store, write);
        damage(place, rows[i].sql);
        struct text text = {0};
        fails(store_read_events(store, run.number, 0, add_event, &text, &error), BAMBOO_E_STORE,
              rows[i].error);
        text_release(&text);
        damage(place, "UPDATE snapshot SET sequence = 3");
        uint64_t sequence = 0;
        void *bytes = NULL;
        size_t size = 0;
        fails(store_read_snapshot(store, run.number, &sequence, &bytes, &size, &error),
              BAMBOO_E_STORE, "snapshot at event 3 of run 00000000000000a1");
        succeed(store_remove_run(store, run.id, true, &error));
        store_close(store);
    }
}

/* The processes of one round; each leaves with 0 when it could open the store. */
static void open_at_once(const char *url)
{
    pid_t children[4];
    for (int i = 0; i < 4; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            struct store *store = NULL;
            struct bamboo_error error = {0};
            struct store_options patient = {.durability = STORE_DURABILITY_NONE,
                                            .timeout_ms = 20000};
            enum bamboo_status status = store_open(url, &patient, &store, &error);
            if (status != BAMBOO_OK) fprintf(stderr, "%s\n", error.message);
            store_close(store);
            _exit(status == BAMBOO_OK ? 0 : 1);
        }
    }
    for (int i = 0; i < 4; i++) {
        int result = 1;
        waitpid(children[i], &result, 0);
        assert_int_equal(result, 0);
    }
}

static void two_processes_create_a_store_at_once(void **state)
{
    struct place *place = *state;
    for (int round = 0; round < 50; round++) {
        char url[200];
        snprintf(url, sizeof url, "%s.%d", place->url, round);
        open_at_once(url);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(test) cmocka_unit_test_setup_teardown(test, place_set_up, place_tear_down)
        TEST(what_was_committed_is_there_after_reopening),
        TEST(what_was_committed_is_there_after_a_crash),
        TEST(a_url_says_which_store),
        TEST(a_foreign_or_garbage_file_is_left_alone),
        TEST(a_newer_schema_is_refused),
        TEST(a_store_of_schema_1_can_be_carried_on),
        TEST(a_store_of_schema_2_can_be_carried_on),
        TEST(a_truncated_file_is_damaged),
        TEST(read_only_reads_and_refuses_to_create_and_to_write),
        TEST(an_unwritable_place_is_named),
        TEST(a_locked_store_says_so),
        TEST(a_full_disk_loses_nothing),
        TEST(damaged_rows_are_noticed),
        TEST(two_processes_create_a_store_at_once),
    };
    return cmocka_run_group_tests_name("store_sqlite", tests, NULL, NULL);
}
