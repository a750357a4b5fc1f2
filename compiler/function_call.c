#include "compiler/function_call.h"

struct ast_expression *function_call_expression(struct compilation *compilation,
                                                const struct ast_statement *statement)
{
    struct ast_expression *call = compilation_allocate(compilation, 1, sizeof *call);
    if (call == NULL) return NULL;
    const struct ast_name *callee = &statement->as.call.callee;
    call->kind = EXPRESSION_CALL;
    call->span = callee->span;
    call->as.call.name = *callee;
    struct ast_expression **next = &call->as.call.arguments;
    for (const struct ast_argument *argument = statement->as.call.arguments; argument != NULL;
         argument = argument->next) {
        struct ast_expression *copy = compilation_allocate(compilation, 1, sizeof *copy);
        if (copy == NULL) return NULL;
        *copy = *argument->value;
        copy->next = NULL;
        *next = copy;
        next = &copy->next;
        call->as.call.argument_count++;
        call->span = span_join(call->span, argument->span);
    }
    return call;
}
