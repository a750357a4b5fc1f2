/* Inside graph building: what its files share. A position is the flow that leads to the next
 * statement, without a target yet; NULL: nothing leads there, or memory is out. */
#ifndef COMPILER_GRAPH_BUILDER_H
#define COMPILER_GRAPH_BUILDER_H

#include "compiler/graph.h"

struct graph_builder {
    struct graph *graph;
    struct compilation *compilation;
    struct graph_pipeline *pipeline;
};

/* Finds out what each name of the pipeline means (graph_names.c). */
void graph_collect_names(struct graph_builder *builder);

/* Adds a node of a statement where `position` leads; returns the flow that leaves it.
 * `*node` gets the node. */
struct graph_flow *build_node(struct graph_builder *builder, struct graph_flow *position,
                              enum image_node_kind kind, const char *name,
                              const struct ast_statement *statement, struct graph_node **node);

/* The name that the author gave to a statement, else a derived one ("if_1"). Sets *flags. */
const char *build_name(struct graph_builder *builder, const struct ast_statement *statement,
                       const char *base, uint16_t *flags);

/* Leads `position` to a node that is there. Both may be NULL. */
void build_connect(struct graph_flow *position, struct graph_node *target);

/* Adds `position` to a list of flows that will meet; `position` may be NULL. */
void build_loosen(struct graph_flow **loose, struct graph_flow *position);

/* A converge "<name>_join" where all loose flows meet; returns the flow that leaves it, NULL if
 * nothing reaches it. *converge (may be NULL) gets the node. */
struct graph_flow *build_join(struct graph_builder *builder, struct graph_flow *loose,
                              const char *name, struct span span, struct graph_node **converge);

/* Builds the statements of a block; returns the flow behind the last one. */
struct graph_flow *build_block(struct graph_builder *builder, struct graph_flow *position,
                               const struct ast_block *block);

/* One statement of each kind (graph_build_*.c). */
struct graph_flow *build_call(struct graph_builder *builder, struct graph_flow *position,
                              const struct ast_statement *statement);
struct graph_flow *build_branches(struct graph_builder *builder, struct graph_flow *position,
                                  const struct ast_statement *statement);
struct graph_flow *build_repeat(struct graph_builder *builder, struct graph_flow *position,
                                const struct ast_statement *statement);

/* The node of a call, with what its policies attach to it; no flow leads to it or leaves it yet.
 * NULL if what is called is not known (told), or memory is out. */
struct graph_node *build_call_node(struct graph_builder *builder,
                                   const struct ast_statement *statement);
/* `end name = handler(...)`: the component of an end. */
void build_handler_of_end(struct graph_builder *builder, struct graph_node *end);

/* All of a graph { } (graph_build_form.c). */
void build_graph_form(struct graph_builder *builder);

/* context { }: its variables, before nodes are built, and which outputs of nodes go into them,
 * afterwards (graph_context.c). */
void graph_collect_context(struct graph_builder *builder);
void graph_build_copies(struct graph_builder *builder);

/* The part of a span that stands on its first line: what a gateway's instructions come from. */
struct span span_first_line(const struct graph_builder *builder, struct span span);

#endif
