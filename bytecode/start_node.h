/* Where a run may begin, by the rules of bamboo-engine: on the main line, or in an exclusive
 * gateway there. */
#ifndef BYTECODE_START_NODE_H
#define BYTECODE_START_NODE_H

#include "bytecode/program.h"

/* May a run begin at this node of the root pipeline? On the main line, or inside an exclusive
 * gateway of it: yes; inside a fork, at a converge, a subprocess or the end: no. Errors: NOT_FOUND
 * (with the nearest name), REFUSED (with the reason), MEMORY. */
MUST_CHECK enum bamboo_status start_node_check(const struct program *program, const char *name,
                                               struct bamboo_error *error);

/* The names of all nodes where a run may begin, in the order of the flow: a list. */
MUST_CHECK enum bamboo_status start_node_list(const struct program *program,
                                              struct bamboo_value *out, struct bamboo_error *error);

#endif
