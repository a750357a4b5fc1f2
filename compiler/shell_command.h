/* What may be a command of the shell: texts, whose splices are quoted, and what raw() says is code.
 * All else is data, which never becomes code. */
#ifndef COMPILER_SHELL_COMMAND_H
#define COMPILER_SHELL_COMMAND_H

#include <stdbool.h>

#include "grammar/ast.h"

/* raw(...), the value as it is. */
bool shell_is_raw(const struct ast_expression *expression);

/* A text, a template, raw(...), or a choice of such. */
bool shell_is_command(const struct ast_expression *expression);

#endif
