#include "stdlib/component_list.h"

static enum bamboo_outcome execute(struct bamboo_activity *activity)
{
    (void)activity;
    return BAMBOO_SUCCESS;
}

const struct bamboo_component STDLIB_noop = {
    .abi_version = BAMBOO_COMPONENT_ABI,
    .code = "noop",
    .summary = "does nothing",
    .documentation = "Finishes at once, without inputs or outputs: a place to pause at, or a step "
                     "that is yet to come. Example: `here = noop()`.",
    .kind = BAMBOO_KIND_PLAIN,
    .effect = BAMBOO_EFFECT_PURE,
    .execute = execute,
};
