#include "stdlib/component_list.h"

static enum bamboo_outcome execute(struct bamboo_activity *activity)
{
    (void)activity;
    return BAMBOO_PENDING;
}

static enum bamboo_outcome schedule(struct bamboo_activity *activity, struct bamboo_value data)
{
    bamboo_activity_set_output_take(activity, "data", bamboo_value_retain(data));
    return BAMBOO_SUCCESS;
}

static const struct bamboo_output OUTPUTS[] = {
    {.name = "data", .type = "any", .documentation = "What the callback brought."},
};

const struct bamboo_component STDLIB_callback = {
    .abi_version = BAMBOO_COMPONENT_ABI,
    .code = "callback",
    .summary = "waits until somebody answers",
    .documentation =
        "Waits for one `bamboo callback RUN NODE --data JSON`, from a person or a system. "
        "Waiting costs nothing and survives restarts; inputs are free, for whoever "
        "answers to read. Example: `approve = callback() { timeout 8h then skip }`, then "
        "`approve.data.ok`.",
    .kind = BAMBOO_KIND_CALLBACK,
    .effect = BAMBOO_EFFECT_PURE,
    .accepts_any_input = true,
    STDLIB_OUTPUTS(OUTPUTS),
    .execute = execute,
    .schedule = schedule,
};
