/* Timers of nodes: when they fire, what they begin, how they end. */
#include "tests/unit/vm/run/chain.h"

static const struct chain_node AFTER[] = {
    {.name = "a", .component = "work", .timers = {{TIMER_KIND_AFTER, 1000, 0, "remind", "echo"}}},
    {.name = NULL}};

static void an_action_runs_when_its_time_has_come_and_disturbs_nothing(void **state)
{
    (void)state;
    struct world *world = chain_world(AFTER);
    world_wait(world, 999);
    assert_node(world, "remind", "state", "null");
    world_wait(world, 1);
    assert_node(world, "remind", "state", "\"FINISHED\"");
    assert_node(world, "a", "state", "\"RUNNING\"");
    world_wait(world, 100000); /* once */
    assert_node(world, "remind", "loop", "1");
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    assert_finished(world, "{}");
    world_destroy(world);
}

static void a_node_that_ends_before_fires_nothing(void **state)
{
    (void)state;
    struct world *world = chain_world(AFTER);
    world_wait(world, 500);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    world_wait(world, 5000);
    assert_finished(world, "{}");
    assert_node(world, "remind", "state", "null");
    world_destroy(world);
}

static void a_deadline_survives_a_restart(void **state)
{
    (void)state;
    struct world *world = chain_world(AFTER);
    world_wait(world, 600);
    world_crash(world);
    assert_int_equal(run_next_deadline(world->run), 1001000);
    world->now += 400;
    world_settle(world);
    assert_node(world, "remind", "state", "\"FINISHED\"");
    world_crash(world);
    assert_int_equal(run_next_deadline(world->run), 0);
    world_destroy(world);
}

static void every_repeats_as_often_as_it_says(void **state)
{
    (void)state;
    static const struct chain_node nodes[] = {
        {.name = "a", .component = "work", .timers = {{TIMER_KIND_EVERY, 100, 3, "tick", "echo"}}},
        {.name = NULL}};
    struct world *world = chain_world(nodes);
    world_wait(world, 100);
    assert_node(world, "tick", "loop", "1");
    world_wait(world, 150); /* the second at 200 */
    assert_node(world, "tick", "loop", "2");
    world_crash(world);
    world_wait(world, 50);
    assert_node(world, "tick", "loop",
                "3"); /* beyond the rerun limit of the flow: not its concern */
    world_wait(world, 1000);
    assert_node(world, "tick", "loop", "3");
    assert_int_equal(run_next_deadline(world->run), 0);
    world_destroy(world);
}

static void times_that_passed_unseen_are_not_made_up_for(void **state)
{
    (void)state;
    static const struct chain_node nodes[] = {
        {.name = "a", .component = "work", .timers = {{TIMER_KIND_EVERY, 100, 0, "tick", "echo"}}},
        {.name = NULL}};
    struct world *world = chain_world(nodes);
    world_wait(world, 1050);
    assert_node(world, "tick", "loop", "1");
    assert_int_equal(run_next_deadline(world->run), 1001100);
    world_destroy(world);
}

static void a_time_that_has_passed_fires_at_once(void **state)
{
    (void)state;
    static const struct chain_node nodes[] = {
        {.name = "a", .component = "work", .timers = {{TIMER_KIND_AT, 5, 0, "late", "echo"}}},
        {.name = NULL}};
    struct world *world = chain_world(nodes);
    assert_node(world, "late", "state", "\"FINISHED\"");
    world_destroy(world);
}

static const struct chain_node LONG_ACTION[] = {
    {.name = "a", .component = "called", .timers = {{TIMER_KIND_EVERY, 100, 2, "help", "work"}}},
    {.name = NULL}};

static void an_action_that_is_at_work_is_not_begun_again(void **state)
{
    (void)state;
    struct world *world = chain_world(LONG_ACTION);
    world_wait(world, 100);
    assert_int_equal(world->effect_count, 1);
    world_wait(world, 100);
    assert_int_equal(world->effect_count, 1);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{\"n\": 1}", NULL);
    assert_node(world, "help", "outputs", "{\"n\": 1}");
    world_wait(world, 100); /* the time that was left out does not count */
    assert_int_equal(world->effect_count, 1);
    assert_node(world, "help", "loop", "2");
    world_wait(world, 1000);
    assert_node(world, "help", "loop", "2");
    world_destroy(world);
}

static void an_action_ends_with_its_node_and_its_work_is_cancelled(void **state)
{
    (void)state;
    struct world *world = chain_world(LONG_ACTION);
    world_wait(world, 100);
    assert_int_equal(world_operate(world, OP_CALLBACK_NODE, "a", "{\"data\": 1}"), BAMBOO_OK);
    assert_finished(world, "{}");
    assert_node(world, "help", "state", "\"FAILED\"");
    assert_node(world, "help", "outputs",
                "{\"ex_data\": \"the node that it belongs to has ended\"}");
    assert_int_equal(world->effect_count, 2);
    assert_int_equal(world->effects[1].kind, EFFECT_CANCEL);
    world_destroy(world);
}

static void an_action_that_fails_stops_nothing_and_is_begun_again(void **state)
{
    (void)state;
    static const struct chain_node nodes[] = {
        {.name = "a",
         .component = "called",
         .timers = {{TIMER_KIND_EVERY, 100, 0, "tick", "check"}}},
        {.name = NULL}};
    struct world *world = chain_world(nodes);
    world_wait(world, 100);
    assert_node(world, "tick", "state", "\"FAILED\"");
    assert_int_equal(world_operate(world, OP_RETRY_NODE, "tick", NULL), BAMBOO_E_REFUSED);
    world_wait(world, 100);
    assert_node(world, "tick", "loop", "2");
    assert_int_equal(world_operate(world, OP_CALLBACK_NODE, "a", "{\"data\": 1}"), BAMBOO_OK);
    assert_finished(world, "{}");
    world_destroy(world);
}

static void a_paused_run_holds_an_action_until_it_resumes(void **state)
{
    (void)state;
    struct world *world = chain_world(AFTER);
    assert_int_equal(world_operate(world, OP_PAUSE_RUN, NULL, NULL), BAMBOO_OK);
    world_wait(world, 1000);
    assert_node(world, "remind", "state", "null");
    world_crash(world);
    assert_int_equal(world_operate(world, OP_RESUME_RUN, NULL, NULL), BAMBOO_OK);
    assert_node(world, "remind", "state", "\"FINISHED\"");
    world_destroy(world);
}

static void a_node_that_ends_while_its_action_is_held_ends_it(void **state)
{
    (void)state;
    struct world *world = chain_world(AFTER);
    assert_int_equal(world_operate(world, OP_PAUSE_RUN, NULL, NULL), BAMBOO_OK);
    world_wait(world, 1000);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL);
    assert_int_equal(world_operate(world, OP_RESUME_RUN, NULL, NULL), BAMBOO_OK);
    assert_finished(world, "{}");
    assert_node(world, "remind", "state", "null");
    world_destroy(world);
}

/* `paused` is NULL for the run; the action begins every 100 ms, and has not yet. */
static void assert_held(struct world *world, const char *paused, const char *action)
{
    for (int ticks = 0; ticks < 4;) {
        int64_t before = world->now;
        char loop[16];
        assert_int_equal(world_operate(world, paused ? OP_PAUSE_NODE : OP_PAUSE_RUN, paused, NULL),
                         BAMBOO_OK);
        uint64_t sequence = run_sequence(world->run);
        for (int i = 0; i < 10; i++)
            world_wait(world, 105);
        if (ticks > 0) world_crash(world);
        world_wait(world, 0);
        assert_int_equal(run_sequence(world->run), sequence);
        assert_int_equal(
            world_operate(world, paused ? OP_RESUME_NODE : OP_RESUME_RUN, paused, NULL), BAMBOO_OK);
        snprintf(loop, sizeof loop, "%d", ++ticks);
        assert_node(world, action, "loop", loop);
        assert_int_equal(run_next_deadline(world->run), before + 1100);
        world_wait(world, 50);
        snprintf(loop, sizeof loop, "%d", ++ticks);
        assert_node(world, action, "loop", loop);
    }
}

static void a_paused_run_writes_nothing_of_its_timers_and_they_fire_once_after_it(void **state)
{
    (void)state;
    static const struct chain_node nodes[] = {
        {.name = "a", .component = "work", .timers = {{TIMER_KIND_EVERY, 100, 0, "tick", "echo"}}},
        {.name = NULL}};
    struct world *world = chain_world(nodes);
    assert_held(world, NULL, "tick");
    world_destroy(world);
}

static void a_paused_subprocess_writes_nothing_of_timers_in_it_and_they_fire_once_after_it(
    void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() {\n  s = t()\n}\npipeline t() {\n  u = v()\n}\n"
                     "pipeline v() {\n  a = work() { every 100ms { tick = echo() } }\n}\n",
                     "{}");
    assert_held(world, "s", "s/u/tick");
    world_destroy(world);
}

static void timers_run_again_when_their_node_does(void **state)
{
    (void)state;
    struct world *world = chain_world(AFTER);
    world_wait(world, 1000);
    world_answer(world, EFFECT_EXECUTE, BAMBOO_FAILURE, "{}", "broken");
    assert_int_equal(run_next_deadline(world->run), 0);
    assert_int_equal(world_operate(world, OP_RETRY_NODE, "a", NULL), BAMBOO_OK);
    world_wait(world, 1000);
    assert_node(world, "remind", "loop", "2");
    world_destroy(world);
}

static void an_action_can_be_made_to_fail(void **state)
{
    (void)state;
    struct world *world = chain_world(LONG_ACTION);
    world_wait(world, 100);
    assert_int_equal(world_operate(world, OP_FAIL_NODE, "help", NULL), BAMBOO_OK);
    assert_node(world, "help", "state", "\"FAILED\"");
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{}", NULL); /* late */
    assert_node(world, "help", "state", "\"FAILED\"");
    assert_node(world, "a", "state", "\"RUNNING\"");
    world_destroy(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_action_runs_when_its_time_has_come_and_disturbs_nothing),
        cmocka_unit_test(a_node_that_ends_before_fires_nothing),
        cmocka_unit_test(a_deadline_survives_a_restart),
        cmocka_unit_test(every_repeats_as_often_as_it_says),
        cmocka_unit_test(times_that_passed_unseen_are_not_made_up_for),
        cmocka_unit_test(a_time_that_has_passed_fires_at_once),
        cmocka_unit_test(an_action_that_is_at_work_is_not_begun_again),
        cmocka_unit_test(an_action_ends_with_its_node_and_its_work_is_cancelled),
        cmocka_unit_test(an_action_that_fails_stops_nothing_and_is_begun_again),
        cmocka_unit_test(a_paused_run_holds_an_action_until_it_resumes),
        cmocka_unit_test(a_node_that_ends_while_its_action_is_held_ends_it),
        cmocka_unit_test(a_paused_run_writes_nothing_of_its_timers_and_they_fire_once_after_it),
        cmocka_unit_test(
            a_paused_subprocess_writes_nothing_of_timers_in_it_and_they_fire_once_after_it),
        cmocka_unit_test(timers_run_again_when_their_node_does),
        cmocka_unit_test(an_action_can_be_made_to_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
