/* Loops of a node: `loop N`, loop_config of bamboo-engine. */
#ifndef VM_RUN_LOOP_H
#define VM_RUN_LOOP_H

#include "vm/run/interpreter.h"

/* The node's policy if it loops, else NULL. */
const struct image_policy *node_loop(const struct program *program, const struct image_node *node);

/* Is another round to follow the one that the machine's token has just ended? */
bool loop_goes_on(const struct interpreter *machine);

/* Adds the round to the list that collects them. `outputs` are those of the node. */
MUST_CHECK enum bamboo_status loop_collect(struct interpreter *machine, bool success,
                                           struct bamboo_value outputs);

#endif
