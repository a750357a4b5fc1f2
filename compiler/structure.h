/* From graphs to blocks: a graph whose gateways meet in converges of their own, one inside the
 * other, is what blocks of statements make. */
#ifndef COMPILER_STRUCTURE_H
#define COMPILER_STRUCTURE_H

#include "compiler/compilation.h"
#include "grammar/ast.h"

/* Gives the pipeline a block instead of its graph if that says the same: every node keeps its name,
 * and so do the ways of gateways. Flows that nobody can name to an operator lose theirs. Leaves the
 * graph as it is if it is not made of blocks. Running out of memory is remembered. */
void structure_pipeline(struct compilation *compilation, struct ast_pipeline *pipeline);

/* Lets the arrows of a graph that is left name its events `start` and `end`, whatever the events
 * are called. */
void structure_arrows(struct ast_pipeline *pipeline);

#endif
