/* The way back: what was executed since the target. */
#include "tests/unit/vm/run/chain.h"
#include "vm/run/rollback.h"

#include "tests/unit/rows.h"

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

struct round {
    const char *promise;
    const char *flow;
    const char *node, *around; /* what the first round has executed, and what the second entered */
};

/* There `first` is at work, a second time. */
static const struct round ROUNDS[] = {
    {"a node of an earlier round of a subprocess is no target",
     "pipeline p() {\n  repeat up to 2 times { s = q() }\n}\n"
     "pipeline q() {\n  first = work()\n  then = undoable(x: 1)\n}\n",
     "s/then", "s"},
    {"nor one that is deeper inside",
     "pipeline p() {\n  repeat up to 2 times { s = q() }\n}\npipeline q() {\n  t = r()\n}\n"
     "pipeline r() {\n  first = work()\n  then = undoable(x: 1)\n}\n",
     "s/t/then", "s"},
    {"a node of an earlier round of a branch is no target",
     "pipeline p() {\n  repeat up to 2 times {\n    parallel {\n      { first = work()\n"
     "        then = undoable(x: 1) }\n      other = echo()\n    }\n  }\n}\n",
     "then", "parallel_1"},
    {"nor one of a branch in that branch",
     "pipeline p() {\n  repeat up to 2 times {\n    parallel outer {\n      { first = work()\n"
     "        parallel inner {\n          then = undoable(x: 1)\n          y = echo()\n"
     "        } }\n      other = echo()\n    }\n  }\n}\n",
     "then", "outer"},
};

/* It lies ahead of the token, not behind it. */
static void refuses_what_is_of_an_earlier_round(void **state)
{
    static const char *const data[] = {NULL, "{\"mode\": \"any\"}",
                                       "{\"mode\": \"any\", \"skip_token_check\": true}"};
    const struct round *row = *state;
    char reason[120];
    struct world *world = world_create(row->flow, "{}");
    snprintf(reason, sizeof reason, "'then' was executed before '%s' around it was entered again",
             row->around);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    for (int i = 0; i < 3; i++)
        assert_refused(world, OP_RESERVE_ROLLBACK, row->node, data[i], reason);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_FAILURE, "{}", "broken");
    for (int i = 0; i < 3; i++)
        assert_refused(world, OP_ROLL_BACK, row->node, data[i], reason);
    assert_logged(world, "");
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
    return cmocka_run_group_tests(tests, NULL, NULL) +
           RUN_ROWS(ROUNDS, refuses_what_is_of_an_earlier_round);
}
