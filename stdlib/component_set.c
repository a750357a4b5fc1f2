#include "stdlib/component_list.h"

static enum bamboo_outcome execute(struct bamboo_activity *activity)
{
    struct bamboo_value inputs = bamboo_activity_inputs(activity);
    for (size_t i = 0; i < bamboo_map_count(inputs); i++)
        bamboo_activity_set_output_take(activity,
                                        bamboo_string_bytes(bamboo_map_key_at(inputs, i), NULL),
                                        bamboo_value_retain(bamboo_map_value_at(inputs, i)));
    return BAMBOO_SUCCESS;
}

const struct bamboo_component STDLIB_set = {
    .abi_version = BAMBOO_COMPONENT_ABI,
    .code = "set",
    .summary = "gives its inputs as outputs",
    .documentation =
        "Every input becomes an output of the same name, so that several values can be "
        "kept under one node. Example: `limits = set(low: 1, high: 10)`, then "
        "`limits.high`.",
    .kind = BAMBOO_KIND_PLAIN,
    .effect = BAMBOO_EFFECT_PURE,
    .accepts_any_input = true,
    .any_output = true,
    .execute = execute,
};
