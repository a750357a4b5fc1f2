/* The way back: what was executed since the target. */
#include "tests/unit/vm/run/chain.h"
#include "vm/run/rollback.h"

static void branches_and_subprocesses_on_the_way_are_taken_back(void **state)
{
    (void)state;
    struct world *world = world_create(
        "pipeline p() {\n  a = undoable()\n  parallel {\n    x = undoable()\n    y = undoable()\n"
        "  }\n  s = q()\n  d = check(ok: false)\n}\n"
        "pipeline q() {\n  b = undoable()\n}\n",
        "{}");
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "a", NULL), BAMBOO_OK);
    assert_logged(world, "s/b\ny\nx\na\n");
    assert_node(world, "s/b", "loop", "1");
    assert_node(world, "d", "state", "\"FAILED\"");
    world_destroy(world);
}

static void a_gap_that_a_rollback_left_in_a_ring_does_not_hide_what_is_behind_it(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() {\n  n = 0\n  first = undoable(x: 1)\n  repeat up to 3 times {\n"
                     "    n = n + 1\n    a = undoable(x: 2)\n    if n == 1 { h = undoable(x: 3) }\n"
                     "    b = check(ok: n < 2)\n  }\n}\n",
                     "{}");
    assert_node(world, "b", "loop", "2");
    /* From the second round to what only the first has executed: `a` is forgotten, and a gap. */
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "h", NULL), BAMBOO_OK);
    assert_node(world, "a", "state", "null");
    assert_node(world, "b", "state", "\"FAILED\"");
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "first", NULL), BAMBOO_OK);
    assert_node(world, "a", "loop", "1");
    assert_node(world, "b", "state", "\"FAILED\"");
    assert_node(world, "b", "loop", "1");
    world_destroy(world);
}

/* Who asks of each node whether the run may go back to it walks over the flow once, not each time.
 */
static void the_branches_of_a_flow_are_found_once(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() {\n  a = undoable()\n  parallel {\n"
                                       "    x = undoable()\n    y = called()\n  }\n}\n",
                                       "{}");
    struct rollback_view first, again;
    assert_int_equal(rollback_view_create(world->run, SCOPE_ROOT, &first, NULL), BAMBOO_OK);
    assert_int_equal(rollback_view_create(world->run, SCOPE_ROOT, &again, NULL), BAMBOO_OK);
    assert_ptr_equal(first.branches, again.branches);
    assert_false(world->run->has_reserved); /* else each node is looked at for a reservation */
    world_destroy(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_branches_of_a_flow_are_found_once),
        cmocka_unit_test(branches_and_subprocesses_on_the_way_are_taken_back),
        cmocka_unit_test(a_gap_that_a_rollback_left_in_a_ring_does_not_hide_what_is_behind_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
