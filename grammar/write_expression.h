/* Expressions as source, with as few parentheses as their operators allow. */
#ifndef GRAMMAR_WRITE_EXPRESSION_H
#define GRAMMAR_WRITE_EXPRESSION_H

#include "grammar/ast.h"
#include "grammar/write.h"

void write_expression(struct flow_writer *writer, const struct ast_expression *expression);

/* The right-hand side of `name =`: a call of a function stands in parentheses where it would be
 * read as a statement of its own. */
void write_assigned(struct flow_writer *writer, const struct ast_expression *expression);

/* What stands between ${ and }: on the line of its text. */
void write_spliced(struct flow_writer *writer, const struct ast_expression *expression);

/* (a, name: b) of a call of a component or pipeline; `callee` is the pipeline if it is one of this
 * file, or NULL. */
void write_arguments(struct flow_writer *writer, const struct ast_argument *arguments,
                     const struct ast_pipeline *callee);

#endif
