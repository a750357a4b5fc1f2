#include "base/text.h"
#include "base/value.h"
#include "stdlib/component_list.h"

static enum bamboo_outcome execute(struct bamboo_activity *activity)
{
    struct text text = {0};
    value_append_text(&text, bamboo_activity_input(activity, "message"));
    enum bamboo_outcome outcome = text.failed
                                      ? bamboo_activity_fail_memory(activity)
                                      : bamboo_activity_fail(activity, "%s", text_string(&text));
    text_release(&text);
    return outcome;
}

static const struct bamboo_input INPUTS[] = {
    {.name = "message",
     .type = "any",
     .default_json = "\"failed on purpose\"",
     .documentation = "Why; it becomes the node's `ex_data`."},
};

const struct bamboo_component STDLIB_fail = {
    .abi_version = BAMBOO_COMPONENT_ABI,
    .code = "fail",
    .summary = "fails, always",
    .documentation =
        "For generated flows and trees; in the language the statement `fail \"why\"` does "
        "the same. An operator may retry or skip the node.",
    .kind = BAMBOO_KIND_PLAIN,
    .effect = BAMBOO_EFFECT_PURE,
    STDLIB_INPUTS(INPUTS),
    .execute = execute,
};
