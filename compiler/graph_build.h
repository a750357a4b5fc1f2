/* From trees to a graph: names first, then blocks become gateways with their converges. Whatever is
 * wrong with names is told here; a broken statement leaves no node, and nothing is told about it
 * later. */
#ifndef COMPILER_GRAPH_BUILD_H
#define COMPILER_GRAPH_BUILD_H

#include "compiler/graph.h"

/* Builds the graph of graph->files. Mistakes go to the diagnostics. */
void graph_build(struct graph *graph);

#endif
