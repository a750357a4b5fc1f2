#include "compiler/fold.h"

#include "base/value_operators.h"

static bool is_number(struct bamboo_value value)
{
    return value.type == BAMBOO_INTEGER || value.type == BAMBOO_FLOAT ||
           value.type == BAMBOO_DURATION;
}

static value_operator folding_operator(enum ast_operator which)
{
    /* Only what always gives a number or a duration: values without an owner. */
    static const value_operator OPERATORS[OPERATOR_COUNT] = {
        [OPERATOR_ADD] = value_add,
        [OPERATOR_SUBTRACT] = value_subtract,
        [OPERATOR_MULTIPLY] = value_multiply,
        [OPERATOR_DIVIDE] = value_divide,
        [OPERATOR_FLOOR_DIVIDE] = value_floor_divide,
        [OPERATOR_MODULO] = value_modulo,
    };
    return OPERATORS[which];
}

static enum fold_result fold_unary(const struct ast_expression *expression,
                                   struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_value operand = bamboo_missing();
    enum ast_operator which = expression->as.operation.operator;
    if (which != OPERATOR_NEGATE && which != OPERATOR_PLUS) return FOLD_NOT;
    enum fold_result result = fold_expression(expression->as.operation.left, &operand, error);
    if (result != FOLD_VALUE) return result;
    if (which == OPERATOR_PLUS) {
        *out = operand;
        return FOLD_VALUE;
    }
    return value_negate(operand, out, error) == BAMBOO_OK ? FOLD_VALUE : FOLD_FAILS;
}

static enum fold_result fold_binary(const struct ast_expression *expression,
                                    struct bamboo_value *out, struct bamboo_error *error)
{
    value_operator compute = folding_operator(expression->as.operation.operator);
    if (compute == NULL) return FOLD_NOT;
    struct bamboo_value left = bamboo_missing();
    struct bamboo_value right = bamboo_missing();
    enum fold_result result = fold_expression(expression->as.operation.left, &left, error);
    if (result != FOLD_VALUE) return result;
    result = fold_expression(expression->as.operation.right, &right, error);
    if (result != FOLD_VALUE) return result;
    return compute(left, right, out, error) == BAMBOO_OK ? FOLD_VALUE : FOLD_FAILS;
}

enum fold_result fold_expression(const struct ast_expression *expression, struct bamboo_value *out,
                                 struct bamboo_error *error)
{
    if (expression->kind == EXPRESSION_LITERAL && is_number(expression->as.literal)) {
        *out = expression->as.literal;
        return FOLD_VALUE;
    }
    if (expression->kind == EXPRESSION_UNARY) return fold_unary(expression, out, error);
    if (expression->kind == EXPRESSION_BINARY) return fold_binary(expression, out, error);
    return FOLD_NOT;
}
