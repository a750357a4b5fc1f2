/* An engine on a store of its own, with the standard components and a few that tests can watch. */
#ifndef TESTS_UNIT_API_SUPPORT_H
#define TESTS_UNIT_API_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/engine.h"
#include "base/memory.h"
#include "base/value.h"
#include "vm/store/store_functions.h"

/* cmocka has macros of the names of our fail() and our message. */
#include <cmocka.h>
#undef fail
#undef fail_msg
#define fail_msg(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

/* Fails the test with the error's sentence. */
#define must(call) \
    do { \
        if ((call) != BAMBOO_OK) fail_msg("%s: %s", #call, error.message); \
    } while (0)

/* --- Components --- */

/* How often `touch` was executed: tests set it to 0. */
static size_t touched;

static inline enum bamboo_outcome touch_execute(struct bamboo_activity *activity)
{
    (void)activity;
    touched++;
    return BAMBOO_SUCCESS;
}

static inline enum bamboo_outcome never_execute(struct bamboo_activity *activity)
{
    (void)activity;
    return BAMBOO_PENDING;
}

/* An external poll that is done at once with the second call. */
static inline enum bamboo_outcome poll_schedule(struct bamboo_activity *activity,
                                                struct bamboo_value data)
{
    (void)data;
    struct bamboo_value before = bamboo_activity_output(activity, "count");
    int64_t count = before.type == BAMBOO_INTEGER ? before.as.integer + 1 : 1;
    bamboo_activity_set_output_take(activity, "count", bamboo_integer(count));
    return count < 2 ? BAMBOO_PENDING : BAMBOO_SUCCESS;
}

static inline int64_t poll_interval(uint64_t count)
{
    (void)count;
    return 1;
}

/* What `ledger` was told, a letter each: Enter, eXecute, Finish, Fail (!), Rollback, Cancel. */
static char ledger[64];

static inline void ledger_note(char letter)
{
    size_t size = strlen(ledger);
    if (size + 1 < sizeof ledger) ledger[size] = letter;
}
static inline enum bamboo_outcome ledger_execute(struct bamboo_activity *activity)
{
    ledger_note('x');
    if (bamboo_activity_input(activity, "ok").type == BAMBOO_BOOL)
        return bamboo_activity_fail(activity, "not ok");
    return BAMBOO_SUCCESS;
}
static inline enum bamboo_outcome ledger_rollback(struct bamboo_activity *activity)
{
    (void)activity;
    ledger_note('R');
    return BAMBOO_SUCCESS;
}
static inline void ledger_cancel(struct bamboo_activity *activity)
{
    (void)activity;
    ledger_note('C');
}
static inline void ledger_enter(struct bamboo_activity *activity)
{
    (void)activity;
    ledger_note('E');
}
static inline void ledger_finish(struct bamboo_activity *activity)
{
    bamboo_activity_log(activity, BAMBOO_STREAM_LOG, "it is done\n", 11);
    ledger_note('F');
}
static inline void ledger_fail(struct bamboo_activity *activity)
{
    (void)activity;
    ledger_note('!');
}

#define EXTERNAL \
    .abi_version = BAMBOO_COMPONENT_ABI, .summary = "", .documentation = "", \
    .effect = BAMBOO_EFFECT_EXTERNAL, .any_output = true
static const struct bamboo_component TOUCH = {EXTERNAL, .code = "touch", .execute = touch_execute};
static const struct bamboo_component NEVER = {EXTERNAL, .code = "never", .execute = never_execute};
static const struct bamboo_component POLL = {EXTERNAL,
                                             .code = "poll_outside",
                                             .kind = BAMBOO_KIND_POLL,
                                             .execute = never_execute,
                                             .schedule = poll_schedule,
                                             .interval = poll_interval};
static const struct bamboo_component LEDGER = {EXTERNAL,
                                               .code = "ledger",
                                               .accepts_any_input = true,
                                               .execute = ledger_execute,
                                               .rollback = ledger_rollback,
                                               .cancel = ledger_cancel,
                                               .enter = ledger_enter,
                                               .finish = ledger_finish,
                                               .fail = ledger_fail};
#undef EXTERNAL

/* The standard library and ours. */
static inline struct bamboo_library *test_library(void)
{
    static const struct bamboo_component *const OURS[] = {&TOUCH, &NEVER, &POLL, &LEDGER};
    struct bamboo_error error = {0};
    struct bamboo_library *library = NULL;
    must(bamboo_library_create(NULL, 0, &library, &error));
    size_t count = library->components.count;
    const struct bamboo_component **items =
        memory_allocate((count + sizeof OURS / sizeof *OURS) * sizeof *items);
    memcpy(items, library->components.items, count * sizeof *items);
    memcpy(items + count, OURS, sizeof OURS);
    memory_free(library->storage);
    library->storage = items;
    library->components = (struct bamboo_component_set){items, count + sizeof OURS / sizeof *OURS};
    return library;
}

/* --- The world --- */

struct world {
    struct bamboo_library *library;
    struct bamboo_engine *engine;
    char folder[64], store[96];
    char id[BAMBOO_RUN_ID_SIZE];
};

static inline struct bamboo_engine *world_open(struct world *world, bool handle_signals)
{
    struct bamboo_error error = {0};
    struct bamboo_engine *engine = NULL;
    struct bamboo_engine_options options = {.store = world->store,
                                            .durability = BAMBOO_DURABILITY_OS,
                                            .handle_signals = handle_signals,
                                            .actor = "tester"};
    must(bamboo_engine_open(world->library, &options, &engine, &error));
    return engine;
}

static inline int world_set_up(void **state)
{
    struct world *world = memory_allocate_zeroed(1, sizeof *world);
    snprintf(world->folder, sizeof world->folder, "/tmp/bamboo-test-XXXXXX");
    if (!mkdtemp(world->folder)) return -1;
    snprintf(world->store, sizeof world->store, "%s/bamboo.db", world->folder);
    world->library = test_library();
    world->engine = world_open(world, false);
    *state = world;
    touched = 0;
    memset(ledger, 0, sizeof ledger);
    return 0;
}

static inline int world_tear_down(void **state)
{
    struct world *world = *state;
    char command[96];
    bamboo_engine_close(world->engine);
    bamboo_library_destroy(world->library);
    snprintf(command, sizeof command, "rm -rf %s", world->folder);
    int status = system(command);
    memory_free(world);
    return status;
}

static inline struct bamboo_flow *world_compile(struct world *world, const char *text)
{
    struct bamboo_error error = {0};
    struct bamboo_report report = {0};
    struct bamboo_flow *flow = NULL;
    if (bamboo_flow_compile(world->library, "test", text, strlen(text), &report, &flow, &error) !=
        BAMBOO_OK)
        fail_msg("%s\n%s", error.message,
                 report.text.type == BAMBOO_STRING ? bamboo_string_bytes(report.text, NULL) : "");
    bamboo_report_release(&report);
    return flow;
}

static inline void world_start(struct world *world, const char *text)
{
    struct bamboo_error error = {0};
    struct bamboo_flow *flow = world_compile(world, text);
    must(bamboo_start(world->engine, flow, value_empty_map(), NULL, world->id, &error));
    bamboo_flow_release(flow);
}

static inline void world_loop(struct world *world)
{
    struct bamboo_error error = {0};
    must(bamboo_engine_loop(world->engine, BAMBOO_UNTIL_SETTLED, &error));
}

/* Compiles, starts, and executes until nothing moves. */
static inline void world_run(struct world *world, const char *text)
{
    world_start(world, text);
    world_loop(world);
}

/* Turns until the run's node is in this state. */
static inline struct bamboo_value world_show(struct world *world)
{
    struct bamboo_error error = {0};
    struct bamboo_value value;
    must(bamboo_show(world->engine, world->id, &value, &error));
    return value;
}

/* Rows of a table of the store. */
static inline int64_t world_rows(const struct world *world, const char *table)
{
    char command[200], line[32] = "";
    snprintf(command, sizeof command, "sqlite3 %s 'SELECT count(*) FROM %s'", world->store, table);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_non_null(fgets(line, sizeof line, pipe));
    pclose(pipe);
    return strtoll(line, NULL, 10);
}

/* An entry of the run, or of a node of it, as JSON. */
static inline void assert_entry(struct world *world, const char *node, const char *key,
                                const char *expected)
{
    struct bamboo_error error = {0};
    struct bamboo_value all = world_show(world), map = all, json;
    struct bamboo_value nodes = bamboo_map_get(all, "nodes");
    for (size_t i = 0; node && i < bamboo_list_count(nodes); i++) {
        struct bamboo_value one = bamboo_list_at(nodes, i);
        if (strcmp(bamboo_string_bytes(bamboo_map_get(one, "node"), NULL), node) == 0) map = one;
    }
    must(bamboo_json_print(bamboo_map_get(map, key), 0, &json, &error));
    assert_string_equal(bamboo_string_bytes(json, NULL), expected);
    bamboo_value_release(json);
    bamboo_value_release(all);
}
#define assert_run(world, key, expected) assert_entry(world, NULL, key, expected)

static inline enum bamboo_status world_operate(struct world *world, const char *operation,
                                               const char *node, const char *data_json,
                                               bool *claimed, struct bamboo_error *error)
{
    struct bamboo_value reply = bamboo_missing(), data = bamboo_missing();
    bool ignored;
    if (data_json)
        assert_int_equal(bamboo_json_parse(data_json, strlen(data_json), &data, NULL), BAMBOO_OK);
    struct bamboo_operation asked = {
        .operation = operation, .run = world->id, .node = node, .data = data, .reason = "because"};
    enum bamboo_status status =
        bamboo_operate(world->engine, &asked, &reply, claimed ? claimed : &ignored, error);
    bamboo_value_release(reply);
    bamboo_value_release(data);
    return status;
}

/* --- A store that can be told to fail --- */

static size_t commits_made;
static size_t commit_to_fail; /* counted from 1; 0: none */
static enum bamboo_status commit_failure;
static const struct store_functions *real_functions;
static struct store_functions failing_functions;

static inline enum bamboo_status failing_commit(struct store *store,
                                                const struct store_write *writes, size_t count,
                                                size_t *refused, struct bamboo_error *error)
{
    if (++commits_made == commit_to_fail) {
        if (refused) *refused = 0;
        return fail(error, commit_failure, "the disk is full");
    }
    return real_functions->commit(store, writes, count, refused, error);
}

static inline void world_fail_commit(struct world *world, size_t which, enum bamboo_status failure)
{
    struct store *store = world->engine->store;
    real_functions = store->functions;
    failing_functions = *store->functions;
    failing_functions.commit = failing_commit;
    store->functions = &failing_functions;
    commits_made = 0;
    commit_to_fail = which;
    commit_failure = failure;
}

#endif
