/* Rules 30 to 39 of docs/artifact.md: each is broken by a single word of the sample. */
#include "tests/unit/bytecode/support.h"

#include "base/limits.h"

#define NODE(node, field, value) ROW(NODES, SAMPLE_##node, image_node, field, value)

static const struct poke CODE_ROWS[] = {
    {"30: the first node begins with the code", NODE(START, entry, 1),
     "flow.bbc: node 0 'start': its code does not lie between that of the nodes beside it"},
    {"30: nodes begin where the node before ends", NODE(BUILD, entry, 7),
     "flow.bbc: node 1 'set': its code does not lie between that of the nodes beside it"},
    {"30: the last node's code is there", NODE(SUB_END, entry, 67),
     "flow.bbc: node 13 'start': its code does not lie between that of the nodes beside it"},
    {"31: opcodes are known", SECTION_CODE, SAMPLE_SET, 1, 0, 0xFF,
     "flow.bbc: node 1 'set': instruction 8 (?): the opcode 255 is not known"},
    {"32: only an activity executes", CODE(SET, 1, EXECUTE, 0),
     "flow.bbc: node 1 'set': instruction 8 (EXECUTE): it may not stand here"},
    {"32: templates are rendered where a context is", CODE(SET, 1, RENDER, 0),
     "flow.bbc: node 1 'set': instruction 8 (RENDER): it may stand in pipelines with a context "
     "only"},
    {"32: only a subprocess calls a pipeline", CODE(BUILD, 4, CALL_PIPELINE, 0),
     "flow.bbc: node 2 'build': instruction 15 (CALL_PIPELINE): it may not stand here"},
    {"32: only an exclusive gateway chooses", CODE(SOME, 11, CHOOSE_ONLY, 1),
     "flow.bbc: node 9 'some': instruction 49 (CHOOSE_ONLY): it may not stand here"},
    {"32: only a parallel gateway forks", CODE(JOIN, 1, FORK, 0),
     "flow.bbc: node 8 'join': instruction 37 (FORK): it may not stand here"},
    {"32: only an inclusive gateway forks on conditions", CODE(FORK, 1, FORK_WHEN, 2),
     "flow.bbc: node 5 'fork': instruction 27 (FORK_WHEN): it may not stand here"},
    {"32: a fork is not simply left", CODE(FORK, 1, LEAVE, 8),
     "flow.bbc: node 5 'fork': instruction 27 (LEAVE): it may not stand here"},
    {"32: only an end ends the pipeline", CODE(SET, 2, END_PIPELINE, 0),
     "flow.bbc: node 1 'set': instruction 9 (END_PIPELINE): it may not stand here"},
    {"32: only a control node controls", CODE(SET, 2, REVOKE_RUN, 0),
     "flow.bbc: node 1 'set': instruction 9 (REVOKE_RUN): it may not stand here"},
    {"32: a flow does not halt", CODE(SET, 3, HALT, 0),
     "flow.bbc: node 1 'set': instruction 10 (HALT): it may not stand here"},
    {"33: NONE is 0", CODE(START, 2, IS_SET, 1),
     "flow.bbc: node 0 'start': instruction 2 (IS_SET): its operand is not 0"},
    {"33: CONSTANT is there", CODE(SET, 1, CONSTANT, 999),
     "flow.bbc: node 1 'set': instruction 8 (CONSTANT): there is no constant 999"},
    {"33: STRING is a string", CODE(CHOOSE, 2, TRY_FIELD, 999),
     "flow.bbc: node 4 'choose': instruction 21 (TRY_FIELD): constant 999 is no string"},
    {"33: VARIABLE is one of the pipeline", CODE(SET, 2, ASSIGN, 3),
     "flow.bbc: node 1 'set': instruction 9 (ASSIGN): there is no variable 3"},
    {"33: NODE is one of the pipeline", CODE(CHOOSE, 1, TRY_OUTPUTS, SAMPLE_SUB_END),
     "flow.bbc: node 4 'choose': instruction 20 (TRY_OUTPUTS): node 14 is not one of the same "
     "pipeline"},
    {"33: FLOW leaves the node", CODE(SET, 3, LEAVE, 2),
     "flow.bbc: node 1 'set': instruction 10 (LEAVE): flow 2 does not leave the node"},
    {"33: LOCAL is below the limit", CODE(SOME, 2, STORE_LOCAL, 64),
     "flow.bbc: node 9 'some': instruction 40 (STORE_LOCAL): there is no local 64"},
    {"33: LOCAL of an iteration is three", CODE(SOME, 4, BEGIN_ITERATION, 62),
     "flow.bbc: node 9 'some': instruction 42 (BEGIN_ITERATION): there is no local 64"},
    {"33: LOCAL of a step of it is three", CODE(SOME, 5, ITERATE, 62),
     "flow.bbc: node 9 'some': instruction 43 (ITERATE): there is no local 64"},
    {"33: TARGET is behind the node's ENTER", CODE(SET, 3, JUMP, 7),
     "flow.bbc: node 1 'set': instruction 10 (JUMP): the jump to instruction 7 leaves the node"},
    {"33: TARGET is in the node", CODE(SET, 3, JUMP, 11),
     "flow.bbc: node 1 'set': instruction 10 (JUMP): the jump to instruction 11 leaves the node"},
    {"33: COUNT is that of the conditional flows", CODE(CHOOSE, 6, CHOOSE_ONLY, 1),
     "flow.bbc: node 4 'choose': instruction 25 (CHOOSE_ONLY): the node has 2 conditional flows, "
     "not 1"},
    {"33: CALL is of a function", CODE(CHOOSE, 5, CALL, 1 << 8 | 1),
     "flow.bbc: node 4 'choose': instruction 24 (CALL): there is no function 1"},
    {"33: CALL of a method has a value", CODE(CHOOSE, 5, CALL, 0),
     "flow.bbc: node 4 'choose': instruction 24 (CALL): the method '.upper' needs a value"},
    {"33: COMPONENT is the node's", CODE(BUILD, 4, EXECUTE, 1),
     "flow.bbc: node 2 'build': instruction 15 (EXECUTE): its operand 1 is not the node's "
     "companion 0"},
    {"33: PIPELINE is the node's", CODE(CALL, 2, CALL_PIPELINE, 0),
     "flow.bbc: node 6 'call': instruction 30 (CALL_PIPELINE): its operand 0 is not the node's "
     "companion 1"},
    {"34: a node begins with ENTER", CODE(SET, 0, MAKE_MAP, 0),
     "flow.bbc: node 1 'set': instruction 7 (MAKE_MAP): the node does not begin with ENTER"},
    {"34: ENTER names its node", CODE(SET, 0, ENTER, SAMPLE_BUILD),
     "flow.bbc: node 1 'set': instruction 7 (ENTER): it may only begin node 1, and name that"},
    {"34: ENTER stands nowhere else", CODE(SET, 2, ENTER, SAMPLE_SET),
     "flow.bbc: node 1 'set': instruction 9 (ENTER): it may only begin node 1, and name that"},
    {"35: what is popped is there", CODE(SET, 1, POP, 0),
     "flow.bbc: node 1 'set': instruction 8 (POP): it pops 1 from a stack of 0"},
    {"35: what is counted is there", CODE(BUILD, 3, MAKE_MAP, 2),
     "flow.bbc: node 2 'build': instruction 14 (MAKE_MAP): it pops 4 from a stack of 2"},
    {"35: no count is too large", CODE(BUILD, 3, MAKE_LIST, 0xFFFFFF),
     "flow.bbc: node 2 'build': instruction 14 (MAKE_LIST): it pops 16777215 from a stack of 2"},
    {"36: every way has the same depth", CODE(START, 5, DUPLICATE, 0),
     "flow.bbc: node 0 'start': instruction 5 (DUPLICATE): instruction 6 is reached with 0 and "
     "with 2 values on the stack"},
    {"36: a loop has the same depth", CODE(SOME, 8, LOAD_LOCAL, 0),
     "flow.bbc: node 9 'some': instruction 47 (JUMP): instruction 43 is reached with 0 and with 2 "
     "values on the stack"},
    {"37: a node is left with an empty stack", CODE(SET, 2, DUPLICATE, 0),
     "flow.bbc: node 1 'set': instruction 10 (LEAVE): it leaves 2 on the stack, which must be "
     "empty"},
    {"37: a component is executed with an empty stack", CODE(BUILD, 3, DUPLICATE, 0),
     "flow.bbc: node 2 'build': instruction 15 (EXECUTE): it leaves 2 on the stack, which must be "
     "empty"},
    {"37: a pipeline is ended with an empty stack", CODE(END, 3, DUPLICATE, 0),
     "flow.bbc: node 12 'end': instruction 60 (END_PIPELINE): it leaves 2 on the stack, which must "
     "be empty"},
    {"38: no way leads back before the execution", CODE(BUILD, 5, JUMP, 12),
     "flow.bbc: node 2 'build': instruction 16 (JUMP): instruction 12 is reached both before and "
     "after the node's execution"},
    {"40: no loop assigns", CODE(START, 6, JUMP, 5),
     "flow.bbc: node 0 'start': instruction 6 (JUMP): the jump to instruction 5 leads back over an "
     "ASSIGN"},
    {"39: no way goes on behind the node", CODE(SET, 3, CONSTANT, 0),
     "flow.bbc: node 1 'set': instruction 10 (CONSTANT): the code goes on behind its last "
     "instruction"},
};

/* --- what takes more than a word --- */

static void what_no_way_reaches_is_well_formed_too(void **state)
{
    (void)state;
    static const struct poke LEAVE_AT_ONCE = {"", CODE(SET, 1, LEAVE, 1), NULL};
    static const struct poke UNKNOWN = {"", SECTION_CODE, SAMPLE_SET, 2, 0, 0xFE, NULL};
    struct image image = sample_image();
    poke(&image, &LEAVE_AT_ONCE);
    program_release(load(&image));
    poke(&image, &UNKNOWN);
    assert_refused(&image,
                   "flow.bbc: node 1 'set': instruction 9 (?): the opcode 254 is not known");
    memory_free(image.bytes);
}

static void a_node_is_executed_once(void **state)
{
    (void)state;
    struct image_writer *writer = image_writer_create(IMAGE_FLOW);
    add_pipeline(writer, "main", 0, 3, 0, 0);
    add_node(writer, NODE_KIND_START, "start", 0, 1, IMAGE_NONE);
    image_emit(writer, OP_LEAVE, 0);
    add_node(writer, NODE_KIND_ACTIVITY, "twice", 1, 1, image_component(writer, "shell"));
    for (int i = 0; i < 2; i++) {
        image_emit(writer, OP_MAKE_MAP, 0);
        image_emit(writer, OP_EXECUTE, 0);
    }
    image_emit(writer, OP_LEAVE, 1);
    add_node(writer, NODE_KIND_END, "end", 0, 0, IMAGE_NONE);
    image_emit(writer, OP_MAKE_MAP, 0);
    image_emit(writer, OP_END_PIPELINE, 0);
    add_flow(writer, 0, 1);
    add_flow(writer, 1, 2);
    struct image image = finish(writer);
    assert_refused(&image, "flow.bbc: node 1 'twice': instruction 6 (EXECUTE): the node is "
                           "executed a second time");
    memory_free(image.bytes);
}

/* --- expressions and control programs --- */

static struct image_writer *begin_expression(void)
{
    static const struct image_pipeline ROW = {
        .variable_count = 1, .start_node = IMAGE_NONE, .end_node = IMAGE_NONE};
    struct image_writer *writer = image_writer_create(IMAGE_EXPRESSION);
    struct image_pipeline row = ROW;
    row.name = name_in(writer, "expression");
    image_add(writer, SECTION_PIPELINES, &row, sizeof row);
    add_variable(writer, "", "any", 0); /* any key of a map will do */
    return writer;
}

static void an_expression_is_accepted(void **state)
{
    (void)state;
    struct image_writer *writer = begin_expression();
    image_emit(writer, OP_LOAD_VARIABLE, 0);
    image_emit(writer, OP_JUMP_TRUE, 4);
    push_text(writer, "no");
    image_emit(writer, OP_JUMP, 6);
    push_text(writer, "yes");
    image_emit(writer, OP_JUMP, 6);
    image_emit(writer, OP_END_PIPELINE, 0);
    struct image image = finish(writer);
    struct program *program = load(&image);
    assert_int_equal(program->stack_depth, 1);
    program_release(program);
    memory_free(image.bytes);
}

static void the_stack_has_a_limit(void **state)
{
    (void)state;
    for (uint32_t count = STACK_DEPTH_MAX; count <= STACK_DEPTH_MAX + 1; count++) {
        struct image_writer *writer = begin_expression();
        for (uint32_t i = 0; i < count; i++)
            push_text(writer, "x");
        image_emit(writer, OP_MAKE_LIST, count);
        image_emit(writer, OP_END_PIPELINE, 0);
        struct image image = finish(writer);
        if (count > STACK_DEPTH_MAX) {
            assert_refused(&image, "flow.bbc: instruction 1024 (CONSTANT): there are more than "
                                   "1024 values on the stack");
        } else {
            struct program *program = load(&image);
            assert_int_equal(program->stack_depth, STACK_DEPTH_MAX);
            program_release(program);
        }
        memory_free(image.bytes);
    }
}

struct code_case {
    const char *promise;
    enum image_kind kind;
    uint32_t code[4];
    const char *because;
};

#define OP(opcode, operand) ((uint32_t)OP_##opcode | (uint32_t)(operand) << 8)

static const struct code_case CODE_CASES[] = {
    {"12: there is code", IMAGE_CONTROL, {0}, "flow.bbc: there is no code"},
    {"32: an expression does not call a component",
     IMAGE_EXPRESSION,
     {OP(EXECUTE, 0)},
     "flow.bbc: instruction 0 (EXECUTE): it may not stand here"},
    {"32: an expression does not control",
     IMAGE_EXPRESSION,
     {OP(PAUSE_RUN, 0)},
     "flow.bbc: instruction 0 (PAUSE_RUN): it may not stand here"},
    {"32: an expression does not fail a node",
     IMAGE_EXPRESSION,
     {OP(FAIL, 0)},
     "flow.bbc: instruction 0 (FAIL): it may not stand here"},
    {"32: an expression has no outputs of nodes",
     IMAGE_EXPRESSION,
     {OP(TRY_OUTPUTS, 0)},
     "flow.bbc: instruction 0 (TRY_OUTPUTS): it may not stand here"},
    {"32: an expression does not halt",
     IMAGE_EXPRESSION,
     {OP(HALT, 0)},
     "flow.bbc: instruction 0 (HALT): it may not stand here"},
    {"33: an expression has its variables",
     IMAGE_EXPRESSION,
     {OP(LOAD_VARIABLE, 1)},
     "flow.bbc: instruction 0 (LOAD_VARIABLE): there is no variable 1"},
    {"33: a jump stays in the code",
     IMAGE_EXPRESSION,
     {OP(JUMP, 1)},
     "flow.bbc: instruction 0 (JUMP): the jump to instruction 1 leaves the code"},
    {"37: an expression is one value",
     IMAGE_EXPRESSION,
     {OP(MAKE_LIST, 0), OP(DUPLICATE, 0), OP(END_PIPELINE, 0)},
     "flow.bbc: instruction 2 (END_PIPELINE): it leaves 1 on the stack, which must be empty"},
    {"39: an expression ends",
     IMAGE_EXPRESSION,
     {OP(MAKE_LIST, 0)},
     "flow.bbc: instruction 0 (MAKE_LIST): the code goes on behind its last instruction"},
    {"32: a control program has no variables",
     IMAGE_CONTROL,
     {OP(TRY_VARIABLE, 0)},
     "flow.bbc: instruction 0 (TRY_VARIABLE): it may not stand here"},
    {"32: a control program does not jump",
     IMAGE_CONTROL,
     {OP(JUMP, 0)},
     "flow.bbc: instruction 0 (JUMP): it may not stand here"},
    {"32: a control program does not iterate",
     IMAGE_CONTROL,
     {OP(ITERATE, 0)},
     "flow.bbc: instruction 0 (ITERATE): it may not stand here"},
    {"32: a control program calls no function",
     IMAGE_CONTROL,
     {OP(CALL, 0)},
     "flow.bbc: instruction 0 (CALL): it may not stand here"},
    {"32: a control program is in no node",
     IMAGE_CONTROL,
     {OP(ENTER, 0)},
     "flow.bbc: instruction 0 (ENTER): it may not stand here"},
    {"32: a control program does not end a pipeline",
     IMAGE_CONTROL,
     {OP(MAKE_MAP, 0), OP(END_PIPELINE, 0)},
     "flow.bbc: instruction 1 (END_PIPELINE): it may not stand here"},
    {"35: an operation has what it pops",
     IMAGE_CONTROL,
     {OP(MAKE_MAP, 0), OP(SKIP_NODE, 0)},
     "flow.bbc: instruction 1 (SKIP_NODE): it pops 3 from a stack of 1"},
    {"37: a control program halts with nothing left",
     IMAGE_CONTROL,
     {OP(MAKE_MAP, 0), OP(HALT, 0)},
     "flow.bbc: instruction 1 (HALT): it leaves 1 on the stack, which must be empty"},
    {"39: a control program halts",
     IMAGE_CONTROL,
     {OP(MAKE_MAP, 0), OP(PAUSE_RUN, 0)},
     "flow.bbc: instruction 1 (PAUSE_RUN): the code goes on behind its last instruction"},
};

static void code_without_nodes_is_judged(void **state)
{
    const struct code_case *expected = *state;
    struct image_writer *writer = expected->kind == IMAGE_EXPRESSION
                                      ? begin_expression()
                                      : image_writer_create(IMAGE_CONTROL);
    for (size_t i = 0; i < 4 && expected->code[i]; i++)
        image_emit(writer, (enum opcode)instruction_opcode(expected->code[i]),
                   instruction_operand(expected->code[i]));
    struct image image = finish(writer);
    assert_refused(&image, expected->because);
    memory_free(image.bytes);
}

static void an_expression_has_one_pipeline_row(void **state)
{
    (void)state;
    struct image_writer *writer = image_writer_create(IMAGE_EXPRESSION);
    push_text(writer, "x");
    image_emit(writer, OP_END_PIPELINE, 0);
    struct image image = finish(writer);
    assert_refused(&image, "flow.bbc: an expression has one pipeline row, not 0");
    memory_free(image.bytes);

    writer = begin_expression();
    push_text(writer, "x");
    image_emit(writer, OP_END_PIPELINE, 0);
    image = finish(writer);
    struct image_pipeline *row = image_section_of(&image, SECTION_PIPELINES);
    row->start_node = 0;
    image_seal(&image);
    assert_refused(&image, "flow.bbc: an expression has neither start nor end");
    memory_free(image.bytes);
}

static void a_flow_has_a_pipeline(void **state)
{
    (void)state;
    struct image image = finish(image_writer_create(IMAGE_FLOW));
    assert_refused(&image, "flow.bbc: there is no pipeline");
    memory_free(image.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_no_way_reaches_is_well_formed_too),
        cmocka_unit_test(a_node_is_executed_once),
        cmocka_unit_test(an_expression_is_accepted),
        cmocka_unit_test(the_stack_has_a_limit),
        cmocka_unit_test(an_expression_has_one_pipeline_row),
        cmocka_unit_test(a_flow_has_a_pipeline),
    };
    int failed = RUN_ROWS(CODE_ROWS, a_changed_word_is_refused);
    failed += RUN_ROWS(CODE_CASES, code_without_nodes_is_judged);
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
