/* From a tree to its source: text that parse.h reads back as the same tree. Layout is canonical:
 * what the author's looked like is not kept, nor are comments. */
#ifndef GRAMMAR_WRITE_H
#define GRAMMAR_WRITE_H

#include "base/text.h"
#include "grammar/ast.h"

/* Appends a file without ERROR nodes. Failure is `out`'s. */
void write_flow(const struct ast_file *file, struct text *out);

/* Appends the call of a statement, name(arguments), on one line. */
void write_call_line(const struct ast_statement *call, struct text *out);

/* Appends an expression on one line. */
void write_expression_line(const struct ast_expression *expression, struct text *out);

#endif
