/* Going back: what is taken back, what is forgotten, what is refused. */
#include "vm/run/state.h"

#include "tests/unit/vm/run/chain.h"
#include "tests/unit/rows.h"

#define THREE_UNDOABLE \
    "pipeline p(ok: bool = false) {\n  a = undoable(x: 1)\n  b = undoable(x: 2)\n" \
    "  c = undoable(x: 3)\n  d = check(ok: ok)\n}\n"

static void what_came_after_is_taken_back_newest_first_and_the_target_runs_again(void **state)
{
    (void)state;
    struct world *world = world_create(THREE_UNDOABLE, "{}");
    assert_node(world, "d", "state", "\"FAILED\"");
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "b", NULL), BAMBOO_OK);
    assert_logged(world, "c\nb\n");
    assert_node(world, "a", "version", "2");
    assert_node(world, "b", "state", "\"FINISHED\"");
    assert_node(world, "b", "loop", "1");
    assert_node(world, "d", "state", "\"FAILED\""); /* again */
    assert_node(world, "d", "loop", "1");
    world_destroy(world);
}

static void a_retry_count_is_forgotten_with_the_execution(void **state)
{
    (void)state;
    struct world *world = world_create(THREE_UNDOABLE, "{}");
    assert_int_equal(world_operate(world, OP_RETRY_NODE, "d", NULL), BAMBOO_OK);
    assert_node(world, "d", "retry", "1");
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "c", NULL), BAMBOO_OK);
    assert_node(world, "d", "retry", "0");
    world_destroy(world);
}

static void mode_any_forgets_without_taking_back(void **state)
{
    (void)state;
    struct world *world = world_create(THREE_UNDOABLE, "{}");
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "a", "{\"mode\": \"any\"}"), BAMBOO_OK);
    assert_logged(world, "");
    assert_node(world, "a", "loop", "1");
    assert_node(world, "a", "version", "6");
    assert_node(world, "d", "state", "\"FAILED\"");
    world_destroy(world);
}

struct refusal {
    const char *promise;
    const char *flow;
    enum opcode operation;
    const char *node, *data, *reason;
};

#define BRANCHES \
    "pipeline p() {\n  a = echo(x: 1)\n  parallel {\n    x = check(ok: false)\n    { y = echo(x: " \
    "2)\n      z = check(ok: false) }\n  }\n}\n"
#define CALLING \
    "pipeline p() {\n  a = echo(x: 1)\n  s = q()\n}\npipeline q() {\n  b = echo(x: 1)\n  c = " \
    "check(ok: false)\n}\n"

static const struct refusal REFUSALS[] = {
    {"the target must be done", THREE_UNDOABLE, OP_ROLL_BACK, "d", NULL, "is FAILED, not FINISHED"},
    {"the start must have ended", "pipeline p() {\n  a = echo()\n  b = called()\n}\n", OP_ROLL_BACK,
     "a", "{\"from\": \"b\"}", "'b' is RUNNING, not FINISHED or FAILED"},
    {"a node at work is not given up", "pipeline p() {\n  a = echo()\n  b = work()\n}\n",
     OP_ROLL_BACK, "a", NULL, "'b' is running: make it fail, or reserve"},
    {"nor one that is polled", "pipeline p() {\n  a = echo()\n  b = polled()\n}\n", OP_ROLL_BACK,
     "a", NULL, "'b' is running"},
    {"a jump needs that nothing runs", "pipeline p() {\n  a = echo()\n  b = called()\n}\n",
     OP_ROLL_BACK, "a", "{\"mode\": \"any\"}", "nothing in the run does"},
    {"the start comes after the target", THREE_UNDOABLE, OP_ROLL_BACK, "c", "{\"from\": \"a\"}",
     "'a' was executed before 'c'"},
    {"a jump begins where the token is", THREE_UNDOABLE, OP_ROLL_BACK, "a",
     "{\"from\": \"b\", \"mode\": \"any\"}", "the token that executed 'b' has gone on to 'c'"},
    {"out of a branch not by the token", BRANCHES, OP_ROLL_BACK, "a", "{\"from\": \"x\"}",
     "not on the way of one token"},
    {"nor by a jump that checks tokens", BRANCHES, OP_ROLL_BACK, "a",
     "{\"from\": \"x\", \"mode\": \"any\"}", "not on the way of one token"},
    {"a token that waits for branches does not go back", BRANCHES, OP_ROLL_BACK, "a", NULL,
     "waits for branches at"},
    {"nor one that is inside a subprocess", CALLING, OP_ROLL_BACK, "a", NULL, "is inside 's'"},
    {"out of a subprocess not by the token", CALLING, OP_ROLL_BACK, "a", "{\"from\": \"s/c\"}",
     "not on the way of one token"},
    {"only the mode any skips the check", THREE_UNDOABLE, OP_ROLL_BACK, "a",
     "{\"skip_token_check\": true, \"from\": \"d\"}", ""},
    {"a gateway is no target",
     "pipeline p() {\n  if true { a = echo() }\n  b = check(ok: false)\n}\n", OP_ROLL_BACK, "if_1",
     NULL, "a rollback goes to an activity"},
    {"a finished run does not go back", "pipeline p() {\n  a = echo()\n}\n", OP_ROLL_BACK, "a",
     NULL, "the run is finished"},
    {"a reservation waits for a running node", THREE_UNDOABLE, OP_RESERVE_ROLLBACK, "a",
     "{\"from\": \"d\"}", "'d' is no running activity"},
    {"what is not reserved is not cancelled", THREE_UNDOABLE, OP_CANCEL_ROLLBACK, "a", NULL,
     "no rollback is reserved"},
};

static void refuses(void **state)
{
    const struct refusal *row = *state;
    struct world *world = world_create(row->flow, "{}");
    struct byte_writer before = {0}, after = {0};
    run_snapshot(world->run, &before);
    enum bamboo_status status = world_operate(world, row->operation, row->node, row->data);
    if (status == BAMBOO_OK) fail_msg("it was not refused");
    if (!strstr(world->error.message, row->reason))
        fail_msg("'%s' does not say '%s'", world->error.message, row->reason);
    run_snapshot(world->run, &after);
    assert_int_equal(before.size, after.size);
    assert_memory_equal(before.bytes, after.bytes, before.size);
    writer_release(&before);
    writer_release(&after);
    world_destroy(world);
}

static void a_paused_run_does_not_go_back(void **state)
{
    (void)state;
    struct world *world = world_create(THREE_UNDOABLE, "{}");
    assert_int_equal(world_operate(world, OP_PAUSE_RUN, NULL, NULL), BAMBOO_OK);
    assert_refused(world, OP_ROLL_BACK, "a", NULL, "resume it first");
    world_destroy(world);
}

static void a_jump_out_of_branches_ends_them(void **state)
{
    (void)state;
    struct world *world = world_create(BRANCHES, "{}");
    assert_int_equal(
        world_operate(world, OP_ROLL_BACK, "a", "{\"mode\": \"any\", \"skip_token_check\": true}"),
        BAMBOO_OK);
    assert_node(world, "x", "state", "\"FAILED\"");
    assert_node(world, "x", "loop", "1");
    assert_node(world, "y", "loop", "1");
    /* Skips of both lead through one join. */
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "x", NULL), BAMBOO_OK);
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "z", NULL), BAMBOO_OK);
    assert_finished(world, "{}");
    world_destroy(world);
}

static void a_jump_into_a_branch_that_has_ended_executes_it_alone(void **state)
{
    (void)state;
    static const char skip[] = "{\"mode\": \"any\", \"skip_token_check\": true}";
    struct world *world = world_create(
        "pipeline p() {\n  a = echo()\n  parallel {\n    { x = echo()\n      x2 = echo() }\n"
        "    y = check(ok: false)\n  }\n  c = check(ok: false)\n}\n",
        "{}");
    assert_refused(world, OP_ROLL_BACK, "x", NULL, "the branch that 'x' is in has ended");
    assert_refused(world, OP_ROLL_BACK, "x", skip, "others of its fork have not");
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "y", NULL), BAMBOO_OK);
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "x", skip), BAMBOO_OK);
    assert_node(world, "x", "version", "9");
    assert_node(world, "x2", "version", "10");
    assert_node(world, "y", "version", "6"); /* not again */
    assert_node(world, "c", "state", "\"FAILED\"");
    world_crash(world);
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "c", NULL), BAMBOO_OK);
    assert_finished(world, "{}");
    world_destroy(world);
}

static void a_branch_goes_back_by_itself(void **state)
{
    (void)state;
    struct world *world = world_create(BRANCHES, "{}");
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "y", NULL), BAMBOO_OK);
    assert_node(world, "z", "state", "\"FAILED\"");
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "x", NULL), BAMBOO_OK);
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "z", NULL), BAMBOO_OK);
    assert_finished(world, "{}");
    world_destroy(world);
}

static void a_jump_out_of_a_subprocess_makes_it_unreached(void **state)
{
    (void)state;
    struct world *world = world_create(CALLING, "{}");
    assert_int_equal(
        world_operate(world, OP_ROLL_BACK, "a", "{\"mode\": \"any\", \"skip_token_check\": true}"),
        BAMBOO_OK);
    assert_node(world, "s", "loop", "1");
    assert_node(world, "s/b", "loop", "1");
    assert_node(world, "s/c", "state", "\"FAILED\"");
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "s/b", NULL), BAMBOO_OK);
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "s/c", NULL), BAMBOO_OK);
    assert_finished(world, "{}");
    world_destroy(world);
}

/* Here it is held, since the subprocess is paused before it begins: while it is at work there is no
 * jump. */
static void what_a_timer_began_ends_when_a_jump_leaves_its_node(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() {\n  a = echo()\n  s = q()\n}\n"
                                       "pipeline q() {\n  t = r() { after 1s { work() } }\n}\n"
                                       "pipeline r() {\n  b = check(ok: false)\n}\n",
                                       "{}");
    world->now += 1000;
    assert_int_equal(run_fire_timers(world->machine, world->run, world->now, &world->error),
                     BAMBOO_OK);
    assert_int_equal(world_operate(world, OP_PAUSE_NODE, "s", NULL), BAMBOO_OK);
    assert_int_equal(world->run->token_count, 2);
    assert_int_equal(world->run->tokens[1].state, TOKEN_SUSPENDED);
    assert_int_equal(
        world_operate(world, OP_ROLL_BACK, "a", "{\"mode\": \"any\", \"skip_token_check\": true}"),
        BAMBOO_OK);
    assert_int_equal(world->run->tokens[1].state, TOKEN_DEAD);
    assert_node(world, "s/t/b", "state", "\"FAILED\"");
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "s/t/b", NULL), BAMBOO_OK);
    assert_finished(world, "{}");
    assert_int_equal(world->effect_count, 0);
    world_destroy(world);
}

static void a_subprocess_is_executed_again_as_a_whole(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() {\n  s = q()\n  d = check(ok: false)\n}\n"
                                       "pipeline q() {\n  b = undoable()\n}\n",
                                       "{}");
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "s", NULL), BAMBOO_OK);
    assert_logged(world, "s/b\n");
    assert_node(world, "s/b", "state", "\"FINISHED\"");
    assert_node(world, "s/b", "loop", "1");
    world_destroy(world);
}

static void what_was_skipped_or_ignored_is_not_taken_back(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() {\n  a = undoable()\n  b = check(ok: false)\n  c = undoable()\n"
                     "  d = check(ok: false)\n}\n",
                     "{}");
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "b", NULL), BAMBOO_OK);
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "a", NULL), BAMBOO_OK);
    assert_logged(world, "c\na\n");
    assert_node(world, "b", "state", "\"FAILED\"");
    assert_node(world, "c", "state", "null");
    world_destroy(world);
}

static void an_undo_that_fails_waits_and_is_retried(void **state)
{
    (void)state;
    struct world *world = world_create(
        "pipeline p() {\n  a = undoable()\n  b = undoable(stuck: true)\n  d = called()\n}\n", "{}");
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "a", NULL), BAMBOO_OK);
    assert_node(world, "b", "state", "\"ROLL_BACK_FAILED\"");
    assert_node(world, "b", "waits_for", "\"an operator: retry or skip\"");
    assert_node(world, "a", "state", "\"FINISHED\"");
    assert_node(world, "d", "state", "\"ROLL_BACK_SUCCESS\""); /* it was given up */
    assert_refused(world, OP_ROLL_BACK, "a", NULL, "is under way");
    assert_refused(world, OP_CALLBACK_NODE, "d", "{\"data\": 1}", "waiting for a callback");
    assert_refused(world, OP_RETRY_NODE, "b", "{\"x\": 1}", "an undo has no inputs");
    world_crash(world);
    assert_int_equal(world_operate(world, OP_RETRY_NODE, "b", NULL), BAMBOO_OK);
    assert_logged(world, "b\na\n");
    assert_node(world, "d", "state", "\"RUNNING\"");
    assert_node(world, "d", "loop", "1");
    world_destroy(world);
}

static void an_undo_that_fails_is_skipped(void **state)
{
    (void)state;
    struct world *world = world_create(
        "pipeline p() {\n  a = undoable()\n  b = undoable(stuck: true)\n  d = called()\n}\n", "{}");
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "a", NULL), BAMBOO_OK);
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "b", NULL), BAMBOO_OK);
    assert_logged(world, "b\na\n");
    assert_node(world, "b", "loop", "1");
    assert_node(world, "d", "state", "\"RUNNING\"");
    world_destroy(world);
}

static void what_was_done_outside_is_taken_back_outside(void **state)
{
    (void)state;
    struct world *world = world_create(
        "pipeline p() {\n  a = undoable_outside(x: 1)\n  b = check(ok: false)\n}\n", "{}");
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{\"y\": 2}", NULL);
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "a", NULL), BAMBOO_OK);
    assert_node(world, "a", "state", "\"ROLLING_BACK\"");
    world_crash(world); /* asks for it once more */
    assert_int_equal(world->effect_count, 1);
    assert_json(world->effects[0].outputs, "{\"y\": 2}");
    world_answer(world, EFFECT_ROLLBACK, BAMBOO_FAILURE, "{}", "no way");
    assert_node(world, "a", "state", "\"ROLL_BACK_FAILED\"");
    assert_node(world, "a", "outputs", "{\"y\": 2, \"ex_data\": \"no way\"}");
    assert_int_equal(world_operate(world, OP_RETRY_NODE, "a", NULL), BAMBOO_OK);
    world_answer(world, EFFECT_ROLLBACK, BAMBOO_SUCCESS, "{}", NULL);
    assert_node(world, "a", "state", "\"RUNNING\"");
    assert_int_equal(world->effects[0].kind, EFFECT_EXECUTE);
    world_destroy(world);
}

static void revoking_ends_a_rollback(void **state)
{
    (void)state;
    struct world *world = world_create(
        "pipeline p() {\n  a = undoable_outside(x: 1)\n  b = check(ok: false)\n}\n", "{}");
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "a", NULL), BAMBOO_OK);
    assert_int_equal(world_operate(world, OP_REVOKE_RUN, NULL, NULL), BAMBOO_OK);
    assert_node(world, "a", "state", "\"ROLL_BACK_FAILED\"");
    world_answer(world, EFFECT_ROLLBACK, BAMBOO_SUCCESS, "{}", NULL);
    assert_int_equal(world_state(world), RUN_REVOKED);
    world_destroy(world);
}

static void a_pause_holds_a_rollback(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() {\n  a = undoable()\n"
                                       "  b = undoable_outside()\n  c = check(ok: false)\n}\n",
                                       "{}");
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "a", NULL), BAMBOO_OK);
    assert_int_equal(world_operate(world, OP_PAUSE_RUN, NULL, NULL), BAMBOO_OK);
    world_answer(world, EFFECT_ROLLBACK, BAMBOO_SUCCESS, "{}", NULL);
    assert_node(world, "b", "state", "\"ROLL_BACK_SUCCESS\"");
    assert_logged(world, "");
    world_crash(world);
    assert_int_equal(world_operate(world, OP_RESUME_RUN, NULL, NULL), BAMBOO_OK);
    assert_logged(world, "a\n");
    assert_node(world, "b", "state", "\"RUNNING\"");
    world_destroy(world);
}

/* --- `undo` beside an activity --- */

static const struct chain_node UNDO[] = {
    {.name = "a", .component = "echo", .inputs = "{\"x\": 1}", .undo = "echo"},
    {.name = "b", .component = "undoable", .undo = "check", .undo_inputs = "{\"ok\": true}"},
    {.name = "c", .component = "undoable", .undo = "work"},
    {.name = "d", .component = "check"},
    {.name = NULL}};

static void an_attached_undo_stands_for_the_components(void **state)
{
    (void)state;
    struct world *world = chain_world(UNDO);
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "a", NULL), BAMBOO_OK);
    assert_node(world, "c", "state", "\"ROLLING_BACK\"");
    assert_node(world, "c_undo", "state", "\"RUNNING\"");
    world_crash(world);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    assert_node(world, "c_undo", "state", "\"FINISHED\"");
    assert_node(world, "b_undo", "state", "\"FINISHED\"");
    assert_node(world, "a_undo", "state", "\"FINISHED\"");
    assert_node(world, "c", "loop", "1");
    assert_node(world, "d", "state", "\"FAILED\"");
    assert_logged(world, "");
    /* Once more: it has its own rounds. */
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "b", NULL), BAMBOO_OK);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    assert_node(world, "c_undo", "loop", "2");
    assert_node(world, "a_undo", "loop", "1");
    world_destroy(world);
}

static void an_attached_undo_that_fails_is_retried_at_the_node(void **state)
{
    (void)state;
    struct world *world = chain_world(UNDO);
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "c", NULL), BAMBOO_OK);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_FAILURE, "{}", "broken");
    assert_node(world, "c_undo", "state", "\"FAILED\"");
    assert_node(world, "c", "state", "\"ROLL_BACK_FAILED\"");
    assert_refused(world, OP_RETRY_NODE, "c_undo", NULL, "no token waits");
    world_crash(world);
    assert_int_equal(world_operate(world, OP_RETRY_NODE, "c", NULL), BAMBOO_OK);
    assert_node(world, "c_undo", "loop", "2");
    assert_int_equal(world_operate(world, OP_FAIL_NODE, "c_undo", NULL), BAMBOO_OK);
    assert_node(world, "c", "state", "\"ROLL_BACK_FAILED\"");
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "c", NULL), BAMBOO_OK);
    assert_node(world, "c", "state", "\"FINISHED\"");
    assert_node(world, "d", "state", "\"FAILED\"");
    world_destroy(world);
}

static void giving_up_a_node_ends_what_its_timers_began(void **state)
{
    (void)state;
    static const struct chain_node nodes[] = {
        {.name = "a", .component = "echo"},
        {.name = "b",
         .component = "called",
         .timers = {{TIMER_KIND_AFTER, 100, 0, "help", "work"}}},
        {.name = NULL}};
    struct world *world = chain_world(nodes);
    world_wait(world, 100);
    assert_node(world, "help", "state", "\"RUNNING\"");
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "a", NULL), BAMBOO_OK);
    assert_node(world, "help", "state", "\"FAILED\"");
    bool cancelled = false;
    for (size_t i = 0; i < world->effect_count; i++)
        cancelled = cancelled || (world->effects[i].kind == EFFECT_CANCEL &&
                                  strcmp(world->effects[i].component->code, "work") == 0);
    assert_true(cancelled);
    world_wait(world, 100);
    assert_node(world, "help", "loop", "2");
    world_destroy(world);
}

static void a_loop_forgets_its_rounds(void **state)
{
    (void)state;
    struct world *world = world_create(
        "pipeline p() {\n  a = echo()\n  repeat up to 3 times {\n    n = undoable(x: 1)\n"
        "    m = check(ok: false)\n  } until m.ok\n}\n",
        "{}");
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "m", NULL), BAMBOO_OK);
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "a", NULL), BAMBOO_OK);
    assert_node(world, "n", "loop", "1");
    assert_node(world, "m", "state", "\"FAILED\"");
    world_destroy(world);
}

struct listing {
    const char *promise, *flow, *from, *targets;
};
static const struct listing LISTINGS[] = {
    {"what is done is a target", "pipeline p() {\n  a = echo()\n  b = check(ok: false)\n}\n", NULL,
     "[{\"node\": \"start\", \"mode\": \"token\"}, {\"node\": \"start\", \"mode\": \"any\"}, "
     "{\"node\": \"a\", \"mode\": \"token\"}, {\"node\": \"a\", \"mode\": \"any\"}]"},
    {"only mode token gives up what waits for a callback",
     "pipeline p() {\n  a = echo()\n  b = called()\n}\n", "a",
     "[{\"node\": \"start\", \"mode\": \"token\"}, {\"node\": \"a\", \"mode\": \"token\"}]"},
    {"out of a branch leads a jump without the check",
     "pipeline p() {\n  parallel {\n    x = check(ok: false)\n    y = echo()\n  }\n}\n", NULL,
     "[{\"node\": \"start\", \"mode\": \"any\", \"skip_token_check\": true}]"},
    {"nothing is a target while something runs", "pipeline p() {\n  a = echo()\n  b = work()\n}\n",
     NULL, "[]"},
};

static void lists(void **state)
{
    const struct listing *row = *state;
    struct world *world = world_create(row->flow, "{}");
    struct bamboo_value targets;
    assert_int_equal(run_rollback_targets(world->run, row->from, &targets, &world->error),
                     BAMBOO_OK);
    assert_json(targets, row->targets);
    bamboo_value_release(targets);
    world_destroy(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_came_after_is_taken_back_newest_first_and_the_target_runs_again),
        cmocka_unit_test(a_retry_count_is_forgotten_with_the_execution),
        cmocka_unit_test(mode_any_forgets_without_taking_back),
        cmocka_unit_test(a_paused_run_does_not_go_back),
        cmocka_unit_test(a_jump_out_of_branches_ends_them),
        cmocka_unit_test(a_branch_goes_back_by_itself),
        cmocka_unit_test(a_jump_out_of_a_subprocess_makes_it_unreached),
        cmocka_unit_test(what_a_timer_began_ends_when_a_jump_leaves_its_node),
        cmocka_unit_test(a_subprocess_is_executed_again_as_a_whole),
        cmocka_unit_test(what_was_skipped_or_ignored_is_not_taken_back),
        cmocka_unit_test(an_undo_that_fails_waits_and_is_retried),
        cmocka_unit_test(an_undo_that_fails_is_skipped),
        cmocka_unit_test(what_was_done_outside_is_taken_back_outside),
        cmocka_unit_test(revoking_ends_a_rollback),
        cmocka_unit_test(a_pause_holds_a_rollback),
        cmocka_unit_test(an_attached_undo_stands_for_the_components),
        cmocka_unit_test(an_attached_undo_that_fails_is_retried_at_the_node),
        cmocka_unit_test(giving_up_a_node_ends_what_its_timers_began),
        cmocka_unit_test(a_jump_into_a_branch_that_has_ended_executes_it_alone),
        cmocka_unit_test(a_loop_forgets_its_rounds),
    };
    return RUN_ROWS(REFUSALS, refuses) + RUN_ROWS(LISTINGS, lists) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
