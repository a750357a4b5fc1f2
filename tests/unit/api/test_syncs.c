/* How often the disk is waited for, counted below SQLite: a VFS that passes everything on. */
#include "tests/unit/api/support.h"

#include <sqlite3.h>

static size_t syncs;
static sqlite3_vfs *real_vfs;
static sqlite3_vfs counting_vfs;
static int (*real_sync)(sqlite3_file *file, int flags);

/* What SQLite has for files that it locks and for those that it does not lock. */
static struct counted_methods {
    const sqlite3_io_methods *real;
    sqlite3_io_methods counting;
} kinds[8];

static int counting_sync(sqlite3_file *file, int flags)
{
    syncs++;
    return real_sync(file, flags);
}

static int counting_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                         int *out_flags)
{
    (void)vfs;
    int result = real_vfs->xOpen(real_vfs, name, file, flags, out_flags);
    if (result != SQLITE_OK || !file->pMethods) return result;
    struct counted_methods *kind = kinds;
    while (kind->real && kind->real != file->pMethods)
        kind++;
    kind->real = file->pMethods;
    kind->counting = *file->pMethods;
    kind->counting.xSync = counting_sync;
    real_sync = kind->real->xSync; /* one for all kinds */
    file->pMethods = &kind->counting;
    return result;
}

static void register_vfs(void)
{
    sqlite3_initialize();
    real_vfs = sqlite3_vfs_find(NULL);
    counting_vfs = *real_vfs;
    counting_vfs.zName = "counting";
    counting_vfs.xOpen = counting_open;
    counting_vfs.pNext = NULL;
    sqlite3_vfs_register(&counting_vfs, 1);
}

/* An engine that survives power loss, which has done something already. */
static void reopen(struct world *world)
{
    struct bamboo_error error = {0};
    struct bamboo_engine_options options = {
        .store = world->store, .durability = BAMBOO_DURABILITY_FULL, .actor = "tester"};
    bamboo_engine_close(world->engine);
    must(bamboo_engine_open(world->library, &options, &world->engine, &error));
    world_run(world, "pipeline p() {\n  touch()\n}\n");
    must(bamboo_engine_flush(world->engine, &error));
    syncs = 0;
    touched = 0;
}

static void append_statements(struct text *text, int count, const char *statement)
{
    for (int i = 0; i < count; i++)
        text_append_format(text, "  %s\n", statement);
}

/* One external effect after the other. */
static size_t syncs_of_effects(struct world *world, int count, const char *statement)
{
    struct bamboo_error error = {0};
    struct text text = {0};
    text_append_string(&text, "pipeline p() {\n  log(\"a\")\n");
    append_statements(&text, count, statement);
    text_append_string(&text, "  log(\"b\")\n}\n");
    reopen(world);
    world_run(world, text.bytes);
    must(bamboo_engine_flush(world->engine, &error));
    assert_run(world, "settled", "\"finished\"");
    text_release(&text);
    return syncs;
}

static void a_flow_of_k_effects_syncs_k_times_and_two(void **state)
{
    static const int COUNTS[] = {0, 1, 5, 40};
    for (size_t i = 0; i < sizeof COUNTS / sizeof *COUNTS; i++) {
        size_t count = syncs_of_effects(*state, COUNTS[i], "touch()");
        assert_int_equal(touched, COUNTS[i]);
        /* At least one for each: no effect begins before its event is durable. */
        assert_in_range(count, COUNTS[i] + 1, COUNTS[i] + 2);
    }
}

static void commands_sync_as_often(void **state)
{
    assert_in_range(syncs_of_effects(*state, 12, "shell(\"true\")"), 13, 14);
}

static void steps_without_effects_share_one_sync(void **state)
{
    assert_in_range(syncs_of_effects(*state, 500, "noop()"), 1, 2);
}

static void runs_share_their_syncs(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    reopen(world);
    for (int i = 0; i < 100; i++)
        world_start(world, "pipeline p() {\n  touch()\n  touch()\n}\n");
    world_loop(world);
    must(bamboo_engine_flush(world->engine, &error));
    assert_int_equal(touched, 200);
    assert_in_range(syncs, 3, 12); /* each for itself: 300 */
}

static void branches_share_their_syncs(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct text text = {0};
    text_append_string(&text, "pipeline p() {\n  parallel {\n");
    append_statements(&text, 100, "{ touch() }");
    text_append_string(&text, "  }\n}\n");
    reopen(world);
    world_run(world, text.bytes);
    must(bamboo_engine_flush(world->engine, &error));
    assert_int_equal(touched, 100);
    assert_in_range(syncs, 2, 6);
    text_release(&text);
}

/* --- Rows --- */

static void a_new_run_is_written_with_what_it_does_in_its_first_turn(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    reopen(world);
    int64_t before = world_rows(world, "event");
    for (int i = 0; i < 3000; i++)
        world_start(world, "pipeline p() {\n  log(\"a\")\n}\n");
    world_loop(world);
    must(bamboo_engine_flush(world->engine, &error));
    assert_int_equal(world_rows(world, "event"), before + 3000);
}

static void a_new_run_is_durable_after_a_flush_before_it_had_its_turn(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    reopen(world);
    int64_t before = world_rows(world, "event");
    world_start(world, "pipeline p() {\n  log(\"a\")\n}\n");
    must(bamboo_engine_flush(world->engine, &error));
    assert_int_equal(world_rows(world, "event"), before + 1);
    assert_run(world, "settled", "\"moving\"");
    world_loop(world);
    must(bamboo_engine_flush(world->engine, &error));
    assert_int_equal(world_rows(world, "event"), before + 2);
    assert_run(world, "settled", "\"finished\"");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_flow_of_k_effects_syncs_k_times_and_two),
        TEST(commands_sync_as_often),
        TEST(steps_without_effects_share_one_sync),
        TEST(runs_share_their_syncs),
        TEST(branches_share_their_syncs),
        TEST(a_new_run_is_written_with_what_it_does_in_its_first_turn),
        TEST(a_new_run_is_durable_after_a_flush_before_it_had_its_turn),
    };
    register_vfs();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
