/* Out of memory at every place, in turn: the engine says so, nothing leaks, and what the store has
 * can be continued to the same end. */
#include "tests/unit/api/support.h"

#ifdef BAMBOO_DEBUG

#include <stdatomic.h>

static atomic_int countdown; /* 0: no allocation fails; the commit thread allocates, too */

bool memory_fault(void)
{
    return atomic_load(&countdown) > 0 && atomic_fetch_sub(&countdown, 1) == 1;
}

#define FLOW \
    "pipeline p() -> text, n {\n" \
    "  log(\"begin\")\n" \
    "  parallel {\n" \
    "    a = shell(\"echo a; echo e >&2\")\n" \
    "    b = poll_outside()\n" \
    "  }\n" \
    "  text = a.stdout\n  n = b.count\n" \
    "  touch()\n" \
    "}\n"

static void ignore(void *context, struct bamboo_value event)
{
    (void)event;
    ++*(size_t *)context;
}

/* Executes with one allocation failing; false if all allocations were made. */
static bool disturb(struct world *world, const struct bamboo_flow *flow, int fault)
{
    struct bamboo_error error = {0};
    size_t events = 0;
    bamboo_engine_observe(world->engine, ignore, &events);
    world->id[0] = '\0';
    atomic_store(&countdown, fault);
    enum bamboo_status status =
        bamboo_start(world->engine, flow, value_empty_map(), NULL, world->id, &error);
    if (status == BAMBOO_OK)
        status = bamboo_engine_loop(world->engine, BAMBOO_UNTIL_SETTLED, &error);
    bool disturbed = atomic_load(&countdown) == 0;
    bamboo_engine_close(world->engine);
    world->engine = NULL;
    atomic_store(&countdown, 0);
    if (status != BAMBOO_OK && *error.message == '\0') fail_msg("fault %d: no reason", fault);
    return disturbed;
}

/* The run ends as one that was not disturbed, or was never made. */
static void mend(struct world *world, int fault)
{
    struct bamboo_error error = {0};
    world->engine = world_open(world, false);
    enum bamboo_status status = bamboo_claim(world->engine, world->id, &error);
    if (status == BAMBOO_E_NOT_FOUND) return;
    if (status == BAMBOO_OK) world_loop(world);
    if (status != BAMBOO_OK && status != BAMBOO_E_REFUSED)
        fail_msg("fault %d: %s", fault, error.message);
    struct bamboo_value all = world_show(world), json;
    if (strcmp(bamboo_string_bytes(bamboo_map_get(all, "settled"), NULL), "failed") == 0) {
        /* The component itself had no memory, and said so; an operator tries again. */
        struct bamboo_value nodes = bamboo_map_get(all, "nodes");
        for (size_t i = 0; i < bamboo_list_count(nodes); i++) {
            struct bamboo_value node = bamboo_list_at(nodes, i),
                                state = bamboo_map_get(node, "state");
            if (state.type != BAMBOO_STRING ||
                strcmp(bamboo_string_bytes(state, NULL), "FAILED") != 0)
                continue;
            must(world_operate(world, "retry",
                               bamboo_string_bytes(bamboo_map_get(node, "node"), NULL), NULL, NULL,
                               &error));
            world_loop(world);
        }
        bamboo_value_release(all);
        all = world_show(world);
    }
    must(bamboo_json_print(bamboo_map_get(all, "outputs"), 0, &json, &error));
    if (strcmp(bamboo_string_bytes(json, NULL), "{\"text\": \"a\\n\", \"n\": 2}") != 0)
        fail_msg("fault %d: outputs %s", fault, bamboo_string_bytes(json, NULL));
    bamboo_value_release(json);
    bamboo_value_release(all);
}

static void memory_may_run_out_anywhere(void **state)
{
    struct world *world = *state;
    struct bamboo_flow *flow = world_compile(world, FLOW);
    int fault = 1;
    while (disturb(world, flow, fault)) {
        mend(world, fault);
        fault++;
    }
    world->engine = world_open(world, false);
    print_message("%d allocations failed\n", fault - 1);
    assert_true(fault > 100);
    bamboo_flow_release(flow);
}

/* --- Pure components --- */

#define PURE_FLOW \
    "pipeline p() -> data {\n" \
    "  log([1, \"begin\"])\n" \
    "  s = set(a: [1, 2], b: \"text\")\n" \
    "  f = fail(\"once more\") {\n    retry 1 every 1ms on \"more$\"\n    on fail ignore\n  }\n" \
    "  sleep(1ms)\n" \
    "  votes = multi_callback(2)\n" \
    "  data = votes.data\n" \
    "}\n"

struct journal {
    char types[4096]; /* of its events */
};

static void take_type(void *context, struct bamboo_value event)
{
    struct journal *journal = context;
    size_t size = strlen(journal->types);
    snprintf(journal->types + size, sizeof journal->types - size, "%s\n",
             bamboo_string_bytes(bamboo_map_get(event, "type"), NULL));
}

/* What "votes" has; -1: it does not wait. */
static int64_t votes(struct world *world)
{
    struct bamboo_value all = world_show(world), nodes = bamboo_map_get(all, "nodes");
    int64_t count = -1;
    for (size_t i = 0; i < bamboo_list_count(nodes); i++) {
        struct bamboo_value node = bamboo_list_at(nodes, i), state = bamboo_map_get(node, "state");
        if (strcmp(bamboo_string_bytes(bamboo_map_get(node, "node"), NULL), "votes") == 0 &&
            state.type == BAMBOO_STRING && strcmp(bamboo_string_bytes(state, NULL), "RUNNING") == 0)
            count =
                (int64_t)bamboo_list_count(bamboo_map_get(bamboo_map_get(node, "outputs"), "data"));
    }
    bamboo_value_release(all);
    return count;
}

static enum bamboo_status vote(struct world *world, int64_t number, struct bamboo_error *error)
{
    bool claimed;
    struct bamboo_value reply = bamboo_missing();
    struct bamboo_operation asked = {
        .operation = "callback", .run = world->id, .node = "votes", .data = bamboo_integer(number)};
    enum bamboo_status status = bamboo_operate(world->engine, &asked, &reply, &claimed, error);
    bamboo_value_release(reply);
    return status == BAMBOO_OK ? bamboo_engine_loop(world->engine, BAMBOO_UNTIL_SETTLED, error)
                               : status;
}

/* Executes with one allocation failing; false if all allocations were made. */
static bool disturb_pure(struct world *world, const struct bamboo_flow *flow, int fault)
{
    struct bamboo_error error = {0};
    world->id[0] = '\0';
    atomic_store(&countdown, fault);
    enum bamboo_status status =
        bamboo_start(world->engine, flow, value_empty_map(), NULL, world->id, &error);
    if (status == BAMBOO_OK)
        status = bamboo_engine_loop(world->engine, BAMBOO_UNTIL_SETTLED, &error);
    for (int64_t i = 1; i <= 2 && status == BAMBOO_OK; i++)
        status = vote(world, i, &error);
    bool disturbed = fault > 0 && atomic_load(&countdown) == 0;
    bamboo_engine_close(world->engine);
    atomic_store(&countdown, 0);
    world->engine = world_open(world, false);
    return disturbed;
}

/* Goes on to the end; false if there is no run. */
static bool go_on(struct world *world)
{
    struct bamboo_error error = {0};
    enum bamboo_status status = bamboo_claim(world->engine, world->id, &error);
    if (status == BAMBOO_E_NOT_FOUND) return false;
    if (status == BAMBOO_E_REFUSED) return true; /* it has ended */
    must(status);
    world_loop(world);
    for (int64_t count; (count = votes(world)) >= 0;)
        must(vote(world, count + 1, &error));
    return true;
}

static void a_lack_of_memory_is_no_failure_of_a_pure_node(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct bamboo_flow *flow = world_compile(world, PURE_FLOW);
    struct journal expected = {0};
    assert_false(disturb_pure(world, flow, 0));
    must(bamboo_events(world->engine, world->id, 0, take_type, &expected, &error));
    int fault = 1;
    for (; disturb_pure(world, flow, fault); fault++) {
        struct journal journal = {0};
        if (!go_on(world)) continue;
        must(bamboo_events(world->engine, world->id, 0, take_type, &journal, &error));
        if (strcmp(journal.types, expected.types) != 0)
            fail_msg("fault %d:\n%s", fault, journal.types);
        assert_run(world, "outputs", "{\"data\": [1, 2]}");
    }
    print_message("%d allocations failed\n", fault - 1);
    assert_true(fault > 100);
    bamboo_flow_release(flow);
}

/* Looks after the store with one allocation failing; false if all were made. */
static bool disturb_care(struct world *world, int fault, enum bamboo_status *status,
                         struct bamboo_error *error)
{
    static const struct bamboo_retention all = {.dry_run = true};
    struct bamboo_value sum;
    size_t told = 0;
    atomic_store(&countdown, fault);
    *status = bamboo_check_store(world->engine, ignore, &told, &sum, error);
    if (*status == BAMBOO_OK) bamboo_value_release(sum);
    if (*status == BAMBOO_OK) {
        assert_int_equal(told, 0); /* no memory is no damage */
        *status = bamboo_collect(world->engine, &all, ignore, &told, &sum, error);
        if (*status == BAMBOO_OK) bamboo_value_release(sum);
    }
    bool disturbed = atomic_load(&countdown) == 0;
    atomic_store(&countdown, 0);
    return disturbed;
}

static void without_memory_nothing_is_called_damaged(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    enum bamboo_status status = BAMBOO_OK;
    world_run(world, FLOW);
    int fault = 1;
    for (; disturb_care(world, fault, &status, &error); fault++)
        if (status != BAMBOO_OK && status != BAMBOO_E_MEMORY)
            fail_msg("fault %d: %s", fault, error.message);
    must(status);
    assert_true(fault > 50);
}

#else

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    skip();
}

static void a_lack_of_memory_is_no_failure_of_a_pure_node(void **state)
{
    (void)state;
    skip();
}

static void without_memory_nothing_is_called_damaged(void **state)
{
    (void)state;
    skip();
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(memory_may_run_out_anywhere, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(a_lack_of_memory_is_no_failure_of_a_pure_node, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(without_memory_nothing_is_called_damaged, world_set_up,
                                        world_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
