/* What a node costs that does nothing: no allocation, but for the buffer of events, which grows;
 * and what is resolved before, so that it costs less. */
#include "tests/unit/vm/run/world.h"

#include "vm/run/state.h"

static size_t allocations;

/* Asked by each allocation of a debug build; none is made to fail. */
bool memory_fault(void)
{
    allocations++;
    return false;
}

#define WARM_UP 500 /* nodes until all that is kept is there */
#define NODES   3000

/* Advances node by node; how many allocations were not the outbox's. */
static size_t count_allocations(struct world *world)
{
    size_t others = 0;
    for (int i = 0; i < WARM_UP + NODES; i++) {
        size_t capacity = world->run->outbox.events.capacity;
        allocations = 0;
        assert_int_equal(run_advance(world->machine, world->run, world->now, 1, &world->error),
                         BAMBOO_OK);
        bool grew = world->run->outbox.events.capacity != capacity;
        if (i >= WARM_UP) others += allocations - grew;
    }
    return others;
}

/* The run is made, but has not moved. */
static struct world *begin(const char *text)
{
    struct world *world = memory_allocate_zeroed(1, sizeof *world);
    world->now = 1000000;
    world->linked = world_compile(text);
    assert_int_equal(interpreter_create(&world->machine, &world->error), BAMBOO_OK);
    assert_int_equal(run_create(world->linked, "id", value_empty_map(), bamboo_missing(),
                                world->now, &world->run, &world->error),
                     BAMBOO_OK);
    return world;
}

static void a_transition_of_a_node_that_does_nothing_allocates_nothing(void **state)
{
    (void)state;
    struct world *world = begin("pipeline p() {\n  repeat up to 200 times {\n"
                                "    echo()\n    echo()\n    echo()\n    echo()\n    echo()\n"
                                "    echo()\n    echo()\n    echo()\n    echo()\n    echo()\n"
                                "    echo()\n    echo()\n    echo()\n    echo()\n    echo()\n"
                                "    echo()\n    echo()\n    echo()\n    echo()\n    echo()\n"
                                "  }\n}\n");
    assert_int_equal(count_allocations(world), 0);
    assert_true(run_sequence(world->run) >= NODES);
    assert_int_equal(world->run->state, RUN_RUNNING); /* there was always something to do */
    world_check(world);
    world_destroy(world);
}

/* So that the test above can fail. */
static void one_that_makes_a_text_allocates(void **state)
{
    (void)state;
    struct world *world = begin("pipeline p(n: int = 7) {\n  repeat up to 5000 times {\n"
                                "    echo(x: \"round ${n}\")\n  }\n}\n");
    assert_true(count_allocations(world) > 0);
    world_destroy(world);
}

/* They are looked up once, when a run is made or restored. */
static void options_hold_for_a_run_that_was_restored(void **state)
{
    (void)state;
    struct world *world = memory_allocate_zeroed(1, sizeof *world);
    struct bamboo_value options;
    struct byte_writer snapshot = {0};
    struct run *made = NULL;
    const char *json = "{\"data\": {\"a\": 1}, \"rerun_limit\": 2}";
    world->now = 1000000;
    world->linked = world_compile("pipeline p() {\n  repeat up to 9 times {\n    echo()\n  }\n}\n");
    assert_int_equal(bamboo_json_parse(json, strlen(json), &options, &world->error), BAMBOO_OK);
    assert_int_equal(interpreter_create(&world->machine, &world->error), BAMBOO_OK);
    assert_int_equal(run_create(world->linked, "id", value_empty_map(), options, world->now, &made,
                                &world->error),
                     BAMBOO_OK);
    bamboo_value_release(options);
    run_snapshot(made, &snapshot);
    run_destroy(made);

    assert_int_equal(
        run_restore(world->linked, "id", snapshot.bytes, snapshot.size, &world->run, &world->error),
        BAMBOO_OK);
    assert_int_equal(run_recover(world->machine, world->run, world->now, &world->error), BAMBOO_OK);
    assert_int_equal(bamboo_map_get(run_data(world->run), "a").as.integer, 1);
    assert_int_equal(run_advance(world->machine, world->run, world->now, 1000000, &world->error),
                     BAMBOO_OK);
    struct run_summary summary;
    run_summarize(world->run, &summary);
    assert_int_equal(summary.failed, 1); /* at the limit */
    writer_release(&snapshot);
    world_destroy(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#ifdef BAMBOO_DEBUG /* else nobody asks memory_fault() */
        cmocka_unit_test(a_transition_of_a_node_that_does_nothing_allocates_nothing),
        cmocka_unit_test(one_that_makes_a_text_allocates),
#endif
        cmocka_unit_test(options_hold_for_a_run_that_was_restored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
