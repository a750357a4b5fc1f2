#include "vm/run/node_state.h"

static const char *const NODE_STATE_NAMES[] = {
#define NODE_STATE(name, text, targets, meaning) [NODE_##name] = text,
#include "vm/run/node_states.def"
#undef NODE_STATE
};

const char *node_state_name(enum node_state state)
{
    return NODE_STATE_NAMES[state];
}
