#include "base/value.h"
#include "stdlib/component_list.h"

static enum bamboo_outcome execute(struct bamboo_activity *activity)
{
    struct bamboo_value count = bamboo_activity_input(activity, "count");
    if (count.type != BAMBOO_INTEGER || count.as.integer < 1)
        return bamboo_activity_fail(activity,
                                    "count is the number of callbacks: an int of 1 or more");
    bamboo_activity_set_output_take(activity, "data", value_empty_list());
    return BAMBOO_PENDING;
}

static enum bamboo_outcome schedule(struct bamboo_activity *activity, struct bamboo_value data)
{
    struct bamboo_value list = bamboo_value_retain(bamboo_activity_output(activity, "data"));
    enum bamboo_status status = value_list_append_take(&list, bamboo_value_retain(data), NULL);
    if (status != BAMBOO_OK) {
        bamboo_value_release(list);
        if (status == BAMBOO_E_MEMORY) return bamboo_activity_fail_memory(activity);
        return bamboo_activity_fail(activity, "the callback's data cannot be kept: %s",
                                    bamboo_status_meaning(status));
    }
    int64_t received = (int64_t)bamboo_list_count(list);
    bamboo_activity_set_output_take(activity, "data", list);
    int64_t wanted = bamboo_activity_input(activity, "count").as.integer;
    return received < wanted ? BAMBOO_PENDING : BAMBOO_SUCCESS;
}

static const struct bamboo_input INPUTS[] = {
    {.name = "count",
     .type = "int",
     .required = true,
     .documentation = "How many callbacks to wait for."},
};

static const struct bamboo_output OUTPUTS[] = {
    {.name = "data",
     .type = "list",
     .documentation = "What the callbacks brought, in the order in which they came."},
};

const struct bamboo_component STDLIB_multi_callback = {
    .abi_version = BAMBOO_COMPONENT_ABI,
    .code = "multi_callback",
    .summary = "waits until several have answered",
    .documentation = "Collects the data of `count` callbacks, one after the other; none is lost. "
                     "Example: `votes = multi_callback(3)`, then `votes.data`.",
    .kind = BAMBOO_KIND_MULTI_CALLBACK,
    .effect = BAMBOO_EFFECT_PURE,
    .accepts_any_input = true,
    STDLIB_INPUTS(INPUTS),
    STDLIB_OUTPUTS(OUTPUTS),
    .execute = execute,
    .schedule = schedule,
};
