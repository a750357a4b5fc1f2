#include <string.h>

#include "compiler/fold.h"
#include "compiler/generator.h"

#define OP_NONE OPCODE_COUNT

static enum opcode operator_opcode(enum ast_operator which)
{
    static const enum opcode OPCODES[OPERATOR_COUNT] = {
#define OPERATOR(name, text, opcode, operands) [OPERATOR_##name] = OP_##opcode,
#include "grammar/operators.def"
#undef OPERATOR
    };
    return OPCODES[which];
}

/* and, or: the value that decides is the result. */
static void generate_logic(struct generator *generator, const struct ast_expression *expression,
                           enum opcode jump)
{
    generate_expression(generator, expression->as.operation.left);
    generate_emit(generator, OP_DUPLICATE, 0);
    uint32_t end = generate_jump(generator, jump);
    generate_emit(generator, OP_POP, 0);
    generate_expression(generator, expression->as.operation.right);
    generate_land(generator, end);
}

/* left ?? right: nothing that is missing on the way to left is a mistake. */
static void generate_coalesce(struct generator *generator, const struct ast_expression *expression)
{
    generate_access(generator, expression->as.operation.left, true);
    generate_emit(generator, OP_DUPLICATE, 0);
    generate_emit(generator, OP_IS_PRESENT, 0);
    uint32_t end = generate_jump(generator, OP_JUMP_TRUE);
    generate_emit(generator, OP_POP, 0);
    generate_expression(generator, expression->as.operation.right);
    generate_land(generator, end);
}

static void generate_operation(struct generator *generator, const struct ast_expression *expression)
{
    struct bamboo_value value = bamboo_missing();
    if (fold_expression(expression, &value, NULL) == FOLD_VALUE) {
        generate_constant(generator, value);
        return;
    }
    enum ast_operator which = expression->as.operation.operator;
    if (which == OPERATOR_AND) {
        generate_logic(generator, expression, OP_JUMP_FALSE);
    } else if (which == OPERATOR_OR) {
        generate_logic(generator, expression, OP_JUMP_TRUE);
    } else if (which == OPERATOR_COALESCE) {
        generate_coalesce(generator, expression);
    } else if (which == OPERATOR_PLUS) {
        /* +x is -(-x): it fails for what is no number. */
        generate_expression(generator, expression->as.operation.left);
        generate_place(generator, expression->span);
        generate_emit(generator, OP_NEGATE, 0);
        generate_emit(generator, OP_NEGATE, 0);
    } else {
        generate_expression(generator, expression->as.operation.left);
        if (expression->as.operation.right != NULL)
            generate_expression(generator, expression->as.operation.right);
        generate_place(generator, expression->span);
        generate_emit(generator, operator_opcode(which), 0);
    }
}

static void generate_conditional(struct generator *generator,
                                 const struct ast_expression *expression)
{
    generate_expression(generator, expression->as.conditional.condition);
    uint32_t otherwise = generate_jump(generator, OP_JUMP_FALSE);
    generate_expression(generator, expression->as.conditional.then);
    uint32_t end = generate_jump(generator, OP_JUMP);
    generator->depth--; /* the other way does not have that value */
    generate_land(generator, otherwise);
    generate_expression(generator, expression->as.conditional.otherwise);
    generate_land(generator, end);
}

static void generate_optional(struct generator *generator, const struct ast_expression *expression)
{
    if (expression != NULL)
        generate_expression(generator, expression);
    else
        generate_null(generator);
}

static void generate_slice(struct generator *generator, const struct ast_expression *expression)
{
    generate_expression(generator, expression->as.slice.object);
    generate_optional(generator, expression->as.slice.from);
    generate_optional(generator, expression->as.slice.to);
    generate_optional(generator, expression->as.slice.step);
    generate_place(generator, expression->span);
    generate_emit(generator, OP_SLICE, 0);
}

/* A function, or a method: its name begins with a dot and its receiver is the first argument. */
static void generate_call(struct generator *generator, const struct ast_expression *expression)
{
    const char *name = expression->as.call.name.bytes;
    size_t count = expression->as.call.argument_count;
    if (expression->kind == EXPRESSION_METHOD) {
        generate_expression(generator, expression->as.call.object);
        name = compilation_format(generator->compilation, ".%s", name);
        count++;
    }
    for (const struct ast_expression *argument = expression->as.call.arguments; argument != NULL;
         argument = argument->next)
        generate_expression(generator, argument);
    generate_place(generator, expression->span);
    if (count > UINT8_MAX) {
        diagnostics_add(generator->compilation->diagnostics, DIAGNOSTIC_TOO_LARGE, expression->span,
                        "a call has at most %d arguments", UINT8_MAX);
        return;
    }
    if (name == NULL) return;
    uint32_t function = image_function(generator->writer, name);
    generate_emit(generator, OP_CALL, call_operand(function, (uint32_t)count));
}

void generate_expression(struct generator *generator, const struct ast_expression *expression)
{
    generate_place(generator, expression->span);
    switch (expression->kind) {
    case EXPRESSION_LITERAL: generate_constant(generator, expression->as.literal); break;
    case EXPRESSION_NAME:
    case EXPRESSION_FIELD:
    case EXPRESSION_INDEX: generate_access(generator, expression, false); break;
    case EXPRESSION_TEXT: generate_text_parts(generator, expression, false); break;
    case EXPRESSION_SLICE: generate_slice(generator, expression); break;
    case EXPRESSION_CALL:
    case EXPRESSION_METHOD: generate_call(generator, expression); break;
    case EXPRESSION_UNARY:
    case EXPRESSION_BINARY: generate_operation(generator, expression); break;
    case EXPRESSION_CONDITIONAL: generate_conditional(generator, expression); break;
    case EXPRESSION_LIST: generate_list(generator, expression->as.list.elements); break;
    case EXPRESSION_MAP: generate_map(generator, expression); break;
    case EXPRESSION_COMPREHENSION: generate_comprehension(generator, expression); break;
    case EXPRESSION_TEMPLATE:
        generate_constant(generator, expression->as.literal);
        generate_emit(generator, OP_RENDER, 0);
        break;
    case EXPRESSION_RULE:
        generate_constant(generator, expression->as.literal);
        generate_emit(generator, OP_TEST_RULE, 0);
        break;
    case EXPRESSION_ERROR: /* a checked graph has none */
    case EXPRESSION_KIND_COUNT: break;
    }
}
