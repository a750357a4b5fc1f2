/* What the files that write a tree as source share (write_*.c). */
#ifndef GRAMMAR_FLOW_WRITER_H
#define GRAMMAR_FLOW_WRITER_H

#include "grammar/ast.h"
#include "grammar/source_writer.h"

struct flow_writer {
    struct source_writer lines;
    const struct ast_file *file; /* or NULL: an expression alone */
    bool has_context;            /* the pipeline's data are those of a context */
    unsigned splice_depth;       /* how many ${ } are open */
};

/* --- Texts and names: what text_literal.h reads back (write_text.c) --- */

/* Where a text stands: one of several lines would not be read inside the splice of another. */
enum text_place { TEXT_ANYWHERE, TEXT_ON_ONE_LINE };

/* A text in the quotes that fit it best. */
void write_text_literal(struct flow_writer *writer, const char *bytes, size_t size,
                        enum text_place place);

/* A TEXT: its literals and splices. */
void write_text_parts(struct flow_writer *writer, const struct ast_expression *text,
                      enum text_place place);

/* t"..." or b"...": `${` is nothing special in it. */
void write_prefixed_text(struct flow_writer *writer, char prefix, const char *bytes, size_t size);

/* A name, in backquotes if it needs them, or if it was written so. */
void write_name(struct flow_writer *writer, struct ast_name name);
/* The same where it makes no difference how it was written: for what is declared. */
void write_id(struct flow_writer *writer, const char *bytes);
/* The key of a variable of a context: "${x}" is written x. */
void write_key(struct flow_writer *writer, const char *bytes);

/* --- Expressions, with as few parentheses as their operators allow (write_expression.c) --- */

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

/* --- Statements (write_statement.c, write_policy.c, write_graph.c) --- */

/* { statements }, each on a line of its own. */
void write_statements(struct flow_writer *writer, const struct ast_block *block);
/* The same without the braces, each line with its end before it. */
void write_block_lines(struct flow_writer *writer, const struct ast_block *block);

/* One of a block or of a graph. */
void write_statement(struct flow_writer *writer, const struct ast_statement *statement);

/* callee(arguments) */
void write_callee(struct flow_writer *writer, const struct ast_statement *call,
                  bool begins_statement);

/* " { policies }", or nothing if there are none. */
void write_policies(struct flow_writer *writer, const struct ast_policies *policies);

/* name = exclusive { ways }, ... */
void write_graph_gateway(struct flow_writer *writer, const struct ast_statement *gateway);

/* graph { } */
void write_graph(struct flow_writer *writer, const struct ast_graph *graph);

/* context { } */
void write_context(struct flow_writer *writer, const struct ast_context *context);

#endif
