/* Rollback, hooks and timers, from the text of a flow to the world outside. */
#include "tests/unit/api/support.h"

static void operate(struct world *world, const char *operation, const char *node, const char *data)
{
    struct bamboo_error error = {0};
    must(world_operate(world, operation, node, data, NULL, &error));
    world_loop(world);
}

static void an_external_component_is_told_and_takes_back(void **state)
{
    struct world *world = *state;
    world_run(world, "pipeline p() {\n  a = ledger()\n  b = ledger(ok: false)\n}\n");
    assert_string_equal(ledger, "ExFEx!");
    memset(ledger, 0, sizeof ledger);
    operate(world, "rollback", "a", NULL);
    assert_string_equal(ledger, "RExFEx!");
    memset(ledger, 0, sizeof ledger);
    operate(world, "skip", "b", NULL);
    assert_string_equal(ledger, "F");
    assert_run(world, "settled", "\"finished\"");
}

static void collect(void *context, struct bamboo_value row)
{
    struct bamboo_list_builder *list = context;
    bamboo_list_builder_append_take(list, bamboo_value_retain(bamboo_map_get(row, "node")));
    bamboo_list_builder_append_take(list,
                                    bamboo_value_retain(bamboo_map_get(row, "superseded_by")));
}

static void the_history_of_what_was_taken_back_is_kept_and_marked(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct bamboo_list_builder list;
    struct bamboo_value rows, json;
    world_run(world, "pipeline p() {\n  a = ledger()\n  b = ledger(ok: false)\n}\n");
    operate(world, "retry", "b", NULL);
    operate(world, "rollback", "a", "{\"mode\": \"any\"}");
    bamboo_list_builder_init(&list);
    must(bamboo_history(world->engine, world->id, collect, &list, &error));
    must(bamboo_list_builder_finish(&list, &rows, &error));
    must(bamboo_json_print(rows, 0, &json, &error));
    assert_string_equal(
        bamboo_string_bytes(json, NULL),
        "[\"b\", \"node-retried\", \"a\", \"jumped-back\", \"b\", \"jumped-back\"]");
    bamboo_value_release(rows);
    bamboo_value_release(json);
}

static void targets_are_listed(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct bamboo_value targets, json;
    world_run(world, "pipeline p() {\n  a = ledger()\n  b = ledger(ok: false)\n}\n");
    must(bamboo_rollback_targets(world->engine, world->id, "b", &targets, &error));
    must(bamboo_json_print(targets, 0, &json, &error));
    assert_non_null(strstr(bamboo_string_bytes(json, NULL),
                           "{\"node\": \"a\", \"mode\": \"token\"}, {\"node\": \"a\", \"mode\": "
                           "\"any\"}"));
    bamboo_value_release(targets);
    bamboo_value_release(json);
    assert_int_equal(bamboo_rollback_targets(world->engine, world->id, "c", &targets, &error),
                     BAMBOO_E_NOT_FOUND);
    assert_int_equal(bamboo_rollback_targets(world->engine, world->id, "c", &targets, NULL),
                     BAMBOO_E_NOT_FOUND); /* an error may be NULL everywhere */
}

static void undo_in_the_text_runs_a_process(void **state)
{
    struct world *world = *state;
    world_run(world, "pipeline p() {\n"
                     "  a = shell(\"echo made\") { undo shell(\"echo ${a.stdout}\") }\n"
                     "  b = ledger(ok: false)\n}\n");
    operate(world, "rollback", "a", NULL);
    assert_entry(world, "a_undo", "state", "\"FINISHED\"");
    assert_entry(world, "a", "loop", "1");
    assert_entry(world, "b", "state", "\"FAILED\"");
}

static size_t count_in_ledger(char what)
{
    size_t count = 0;
    for (const char *at = ledger; (at = strchr(at, what)); at++)
        count++;
    return count;
}

static void a_timer_in_the_text_begins_its_action(void **state)
{
    struct world *world = *state;
    world_run(world, "pipeline p() {\n"
                     "  a = callback() {\n    after 10ms { ledger() }\n"
                     "    every 20ms up to 2 times { ledger() }\n  }\n}\n");
    assert_run(world, "settled", "\"waiting\"");
    assert_int_equal(count_in_ledger('x'), 3);
    assert_int_equal(count_in_ledger('F'), 3);
    operate(world, "callback", "a", "{}");
    assert_run(world, "settled", "\"finished\"");
}

static void what_a_hook_logs_is_kept(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct bamboo_list_builder list;
    struct bamboo_value rows;
    world_run(world, "pipeline p() {\n  a = ledger()\n}\n");
    bamboo_list_builder_init(&list);
    must(bamboo_logs(world->engine, world->id, "a", 0, collect, &list, &error));
    must(bamboo_list_builder_finish(&list, &rows, &error));
    assert_int_equal(bamboo_list_count(rows), 2);
    bamboo_value_release(rows);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_external_component_is_told_and_takes_back),
        TEST(the_history_of_what_was_taken_back_is_kept_and_marked),
        TEST(targets_are_listed),
        TEST(undo_in_the_text_runs_a_process),
        TEST(a_timer_in_the_text_begins_its_action),
        TEST(what_a_hook_logs_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
