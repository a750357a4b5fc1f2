/* How tokens move: order, branches, joins, loops, subprocesses, waiting. */
#include "tests/unit/vm/run/world.h"

struct flow_case {
    const char *promise, *text, *parameters, *outputs;
};

static const struct flow_case FLOWS[] = {
    {"an empty flow finishes", "pipeline p() {\n}\n", "{}", "{}"},
    {"outputs of a node are read", "pipeline p() -> y {\n  a = echo(x: 20)\n  y = a.x + 1\n}\n",
     "{}", "{\"y\": 21}"},
    {"a parameter's default is computed", "pipeline p(a: int = 2, b: int = a * 3) -> b {\n}\n",
     "{}", "{\"b\": 6}"},
    {"a parameter that was given null stays null", "pipeline p(a: any = 2) -> a {\n}\n",
     "{\"a\": null}", "{\"a\": null}"},
    {"if takes the first arm that holds",
     "pipeline p(n: int) -> r {\n  if n > 10 { r = \"a\" }\n  else if n > 5 { r = \"b\" }\n"
     "  else { r = \"c\" }\n}\n",
     "{\"n\": 20}", "{\"r\": \"a\"}"},
    {"else is taken when no condition holds",
     "pipeline p(n: int) -> r {\n  if n > 10 { r = \"a\" }\n  else { r = \"c\" }\n}\n",
     "{\"n\": 1}", "{\"r\": \"c\"}"},
    {"exclusive takes the only branch that holds",
     "pipeline p(n: int) -> r {\n  exclusive {\n    when n > 10 { r = 1 }\n"
     "    when n < 5 { r = 2 }\n    default { r = 3 }\n  }\n}\n",
     "{\"n\": 1}", "{\"r\": 2}"},
    {"exclusive takes the default when none holds",
     "pipeline p(n: int) -> r {\n  exclusive {\n    when n > 10 { r = 1 }\n"
     "    default { r = 3 }\n  }\n}\n",
     "{\"n\": 7}", "{\"r\": 3}"},
    {"parallel branches all run before the join",
     "pipeline p() -> s {\n  parallel {\n    a = echo(x: 1)\n    b = echo(x: 2)\n"
     "    { c = echo(x: 3)\n      d = echo(x: c.x * 2) }\n  }\n  s = [a.x, b.x, d.x]\n}\n",
     "{}", "{\"s\": [1, 2, 6]}"},
    {"parallel blocks nest",
     "pipeline p() -> s {\n  parallel {\n    parallel {\n      a = echo(x: 1)\n      b = echo(x: "
     "2)\n"
     "    }\n    c = echo(x: 3)\n  }\n  s = a.x + b.x + c.x\n}\n",
     "{}", "{\"s\": 6}"},
    {"inclusive takes every branch that holds",
     "pipeline p(n: int) -> s {\n  inclusive {\n    when n > 1 { a = echo(x: 1) }\n"
     "    when n > 2 { b = echo(x: 2) }\n    when n > 3 { c = echo(x: 3) }\n  }\n"
     "  s = [a?.x ?? 0, b?.x ?? 0, c?.x ?? 0]\n}\n",
     "{\"n\": 3}", "{\"s\": [1, 2, 0]}"},
    {"repeat until goes on until the condition holds",
     "pipeline p() -> r {\n  n = 0\n  repeat up to 10 times {\n    n = n + 1\n  } until n == 4\n"
     "  r = n\n}\n",
     "{}", "{\"r\": 4}"},
    {"repeat up to N times without a condition runs N times",
     "pipeline p() -> n {\n  n = 0\n  repeat up to 10 times {\n    n = n + 1\n  }\n}\n", "{}",
     "{\"n\": 10}"},
    {"a loop inside a loop counts anew in each round",
     "pipeline p() -> n {\n  n = 0\n  repeat up to 3 times {\n    repeat up to 4 times {\n"
     "      n = n + 1\n    }\n  }\n}\n",
     "{}", "{\"n\": 12}"},
    {"a subprocess sees its arguments and gives its outputs",
     "pipeline p() -> r {\n  s = double(n: 21)\n  r = s.twice\n}\n"
     "pipeline double(n: int) -> twice {\n  twice = n * 2\n}\n",
     "{}", "{\"r\": 42}"},
    {"a subprocess in a loop begins anew",
     "pipeline p() -> r {\n  n = 1\n  repeat up to 3 times {\n    s = double(n: n)\n"
     "    n = s.twice\n  }\n  r = n\n}\n"
     "pipeline double(n: int) -> twice {\n  parallel {\n    a = echo(x: n)\n    b = echo(x: n)\n  "
     "}\n"
     "  twice = a.x + b.x\n}\n",
     "{}", "{\"r\": 8}"},
    {"end leaves the pipeline early",
     "pipeline p(n: int) -> r {\n  r = 1\n  if n > 0 { end }\n  r = 2\n}\n", "{\"n\": 1}",
     "{\"r\": 1}"},
    {"a comprehension filters and computes",
     "pipeline p(l: list) -> r {\n  r = [x * 2 for x in l if x > 1]\n}\n", "{\"l\": [1, 2, 3]}",
     "{\"r\": [4, 6]}"},
};

static void flow_gives_these_outputs(void **state)
{
    const struct flow_case *flow = *state;
    struct world *world = world_create(flow->text, flow->parameters);
    assert_finished(world, flow->outputs);
    world_destroy(world);
}

static void condition_that_is_not_met_within_the_bound_fails_the_loop(void **state)
{
    (void)state;
    struct world *world = world_create("pipeline p() -> n {\n  n = 0\n"
                                       "  repeat wait up to 3 times { n = n + 1 } until n > 5\n}\n",
                                       "{}");
    assert_node(world, "wait_check", "state", "\"FAILED\"");
    world_destroy(world);
}

static void two_conditions_that_hold_fail_an_exclusive_gateway(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() {\n  exclusive g {\n    when true { echo(x: 1) }\n"
                     "    when 1 < 2 { echo(x: 2) }\n  }\n}\n",
                     "{}");
    assert_node(world, "g", "state", "\"FAILED\"");
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "g", NULL), BAMBOO_E_REFUSED);
    assert_int_equal(world_operate(world, OP_SKIP_NODE, "g", "{\"to\": \"echo_2\"}"), BAMBOO_OK);
    assert_node(world, "echo_2", "state", "\"FINISHED\"");
    assert_finished(world, "{}");
    world_destroy(world);
}

static void no_condition_that_holds_fails_an_inclusive_gateway(void **state)
{
    (void)state;
    struct world *world = world_create(
        "pipeline p() {\n  inclusive g {\n    when false { echo(x: 1) }\n  }\n}\n", "{}");
    assert_node(world, "g", "state", "\"FAILED\"");
    world_destroy(world);
}

static void re_entry_counts_loops(void **state)
{
    (void)state;
    struct world *world = world_create(
        "pipeline p() {\n  repeat up to 3 times {\n    a = echo(x: 1)\n  }\n}\n", "{}");
    assert_node(world, "a", "loop", "3");
    world_destroy(world);
}

static void external_component_starts_after_its_event_and_finishes_by_its_result(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() -> r {\n  a = work(x: 7)\n  r = a.y\n}\n", "{}");
    assert_node(world, "a", "state", "\"RUNNING\"");
    assert_int_equal(world->effect_count, 1);
    assert_json(world->effects[0].inputs, "{\"x\": 7}");
    world_answer(world, EFFECT_EXECUTE, BAMBOO_SUCCESS, "{\"y\": 8}", NULL);
    assert_finished(world, "{\"r\": 8}");
    world_destroy(world);
}

static void poll_is_called_after_its_intervals(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() -> n {\n  a = polled()\n  n = a.count\n}\n", "{}");
    assert_int_equal(run_next_deadline(world->run), world->now + 100);
    world_wait(world, 99);
    assert_node(world, "a", "outputs", "null");
    world_wait(world, 1);
    assert_node(world, "a", "outputs", "{\"count\": 1}");
    world_wait(world, 200);
    world_wait(world, 300);
    assert_finished(world, "{\"n\": 3}");
    world_destroy(world);
}

static void poll_without_an_interval_lets_time_pass(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() -> n {\n  a = pressing()\n  n = a.count\n}\n", "{}");
    assert_int_equal(run_next_deadline(world->run), world->now + 1);
    world_wait(world, 1);
    assert_node(world, "a", "outputs", "{\"count\": 1}");
    world_wait(world, 1);
    world_wait(world, 1);
    assert_finished(world, "{\"n\": 3}");
    world_destroy(world);
}

static void repeat_every_waits_between_rounds(void **state)
{
    (void)state;
    struct world *world = world_create(
        "pipeline p() -> n {\n  n = 0\n  repeat up to 2 times every 10s { n = n + 1 }\n}\n", "{}");
    assert_int_equal(world_state(world), RUN_RUNNING);
    world_wait(world, 9999);
    assert_int_equal(world_state(world), RUN_RUNNING);
    world_wait(world, 1);
    assert_finished(world, "{\"n\": 2}");
    world_destroy(world);
}

static void a_callback_finishes_its_node(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() -> d {\n  a = called()\n  d = a.data\n}\n", "{}");
    assert_node(world, "a", "waits_for", "\"a callback\"");
    assert_int_equal(world_operate(world, OP_CALLBACK_NODE, "a", "{\"data\": {\"ok\": true}}"),
                     BAMBOO_OK);
    assert_finished(world, "{\"d\": {\"ok\": true}}");
    world_destroy(world);
}

static void no_callback_is_lost_and_each_is_handled_once(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p() -> n {\n  a = called_outside()\n  n = a.count\n}\n", "{}");
    world_answer(world, EFFECT_EXECUTE, BAMBOO_PENDING, "{}", NULL);
    for (int i = 0; i < 3; i++)
        assert_int_equal(world_operate(world, OP_CALLBACK_NODE, "a", "{\"data\": 1}"), BAMBOO_OK);
    assert_int_equal(world->effect_count, 1); /* one at a time */
    world_answer(world, EFFECT_SCHEDULE, BAMBOO_PENDING, "{\"count\": 1}", NULL);
    assert_int_equal(world->effect_count, 1);
    world_crash(world); /* two are journalled and not handled */
    assert_int_equal(world->effect_count, 1);
    world_answer(world, EFFECT_SCHEDULE, BAMBOO_PENDING, "{\"count\": 2}", NULL);
    world_answer(world, EFFECT_SCHEDULE, BAMBOO_SUCCESS, "{\"count\": 3}", NULL);
    assert_finished(world, "{\"n\": 3}");
    world_destroy(world);
}

static void an_expression_that_fails_fails_its_node_with_the_place(void **state)
{
    (void)state;
    struct world *world =
        world_create("pipeline p(n: int) {\n  a = echo(x: 1 / n)\n}\n", "{\"n\": 0}");
    assert_node(world, "a", "state", "\"FAILED\"");
    struct bamboo_value outputs = world_node(world, "a", "outputs");
    const char *why = bamboo_string_bytes(bamboo_map_get(outputs, "ex_data"), NULL);
    assert_int_equal(strncmp(why, "test.bamboo:2:15: ", 18), 0);
    assert_non_null(strstr(why, "zero"));
    bamboo_value_release(outputs);
    world_destroy(world);
}

static void wrong_parameters_are_refused(void **state)
{
    (void)state;
    static const char *const WRONG[] = {"{}", "{\"n\": \"text\"}", "{\"n\": 1, \"m\": 2}"};
    struct linked_program *linked = world_compile("pipeline p(n: int) {\n}\n");
    for (size_t i = 0; i < 3; i++) {
        struct bamboo_value parameters;
        struct bamboo_error error = {0};
        struct run *run = NULL;
        assert_int_equal(bamboo_json_parse(WRONG[i], strlen(WRONG[i]), &parameters, &error),
                         BAMBOO_OK);
        assert_int_equal(run_create(linked, "id", parameters, bamboo_missing(), 1, &run, &error),
                         BAMBOO_E_PARAMETER);
        assert_null(run);
        bamboo_value_release(parameters);
    }
    linked_program_release(linked);
}

static void deep_subprocesses_work(void **state)
{
    (void)state;
    struct text text = {0};
    text_append_string(&text, "pipeline p0() -> r {\n  s = p1()\n  r = s.r\n}\n");
    for (int i = 1; i < 100; i++)
        text_append_format(&text, "pipeline p%d() -> r {\n  s = p%d()\n  r = s.r + 1\n}\n", i,
                           i + 1);
    text_append_string(&text, "pipeline p100() -> r {\n  r = 0\n}\n");
    struct world *world = world_create(text_string(&text), "{}");
    assert_finished(world, "{\"r\": 99}");
    world_destroy(world);
    text_release(&text);
}

int main(void)
{
    enum { COUNT = sizeof FLOWS / sizeof *FLOWS };
    struct CMUnitTest flows[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        flows[i] = (struct CMUnitTest){.name = FLOWS[i].promise,
                                       .test_func = flow_gives_these_outputs,
                                       .initial_state = (void *)(uintptr_t)&FLOWS[i]};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(condition_that_is_not_met_within_the_bound_fails_the_loop),
        cmocka_unit_test(two_conditions_that_hold_fail_an_exclusive_gateway),
        cmocka_unit_test(no_condition_that_holds_fails_an_inclusive_gateway),
        cmocka_unit_test(re_entry_counts_loops),
        cmocka_unit_test(external_component_starts_after_its_event_and_finishes_by_its_result),
        cmocka_unit_test(poll_is_called_after_its_intervals),
        cmocka_unit_test(poll_without_an_interval_lets_time_pass),
        cmocka_unit_test(repeat_every_waits_between_rounds),
        cmocka_unit_test(a_callback_finishes_its_node),
        cmocka_unit_test(no_callback_is_lost_and_each_is_handled_once),
        cmocka_unit_test(an_expression_that_fails_fails_its_node_with_the_place),
        cmocka_unit_test(wrong_parameters_are_refused),
        cmocka_unit_test(deep_subprocesses_work),
    };
    return cmocka_run_group_tests_name("flows", flows, NULL, NULL) +
           cmocka_run_group_tests_name("moving", tests, NULL, NULL);
}
