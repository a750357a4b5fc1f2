/* What happens when a node fails: policies, and what an operator may do then. */
#include "tests/unit/vm/run/world.h"

static void a_failed_node_sleeps_until_it_is_retried_with_other_inputs(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() -> v {\n  a = check(ok: false, v: 1)\n  v = a.v\n}\n", "{}");
    assert_node(world, "a", "state", "\"FAILED\"");
    assert_node(world, "a", "outputs", "{\"ok\": false, \"v\": 1, \"ex_data\": \"not ok\"}");
    assert_int_equal(world_state(world), RUN_RUNNING);
    assert_int_equal(world_operate(world, OP_RETRY_NODE, "a", NULL), BAMBOO_OK);
    assert_node(world, "a", "state", "\"FAILED\"");
    assert_node(world, "a", "retry", "1");
    assert_int_equal(world_operate(world, OP_RETRY_NODE, "a", "{\"ok\": true}"), BAMBOO_OK);
    assert_node(world, "a", "retry", "2");
    assert_finished(world, "{\"v\": 1}");
    world_destroy(world);
}

static void a_failed_node_that_is_skipped_counts_as_finished(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() {\n  a = check(ok: false)\n}\n", "{}");
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "a", NULL), BAMBOO_OK);
    assert_node(world, "a", "skip", "true");
    assert_finished(world, "{}");
    world_destroy(world);
}

static void the_author_can_forbid_retry_and_skip(void **state)
{
    (void)state;
    struct world *world = world_create(
        "pipeline p() {\n  a = check(ok: false) {\n    no retry\n    no skip\n  }\n}\n", "{}");
    assert_int_equal(world_operate(world, OP_RETRY_NODE, "a", NULL), BAMBOO_E_REFUSED);
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "a", NULL), BAMBOO_E_REFUSED);
    assert_node(world, "a", "state", "\"FAILED\"");
    world_destroy(world);
}

static void automatic_retries_wait_with_backoff_and_end(void **state)
{
    (void)state;
    struct world *world = world_create(
        "pipeline p() {\n  a = check(ok: false) { retry 3 backoff 1s max 3s }\n}\n", "{}");
    static const int64_t DELAYS[] = {1000, 2000, 3000};
    for (size_t i = 0; i < 3; i++) {
        assert_node(world, "a", "waits_for", "\"an automatic retry\"");
        world_wait(world, DELAYS[i] - 1);
        assert_node(world, "a", "waits_for", "\"an automatic retry\"");
        world_wait(world, 1);
    }
    assert_node(world, "a", "retry", "3");
    assert_node(world, "a", "waits_for", "\"an operator: retry or skip\"");
    world_destroy(world);
}

static void a_retry_without_delay_happens_at_once(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() {\n  a = check(ok: false) { retry 2 }\n}\n", "{}");
    assert_node(world, "a", "retry", "2");
    assert_node(world, "a", "waits_for", "\"an operator: retry or skip\"");
    world_destroy(world);
}

static void only_errors_that_match_the_pattern_are_retried(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() {\n  a = work() { retry 2 on \"time|reset\" }\n}\n", "{}");
    world_answer(world, EFFECT_EXECUTE, BAMBOO_FAILURE, "{}", "connection reset by peer");
    assert_node(world, "a", "retry", "1");
    world_answer(world, EFFECT_EXECUTE, BAMBOO_FAILURE, "{}", "no such file");
    assert_node(world, "a", "state", "\"FAILED\"");
    assert_node(world, "a", "retry", "1");
    world_destroy(world);
}

static void an_ignored_failure_counts_as_finished(void **state)
{
    (void)state;
    struct world *world = world_create(
        "pipeline p() -> e {\n  a = check(ok: false) { on fail ignore }\n  e = a.ex_data\n}\n",
        "{}");
    assert_node(world, "a", "error_ignored", "true");
    assert_finished(world, "{\"e\": \"not ok\"}");
    world_destroy(world);
}

static void on_fail_runs_its_block_and_goes_on(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() -> r {\n  r = \"before\"\n  a = check(ok: false) {\n"
                     "    on fail { r = \"handled: ${a.ex_data}\" }\n  }\n}\n",
                     "{}");
    assert_finished(world, "{\"r\": \"handled: not ok\"}");
    world_destroy(world);
}

static void a_timeout_cancels_the_work_and_fails_the_node(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() {\n  a = work() { timeout 10m }\n}\n", "{}");
    assert_int_equal(world->effect_count, 1);
    uint64_t version = world->effects[0].version;
    world_wait(world, 600000 - 1);
    assert_node(world, "a", "state", "\"RUNNING\"");
    world_wait(world, 1);
    assert_node(world, "a", "state", "\"FAILED\"");
    assert_node(world, "a", "outputs", "{\"ex_data\": \"timed out after 10m\"}");
    assert_int_equal(world->effect_count, 2);
    assert_int_equal(world->effects[1].kind, EFFECT_CANCEL);
    assert_int_equal(world->effects[1].version, version);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL); /* late: dropped */
    assert_node(world, "a", "state", "\"FAILED\"");
    world_destroy(world);
}

static void timeout_then_skip_goes_on(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() -> d {\n  a = called() { timeout 8h then skip "
                                       "}\n  d = a?.data ?? \"none\"\n}\n",
                                       "{}");
    world_wait(world, 8 * 3600 * 1000);
    assert_node(world, "a", "skip", "true");
    assert_finished(world, "{\"d\": \"none\"}");
    world_destroy(world);
}

static void each_attempt_has_its_own_timeout(void **state)
{
    (void)state;
    struct world *world = world_create(
        "pipeline p() {\n  a = work() {\n    timeout 10s\n    retry 1\n  }\n}\n", "{}");
    world_wait(world, 10000);
    assert_node(world, "a", "state", "\"RUNNING\"");
    assert_node(world, "a", "retry", "1");
    world_wait(world, 9999);
    assert_node(world, "a", "state", "\"RUNNING\"");
    world_wait(world, 1);
    assert_node(world, "a", "state", "\"FAILED\"");
    world_destroy(world);
}

static void the_fail_statement_fails_and_can_be_skipped(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() -> r {\n  fail \"stop here\"\n  r = 1\n}\n", "{}");
    assert_node(world, "fail_1", "outputs", "{\"ex_data\": \"stop here\"}");
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "fail_1", NULL), BAMBOO_OK);
    assert_finished(world, "{\"r\": 1}");
    world_destroy(world);
}

static void a_failed_branch_lets_the_others_run_and_the_join_wait(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() {\n  parallel {\n    a = check(ok: false)\n"
                     "    { b = echo(x: 1)\n      c = echo(x: 2) }\n  }\n  d = echo(x: 3)\n}\n",
                     "{}");
    assert_node(world, "c", "state", "\"FINISHED\"");
    assert_node(world, "d", "state", "null");
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "a", NULL), BAMBOO_OK);
    assert_finished(world, "{}");
    world_destroy(world);
}

static void what_a_component_says_wrongly_is_the_nodes_failure_alone(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() {\n  a = mumble(what: \"output\")\n"
                                       "  b = mumble(what: \"failure\")\n"
                                       "  c = mumble(what: \"log\")\n  d = check(ok: false)\n}\n",
                                       "{}");
    assert_node(world, "a", "state", "\"FAILED\"");
    assert_node(
        world, "a", "outputs",
        "{\"ex_data\": \"its output 'x' cannot be kept: a string must be UTF-8, and this is "
        "not\"}");
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "a", NULL), BAMBOO_OK);
    assert_node(world, "b", "outputs", "{\"ex_data\": \"c?\"}");
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "b", NULL), BAMBOO_OK);
    assert_logged(world, "b?\n");
    assert_int_equal(world_operate(world, OP_ROLL_BACK, "c", NULL), BAMBOO_OK);
    assert_node(world, "c", "state", "\"ROLL_BACK_FAILED\"");
    assert_node(world, "c", "outputs", "{\"ex_data\": \"d?\"}");
    world_destroy(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_node_sleeps_until_it_is_retried_with_other_inputs),
        cmocka_unit_test(a_failed_node_that_is_skipped_counts_as_finished),
        cmocka_unit_test(the_author_can_forbid_retry_and_skip),
        cmocka_unit_test(automatic_retries_wait_with_backoff_and_end),
        cmocka_unit_test(a_retry_without_delay_happens_at_once),
        cmocka_unit_test(only_errors_that_match_the_pattern_are_retried),
        cmocka_unit_test(an_ignored_failure_counts_as_finished),
        cmocka_unit_test(on_fail_runs_its_block_and_goes_on),
        cmocka_unit_test(a_timeout_cancels_the_work_and_fails_the_node),
        cmocka_unit_test(timeout_then_skip_goes_on),
        cmocka_unit_test(each_attempt_has_its_own_timeout),
        cmocka_unit_test(the_fail_statement_fails_and_can_be_skipped),
        cmocka_unit_test(a_failed_branch_lets_the_others_run_and_the_join_wait),
        cmocka_unit_test(what_a_component_says_wrongly_is_the_nodes_failure_alone),
    };
    return cmocka_run_group_tests_name("failing", tests, NULL, NULL);
}
