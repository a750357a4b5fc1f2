/* bamboo_collect(): what retention keeps and removes, and that the space comes back. */
#include "tests/unit/api/support.h"

#include <pthread.h>
#include <sys/stat.h>

#define ENDED   "pipeline p() {\n  a = shell(\"head -c 20000 /dev/zero | tr '\\\\0' x\")\n}\n"
#define WAITING "pipeline w() {\n  a = callback()\n}\n"

struct told {
    size_t count;
    char last[BAMBOO_RUN_ID_SIZE];
};

static void take(void *context, struct bamboo_value run)
{
    struct told *told = context;
    told->count++;
    snprintf(told->last, sizeof told->last, "%s",
             bamboo_string_bytes(bamboo_map_get(run, "id"), NULL));
}

static void ignore(void *context, struct bamboo_value run)
{
    (void)context;
    (void)run;
}

/* How many runs were removed; *before and *after: the size of the store. */
static size_t collect(struct world *world, const struct bamboo_retention *retention,
                      int64_t *before, int64_t *after)
{
    struct bamboo_error error = {0};
    struct told told = {0};
    struct bamboo_value sum;
    must(bamboo_collect(world->engine, retention, take, &told, &sum, &error));
    assert_int_equal(bamboo_map_get(sum, "removed").as.integer, told.count);
    if (before) *before = bamboo_map_get(sum, "bytes_before").as.integer;
    if (after) *after = bamboo_map_get(sum, "bytes_after").as.integer;
    bamboo_value_release(sum);
    return told.count;
}

static size_t runs_of(struct world *world)
{
    struct bamboo_error error = {0};
    struct bamboo_value runs;
    must(bamboo_list_runs(world->engine, true, &runs, &error));
    size_t count = bamboo_list_count(runs);
    bamboo_value_release(runs);
    return count;
}

static void run_many(struct world *world, int count)
{
    for (int i = 0; i < count; i++)
        world_run(world, ENDED);
}

static void nobody_needs_to_listen(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct bamboo_value sum, counts;
    run_many(world, 2);
    must(bamboo_collect(world->engine, &(struct bamboo_retention){0}, NULL, NULL, &sum, &error));
    assert_int_equal(runs_of(world), 0);
    must(bamboo_check_store(world->engine, NULL, NULL, &counts, &error));
    bamboo_value_release(sum);
    bamboo_value_release(counts);
}

static void only_ended_runs_are_removed(void **state)
{
    struct world *world = *state;
    run_many(world, 3);
    world_run(world, WAITING);
    assert_int_equal(collect(world, &(struct bamboo_retention){0}, NULL, NULL), 3);
    assert_int_equal(runs_of(world), 1);
    assert_run(world, "settled", "\"waiting\"");
}

static void nothing_of_a_removed_run_is_left(void **state)
{
    struct world *world = *state;
    static const char *const TABLES[] = {"run",      "event",    "log",    "mail",
                                         "artifact", "snapshot", "garbage"};
    run_many(world, 3);
    assert_true(world_rows(world, "event") > 0 && world_rows(world, "log") > 0);
    collect(world, &(struct bamboo_retention){0}, NULL, NULL);
    for (size_t i = 0; i < sizeof TABLES / sizeof *TABLES; i++)
        assert_int_equal(world_rows(world, TABLES[i]), 0);
}

static void an_artifact_stays_while_a_run_uses_it(void **state)
{
    struct world *world = *state;
    run_many(world, 2);
    collect(world, &(struct bamboo_retention){.keep = 1}, NULL, NULL);
    assert_int_equal(world_rows(world, "artifact"), 1);
    assert_run(world, "settled", "\"finished\"");
    collect(world, &(struct bamboo_retention){0}, NULL, NULL);
    assert_int_equal(world_rows(world, "artifact"), 0);
}

static void the_last_ones_are_kept(void **state)
{
    struct world *world = *state;
    run_many(world, 5);
    assert_int_equal(collect(world, &(struct bamboo_retention){.keep = 2}, NULL, NULL), 3);
    assert_int_equal(runs_of(world), 2);
    assert_run(world, "settled", "\"finished\""); /* the last one */
}

static int64_t an_hour_later(void *context)
{
    (void)context;
    return store_wall_clock(NULL) + 3600000;
}

static void young_ones_are_kept(void **state)
{
    struct world *world = *state;
    const struct bamboo_retention retention = {.older_than_ms = 1800000};
    run_many(world, 2);
    assert_int_equal(collect(world, &retention, NULL, NULL), 0);
    world->engine->store->clock.now = an_hour_later;
    assert_int_equal(collect(world, &retention, NULL, NULL), 2);
}

static void a_dry_run_removes_nothing(void **state)
{
    struct world *world = *state;
    run_many(world, 2);
    assert_int_equal(collect(world, &(struct bamboo_retention){.dry_run = true}, NULL, NULL), 2);
    assert_int_equal(runs_of(world), 2);
}

static void the_space_comes_back(void **state)
{
    struct world *world = *state;
    struct stat before, after;
    int64_t bytes_before = 0, bytes_after = 0;
    run_many(world, 30);
    bamboo_engine_close(world->engine);
    world->engine = world_open(world, false);
    assert_int_equal(system("true"), 0);
    char command[200];
    snprintf(command, sizeof command, "sqlite3 %s 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null",
             world->store);
    assert_int_equal(system(command), 0);
    assert_int_equal(stat(world->store, &before), 0);
    collect(world, &(struct bamboo_retention){0}, &bytes_before, &bytes_after);
    assert_true(bytes_after < bytes_before / 4);
    assert_int_equal(stat(world->store, &after), 0);
    assert_true(after.st_size < before.st_size / 4);
}

/* What another gc left when it was killed. */
static void what_was_half_removed_is_swept(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    bool done;
    run_many(world, 2);
    must(store_forget_run(world->engine->store, world->id, false, &error));
    must(store_sweep(world->engine->store, 1, &done, &error));
    assert_false(done);
    assert_int_equal(collect(world, &(struct bamboo_retention){.keep = 1}, NULL, NULL), 0);
    assert_int_equal(world_rows(world, "garbage"), 0);
    assert_int_equal(runs_of(world), 1);
}

/* --- Beside an engine at work --- */

static void *collect_always(void *context)
{
    const struct world *world = context;
    struct bamboo_error error = {0};
    struct bamboo_engine *engine = NULL;
    const struct bamboo_engine_options options = {.store = world->store,
                                                  .durability = BAMBOO_DURABILITY_OS};
    enum bamboo_status status = bamboo_engine_open(world->library, &options, &engine, &error);
    for (int i = 0; i < 40 && status == BAMBOO_OK; i++) {
        struct bamboo_value sum;
        status = bamboo_collect(engine, &(struct bamboo_retention){0}, ignore, NULL, &sum, &error);
        if (status == BAMBOO_OK) bamboo_value_release(sum);
    }
    bamboo_engine_close(engine);
    return (void *)(uintptr_t)status;
}

static void engines_at_work_are_not_disturbed(void **state)
{
    struct world *world = *state;
    pthread_t thread;
    void *status = NULL;
    assert_int_equal(pthread_create(&thread, NULL, collect_always, world), 0);
    run_many(world, 40);
    assert_int_equal(pthread_join(thread, &status), 0);
    assert_int_equal((uintptr_t)status, BAMBOO_OK);
    collect(world, &(struct bamboo_retention){0}, NULL, NULL);
    assert_int_equal(runs_of(world), 0);
}

static void a_reader_cannot_collect(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct bamboo_value sum;
    bamboo_engine_close(world->engine);
    const struct bamboo_engine_options options = {.store = world->store, .read_only = true};
    must(bamboo_engine_open(world->library, &options, &world->engine, &error));
    assert_int_equal(
        bamboo_collect(world->engine, &(struct bamboo_retention){0}, ignore, NULL, &sum, &error),
        BAMBOO_E_USAGE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nobody_needs_to_listen),           TEST(only_ended_runs_are_removed),
        TEST(nothing_of_a_removed_run_is_left), TEST(an_artifact_stays_while_a_run_uses_it),
        TEST(the_last_ones_are_kept),           TEST(young_ones_are_kept),
        TEST(a_dry_run_removes_nothing),        TEST(the_space_comes_back),
        TEST(what_was_half_removed_is_swept),   TEST(engines_at_work_are_not_disturbed),
        TEST(a_reader_cannot_collect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
