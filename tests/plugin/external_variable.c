/* A plugin that must be refused: a lazy variable is computed inside the machine. */
#include "../../include/bamboo_component.h"

BAMBOO_API const struct bamboo_component_set *bamboo_plugin_components(void);

static enum bamboo_outcome execute(struct bamboo_activity *activity)
{
    (void)activity;
    return BAMBOO_SUCCESS;
}

static const struct bamboo_component COMPONENT = {
    .abi_version = BAMBOO_COMPONENT_ABI,
    .code = "odd",
    .execute = execute,
    .kind = BAMBOO_KIND_VARIABLE,
    .effect = BAMBOO_EFFECT_EXTERNAL,
};

static const struct bamboo_component *const ITEMS[] = {&COMPONENT};
static const struct bamboo_component_set SET = {ITEMS, 1};

const struct bamboo_component_set *bamboo_plugin_components(void)
{
    return &SET;
}
