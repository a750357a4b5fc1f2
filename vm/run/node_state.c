#include "vm/run/node_state.h"

#include <stdint.h>

static const uint32_t NODE_STATE_TARGETS[] = {
#define TO(name)                                 | (1u << NODE_##name)
#define NODE_STATE(name, text, targets, meaning) [NODE_##name] = 0u targets,
#include "vm/run/node_states.def"
#undef NODE_STATE
#undef TO
};

static const char *const NODE_STATE_NAMES[] = {
#define NODE_STATE(name, text, targets, meaning) [NODE_##name] = text,
#include "vm/run/node_states.def"
#undef NODE_STATE
};

const char *node_state_name(enum node_state state)
{
    return NODE_STATE_NAMES[state];
}

bool node_state_may_become(enum node_state from, enum node_state to)
{
    return NODE_STATE_TARGETS[from] >> to & 1u;
}
