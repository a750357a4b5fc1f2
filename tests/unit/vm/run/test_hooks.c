/* Hooks of components: who is told what, and when. */
#include "tests/unit/vm/run/chain.h"

static void a_pure_component_is_told_of_its_beginning_and_end(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() {\n  a = hooked(ok: true, n: 7)\n  b = hooked(n: 8)\n}\n", "{}");
    assert_logged(world, "enter a 0\nfinish a 7\nenter b 0\nfail b 8\n");
    assert_int_equal(world_operate(world, OP_RETRY_NODE, "b", "{\"ok\": true}"), BAMBOO_OK);
    assert_logged(world, "enter b 0\nfinish b 8\n");
    world_destroy(world);
}

static void it_is_told_where_in_a_subprocess_it_is(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() {\n  sub = inner()\n}\n"
                                       "pipeline inner() {\n  a = hooked(ok: true, n: 7)\n}\n",
                                       "{}");
    assert_logged(world, "enter sub/a 0\nfinish sub/a 7\n");
    world_destroy(world);
}

static void whoever_decides_the_end_it_is_told(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() {\n  a = hooked(n: 8)\n}\n", "{}");
    assert_logged(world, "enter a 0\nfail a 8\n");
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "a", NULL), BAMBOO_OK);
    assert_logged(world, "finish a 8\n");
    world_destroy(world);
}

static void an_external_component_is_told_by_an_effect(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() {\n  a = hooked_outside()\n}\n", "{}");
    assert_int_equal(world_operate(world, OP_FAIL_NODE, "a", NULL), BAMBOO_OK);
    assert_int_equal(world->effect_count, 3);
    assert_int_equal(world->effects[0].kind, EFFECT_EXECUTE);
    assert_int_equal(world->effects[1].kind, EFFECT_CANCEL);
    assert_int_equal(world->effects[2].kind, EFFECT_TELL_FAILED);
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "a", NULL), BAMBOO_OK);
    assert_int_equal(world->effects[3].kind, EFFECT_TELL_FINISHED);
    world_destroy(world);
}

static void an_undo_is_an_execution_like_others(void **state)
{
    (void)state;
    static const struct chain_node nodes[] = {
        {.name = "a", .component = "echo", .undo = "hooked", .undo_inputs = "{\"ok\": true}"},
        {.name = "b", .component = "check"},
        {.name = NULL}};
    struct world *world = chain_world(nodes);
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "a", NULL), BAMBOO_OK);
    assert_logged(world, "enter a_undo 0\nfinish a_undo 0\n");
    world_destroy(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pure_component_is_told_of_its_beginning_and_end),
        cmocka_unit_test(it_is_told_where_in_a_subprocess_it_is),
        cmocka_unit_test(whoever_decides_the_end_it_is_told),
        cmocka_unit_test(an_external_component_is_told_by_an_effect),
        cmocka_unit_test(an_undo_is_an_execution_like_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
