#include "compiler/shell_command.h"

#include <string.h>

bool shell_is_raw(const struct ast_expression *expression)
{
    return expression->kind == EXPRESSION_CALL &&
           strcmp(expression->as.call.name.bytes, "raw") == 0;
}

bool shell_is_command(const struct ast_expression *expression)
{
    if (expression->kind == EXPRESSION_LITERAL) return expression->as.literal.type == BAMBOO_STRING;
    if (expression->kind == EXPRESSION_CONDITIONAL)
        return shell_is_command(expression->as.conditional.then) &&
               shell_is_command(expression->as.conditional.otherwise);
    return expression->kind == EXPRESSION_TEXT || expression->kind == EXPRESSION_TEMPLATE ||
           shell_is_raw(expression);
}
