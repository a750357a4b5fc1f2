/* The checks: what is wrong with a flow that is not wrong with its words. Each pass reports all
 * that it finds; a mistake that follows from another is not reported. */
#ifndef COMPILER_CHECK_H
#define COMPILER_CHECK_H

#include "compiler/graph.h"

/* Checks the graph. Returns it as a checked one if neither this nor an earlier pass found an error,
 * else NULL: then compilation_status() says what it is. */
struct checked_graph *graph_check(const struct graph *graph);

/* The same for an expression over the variables of `pipeline`. */
struct checked_graph *graph_check_expression(const struct graph *graph,
                                             struct graph_pipeline *pipeline,
                                             const struct ast_expression *expression);

#endif
