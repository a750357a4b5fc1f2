/* powerloss SEED COUNT: a flow is executed while the disk is watched; at many of its writes and
 * syncs a disk is made as a power loss just then might leave it. From each of these the product has
 * to go on: with `full` nothing that was told is missing, with `os` what is left is a beginning of
 * what was; in both cases the store is sound, the run comes to the end of an undisturbed one, and
 * what was told to be finished is not executed again. Meanwhile another process sends mail: once
 * the store has accepted it, it is not lost. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/memory.h"
#include "bytecode/control_program.h"
#include "include/bamboo.h"
#include "tests/generate/choices.h"
#include "tests/powerloss/disk.h"
#include "vm/store/store.h"

#define CUT_COUNT_MAX 400

/* Every activity writes its name. */
static const char FLOW[] =
    "pipeline main() -> total {\n"
    "    a = shell(\"echo a >> $DEEDS; echo 1\")\n"
    "    parallel {\n"
    "        { b1 = shell(\"echo b1 >> $DEEDS\")\n"
    "          b2 = shell(\"echo b2 >> $DEEDS\") { once\n no retry } }\n"
    "        { s = part() }\n"
    "        { k = callback() }\n"
    "        { t = sleep(20ms)\n"
    "          t1 = shell(\"echo t1 >> $DEEDS\") }\n"
    "    }\n"
    "    i = 0\n"
    "    repeat up to 300 times { i = i + 1 } until i >= 300\n"
    "    big = shell(\"echo big >> $DEEDS; head -c 60000 /dev/zero | tr '\\\\0' x\")\n"
    "    total = int(a.stdout) + i + s.n + len(big.stdout)\n"
    "}\n"
    "pipeline part() -> n {\n"
    "    c1 = shell(\"echo c1 >> $DEEDS\")\n"
    "    c2 = shell(\"echo c2 >> $DEEDS; echo 7\")\n"
    "    n = int(c2.stdout)\n"
    "}\n";
static const char *const NODES[] = {"a", "b1", "b2", "s/c1", "s/c2", "t1", "big"};
#define ACTIVITY_COUNT (sizeof NODES / sizeof *NODES)

/* What was told before a cut. */
struct cut {
    int64_t sequence; /* of the run's last event that was told */
    bool is_finished[ACTIVITY_COUNT];
    bool is_started;
    bool is_mailed; /* the callback was accepted by the store */
};

struct course {
    struct bamboo_library *library;
    char folder[64], store[96], deeds[96], id[BAMBOO_RUN_ID_SIZE];
    enum bamboo_durability durability;
    uint64_t random;
    uint32_t every;         /* one of so many writes and syncs becomes a cut */
    atomic_bool is_started; /* the run is there */
    atomic_bool is_mailed;  /* and the other process was told that its callback is accepted */
    atomic_bool is_next;    /* the next write or sync becomes a cut */
    struct cut now, cuts[CUT_COUNT_MAX];
    size_t cut_count;
    uint64_t failed;
};

static void die(const char *what, const struct bamboo_error *error)
{
    printf("%s: %s\n", what, error->message);
    exit(2);
}

static void path_of(const struct course *course, size_t cut, const char *what, char path[128])
{
    snprintf(path, 128, "%s/cut%zu.%s", course->folder, cut, what);
}

/* --- The course that is watched --- */

static void maybe_cut(void *context)
{
    struct course *course = context;
    char path[128];
    bool is_chosen = random_next(&course->random) % course->every == 0;
    if (atomic_exchange(&course->is_next, false)) is_chosen = true;
    if (course->cut_count == CUT_COUNT_MAX || !is_chosen) return;
    course->now.is_mailed = atomic_load(&course->is_mailed);
    path_of(course, course->cut_count, "db", path);
    if (!disk_cut(path, &course->random)) printf("a cut cannot be written\n");
    course->cuts[course->cut_count++] = course->now;
}

static const char *text_of(struct bamboo_value map, const char *key)
{
    struct bamboo_value value = bamboo_map_get(map, key);
    return value.type == BAMBOO_STRING ? bamboo_string_bytes(value, NULL) : "";
}

/* The log is copied into the database now and then: here more often than the product does. */
static void copy_log(const struct course *course)
{
    sqlite3 *database = NULL;
    if (sqlite3_open(course->store, &database) != SQLITE_OK ||
        sqlite3_exec(database,
                     course->durability == BAMBOO_DURABILITY_FULL ? "PRAGMA synchronous = FULL"
                                                                  : "PRAGMA synchronous = NORMAL",
                     NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(database, "PRAGMA wal_checkpoint(RESTART)", NULL, NULL, NULL) != SQLITE_OK)
        printf("the log cannot be copied: %s\n", sqlite3_errmsg(database));
    sqlite3_close(database);
}

/* What an observer is told is durable. */
static void tell(void *context, struct bamboo_value event)
{
    struct course *course = context;
    struct bamboo_value sequence = bamboo_map_get(event, "sequence");
    if (sequence.type != BAMBOO_INTEGER) return;
    course->now.sequence = sequence.as.integer;
    if (strcmp(text_of(event, "type"), "node-finished") != 0) return;
    if (*text_of(event, "component")) copy_log(course);
    for (size_t i = 0; i < ACTIVITY_COUNT; i++)
        if (strcmp(NODES[i], text_of(event, "node")) == 0) course->now.is_finished[i] = true;
}

static struct bamboo_engine *open_engine(const struct course *course, const char *store)
{
    struct bamboo_engine_options options = {
        .store = store, .durability = course->durability, .actor = "tester"};
    struct bamboo_engine *engine = NULL;
    struct bamboo_error error;
    if (bamboo_engine_open(course->library, &options, &engine, &error) == BAMBOO_OK) return engine;
    printf("%s: %s\n", store, error.message);
    return NULL;
}

/* --- Another process: it calls back by mail, and is told that the store has it --- */

static bool is_waiting(struct bamboo_engine *engine, const char *run)
{
    struct bamboo_value shown;
    if (bamboo_show(engine, run, &shown, NULL) != BAMBOO_OK) return false;
    struct bamboo_value nodes = bamboo_map_get(shown, "nodes");
    bool is_waiting = false;
    for (size_t i = 0; i < bamboo_list_count(nodes); i++) {
        struct bamboo_value node = bamboo_list_at(nodes, i);
        is_waiting |= strcmp(text_of(node, "node"), "k") == 0 &&
                      strcmp(text_of(node, "state"), "RUNNING") == 0;
    }
    bamboo_value_release(shown);
    return is_waiting;
}

static void *call_back(void *context)
{
    struct course *course = context;
    struct bamboo_engine *engine = open_engine(course, course->store);
    struct store *store = NULL;
    struct store_options options = {.timeout_ms = 10000,
                                    .durability = course->durability == BAMBOO_DURABILITY_FULL
                                                      ? STORE_DURABILITY_FULL
                                                      : STORE_DURABILITY_OS};
    struct bamboo_error error;
    uint8_t *image = NULL;
    size_t size;
    uint64_t mail;
    if (!engine || store_open(course->store, &options, &store, &error) != BAMBOO_OK) exit(2);
    while (!atomic_load(&course->is_started) || !is_waiting(engine, course->id))
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    if (control_program_build(OP_CALLBACK_NODE, "k", bamboo_missing(), NULL, &image, &size,
                              &error) != BAMBOO_OK ||
        store_submit(store, course->id, image, size, "another", &mail, &error) != BAMBOO_OK)
        die("the callback is not accepted", &error);
    atomic_store(&course->is_mailed, true);
    atomic_store(&course->is_next, true);
    memory_free(image);
    store_close(store);
    bamboo_engine_close(engine);
    return NULL;
}

static void execute(struct course *course)
{
    pthread_t another;
    struct bamboo_error error;
    struct bamboo_report report = {0};
    struct bamboo_flow *flow = NULL;
    struct bamboo_map_builder builder;
    struct bamboo_value none;
    setenv("DEEDS", course->deeds, 1);
    disk_watch(course->store, maybe_cut, course);
    struct bamboo_engine *engine = open_engine(course, course->store);
    if (!engine) exit(2);
    bamboo_engine_observe(engine, tell, course);
    if (pthread_create(&another, NULL, call_back, course) != 0) exit(2);
    if (bamboo_flow_compile(course->library, "flow", FLOW, sizeof FLOW - 1, &report, &flow,
                            &error) != BAMBOO_OK)
        die("the flow does not compile", &error);
    bamboo_map_builder_init(&builder);
    if (bamboo_map_builder_finish(&builder, &none, &error) != BAMBOO_OK ||
        bamboo_start(engine, flow, none, NULL, course->id, &error) != BAMBOO_OK ||
        bamboo_engine_flush(engine, &error) != BAMBOO_OK)
        die("the run does not start", &error);
    course->now.is_started = true;
    atomic_store(&course->is_started, true);
    if (bamboo_engine_loop(engine, BAMBOO_UNTIL_ENDED, &error) != BAMBOO_OK)
        die("the run fails", &error);
    pthread_join(another, NULL);
    bamboo_flow_release(flow);
    bamboo_report_release(&report);
    bamboo_value_release(none);
    bamboo_engine_close(engine);
    disk_watch(NULL, NULL, NULL);
}

/* --- After a power loss --- */

static void complain(struct course *course, size_t cut, const char *what, const char *why)
{
    printf("cut %zu (%s): %s%s%s\n", cut,
           course->durability == BAMBOO_DURABILITY_FULL ? "full" : "os", what, *why ? ": " : "",
           why);
    course->failed++;
}

static void count_event(void *context, struct bamboo_value event)
{
    int64_t *last = context;
    *last = bamboo_map_get(event, "sequence").as.integer;
}

static void print_problem(void *context, struct bamboo_value problem)
{
    (void)context;
    printf("    %s\n", text_of(problem, "problem"));
}

static bool is_sound(struct bamboo_engine *engine)
{
    struct bamboo_value counts;
    struct bamboo_error error;
    if (bamboo_check_store(engine, print_problem, NULL, &counts, &error) != BAMBOO_OK) return false;
    bool is_sound = bamboo_map_get(counts, "problems").as.integer == 0;
    bamboo_value_release(counts);
    return is_sound;
}

/* How often an activity was executed after the cut. */
static size_t count_deeds(const char *path, const char *node)
{
    const char *name = strrchr(node, '/') ? strrchr(node, '/') + 1 : node;
    char line[64];
    size_t count = 0;
    FILE *stream = fopen(path, "r");
    while (stream && fgets(line, sizeof line, stream)) {
        line[strcspn(line, "\n")] = '\0';
        if (strcmp(line, name) == 0) count++;
    }
    if (stream) fclose(stream);
    return count;
}

static bool operate(struct bamboo_engine *engine, const char *run, const char *what,
                    const char *node)
{
    struct bamboo_operation operation = {
        .operation = what, .run = run, .node = node, .data = bamboo_missing()};
    struct bamboo_value reply;
    bool claimed;
    if (bamboo_operate(engine, &operation, &reply, &claimed, NULL) != BAMBOO_OK) return false;
    bamboo_value_release(reply);
    return true;
}

/* The end of a run that was carried on: finished as the undisturbed one, or failed at the `once`
 * node, which is then skipped. A callback that was not accepted yet is sent now. */
static bool ends_well(struct course *course, size_t index, struct bamboo_engine *engine)
{
    struct bamboo_error error;
    struct bamboo_value shown;
    if (bamboo_engine_loop(engine, BAMBOO_UNTIL_SETTLED, &error) != BAMBOO_OK) return false;
    bool is_full = course->durability == BAMBOO_DURABILITY_FULL;
    if (operate(engine, course->id, "callback", "k") && is_full && course->cuts[index].is_mailed)
        complain(course, index, "mail is lost that was accepted", "");
    (void)operate(engine, course->id, "skip", "b2");
    if (bamboo_engine_loop(engine, BAMBOO_UNTIL_SETTLED, &error) != BAMBOO_OK) return false;
    if (bamboo_show(engine, course->id, &shown, &error) != BAMBOO_OK) return false;
    struct bamboo_value outputs = bamboo_map_get(shown, "outputs");
    struct bamboo_value total =
        outputs.type == BAMBOO_MAP ? bamboo_map_get(outputs, "total") : bamboo_missing();
    bool is_right = strcmp(text_of(shown, "state"), "finished") == 0 &&
                    total.type == BAMBOO_INTEGER && total.as.integer == 1 + 300 + 7 + 60000;
    bamboo_value_release(shown);
    return is_right;
}

static void go_on(struct course *course, size_t index, struct bamboo_engine *engine,
                  const char *deeds)
{
    const struct cut *cut = &course->cuts[index];
    bool is_full = course->durability == BAMBOO_DURABILITY_FULL;
    struct bamboo_error error;
    int64_t last = 0;
    enum bamboo_status status = bamboo_events(engine, course->id, 0, count_event, &last, &error);
    if (status != BAMBOO_OK && (status != BAMBOO_E_NOT_FOUND || (is_full && cut->is_started))) {
        complain(course, index, "the run is lost", error.message);
        return;
    }
    if (is_full && last < cut->sequence) complain(course, index, "events are lost", "");
    if (!is_sound(engine)) complain(course, index, "the store is not sound", "");
    if (status == BAMBOO_E_NOT_FOUND) return;
    status = bamboo_claim(engine, course->id, &error);
    if (status == BAMBOO_E_REFUSED) return; /* it had ended */
    if (status != BAMBOO_OK) {
        complain(course, index, "the run cannot go on", error.message);
        return;
    }
    if (!ends_well(course, index, engine)) complain(course, index, "the run ends otherwise", "");
    for (size_t i = 0; i < ACTIVITY_COUNT && is_full; i++)
        if (cut->is_finished[i] && count_deeds(deeds, NODES[i]) > 0)
            complain(course, index, "a finished node is executed again", NODES[i]);
}

static void recover(struct course *course, size_t index)
{
    char store[128], deeds[128], command[300];
    path_of(course, index, "db", store);
    path_of(course, index, "deeds", deeds);
    setenv("DEEDS", deeds, 1);
    struct bamboo_engine *engine = open_engine(course, store);
    if (engine)
        go_on(course, index, engine, deeds);
    else
        complain(course, index, "the store cannot be opened", "");
    bamboo_engine_close(engine);
    snprintf(command, sizeof command, "rm -f %s/cut%zu.*", course->folder, index);
    if (system(command) != 0) printf("a cut cannot be removed\n");
}

static uint64_t run_course(struct bamboo_library *library, enum bamboo_durability durability,
                           uint64_t seed, size_t *cuts)
{
    static struct course course;
    char command[100];
    course =
        (struct course){.library = library, .durability = durability, .random = seed, .every = 5};
    snprintf(course.folder, sizeof course.folder, "%s/bamboo-powerloss-XXXXXX",
             getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    if (!mkdtemp(course.folder)) return 1;
    snprintf(course.store, sizeof course.store, "%s/run.db", course.folder);
    snprintf(course.deeds, sizeof course.deeds, "%s/run.deeds", course.folder);
    execute(&course);
    for (size_t i = 0; i < course.cut_count; i++)
        recover(&course, i);
    *cuts += course.cut_count;
    snprintf(command, sizeof command, "rm -rf %s", course.folder);
    if (system(command) != 0) printf("the folder %s stays\n", course.folder);
    return course.failed;
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 4;
    struct bamboo_library *library = NULL;
    struct bamboo_error error;
    uint64_t failed = 0;
    size_t cuts = 0;
    disk_install();
    if (bamboo_library_create(NULL, 0, &library, &error) != BAMBOO_OK) die("no library", &error);
    for (uint64_t i = 0; i < count; i++)
        failed += run_course(library, i % 4 == 3 ? BAMBOO_DURABILITY_OS : BAMBOO_DURABILITY_FULL,
                             seed + i, &cuts);
    bamboo_library_destroy(library);
    printf("%zu passed, %llu failed\n", cuts - (failed < cuts ? (size_t)failed : cuts),
           (unsigned long long)failed);
    return failed != 0;
}
