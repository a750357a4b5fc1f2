/* Control operations: what each does, and that a refused one changes nothing. */
#include "tests/unit/vm/run/world.h"

static void a_paused_run_stops_before_its_next_node_and_resumes(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() {\n  a = work()\n  b = echo(x: 1)\n}\n", "{}");
    assert_int_equal(world_operate(world, OP_PAUSE_RUN, NULL, NULL), BAMBOO_OK);
    assert_int_equal(world_state(world), RUN_SUSPENDED);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL); /* finishes its call */
    assert_node(world, "a", "state", "\"FINISHED\"");
    assert_node(world, "b", "state", "null");
    assert_node(world, "b", "waits_for", "\"an operator: resume\"");
    assert_int_equal(world_operate(world, OP_PAUSE_RUN, NULL, NULL), BAMBOO_E_REFUSED);
    assert_int_equal(world_operate(world, OP_RESUME_RUN, NULL, NULL), BAMBOO_OK);
    assert_finished(world, "{}");
    assert_int_equal(world_operate(world, OP_RESUME_RUN, NULL, NULL), BAMBOO_E_REFUSED);
    world_destroy(world);
}

static void the_pause_statement_pauses_behind_itself(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() {\n  pause \"look\"\n  a = echo(x: 1)\n}\n", "{}");
    assert_int_equal(world_state(world), RUN_SUSPENDED);
    assert_node(world, "pause_1", "state", "\"FINISHED\"");
    assert_node(world, "a", "state", "null");
    assert_int_equal(world_operate(world, OP_RESUME_RUN, NULL, NULL), BAMBOO_OK);
    assert_finished(world, "{}");
    world_destroy(world);
}

static void a_revoked_run_cancels_its_work_and_ends_for_good(void **state)
{
    (void)state;
    struct world *world = world_create(
        "pipeline p() {\n  parallel {\n    a = work()\n    b = called()\n  }\n}\n", "{}");
    assert_int_equal(world_operate(world, OP_REVOKE_RUN, NULL, NULL), BAMBOO_OK);
    assert_int_equal(world_state(world), RUN_REVOKED);
    assert_node(world, "a", "state", "\"REVOKED\"");
    bool cancelled = false;
    for (size_t i = 0; i < world->effect_count; i++)
        cancelled = cancelled || world->effects[i].kind == EFFECT_CANCEL;
    assert_true(cancelled);
    assert_int_equal(world_operate(world, OP_RETRY_NODE, "a", NULL), BAMBOO_E_REFUSED);
    assert_int_equal(world_operate(world, OP_REVOKE_RUN, NULL, NULL), BAMBOO_E_REFUSED);
    world_destroy(world);
}

static void the_revoke_statement_ends_the_run(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() {\n  revoke \"enough\"\n  a = echo(x: 1)\n}\n", "{}");
    assert_int_equal(world_state(world), RUN_REVOKED);
    assert_node(world, "a", "state", "null");
    world_destroy(world);
}

static void a_paused_node_stops_its_token_and_resumes(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() {\n  a = work()\n  b = echo(x: 1)\n}\n", "{}");
    assert_int_equal(world_operate(world, OP_PAUSE_NODE, "a", NULL), BAMBOO_E_REFUSED);
    assert_int_equal(world_operate(world, OP_PAUSE_NODE, "b", NULL), BAMBOO_OK);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    assert_node(world, "b", "state", "\"SUSPENDED\"");
    assert_int_equal(world_state(world), RUN_RUNNING);
    world_crash(world);
    assert_int_equal(world_operate(world, OP_RESUME_NODE, "b", NULL), BAMBOO_OK);
    assert_finished(world, "{}");
    world_destroy(world);
}

static void a_node_that_was_paused_and_resumed_before_it_was_reached_just_runs(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() {\n  a = work()\n  b = echo(x: 1)\n}\n", "{}");
    assert_int_equal(world_operate(world, OP_PAUSE_NODE, "b", NULL), BAMBOO_OK);
    assert_int_equal(world_operate(world, OP_RESUME_NODE, "b", NULL), BAMBOO_OK);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    assert_node(world, "b", "loop", "1");
    assert_finished(world, "{}");
    world_destroy(world);
}

static void a_node_of_a_subprocess_ahead_can_be_paused(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() {\n  a = work()\n  outer = inner()\n}\n"
                                       "pipeline inner() {\n  deep = innermost()\n}\n"
                                       "pipeline innermost() {\n  b = echo(x: 1)\n}\n",
                                       "{}");
    assert_int_equal(world_operate(world, OP_PAUSE_NODE, "outer/deep/c", NULL), BAMBOO_E_NOT_FOUND);
    assert_int_equal(world_operate(world, OP_PAUSE_NODE, "outer/deep", NULL), BAMBOO_E_NOT_FOUND);
    assert_int_equal(world_operate(world, OP_PAUSE_NODE, "outer/deep/b", NULL), BAMBOO_OK);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    assert_node(world, "outer/deep/b", "state", "\"SUSPENDED\"");
    assert_int_equal(world_operate(world, OP_RESUME_NODE, "outer/deep/b", NULL), BAMBOO_OK);
    assert_node(world, "outer/deep/b", "loop", "1");
    assert_finished(world, "{}");
    assert_int_equal(world_operate(world, OP_PAUSE_NODE, "outer/deep/b", NULL), BAMBOO_E_REFUSED);
    world_destroy(world);
}

static void a_subprocess_of_a_context_is_retried_with_other_inputs_but_not_skipped(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p {\n"
                                       "  context { splice u = t\"${u}\" }\n"
                                       "  outer = inner(x: t\"${u}\")\n"
                                       "}\n"
                                       "pipeline inner {\n"
                                       "  context { plain x = 0 parameter }\n"
                                       "  a = echo(got: t\"${x}\")\n"
                                       "}\n",
                                       "{}");
    assert_node(world, "outer", "state", "\"FAILED\"");
    assert_node(world, "outer", "inputs", "null");
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "outer", NULL), BAMBOO_E_REFUSED);
    assert_int_equal(world_operate(world, OP_RETRY_SUBPROCESS, "outer", NULL), BAMBOO_OK);
    assert_node(world, "outer", "retry", "1");
    assert_int_equal(world_operate(world, OP_RETRY_NODE, "outer", "{\"${x}\": 5}"), BAMBOO_OK);
    assert_node(world, "outer/a", "inputs", "{\"got\": 5, \"_loop\": 1, \"_inner_loop\": 1}");
    assert_finished(world, "{}");
    world_destroy(world);
}

static void resuming_the_run_does_not_resume_a_paused_node(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() {\n  a = work()\n  b = echo(x: 1)\n}\n", "{}");
    assert_int_equal(world_operate(world, OP_PAUSE_NODE, "b", NULL), BAMBOO_OK);
    assert_int_equal(world_operate(world, OP_PAUSE_RUN, NULL, NULL), BAMBOO_OK);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    assert_int_equal(world_operate(world, OP_RESUME_RUN, NULL, NULL), BAMBOO_OK);
    assert_node(world, "b", "state", "\"SUSPENDED\"");
    assert_int_equal(world_operate(world, OP_RESUME_NODE, "b", NULL), BAMBOO_OK);
    assert_finished(world, "{}");
    world_destroy(world);
}

static void a_forced_failure_cancels_and_drops_the_late_result(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() {\n  a = work()\n}\n", "{}");
    assert_int_equal(world_operate(world, OP_FAIL_NODE, "a", NULL), BAMBOO_OK);
    assert_node(world, "a", "state", "\"FAILED\"");
    assert_node(world, "a", "outputs", "{\"ex_data\": \"because\", \"_forced_failed\": true}");
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    assert_node(world, "a", "state", "\"FAILED\"");
    assert_int_equal(world->effects[0].kind, EFFECT_CANCEL);
    assert_int_equal(world_operate(world, OP_FAIL_NODE, "a", NULL), BAMBOO_E_REFUSED);
    world_destroy(world);
}

static void a_result_of_an_execution_before_is_dropped(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() -> n {\n  a = work()\n  n = a.x\n}\n", "{}");
    struct run_result late = {.scope = world->effects[0].scope,
                              .node = world->effects[0].node,
                              .version = world->effects[0].version,
                              .outcome = BAMBOO_FAILURE,
                              .outputs = bamboo_missing()};
    assert_int_equal(world_operate(world, OP_FAIL_NODE, "a", NULL), BAMBOO_OK);
    assert_int_equal(world_operate(world, OP_RETRY_NODE, "a", NULL), BAMBOO_OK);
    assert_node(world, "a", "state", "\"RUNNING\"");
    assert_int_equal(run_complete(world->machine, world->run, &late, world->now, NULL), BAMBOO_OK);
    world_settle(world);
    assert_node(world, "a", "state", "\"RUNNING\"");
    while (world->effects[0].kind != EFFECT_EXECUTE || world->effects[0].version == late.version) {
        effect_release(&world->effects[0]);
        memmove(world->effects, world->effects + 1, --world->effect_count * sizeof(struct effect));
        assert_true(world->effect_count > 0);
    }
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{\"x\": 7}", NULL);
    assert_finished(world, "{\"n\": 7}");
    world_destroy(world);
}

static void a_callback_of_another_version_is_refused(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() {\n  a = called()\n}\n", "{}");
    assert_int_equal(world_operate(world, OP_CALLBACK_NODE, "a", "{\"data\": 1, \"version\": 99}"),
                     BAMBOO_E_REFUSED);
    struct bamboo_value version = world_node(world, "a", "version");
    char data[64];
    snprintf(data, sizeof data, "{\"data\": 1, \"version\": %lld}", (long long)version.as.integer);
    assert_int_equal(world_operate(world, OP_CALLBACK_NODE, "a", data), BAMBOO_OK);
    assert_finished(world, "{}");
    world_destroy(world);
}

static void a_callback_to_a_node_that_does_not_wait_is_refused(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() {\n  a = work()\n  b = called()\n}\n", "{}");
    assert_int_equal(world_operate(world, OP_CALLBACK_NODE, "a", "{\"data\": 1}"),
                     BAMBOO_E_REFUSED);
    assert_int_equal(world_operate(world, OP_CALLBACK_NODE, "b", "{\"data\": 1}"),
                     BAMBOO_E_REFUSED);
    world_destroy(world);
}

static void a_node_inside_a_subprocess_is_named_by_its_path(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() -> d {\n  outer = inner()\n  d = outer.d\n}\n"
                     "pipeline inner() -> d {\n  ask = called()\n  d = ask.data\n}\n",
                     "{}");
    assert_int_equal(world_operate(world, OP_CALLBACK_NODE, "outer/aks", NULL), BAMBOO_E_NOT_FOUND);
    assert_non_null(strstr(world->error.message, "did you mean 'ask'"));
    assert_int_equal(world_operate(world, OP_CALLBACK_NODE, "outer/ask", "{\"data\": 5}"),
                     BAMBOO_OK);
    assert_finished(world, "{\"d\": 5}");
    world_destroy(world);
}

static void a_node_is_found_by_a_name_or_title_that_no_other_has(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() {\n  parallel {\n"
                     "    { one = inner() { title \"First\" } }\n"
                     "    { two = inner() { title \"Second\" } }\n"
                     "    { three = other() }\n  }\n}\n"
                     "pipeline inner() {\n  ask = called() { title \"Question\" }\n}\n"
                     "pipeline other() {\n  wait = called() { title \"Last\" }\n}\n",
                     "{}");
    assert_int_equal(world_operate(world, OP_CALLBACK_NODE, "ask", NULL), BAMBOO_E_USAGE);
    assert_non_null(strstr(world->error.message, "one of several nodes: one/ask, two/ask"));
    assert_int_equal(world_operate(world, OP_CALLBACK_NODE, "Question", NULL), BAMBOO_E_USAGE);
    assert_int_equal(world_operate(world, OP_CALLBACK_NODE, "Nothing", NULL), BAMBOO_E_NOT_FOUND);
    assert_int_equal(world_operate(world, OP_CALLBACK_NODE, "First/Question", "{\"data\": 5}"),
                     BAMBOO_OK);
    assert_int_equal(world_operate(world, OP_CALLBACK_NODE, "two/ask", "{\"data\": 5}"), BAMBOO_OK);
    assert_int_equal(world_operate(world, OP_CALLBACK_NODE, "wait", NULL), BAMBOO_OK);
    assert_finished(world, "{}");
    world_destroy(world);
}

static void what_was_in_flight_is_started_again_with_the_same_attempt(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() {\n  a = work(x: 1)\n}\n", "{}");
    uint64_t attempt = world->effects[0].version;
    world_crash(world);
    assert_int_equal(world->effect_count, 1);
    assert_int_equal(world->effects[0].version, attempt);
    assert_json(world->effects[0].inputs, "{\"x\": 1}");
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    assert_finished(world, "{}");
    world_destroy(world);
}

static void a_once_node_in_flight_fails_as_interrupted(void **state)
{
    (void)state;
    struct world *world = world_create(
        "pipeline p() {\n  a = work() {\n    retry 5\n    once\n    on fail ignore\n  }\n}\n",
        "{}");
    world_crash(world);
    assert_int_equal(world->effect_count, 0);
    assert_node(world, "a", "state", "\"FAILED\"");
    assert_node(world, "a", "outputs", "{\"ex_data\": \"interrupted\"}");
    assert_int_equal(world_operate(world, OP_RETRY_NODE, "a", NULL), BAMBOO_OK);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    assert_finished(world, "{}");
    world_destroy(world);
}

static void deadlines_survive_a_restart(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() {\n  parallel {\n    a = called() { timeout 10s then skip }\n"
                     "    sleep(duration: 20s)\n  }\n}\n",
                     "{}");
    world_crash(world);
    world_wait(world, 10000);
    assert_node(world, "a", "skip", "true");
    world_crash(world);
    world_wait(world, 10000);
    assert_finished(world, "{}");
    world_destroy(world);
}

static void a_damaged_snapshot_is_refused_or_harmless(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() {\n  parallel {\n    a = called()\n    b = inner()\n  }\n}\n"
                     "pipeline inner() {\n  c = work(x: [1, \"two\"])\n}\n",
                     "{}");
    struct byte_writer snapshot = {0};
    run_snapshot(world->run, &snapshot);
    for (size_t i = 0; i < snapshot.size; i++) {
        for (int bit = 0; bit < 8; bit++) {
            struct run *run = NULL;
            snapshot.bytes[i] ^= (uint8_t)(1 << bit);
            if (run_restore(world->linked, "id", snapshot.bytes, snapshot.size, &run, NULL) ==
                BAMBOO_OK)
                run_destroy(run);
            snapshot.bytes[i] ^= (uint8_t)(1 << bit);
        }
        struct run *run = NULL;
        assert_int_not_equal(run_restore(world->linked, "id", snapshot.bytes, i, &run, NULL),
                             BAMBOO_OK);
    }
    writer_release(&snapshot);
    world_destroy(world);
}

static void a_damaged_journal_is_refused_or_harmless(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() {\n  a = called()\n  b = echo(x: 1)\n}\n", "{}");
    assert_int_equal(world_operate(world, OP_CALLBACK_NODE, "a", "{\"data\": 1}"), BAMBOO_OK);
    for (size_t i = 0; i < world->journal.size; i++)
        for (int bit = 0; bit < 8; bit++) {
            struct run *run = NULL;
            world->journal.bytes[i] ^= (uint8_t)(1 << bit);
            assert_int_equal(run_restore(world->linked, "id", NULL, 0, &run, NULL), BAMBOO_OK);
            if (run_replay(run, world->journal.bytes, world->journal.size, &world->error) !=
                BAMBOO_OK)
                assert_int_equal(world->error.status, BAMBOO_E_STORE);
            run_destroy(run);
            world->journal.bytes[i] ^= (uint8_t)(1 << bit);
        }
    world_destroy(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paused_run_stops_before_its_next_node_and_resumes),
        cmocka_unit_test(the_pause_statement_pauses_behind_itself),
        cmocka_unit_test(a_revoked_run_cancels_its_work_and_ends_for_good),
        cmocka_unit_test(the_revoke_statement_ends_the_run),
        cmocka_unit_test(a_paused_node_stops_its_token_and_resumes),
        cmocka_unit_test(a_node_of_a_subprocess_ahead_can_be_paused),
        cmocka_unit_test(a_subprocess_of_a_context_is_retried_with_other_inputs_but_not_skipped),
        cmocka_unit_test(a_node_that_was_paused_and_resumed_before_it_was_reached_just_runs),
        cmocka_unit_test(resuming_the_run_does_not_resume_a_paused_node),
        cmocka_unit_test(a_forced_failure_cancels_and_drops_the_late_result),
        cmocka_unit_test(a_result_of_an_execution_before_is_dropped),
        cmocka_unit_test(a_callback_of_another_version_is_refused),
        cmocka_unit_test(a_callback_to_a_node_that_does_not_wait_is_refused),
        cmocka_unit_test(a_node_inside_a_subprocess_is_named_by_its_path),
        cmocka_unit_test(a_node_is_found_by_a_name_or_title_that_no_other_has),
        cmocka_unit_test(what_was_in_flight_is_started_again_with_the_same_attempt),
        cmocka_unit_test(a_once_node_in_flight_fails_as_interrupted),
        cmocka_unit_test(deadlines_survive_a_restart),
        cmocka_unit_test(a_damaged_snapshot_is_refused_or_harmless),
        cmocka_unit_test(a_damaged_journal_is_refused_or_harmless),
    };
    return cmocka_run_group_tests_name("operating", tests, NULL, NULL);
}
