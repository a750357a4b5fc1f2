/* The stream of all runs: each event once, in the order of each run, whatever happens to others. */
#include "tests/unit/api/support.h"

/* What was told: for each run the numbers of its events have to follow each other. */
struct told {
    char runs[8][BAMBOO_RUN_ID_SIZE];
    int64_t last[8];
    size_t run_count, event_count;
    bool any_run;  /* of so many that their numbers are not looked at */
    char type[32]; /* of the last event */
    size_t unreadable_count;
    char why[128];
};

static void tell(void *context, struct bamboo_value event)
{
    struct told *told = context;
    const char *run = bamboo_string_bytes(bamboo_map_get(event, "run"), NULL);
    int64_t sequence = bamboo_map_get(event, "sequence").as.integer;
    const char *type = bamboo_string_bytes(bamboo_map_get(event, "type"), NULL);
    struct bamboo_value why = bamboo_map_get(event, "why");
    size_t i = 0;
    told->event_count++;
    snprintf(told->type, sizeof told->type, "%s", type);
    if (strcmp(type, "run-unreadable") == 0) {
        told->unreadable_count++;
        snprintf(told->why, sizeof told->why, "%s", bamboo_string_bytes(why, NULL));
    }
    if (told->any_run) return;
    while (i < told->run_count && strcmp(told->runs[i], run) != 0)
        i++;
    if (i == told->run_count) {
        assert_true(i < sizeof told->last / sizeof *told->last);
        snprintf(told->runs[told->run_count++], BAMBOO_RUN_ID_SIZE, "%s", run);
    }
    assert_int_equal(sequence, told->last[i] + 1);
    told->last[i] = sequence;
}

static struct bamboo_event_stream *open_stream(struct world *world)
{
    struct bamboo_event_stream *stream = NULL;
    struct bamboo_error error = {0};
    must(bamboo_event_stream_open(world->engine, &stream, &error));
    return stream;
}

/* Reads what is new; returns how much that was. */
static size_t read_stream(struct bamboo_event_stream *stream, struct told *told)
{
    size_t before = told->event_count;
    struct bamboo_error error = {0};
    must(bamboo_event_stream_read(stream, tell, told, &error));
    return told->event_count - before;
}

static void remove_run(struct world *world, const char *run)
{
    struct bamboo_error error = {0};
    must(bamboo_remove(world->engine, run, false, &error));
}

static void each_event_is_told_once(void **state)
{
    struct world *world = *state;
    struct told told = {0};
    world_run(world, "pipeline one() {\n a = noop()\n}\n");
    struct bamboo_event_stream *stream = open_stream(world);
    assert_true(read_stream(stream, &told) >= 3);
    assert_int_equal(read_stream(stream, &told), 0);
    world_run(world, "pipeline two() {\n b = callback()\n}\n");
    assert_true(read_stream(stream, &told) >= 2);
    world_run(world, "pipeline three() {\n c = noop()\n}\n");
    assert_true(read_stream(stream, &told) >= 3);
    assert_int_equal(read_stream(stream, &told), 0);
    assert_int_equal(told.run_count, 3);
    bamboo_event_stream_close(stream);
}

/* The store may give the places of removed events to new ones. */
static void removed_runs_hide_no_event_of_others(void **state)
{
    struct world *world = *state;
    struct told told = {0};
    world_run(world, "pipeline waits() {\n a = callback()\n}\n");
    char waiting[BAMBOO_RUN_ID_SIZE];
    memcpy(waiting, world->id, sizeof waiting);
    struct bamboo_event_stream *stream = open_stream(world);
    for (int i = 0; i < 3; i++) {
        world_run(world, "pipeline ends() {\n b = noop()\n c = noop()\n}\n");
        assert_true(read_stream(stream, &told) >= 4);
        remove_run(world, world->id);
        world_run(world, "pipeline other() {\n d = noop()\n}\n");
        assert_true(read_stream(stream, &told) >= 3);
        assert_int_equal(read_stream(stream, &told), 0);
    }
    struct bamboo_error error = {0};
    struct bamboo_value reply;
    bool claimed = false;
    struct bamboo_operation operation = {
        .operation = "callback", .run = waiting, .node = "a", .data = bamboo_missing()};
    must(bamboo_operate(world->engine, &operation, &reply, &claimed, &error));
    bamboo_value_release(reply);
    world_loop(world);
    assert_true(read_stream(stream, &told) >= 2);
    assert_int_equal(told.run_count, 7);
    bamboo_event_stream_close(stream);
}

static void a_long_journal_is_told_in_pieces(void **state)
{
    struct world *world = *state;
    struct told told = {0};
    struct bamboo_event_stream *stream = open_stream(world);
    /* A commit for each execution: many batches. */
    world_run(world,
              "pipeline long() {\n repeat up to 400 times { a = exec(\"true\") } until false\n}\n");
    assert_true(read_stream(stream, &told) > 800);
    assert_int_equal(told.run_count, 1);
    bamboo_event_stream_close(stream);
}

/* More than the stream keeps loaded: the first ones are loaded again when they go on. */
static void many_waiting_runs_are_told_on(void **state)
{
    struct world *world = *state;
    struct told told = {.any_run = true};
    struct bamboo_error error = {0};
    struct bamboo_event_stream *stream = open_stream(world);
    struct bamboo_flow *flow = world_compile(world, "pipeline waits() {\n a = callback()\n}\n");
    char first[BAMBOO_RUN_ID_SIZE];
    for (int i = 0; i < 600; i++) {
        must(bamboo_start(world->engine, flow, value_empty_map(), NULL, world->id, &error));
        if (i == 0) memcpy(first, world->id, sizeof first);
    }
    bamboo_flow_release(flow);
    world_loop(world);
    assert_true(read_stream(stream, &told) >= 1200);
    memcpy(world->id, first, sizeof first);
    must(world_operate(world, "callback", "a", "{}", NULL, &error));
    world_loop(world);
    told = (struct told){.any_run = true};
    size_t count = read_stream(stream, &told);
    assert_true(count >= 2 && count < 10);
    assert_string_equal(told.type, "pipeline-finished");
    assert_int_equal(read_stream(stream, &told), 0);
    bamboo_event_stream_close(stream);
}

/* A store of which this library cannot tell every run: it says so once, and tells the others. */
static void runs_without_their_components_hide_no_others(void **state)
{
    struct world *world = *state;
    struct told told = {.any_run = true};
    struct bamboo_error error = {0};
    world_run(world, "pipeline ours() {\n a = touch()\n b = never()\n}\n");
    world_run(world, "pipeline known() {\n a = noop()\n}\n");
    bamboo_engine_close(world->engine);
    bamboo_library_destroy(world->library);
    must(bamboo_library_create(NULL, 0, &world->library, &error));
    world->engine = world_open(world, false);
    struct bamboo_event_stream *stream = open_stream(world);
    assert_true(read_stream(stream, &told) >= 4);
    assert_int_equal(told.unreadable_count, 1);
    assert_non_null(strstr(told.why, "component 'touch'"));
    assert_string_equal(told.type, "pipeline-finished");
    world_run(world, "pipeline next() {\n a = noop()\n}\n");
    assert_true(read_stream(stream, &told) >= 3);
    assert_int_equal(told.unreadable_count, 1);
    bamboo_event_stream_close(stream);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(each_event_is_told_once),
        TEST(removed_runs_hide_no_event_of_others),
        TEST(a_long_journal_is_told_in_pieces),
        TEST(many_waiting_runs_are_told_on),
        TEST(runs_without_their_components_hide_no_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
