/* Makes the nodes of graphs and contexts for the grammar; as ast_build.h says, no function fails.
 */
#ifndef GRAMMAR_AST_BUILD_FORM_H
#define GRAMMAR_AST_BUILD_FORM_H

#include "grammar/ast_build.h"

/* --- graph { } --- */

/* A graph in the making. */
struct graph_form {
    struct statement_list nodes;
    struct arrow_list arrows;
};

struct graph_form *graph_form(struct parser *parser);
struct ast_graph *graph_finish(struct parser *parser, struct span span, bool tolerates_cycles,
                               const struct graph_form *form);

/* name = value: the call of a component or pipeline, or the word `converge`. */
void graph_add_call(struct parser *parser, struct graph_form *form, struct span span,
                    struct span name, struct ast_expression *value,
                    const struct ast_policies *policies);
void graph_add_gateway(struct parser *parser, struct graph_form *form, struct span span,
                       struct span name, enum ast_gateway_kind kind, struct way_list ways);
/* `start name`, `end name`, `end name = handler(...)`: `handler` may be NULL. */
void graph_add_event(struct parser *parser, struct graph_form *form, enum ast_statement_kind kind,
                     struct span span, struct ast_name name, struct ast_expression *handler);
/* Returns `target`, from which the next arrow of a chain leads on. */
struct span graph_add_arrow(struct parser *parser, struct graph_form *form, struct span source,
                            struct span target, struct ast_name flow);
/* What could not be parsed. */
void graph_add_error(struct parser *parser, struct graph_form *form, struct span span);

/* A way that could not be parsed: it has no target. */
struct ast_way *ast_error_way(struct parser *parser, struct span span);
struct ast_way *ast_way(struct parser *parser, struct span span, struct span target,
                        struct ast_expression *condition, bool is_default, struct ast_name flow);

/* --- context { } --- */

enum variable_mark { MARK_PARAMETER = 1, MARK_PRERENDERED = 2 };

struct ast_context *ast_context(struct parser *parser, struct span span,
                                struct variable_list variables);
/* `value` may be NULL; reports one that is not constant. */
struct ast_variable *ast_variable(struct parser *parser, struct span span,
                                  enum ast_variable_kind kind, struct span name,
                                  struct ast_expression *value, unsigned marks);
struct ast_source *ast_source(struct parser *parser, struct span node, struct span key);

/* Keeps a context or graph for the pipeline around it; reports one that does not stand directly in
 * a pipeline, or a second one. */
void ast_place_context(struct parser *parser, struct ast_context *context);
void ast_place_graph(struct parser *parser, struct ast_graph *graph);

/* Gives a pipeline its body: `block` (or NULL) and what was kept. With a context, outputs are named
 * by their keys. */
void ast_set_body(struct parser *parser, struct ast_pipeline *pipeline, struct ast_block *block);

#endif
