/* Who makes runs faster than the disk takes them waits for it. The disk is one that is done when
 * somebody waits for it, and no sooner: this file stands for vm/engine/commit_thread.c. */
#include "tests/unit/api/support.h"

#include "bytecode/control_program.h"
#include "vm/engine/effects.h"
#include "vm/engine/engine_state.h"

/* BATCH_EVENTS of vm/engine/loop.c: so many events wait while as many are on their way, and each
 * run has one at least. */
#define EVENTS_MAX 1024
#define RUNS       (8 * EVENTS_MAX)

struct commit_thread {
    struct store *store;
    const struct store_write *writes;
    size_t count, refused, waits;
    bool done;
    enum bamboo_status status;
    struct bamboo_error error;
};

enum bamboo_status commit_thread_create(struct store *store, struct host *host,
                                        struct commit_thread **out, struct bamboo_error *error)
{
    (void)host;
    struct commit_thread *disk = memory_allocate_zeroed(1, sizeof *disk);
    if (!disk) return fail_memory(error);
    disk->store = store;
    *out = disk;
    return BAMBOO_OK;
}

static void finish(struct commit_thread *disk)
{
    if (disk->done) return;
    disk->status =
        store_commit(disk->store, disk->writes, disk->count, &disk->refused, &disk->error);
    disk->done = true;
}

void commit_thread_destroy(struct commit_thread *disk)
{
    if (disk && disk->writes) finish(disk);
    memory_free(disk);
}

bool commit_thread_is_waited_for(const struct commit_thread *disk, bool alone)
{
    (void)disk, (void)alone;
    return false; /* else a batch of few runs would be waited for at once */
}

void commit_thread_start(struct commit_thread *disk, const struct store_write *writes, size_t count,
                         bool at_once)
{
    disk->writes = writes;
    disk->count = count;
    disk->refused = 0;
    disk->done = false;
    if (at_once) finish(disk);
}

bool commit_thread_is_busy(const struct commit_thread *disk)
{
    return disk->writes != NULL;
}

bool commit_thread_is_done(struct commit_thread *disk, bool wait)
{
    if (wait && !disk->done) {
        disk->waits++;
        finish(disk);
    }
    return disk->done;
}

enum bamboo_status commit_thread_result(struct commit_thread *disk, size_t *refused,
                                        struct bamboo_error *error)
{
    disk->writes = NULL;
    *refused = disk->refused;
    if (disk->status != BAMBOO_OK && error) *error = disk->error;
    return disk->status;
}

static size_t largest(size_t left, size_t right)
{
    return left > right ? left : right;
}

static void who_makes_runs_faster_than_the_disk_takes_them_waits_for_it(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct engine *engine = world->engine->engine;
    struct bamboo_flow *flow = world_compile(world, "pipeline p() {\n  a = callback()\n}\n");
    size_t runs_max = 0, events_max = 0;
    bool busy;
    engine->idle_kept_max = 2;
    for (int i = 0; i < RUNS; i++) {
        must(bamboo_start(world->engine, flow, value_empty_map(), NULL, world->id, &error));
        must(bamboo_engine_step(world->engine, 0, &busy, &error));
        runs_max = largest(runs_max, engine->runs.count);
        events_max = largest(events_max, engine->events_pending);
    }
    assert_true(runs_max <= 2 * EVENTS_MAX + 2);
    assert_true(events_max <= EVENTS_MAX + 10);
    /* Not for each of them, either. */
    assert_in_range(engine->commits->waits, 1, RUNS / 100);
    must(bamboo_engine_flush(world->engine, &error));
    must(bamboo_engine_step(world->engine, 0, &busy, &error));
    assert_int_equal(engine->runs.standings[STANDING_QUIET], RUNS);
    bamboo_flow_release(flow);
}

/* What an operator does, without waiting for the disk. */
static void revoke_run(struct world *world)
{
    struct bamboo_error error = {0};
    struct store_run row = {0};
    struct text reply = {0};
    uint8_t *image;
    size_t size;
    must(store_find_run(world->engine->store, world->id, &row, &error));
    must(control_program_build(OP_REVOKE_RUN, NULL, bamboo_missing(), "enough", &image, &size,
                               &error));
    must(engine_operate(world->engine->engine, row.number, image, size, &reply, &error));
    text_release(&reply);
    memory_free(image);
    store_run_release(&row);
}

/* More of them are due than may begin; before their turn comes the run is revoked. */
static void an_effect_whose_run_is_revoked_does_not_begin_even_before_that_is_durable(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct engine *engine = world->engine->engine;
    bool busy;
    for (size_t may_begin = 0; may_begin <= 1; may_begin++) {
        memset(ledger, 0, sizeof ledger);
        engine->process_count_max = 0;
        world_start(world, "pipeline p() {\n  parallel {\n    ledger()\n    ledger()\n  }\n}\n");
        must(bamboo_engine_step(world->engine, 0, &busy, &error));
        must(bamboo_engine_flush(world->engine, &error));
        engine->process_count_max = may_begin;
        assert_int_equal(effects_are_ready(engine), may_begin);
        revoke_run(world);
        must(bamboo_engine_step(world->engine, 0, &busy, &error));
        assert_string_equal(ledger, "");
        assert_true(commit_thread_is_busy(engine->commits));
        must(bamboo_engine_flush(world->engine, &error));
        assert_string_equal(ledger, "CC"); /* they may have begun in another process */
        assert_run(world, "state", "\"revoked\"");
        assert_int_equal(engine->runs.count, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_makes_runs_faster_than_the_disk_takes_them_waits_for_it,
                                        world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(
            an_effect_whose_run_is_revoked_does_not_begin_even_before_that_is_durable, world_set_up,
            world_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
