/* The shapes of graphs: which nodes and flows a source becomes. */
#include "support.h"

struct shape_case {
    const char *promise;
    const char *body;
    const char *shape; /* "name:kind>target,target ..." of the first pipeline */
};

static const struct shape_case SHAPES[] = {
    {"an empty pipeline is a start and an end", "", "start:start>end end:end"},
    {"an empty file of calls derives names", "shell(\"a\")\nshell(\"b\")",
     "start:start>shell_1 shell_1:activity>shell_2 shell_2:activity>end end:end"},
    {"a taken name is not derived", "shell_1 = shell(\"a\")\nshell(\"b\")",
     "start:start>shell_1 shell_1:activity>shell_2 shell_2:activity>end end:end"},
    {"a variable is set by a node", "x = 1\nx = 2\nx = 3",
     "start:start>set_x set_x:set>set_x_2 set_x_2:set>set_x_3 set_x_3:set>end end:end"},
    {"a function sets a variable", "x = len([1])", "start:start>set_x set_x:set>end end:end"},
    {"branches meet in a converge", "parallel both { a = shell(\"a\")\nb = shell(\"b\") }",
     "start:start>both both:parallel>a,b a:activity>both_join b:activity>both_join "
     "both_join:converge>end end:end"},
    {"an empty branch goes straight to the converge", "parallel { a = shell(\"a\")\n{ } }",
     "start:start>parallel_1 parallel_1:parallel>a,parallel_1_join a:activity>parallel_1_join "
     "parallel_1_join:converge>end end:end"},
    {"an if without else falls through", "if true { a = shell(\"a\") }",
     "start:start>if_1 if_1:exclusive>a,if_1_join a:activity>if_1_join if_1_join:converge>end "
     "end:end"},
    {"an if that only ends has no join", "if true { end } else { end }",
     "start:start>if_1 if_1:exclusive>end,end end:end"},
    {"the end comes last", "if true { end }\na = shell(\"a\")",
     "start:start>if_1 if_1:exclusive>end,if_1_join if_1_join:converge>a a:activity>end end:end"},
    {"events can be named", "start s\na = shell(\"a\")\nend e", "s:start>a a:activity>e e:end"},
    {"a loop goes back to its head", "repeat up to 3 times { a = shell(\"a\") }",
     "start:start>repeat_1 repeat_1:converge>a a:activity>repeat_1_check "
     "repeat_1_check:exclusive>end,repeat_1 end:end"},
    {"a loop can wait", "repeat poll forever every 5s { a = shell(\"a\") } until true",
     "start:start>poll poll:converge>a a:activity>poll_check poll_check:exclusive>end,poll_wait "
     "poll_wait:activity>poll end:end"},
    {"a failure has a way of its own", "a = shell(\"a\") { on fail { b = shell(\"b\") } }",
     "start:start>a a:activity>a_join,b b:activity>a_join a_join:converge>end end:end"},
    {"control statements are nodes", "pause \"p\"\nfail \"f\"\nrevoke \"r\"",
     "start:start>pause_1 pause_1:control>fail_1 fail_1:control>revoke_1 revoke_1:control>end "
     "end:end"},
};

static void append_node(const struct program *program, uint32_t index, struct text *out)
{
    const struct image_node *node = &program->nodes[index];
    if (out->size > 0) text_append_character(out, ' ');
    text_append_format(out, "%s:%s", program_name(program, node->name), node_kind_name(node->kind));
    for (uint32_t i = 0; i < node->flow_count; i++) {
        uint32_t target = program->flows[node->first_flow + i].target;
        text_append_format(out, "%c%s", i == 0 ? '>' : ',',
                           program_name(program, program->nodes[target].name));
    }
}

static void blocks_become_the_promised_nodes(void **state)
{
    const struct shape_case *expected = *state;
    struct text source = {0};
    struct text shape = {0};
    text_append_format(&source, "pipeline p() {\n%s\n}\n", expected->body);
    struct program *program = program_of(text_string(&source));
    for (uint32_t i = 0; i < program->pipelines[0].node_count; i++)
        append_node(program, program->pipelines[0].first_node + i, &shape);
    assert_string_equal(text_string(&shape), expected->shape);
    program_release(program);
    text_release(&source);
    text_release(&shape);
}

static const struct image_node *node_named(const struct program *program, const char *name)
{
    for (uint32_t i = 0; i < program->node_count; i++)
        if (strcmp(program_name(program, program->nodes[i].name), name) == 0)
            return &program->nodes[i];
    fail_msg("there is no node %s", name);
    return NULL;
}

static void policies_are_shared_rows_and_flags(void **state)
{
    (void)state;
    struct program *program =
        program_of("pipeline p() {\n"
                   "a = shell(\"a\") { timeout 2m then skip\n retry 3 every 5s\n once }\n"
                   "b = shell(\"b\") { timeout 2m then skip\n retry 3 every 5s }\n"
                   "c = shell(\"c\") { on fail ignore\n no retry\n no skip }\n"
                   "shell(\"d\")\n}\n");
    const struct image_node *a = node_named(program, "a");
    assert_int_equal(program->policy_count, 1);
    assert_int_equal(a->policy, node_named(program, "b")->policy);
    assert_int_equal(a->flags, NODE_FLAG_ONCE);
    assert_int_equal(program->policies[0].timeout_low, 120000);
    assert_int_equal(program->policies[0].timeout_action, TIMEOUT_SKIP);
    assert_int_equal(program->policies[0].retry_count, 3);
    assert_int_equal(program->policies[0].retry_delay_low, 5000);
    assert_int_equal(node_named(program, "c")->flags,
                     NODE_FLAG_IGNORE_ERROR | NODE_FLAG_NO_RETRY | NODE_FLAG_NO_SKIP);
    assert_int_equal(node_named(program, "c")->policy, IMAGE_NONE);
    assert_int_equal(node_named(program, "shell_1")->flags, NODE_FLAG_DERIVED_NAME);
    program_release(program);
}

static void gateways_know_their_companions_and_defaults(void **state)
{
    (void)state;
    struct program *program = program_of("pipeline p(a: bool) {\n"
                                         "inclusive i { when a { shell(\"x\") }\n default { } }\n"
                                         "exclusive e { when a { shell(\"y\") }\n default { } }\n"
                                         "h = shell(\"z\") { on fail { shell(\"w\") } }\n}\n");
    const struct image_node *inclusive = node_named(program, "i");
    assert_ptr_equal(&program->nodes[inclusive->companion], node_named(program, "i_join"));
    assert_int_equal(inclusive->other_flow, inclusive->first_flow + 1);
    const struct image_node *exclusive = node_named(program, "e");
    assert_int_equal(exclusive->companion, IMAGE_NONE);
    assert_int_equal(exclusive->other_flow, exclusive->first_flow + 1);
    const struct image_node *handled = node_named(program, "h");
    assert_int_equal(handled->other_flow, handled->first_flow + 1);
    program_release(program);
}

static void pipelines_have_parameters_outputs_and_variables(void **state)
{
    (void)state;
    struct program *program =
        program_of("pipeline p(a: string, b: list = []) -> c, n {\n"
                   "c = a\nn = shell(raw(a))\nq(x: 1)\nrepeat up to 2 times { shell(\"l\") }\n}\n"
                   "pipeline q(x: int) { }\n");
    const struct image_pipeline *pipeline = &program->pipelines[0];
    assert_int_equal(program->pipeline_count, 2);
    assert_int_equal(pipeline->parameter_count, 2);
    assert_int_equal(pipeline->variable_count, 4);
    assert_int_equal(pipeline->output_count, 2);
    assert_int_equal(program->variables[0].flags, VARIABLE_FLAG_REQUIRED);
    assert_string_equal(program_name(program, program->variables[1].type), "list");
    assert_int_equal(program->variables[1].flags, 0);
    assert_string_equal(program_name(program, program->variables[3].name), "repeat_1.count");
    assert_int_equal(node_named(program, "q_1")->companion, 1);
    program_release(program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policies_are_shared_rows_and_flags),
        cmocka_unit_test(gateways_know_their_companions_and_defaults),
        cmocka_unit_test(pipelines_have_parameters_outputs_and_variables),
    };
    int failed = RUN_ROWS(SHAPES, blocks_become_the_promised_nodes);
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
