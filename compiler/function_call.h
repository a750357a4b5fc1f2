/* `x = len(y)`: the grammar cannot tell a function from a component, so it makes a call statement;
 * where the callee is a function, the statement sets a variable to this expression. */
#ifndef COMPILER_FUNCTION_CALL_H
#define COMPILER_FUNCTION_CALL_H

#include "compiler/graph.h"

/* The call as an expression, made in the arena; NULL, remembered, if there is no memory. Names of
 * arguments are left out. */
struct ast_expression *function_call_expression(struct compilation *compilation,
                                                const struct ast_statement *statement);

#endif
