/* The states of a node and its transitions, from node_states.def. */
#ifndef VM_RUN_NODE_STATE_H
#define VM_RUN_NODE_STATE_H

#include <stdbool.h>
#include <stdint.h>

enum node_state {
#define NODE_STATE(name, text, targets, meaning) NODE_##name,
#include "vm/run/node_states.def"
#undef NODE_STATE
    NODE_STATE_COUNT
};

/* "RUNNING", ...; "" for a node that no token has reached. Constant storage. */
const char *node_state_name(enum node_state state);

/* Is this transition one of the table? */
static inline bool node_state_may_become(enum node_state from, enum node_state to)
{
    static const uint32_t TARGETS[] = {
#define TO(name)                                 | (1u << NODE_##name)
#define NODE_STATE(name, text, targets, meaning) [NODE_##name] = 0u targets,
#include "vm/run/node_states.def"
#undef NODE_STATE
#undef TO
    };
    return TARGETS[from] >> to & 1u;
}

#endif
