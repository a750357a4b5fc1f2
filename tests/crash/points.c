/* kill -9 at every place in turn: each scenario is executed in a process that dies at its n-th
 * crash point (after an event, before, inside and after a commit, before and after an effect), for
 * every n until it does not come that far. What is left must be sound (fsck), the next process must
 * end the run as an undisturbed one ends, and what was finished, or acknowledged, must not happen
 * again or be lost. Twice for each n: the second time the process that takes over is killed as
 * well.
 *
 *   points [SCENARIO]   a part of a name; CRASH_EVERY=3: only each third place */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crash_point.h"
#include "tests/crash/components.h"
#include "tests/crash/scenarios.h"

#define STATE_SIZE 4096
#define PLACE_SIZE 32

/* Of the test and the processes that it kills. */
struct shared {
    uint64_t points, crash_at; /* places that were met; where to die, 0: nowhere */
    bool small_steps;
    char place[PLACE_SIZE]; /* where it died */
    char id[BAMBOO_RUN_ID_SIZE];
    size_t step;         /* operations that were acknowledged */
    uint64_t operations; /* in the journal, before the operation under way; UINT64_MAX: none is */
    unsigned effects[EFFECT_COUNT];
    char failure[1200]; /* why a process did not do what it should */
};
static struct shared *shared;
static struct bamboo_library *library;
static char store[128];

void crash_point(const char *place)
{
    uint64_t point = __atomic_add_fetch(&shared->points, 1, __ATOMIC_RELAXED);
    if (point != shared->crash_at) return;
    snprintf(shared->place, sizeof shared->place, "%s", place);
    raise(SIGKILL);
}

bool crash_small_steps(void)
{
    return shared->small_steps;
}

/* --- What a run looks like --- */

static void append(char *text, size_t size, const char *key, struct bamboo_value value)
{
    struct bamboo_value json;
    size_t used = strlen(text);
    if (value.type == BAMBOO_MISSING || bamboo_json_print(value, 0, &json, NULL) != BAMBOO_OK)
        return;
    snprintf(text + used, size - used, "%s %.200s\n", key, bamboo_string_bytes(json, NULL));
    bamboo_value_release(json);
}

static bool is_text(struct bamboo_value value, const char *text)
{
    return value.type == BAMBOO_STRING && strcmp(bamboo_string_bytes(value, NULL), text) == 0;
}

/* All that must be the same in the end. */
static void describe(struct bamboo_value shown, char *out, size_t size)
{
    struct bamboo_value nodes = bamboo_map_get(shown, "nodes");
    *out = '\0';
    append(out, size, "state", bamboo_map_get(shown, "state"));
    append(out, size, "settled", bamboo_map_get(shown, "settled"));
    append(out, size, "outputs", bamboo_map_get(shown, "outputs"));
    for (size_t i = 0; i < bamboo_list_count(nodes); i++) {
        struct bamboo_value node = bamboo_list_at(nodes, i);
        const char *name = bamboo_string_bytes(bamboo_map_get(node, "node"), NULL);
        append(out, size, name, bamboo_map_get(node, "state"));
        /* When a sleep ends depends on when it begins. */
        if (!is_text(bamboo_map_get(node, "component"), "sleep"))
            append(out, size, name, bamboo_map_get(node, "outputs"));
        append(out, size, name, bamboo_map_get(node, "skip"));
        append(out, size, name, bamboo_map_get(node, "error_ignored"));
    }
}

/* The effects of nodes that are FINISHED must not change any more. */
static void count_finished(struct bamboo_value shown, unsigned counts[EFFECT_COUNT])
{
    struct bamboo_value nodes = bamboo_map_get(shown, "nodes");
    for (size_t i = 0; i < bamboo_list_count(nodes); i++) {
        struct bamboo_value node = bamboo_list_at(nodes, i);
        struct bamboo_value inputs = bamboo_map_get(node, "inputs");
        if (inputs.type != BAMBOO_MAP || !is_text(bamboo_map_get(node, "state"), "FINISHED"))
            continue;
        struct bamboo_value key = bamboo_map_get(inputs, "key");
        if (key.type != BAMBOO_STRING) continue;
        unsigned at = (unsigned char)*bamboo_string_bytes(key, NULL) % EFFECT_COUNT;
        counts[at] = shared->effects[at];
    }
}

/* --- The process that dies --- */

static int give_up(const char *what, const struct bamboo_error *error)
{
    snprintf(shared->failure, sizeof shared->failure, "%s: %s", what, error->message);
    return 1;
}

static enum bamboo_status begin(struct bamboo_engine *engine, const char *text,
                                struct bamboo_error *error)
{
    struct bamboo_report report = {0};
    struct bamboo_flow *flow = NULL;
    struct bamboo_value parameters;
    struct bamboo_map_builder none;
    enum bamboo_status status =
        bamboo_flow_compile(library, "flow", text, strlen(text), &report, &flow, error);
    if (report.errors > 0) fputs(bamboo_string_bytes(report.text, NULL), stderr);
    bamboo_report_release(&report);
    if (status != BAMBOO_OK) return status;
    bamboo_map_builder_init(&none);
    status = bamboo_map_builder_finish(&none, &parameters, error);
    if (status == BAMBOO_OK) {
        status = bamboo_start(engine, flow, parameters, NULL, shared->id, error);
        bamboo_value_release(parameters);
    }
    if (status == BAMBOO_OK) status = bamboo_engine_flush(engine, error);
    bamboo_flow_release(flow);
    return status;
}

/* The run of the process before, or a new one if that did not get so far. */
static enum bamboo_status carry_on(struct bamboo_engine *engine, const struct scenario *scenario,
                                   struct bamboo_error *error)
{
    if (*shared->id == '\0') return begin(engine, scenario->flow, error);
    enum bamboo_status status = bamboo_claim(engine, shared->id, error);
    if (status == BAMBOO_E_NOT_FOUND && shared->step > 0) return BAMBOO_OK; /* gc was there */
    if (status == BAMBOO_E_NOT_FOUND) return begin(engine, scenario->flow, error);
    return status == BAMBOO_E_REFUSED ? BAMBOO_OK : status; /* it has ended */
}

static void count_operation(void *context, struct bamboo_value event)
{
    uint64_t *count = context;
    *count += bamboo_map_get(event, "actor").type != BAMBOO_MISSING;
}

static void ignore(void *context, struct bamboo_value value)
{
    (void)context;
    (void)value;
}

static enum bamboo_status collect(struct bamboo_engine *engine, struct bamboo_error *error)
{
    static const struct bamboo_retention nothing = {0};
    struct bamboo_value sum;
    enum bamboo_status status = bamboo_collect(engine, &nothing, ignore, NULL, &sum, error);
    if (status == BAMBOO_OK) bamboo_value_release(sum);
    return status;
}

/* One that was not acknowledged is looked for, and sent again if it is not in the journal. */
static enum bamboo_status operate(struct bamboo_engine *engine, const struct step *step,
                                  struct bamboo_error *error)
{
    struct bamboo_operation operation = {
        .operation = step->operation, .run = shared->id, .node = step->node};
    struct bamboo_value reply;
    uint64_t count = 0;
    bool claimed;
    if (strcmp(step->operation, "gc") == 0) return collect(engine, error);
    enum bamboo_status status =
        bamboo_events(engine, shared->id, 0, count_operation, &count, error);
    if (status != BAMBOO_OK || count > shared->operations) return status;
    shared->operations = count;
    if (step->data &&
        bamboo_json_parse(step->data, strlen(step->data), &operation.data, error) != BAMBOO_OK)
        return BAMBOO_E_USAGE;
    status = bamboo_operate(engine, &operation, &reply, &claimed, error);
    if (status == BAMBOO_OK) bamboo_value_release(reply);
    bamboo_value_release(operation.data);
    return status;
}

static enum bamboo_status play(struct bamboo_engine *engine, const struct scenario *scenario,
                               struct bamboo_error *error)
{
    enum bamboo_status status = carry_on(engine, scenario, error);
    if (status == BAMBOO_OK) status = bamboo_engine_loop(engine, BAMBOO_UNTIL_SETTLED, error);
    while (status == BAMBOO_OK && shared->step < STEPS_MAX &&
           scenario->steps[shared->step].operation) {
        status = operate(engine, &scenario->steps[shared->step], error);
        if (status != BAMBOO_OK) break;
        shared->operations = UINT64_MAX;
        shared->step++;
        status = bamboo_engine_loop(engine, BAMBOO_UNTIL_SETTLED, error);
    }
    return status;
}

/* What a process does, to its end or its death. */
static int process(const struct scenario *scenario)
{
    struct bamboo_engine_options options = {.store = store, .durability = BAMBOO_DURABILITY_OS};
    struct bamboo_engine *engine = NULL;
    struct bamboo_error error;
    if (bamboo_engine_open(library, &options, &engine, &error) != BAMBOO_OK)
        return give_up("opening", &error);
    int code = play(engine, scenario, &error) == BAMBOO_OK ? 0 : give_up("playing", &error);
    bamboo_engine_close(engine);
    return code;
}

enum death { DIED, ENDED, WENT_WRONG };

static enum death execute(const struct scenario *scenario, uint64_t crash_at)
{
    int status = 0;
    shared->points = 0;
    shared->crash_at = crash_at;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) _exit(process(scenario));
    if (pid < 0 || waitpid(pid, &status, 0) < 0) return WENT_WRONG;
    shared->crash_at = 0;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return DIED;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return ENDED;
    if (!*shared->failure)
        snprintf(shared->failure, sizeof shared->failure, "the process ended with %d", status);
    return WENT_WRONG;
}

/* --- The judge --- */

static void note_problem(void *context, struct bamboo_value finding)
{
    struct bamboo_value problem = bamboo_map_get(finding, "problem");
    (void)context;
    if (problem.type == BAMBOO_STRING && !*shared->failure)
        snprintf(shared->failure, sizeof shared->failure, "fsck: %s",
                 bamboo_string_bytes(problem, NULL));
}

/* Is the store sound? And what does the run look like? False if `failure` says what is wrong. */
static bool judge(char *description, size_t size, unsigned finished[EFFECT_COUNT])
{
    struct bamboo_engine_options options = {.store = store, .read_only = true};
    struct bamboo_engine *engine = NULL;
    struct bamboo_value value;
    struct bamboo_error error;
    *description = '\0';
    enum bamboo_status status = bamboo_engine_open(library, &options, &engine, &error);
    /* Killed before there were tables. */
    if (status != BAMBOO_OK) return *shared->id == '\0';
    status = bamboo_check_store(engine, note_problem, NULL, &value, &error);
    if (status == BAMBOO_OK) {
        bamboo_value_release(value);
        status = *shared->id ? bamboo_show(engine, shared->id, &value, &error) : BAMBOO_E_NOT_FOUND;
        if (status == BAMBOO_OK) {
            describe(value, description, size);
            count_finished(value, finished);
            bamboo_value_release(value);
        }
    }
    bamboo_engine_close(engine);
    if (status != BAMBOO_OK && status != BAMBOO_E_NOT_FOUND) give_up("looking", &error);
    return !*shared->failure;
}

static void forget(void)
{
    char path[160];
    static const char *const ENDS[] = {"", "-wal", "-shm", "-owners", "-wake"};
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++) {
        snprintf(path, sizeof path, "%s%s", store, ENDS[i]);
        unlink(path);
    }
    bool small_steps = shared->small_steps;
    *shared = (struct shared){.small_steps = small_steps, .operations = UINT64_MAX};
}

/* A `once` node whose process died failed instead of being executed again: the operator decides. */
static bool settle_once(const struct scenario *scenario, char *description, size_t size,
                        unsigned finished[EFFECT_COUNT])
{
    static const struct scenario retry = {.steps = {{"retry", "a", NULL}}};
    if (strcmp(scenario->name, "once") != 0 || !strstr(description, "\"failed\"")) return true;
    if (shared->effects['A'] > 1) {
        snprintf(shared->failure, sizeof shared->failure, "a `once` node was executed twice");
        return false;
    }
    shared->step = 0;
    return execute(&retry, 0) == ENDED && judge(description, size, finished);
}

struct expectation {
    char state[STATE_SIZE];
    uint64_t points;
};

/* Kills at the n-th place, and the next process at the m-th (0: not at all). DIED: it was as it
 * must be; ENDED: it did not come so far. */
static enum death disturb(const struct scenario *scenario, const struct expectation *expected,
                          uint64_t n, uint64_t m)
{
    char state[STATE_SIZE];
    unsigned finished[EFFECT_COUNT] = {0}, ignored[EFFECT_COUNT] = {0};
    forget();
    enum death first = execute(scenario, n);
    if (first != DIED) return first;
    for (int i = 0; i < 2; i++) {
        if (!judge(state, sizeof state, finished)) return WENT_WRONG;
        enum death next = execute(scenario, i == 0 ? m : 0);
        if (next == WENT_WRONG) return next;
        if (next == ENDED) break;
    }
    if (!judge(state, sizeof state, ignored) ||
        !settle_once(scenario, state, sizeof state, ignored))
        return WENT_WRONG;
    for (size_t i = 0; i < EFFECT_COUNT && !scenario->repeats; i++)
        if (finished[i] > 0 && finished[i] != shared->effects[i]) {
            snprintf(shared->failure, sizeof shared->failure,
                     "the finished node with key %c had its effect again", (char)i);
            return WENT_WRONG;
        }
    if (strcmp(state, expected->state) == 0) return DIED;
    snprintf(shared->failure, sizeof shared->failure, "it ended as\n%.500s\nand not as\n%.500s",
             state, expected->state);
    return WENT_WRONG;
}

/* --- All --- */

struct tally {
    uint64_t kills, failures;
};

static void explore(const struct scenario *scenario, uint64_t every, struct tally *tally)
{
    struct expectation expected = {0};
    unsigned ignored[EFFECT_COUNT] = {0};
    forget();
    if (execute(scenario, 0) != ENDED || !judge(expected.state, sizeof expected.state, ignored)) {
        printf("FAILED %s, undisturbed: %s\n", scenario->name, shared->failure);
        tally->failures++;
        return;
    }
    expected.points = shared->points;
    enum death last = DIED;
    uint64_t n = 1;
    for (; last != ENDED && n < 20 * expected.points; n += every)
        for (int twice = 0; twice < 2 && last != ENDED; twice++) {
            uint64_t m = twice ? 1 + n * 7 % expected.points : 0;
            last = disturb(scenario, &expected, n, m);
            tally->kills += last == DIED;
            if (last != WENT_WRONG) continue;
            tally->failures++;
            printf("FAILED %s, killed at place %llu (%s), then at %llu: %s\n", scenario->name,
                   (unsigned long long)n, shared->place, (unsigned long long)m, shared->failure);
        }
    printf("%-44s %4llu places\n", scenario->name, (unsigned long long)(n - every));
    fflush(stdout);
}

int main(int argc, char *argv[])
{
    const char *name = argc > 1 ? argv[1] : "", *every = getenv("CRASH_EVERY");
    const char *folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    struct tally tally = {0};
    snprintf(store, sizeof store, "%s/bamboo-crash-%ld.db", folder, (long)getpid());
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return 1;
    library = crash_library();
    if (!library) return 1;
    crash_effects_set(shared->effects);
    shared->small_steps = getenv("CRASH_LARGE_STEPS") == NULL;
    uint64_t step = every ? strtoull(every, NULL, 10) : 1;
    for (size_t i = 0; i < SCENARIO_COUNT; i++)
        if (strstr(SCENARIOS[i].name, name)) explore(&SCENARIOS[i], step ? step : 1, &tally);
    forget();
    bamboo_library_destroy(library);
    printf("%llu passed, %llu failed\n", (unsigned long long)tally.kills,
           (unsigned long long)tally.failures);
    return tally.failures > 0;
}
