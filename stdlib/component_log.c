#include "base/text.h"
#include "base/value.h"
#include "stdlib/component_list.h"

static enum bamboo_outcome execute(struct bamboo_activity *activity)
{
    struct text text = {0};
    value_append_text(&text, bamboo_activity_input(activity, "message"));
    text_append_character(&text, '\n');
    if (text.failed) {
        text_release(&text);
        return bamboo_activity_fail_memory(activity);
    }
    bamboo_activity_set_output_text(activity, "message", text.bytes, text.size - 1);
    bamboo_activity_log(activity, BAMBOO_STREAM_LOG, text.bytes, text.size);
    text_release(&text);
    return BAMBOO_SUCCESS;
}

static const struct bamboo_input INPUTS[] = {
    {.name = "message",
     .type = "any",
     .required = true,
     .documentation = "What to say; a value that is no text is written as JSON."},
};

static const struct bamboo_output OUTPUTS[] = {
    {.name = "message", .type = "string", .documentation = "What was said."},
};

const struct bamboo_component STDLIB_log = {
    .abi_version = BAMBOO_COMPONENT_ABI,
    .code = "log",
    .summary = "writes a line to the run's log",
    .documentation =
        "The line stands in `bamboo logs` and in the live display. After a crash it may "
        "stand there twice. Example: `log(\"built ${version}\")`.",
    .kind = BAMBOO_KIND_PLAIN,
    .effect = BAMBOO_EFFECT_PURE,
    STDLIB_INPUTS(INPUTS),
    STDLIB_OUTPUTS(OUTPUTS),
    .execute = execute,
};
