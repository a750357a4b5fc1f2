/* The code of nodes: ENTER, what the kind does, and how it is left. */
#include "compiler/function_call.h"
#include "compiler/generator.h"

/* The inputs of a call on the stack, as one map. */
static void generate_inputs(struct generator *generator, const struct graph_node *node)
{
    if (generator->pipeline->tree->context != NULL)
        generate_context_inputs(generator, node);
    else
        generate_arguments(generator, node);
}

static void emit_leave(struct generator *generator, const struct graph_node *node)
{
    generate_emit(generator, OP_LEAVE, node->flows->index);
}

/* Parameters that were not given get their defaults; one that was given as null stays null. */
static void generate_start(struct generator *generator, const struct graph_node *node)
{
    if (generator->pipeline->tree->context != NULL) generate_context_start(generator);
    for (const struct graph_variable *variable = generator->pipeline->variables;
         variable != NULL && variable->parameter != NULL; variable = variable->next) {
        const struct ast_expression *value = variable->parameter->default_value;
        if (value == NULL) continue;
        generate_place(generator, variable->parameter->span);
        generate_emit(generator, OP_TRY_VARIABLE, variable->index);
        generate_emit(generator, OP_IS_SET, 0);
        uint32_t next = generate_jump(generator, OP_JUMP_TRUE);
        generate_expression(generator, value);
        generate_emit(generator, OP_ASSIGN, variable->index);
        generate_land(generator, next);
    }
    emit_leave(generator, node);
}

/* Outputs are set on every way, but an operator may have skipped what sets one: then it is left out
 * (MAKE_MAP leaves out what is missing). */
static void generate_end(struct generator *generator, const struct graph_node *node)
{
    if (node->component != NULL) {
        generate_inputs(generator, node);
        generate_emit(generator, OP_EXECUTE,
                      image_component(generator->writer, node->component->code));
    }
    if (generator->pipeline->tree->context != NULL) {
        generate_context_outputs(generator);
        generate_emit(generator, OP_END_PIPELINE, 0);
        return;
    }
    uint32_t count = 0;
    bool is_first = true;
    for (const struct ast_output *output = generator->pipeline->tree->outputs; output != NULL;
         output = output->next) {
        generate_text(generator, output->name.bytes);
        generate_read(generator, output->name.bytes, true);
        if (++count < 64 || output->next == NULL) continue;
        generate_emit(generator, OP_MAKE_MAP, count);
        if (!is_first) generate_emit(generator, OP_ADD, 0);
        is_first = false;
        count = 0;
    }
    generate_emit(generator, OP_MAKE_MAP, count);
    if (!is_first) generate_emit(generator, OP_ADD, 0);
    generate_emit(generator, OP_END_PIPELINE, 0);
}

static void generate_activity(struct generator *generator, const struct graph_node *node)
{
    if (node->statement->kind == STATEMENT_REPEAT) { /* the wait between rounds */
        generate_text(generator, "duration");
        generate_constant(generator, bamboo_duration(node->statement->as.repeat.every_ms));
        generate_emit(generator, OP_MAKE_MAP, 1);
    } else {
        generate_inputs(generator, node);
    }
    generate_place(generator, node->span);
    generate_emit(generator, OP_EXECUTE, image_component(generator->writer, node->component->code));
    if (node->flags & NODE_FLAG_ATTACHED)
        generate_emit(generator, OP_DETACH, 0);
    else
        emit_leave(generator, node);
}

static void generate_subprocess(struct generator *generator, const struct graph_node *node)
{
    generate_inputs(generator, node);
    generate_place(generator, node->span);
    generate_emit(generator, OP_CALL_PIPELINE, node->callee->index);
    emit_leave(generator, node);
}

static void generate_assign(struct generator *generator, const struct graph_node *node)
{
    const struct ast_expression *value =
        node->statement->kind == STATEMENT_CALL
            ? function_call_expression(generator->compilation, node->statement)
            : node->statement->as.value;
    if (value == NULL) return;
    generate_expression(generator, value);
    generate_place(generator, node->span);
    generate_emit(generator, OP_ASSIGN, node->variable->index);
    emit_leave(generator, node);
}

/* if, exclusive first: the first way whose condition holds; the last flow is else, or leads past
 * all arms. Where there is no else, nothing fits. */
static void generate_if(struct generator *generator, const struct graph_node *node)
{
    for (const struct graph_flow *flow = node->flows; flow != NULL; flow = flow->next) {
        if (flow->condition == NULL) break;
        generate_expression(generator, flow->condition);
        uint32_t next = generate_jump(generator, OP_JUMP_FALSE);
        generate_emit(generator, OP_LEAVE, flow->index);
        generate_land(generator, next);
    }
    const struct graph_flow *otherwise = node->other_flow != NULL ? node->other_flow : node->flows;
    while (node->other_flow == NULL && otherwise != NULL && otherwise->condition != NULL)
        otherwise = otherwise->next;
    generate_place(generator, node->span);
    if (otherwise != NULL) {
        generate_emit(generator, OP_LEAVE, otherwise->index);
        return;
    }
    generate_text(generator, "all conditions of branches are not meet");
    generate_emit(generator, OP_FAIL, 0);
}

/* exclusive, inclusive: all conditions, then one instruction that chooses. */
static void generate_choice(struct generator *generator, const struct graph_node *node,
                            enum opcode choose)
{
    uint32_t count = 0;
    for (const struct graph_flow *flow = node->flows; flow != NULL; flow = flow->next) {
        if (flow->condition == NULL) continue;
        generate_expression(generator, flow->condition);
        count++;
    }
    generate_place(generator, node->span);
    generate_emit(generator, choose, count);
}

/* The text of pause, fail or revoke: what is no text becomes one. */
static void generate_reason(struct generator *generator, const struct ast_statement *statement)
{
    const struct ast_expression *value = statement->as.value;
    if (value == NULL && statement->kind == STATEMENT_FAIL) {
        generate_text(generator, "the flow says: fail");
    } else if (value == NULL) {
        generate_null(generator);
    } else {
        generate_expression(generator, value);
        bool is_text = value->kind == EXPRESSION_TEXT || (value->kind == EXPRESSION_LITERAL &&
                                                          value->as.literal.type == BAMBOO_STRING);
        if (!is_text) generate_emit(generator, OP_MAKE_TEXT, 1);
    }
}

static void generate_control(struct generator *generator, const struct graph_node *node)
{
    generate_reason(generator, node->statement);
    generate_place(generator, node->span);
    if (node->statement->kind == STATEMENT_FAIL) {
        generate_emit(generator, OP_FAIL, 0); /* the flow out is for an operator's skip */
        return;
    }
    generate_emit(generator,
                  node->statement->kind == STATEMENT_PAUSE ? OP_PAUSE_RUN : OP_REVOKE_RUN, 0);
    emit_leave(generator, node);
}

static void generate_exclusive(struct generator *generator, const struct graph_node *node)
{
    if (node->statement->kind == STATEMENT_REPEAT)
        generate_repeat_check(generator, node);
    else if (node->statement->kind == STATEMENT_IF || node->is_ordered)
        generate_if(generator, node);
    else
        generate_choice(generator, node, OP_CHOOSE_ONLY);
}

void generate_node(struct generator *generator, const struct graph_node *node)
{
    generator->depth = 0;
    generate_place(generator, node->span);
    generate_emit(generator, OP_ENTER, node->index);
    switch (node->kind) {
    case NODE_KIND_START: generate_start(generator, node); break;
    case NODE_KIND_END: generate_end(generator, node); break;
    case NODE_KIND_ACTIVITY: generate_activity(generator, node); break;
    case NODE_KIND_ASSIGN: generate_assign(generator, node); break;
    case NODE_KIND_SUBPROCESS: generate_subprocess(generator, node); break;
    case NODE_KIND_EXCLUSIVE: generate_exclusive(generator, node); break;
    case NODE_KIND_PARALLEL: generate_emit(generator, OP_FORK, 0); break;
    case NODE_KIND_INCLUSIVE: generate_choice(generator, node, OP_FORK_WHEN); break;
    case NODE_KIND_CONVERGE: emit_leave(generator, node); break;
    case NODE_KIND_CONTROL: generate_control(generator, node); break;
    case NODE_KIND_COUNT: break;
    }
}
