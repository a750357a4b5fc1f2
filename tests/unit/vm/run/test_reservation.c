/* Reservations of rollbacks: for when a node has finished. */
#include "tests/unit/vm/run/world.h"

#define RESERVED "pipeline p() {\n  a = undoable()\n  b = work()\n  c = echo()\n}\n"

static void a_reserved_rollback_begins_when_the_node_has_finished(void **state)
{
    (void)state;
    struct world *world = world_create(RESERVED, "{}");
    assert_int_equal(world_operate(world, OP_RESERVE_ROLLBACK, "a", NULL), BAMBOO_OK);
    assert_node(world, "b", "rollback_to", "\"a\"");
    assert_refused(world, OP_RESERVE_ROLLBACK, "a", NULL, "is reserved for the end of 'b'");
    world_crash(world);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    assert_logged(world, "a\n");
    assert_node(world, "b", "state", "\"RUNNING\"");
    assert_node(world, "b", "rollback_to", "null");
    assert_node(world, "c", "state", "null");
    world_destroy(world);
}

static void a_reserved_rollback_waits_for_the_retry_of_a_node_that_failed(void **state)
{
    (void)state;
    struct world *world = world_create(RESERVED, "{}");
    assert_int_equal(world_operate(world, OP_RESERVE_ROLLBACK, "a", NULL), BAMBOO_OK);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_FAILURE, "{}", "broken");
    assert_logged(world, "");
    assert_node(world, "b", "rollback_to", "\"a\"");
    world_crash(world);
    assert_int_equal(world_operate(world, OP_RETRY_NODE, "b", NULL), BAMBOO_OK);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    assert_logged(world, "a\n");
    assert_node(world, "b", "state", "\"RUNNING\"");
    world_destroy(world);
}

static void a_skip_takes_a_reservation_back(void **state)
{
    (void)state;
    struct world *world = world_create(RESERVED, "{}");
    assert_int_equal(world_operate(world, OP_RESERVE_ROLLBACK, "a", NULL), BAMBOO_OK);
    assert_int_equal(world_operate(world, OP_FAIL_NODE, "b", NULL), BAMBOO_OK);
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "b", NULL), BAMBOO_OK);
    assert_logged(world, "");
    assert_finished(world, "{}");
    world_destroy(world);
}

static void one_rollback_is_reserved_in_a_run(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() {\n  parallel {\n    { a = echo()\n      b = work() }\n"
                     "    { x = echo()\n      y = work() }\n  }\n}\n",
                     "{}");
    assert_int_equal(world_operate(world, OP_RESERVE_ROLLBACK, "a", NULL), BAMBOO_OK);
    assert_refused(world, OP_RESERVE_ROLLBACK, "x", NULL,
                   "a rollback to 'a' is reserved for the end of 'b' already");
    assert_int_equal(world_operate(world, OP_CANCEL_ROLLBACK, "b", NULL), BAMBOO_OK);
    assert_int_equal(world_operate(world, OP_RESERVE_ROLLBACK, "x", NULL), BAMBOO_OK);
    world_destroy(world);
}

static void a_cancelled_reservation_does_nothing(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "b"}; /* where to, or what it waits for */
    for (size_t i = 0; i < 2; i++) {
        struct world *world = world_create(RESERVED, "{}");
        assert_int_equal(world_operate(world, OP_RESERVE_ROLLBACK, "a", NULL), BAMBOO_OK);
        assert_int_equal(world_operate(world, OP_CANCEL_ROLLBACK, names[i], NULL), BAMBOO_OK);
        world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
        assert_finished(world, "{}");
        world_destroy(world);
    }
}

static void a_reserved_jump_that_may_not_begin_is_cancelled_and_the_flow_goes_on(void **state)
{
    (void)state;
    struct world *world = world_create(
        "pipeline p() {\n  parallel {\n    { a = echo()\n      b = work() }\n    x = called()\n"
        "  }\n}\n",
        "{}");
    assert_int_equal(world_operate(world, OP_RESERVE_ROLLBACK, "a", "{\"mode\": \"any\"}"),
                     BAMBOO_OK);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    assert_node(world, "b", "state", "\"FINISHED\"");
    assert_int_equal(world_operate(world, OP_CALLBACK_NODE, "x", "{\"data\": 1}"), BAMBOO_OK);
    assert_finished(world, "{}");
    world_destroy(world);
}

static void a_reserved_rollback_waits_for_automatic_retries(void **state)
{
    (void)state;
    struct world *world = world_create(
        "pipeline p() {\n  a = undoable()\n  b = work() { retry 1 every 1s }\n}\n", "{}");
    assert_int_equal(world_operate(world, OP_RESERVE_ROLLBACK, "a", NULL), BAMBOO_OK);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_FAILURE, "{}", "broken");
    assert_logged(world, "");
    world_wait(world, 1000);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    assert_logged(world, "a\n");
    world_destroy(world);
}

/* A reservation does not outlive the execution that it waits for. */
static void a_jump_ends_a_reservation_and_another_can_be_made(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() {\n  a = echo()\n  s = q()\n}\npipeline q() {\n  x = echo()\n"
                     "  b = work()\n  c = echo()\n}\n",
                     "{}");
    static const char *const targets[] = {"s/x", "a"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(world_operate(world, OP_RESERVE_ROLLBACK, "s/x", NULL), BAMBOO_OK);
        world_answer(world, EFFECT_EXECUTE, BAMBOO_FAILURE, "{}", "broken");
        assert_int_equal(world_operate(world, OP_ROLL_BACK, targets[i],
                                       "{\"mode\": \"any\", \"skip_token_check\": true}"),
                         BAMBOO_OK);
        assert_node(world, "s/b", "state", "\"RUNNING\"");
        assert_node(world, "s/b", "rollback_to", "null");
    }
    assert_int_equal(world_operate(world, OP_RESERVE_ROLLBACK, "s/x", NULL), BAMBOO_OK);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    assert_node(world, "s/b", "rollback_to", "null");
    assert_int_equal(world_operate(world, OP_RESERVE_ROLLBACK, "s/x", NULL), BAMBOO_OK);
    world_destroy(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reserved_rollback_begins_when_the_node_has_finished),
        cmocka_unit_test(a_reserved_rollback_waits_for_the_retry_of_a_node_that_failed),
        cmocka_unit_test(a_skip_takes_a_reservation_back),
        cmocka_unit_test(one_rollback_is_reserved_in_a_run),
        cmocka_unit_test(a_cancelled_reservation_does_nothing),
        cmocka_unit_test(a_reserved_jump_that_may_not_begin_is_cancelled_and_the_flow_goes_on),
        cmocka_unit_test(a_reserved_rollback_waits_for_automatic_retries),
        cmocka_unit_test(a_jump_ends_a_reservation_and_another_can_be_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
