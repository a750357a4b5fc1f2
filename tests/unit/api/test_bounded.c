/* What it costs to go on with a run depends on what it is now, and not on what it has done: it is
 * counted how much is read, not how long it takes. */
#include "tests/unit/api/support.h"

/* What was read of journals. */
static uint64_t events_read, batches_read;
static size_t bytes_read;

struct reading {
    enum bamboo_status (*each)(void *context, uint64_t first, uint64_t last, const void *bytes,
                               size_t size, struct bamboo_error *error);
    void *context;
};

static enum bamboo_status count_batch(void *context, uint64_t first, uint64_t last,
                                      const void *bytes, size_t size, struct bamboo_error *error)
{
    const struct reading *reading = context;
    events_read += last - first + 1;
    batches_read++;
    bytes_read += size;
    return reading->each(reading->context, first, last, bytes, size, error);
}

static enum bamboo_status count_reading(struct store *store, uint64_t run, uint64_t after,
                                        enum bamboo_status (*each)(void *context, uint64_t first,
                                                                   uint64_t last, const void *bytes,
                                                                   size_t size,
                                                                   struct bamboo_error *error),
                                        void *context, struct bamboo_error *error)
{
    struct reading reading = {each, context};
    return real_functions->read_events(store, run, after, count_batch, &reading, error);
}

static void count_readings(struct world *world)
{
    struct store *store = world->engine->store;
    static struct store_functions counting;
    real_functions = store->functions;
    counting = *store->functions;
    counting.read_events = count_reading;
    store->functions = &counting;
    events_read = batches_read = bytes_read = 0;
}

/* A run of `rounds` rounds that waits for a callback then. Returns its events. */
static uint64_t make_history(struct world *world, int rounds)
{
    char text[200];
    struct bamboo_error error = {0};
    struct store_run row = {0};
    snprintf(text, sizeof text,
             "pipeline p() -> n {\n  n = 0\n  repeat up to %d times { n = n + 1 }\n"
             "  a = callback()\n}\n",
             rounds);
    world_run(world, text);
    bamboo_engine_close(world->engine);
    world->engine = world_open(world, false);
    must(store_find_run(world->engine->store, world->id, &row, &error));
    uint64_t events = row.sequence;
    store_run_release(&row);
    return events;
}

/* A snapshot is taken when the events after the last one are 64 KiB; what comes after that is at
 * most a batch, which a slice of time bounds. */
#define READ_MAX ((size_t)512 << 10)

static void resuming_reads_what_came_after_the_snapshot(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    size_t read[2];
    uint64_t history[2];
    for (int i = 0; i < 2; i++) {
        history[i] = make_history(world, i == 0 ? 20000 : 80000);
        count_readings(world);
        must(bamboo_claim(world->engine, world->id, &error));
        read[i] = bytes_read;
        assert_true(bytes_read <= READ_MAX);
        assert_true(events_read < history[i]);
        must(world_operate(world, "callback", "a", NULL, NULL, &error));
        world_loop(world);
        assert_run(world, "outputs", i == 0 ? "{\"n\": 20000}" : "{\"n\": 80000}");
    }
    assert_true(history[1] > 3 * history[0]);
    assert_true(read[1] <= READ_MAX);
}

static void looking_at_a_run_does_not_read_its_history(void **state)
{
    struct world *world = *state;
    uint64_t history = make_history(world, 60000);
    count_readings(world);
    assert_run(world, "settled", "\"waiting\"");
    assert_true(bytes_read <= READ_MAX);
    assert_true(events_read < history / 2);
}

/* What a run has done leaves nothing in its state. */
static void a_snapshot_does_not_grow_with_the_history(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    size_t sizes[2];
    for (int i = 0; i < 2; i++) {
        uint64_t sequence = 0;
        void *bytes = NULL;
        struct store_run row = {0};
        make_history(world, i == 0 ? 20000 : 80000);
        must(store_find_run(world->engine->store, world->id, &row, &error));
        must(store_read_snapshot(world->engine->store, row.number, &sequence, &bytes, &sizes[i],
                                 &error));
        assert_non_null(bytes);
        memory_free(bytes);
        store_run_release(&row);
    }
    assert_true(sizes[1] < sizes[0] + 100);
    assert_true(sizes[1] < 1000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(resuming_reads_what_came_after_the_snapshot),
        TEST(looking_at_a_run_does_not_read_its_history),
        TEST(a_snapshot_does_not_grow_with_the_history),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
