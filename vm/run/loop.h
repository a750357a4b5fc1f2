/* Loops of a node: `loop N`, loop_config of bamboo-engine. */
#ifndef VM_RUN_LOOP_H
#define VM_RUN_LOOP_H

#include "vm/run/interpreter.h"

/* The node's policy if it loops, else NULL. */
static inline const struct image_policy *node_loop(const struct program *program,
                                                   const struct image_node *node)
{
    if (node->policy == IMAGE_NONE) return NULL;
    const struct image_policy *policy = &program->policies[node->policy];
    return policy->loop_count > 0 ? policy : NULL;
}

/* The loop of the machine's node, or NULL. */
static inline const struct image_policy *machine_loop(const struct interpreter *machine)
{
    return node_loop(machine->linked->program, machine->at.row);
}

/* Is another round to follow the one that the machine's token has just ended? */
bool loop_goes_on(const struct interpreter *machine, const struct image_policy *loop);

/* Adds the round to the list that collects them. `outputs` are those of the node. */
MUST_CHECK enum bamboo_status loop_collect(struct interpreter *machine,
                                           const struct image_policy *loop, bool success,
                                           struct bamboo_value outputs);

#endif
