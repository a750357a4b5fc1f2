/* Statements, their policies and blocks as source. */
#ifndef GRAMMAR_WRITE_STATEMENT_H
#define GRAMMAR_WRITE_STATEMENT_H

#include "grammar/ast.h"
#include "grammar/write.h"

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
