/* The tree as text, for `bamboo check --emit ast` and for tests: a line a statement, indented by
 * blocks, expressions as in Lisp: (+ a (field b stdout)). */
#ifndef GRAMMAR_AST_PRINT_H
#define GRAMMAR_AST_PRINT_H

#include "base/text.h"
#include "grammar/ast.h"

/* Appends it; text->failed says that memory is out. */
void ast_print_file(const struct ast_file *file, struct text *out);

/* The same for an expression, without a newline. */
void ast_print_expression(const struct ast_expression *expression, struct text *out);

#endif
