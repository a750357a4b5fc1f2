#include <string.h>

#include "base/duration.h"
#include "base/iso_time.h"
#include "stdlib/component_list.h"
#include "stdlib/inputs.h"

static const struct bamboo_input INPUTS[] = {
    {.name = "duration",
     .type = "duration|string",
     .documentation = "How long, such as 30s; trees give it as a text."},
    {.name = "until",
     .type = "string",
     .documentation = "Until when, such as \"2026-12-01T10:00:00Z\"."},
};

/* The duration, which may be a text: 0 if there is none, -1 after a failure. */
static int64_t read_duration(struct bamboo_activity *activity)
{
    struct bamboo_value duration = bamboo_activity_input(activity, "duration");
    int64_t milliseconds = 0;
    bool failed = false;
    if (duration.type == BAMBOO_DURATION) return duration.as.integer;
    const char *text = input_c_string(activity, "duration", &failed);
    if (failed) return -1;
    struct bamboo_error error;
    if (duration_parse(text, strlen(text), &milliseconds, &error) == BAMBOO_OK) return milliseconds;
    bamboo_activity_fail(activity, "%s", error.message);
    return -1;
}

/* When the sleep ends; false after a failure. */
static bool read_end(struct bamboo_activity *activity, int64_t *wake_at)
{
    bool has_duration = bamboo_activity_input(activity, "duration").type > BAMBOO_NULL;
    bool has_time = bamboo_activity_input(activity, "until").type > BAMBOO_NULL;
    bool failed = false;
    if (has_duration == has_time) {
        bamboo_activity_fail(activity, "sleep wants either duration or until");
        return false;
    }
    if (has_duration) {
        int64_t duration = read_duration(activity);
        if (duration < 0) return false;
        if (!__builtin_add_overflow(bamboo_activity_now(activity), duration, wake_at)) return true;
        bamboo_activity_fail(activity, "the duration is too long");
        return false;
    }
    const char *text = input_c_string(activity, "until", &failed);
    const char *wrong = failed ? NULL : iso_time_parse(text, wake_at);
    if (wrong) bamboo_activity_fail(activity, "'%s' is not a time: %s", text, wrong);
    return !failed && !wrong;
}

static enum bamboo_outcome execute(struct bamboo_activity *activity)
{
    int64_t wake_at;
    if (!inputs_fit(activity, INPUTS, sizeof INPUTS / sizeof *INPUTS)) return BAMBOO_FAILURE;
    if (!read_end(activity, &wake_at)) return BAMBOO_FAILURE;
    bamboo_activity_set_output_take(activity, "until", bamboo_integer(wake_at));
    if (wake_at <= bamboo_activity_now(activity)) return BAMBOO_SUCCESS;
    bamboo_activity_wake_at(activity, wake_at);
    return BAMBOO_PENDING;
}

static enum bamboo_outcome schedule(struct bamboo_activity *activity, struct bamboo_value data)
{
    (void)data;
    struct bamboo_value until = bamboo_activity_output(activity, "until");
    if (until.type != BAMBOO_INTEGER || bamboo_activity_now(activity) >= until.as.integer)
        return BAMBOO_SUCCESS;
    bamboo_activity_wake_at(activity, until.as.integer);
    return BAMBOO_PENDING;
}

static const struct bamboo_output OUTPUTS[] = {
    {.name = "until", .type = "int", .documentation = "When it ends, in milliseconds since 1970."},
};

const struct bamboo_component STDLIB_sleep = {
    .abi_version = BAMBOO_COMPONENT_ABI,
    .code = "sleep",
    .summary = "waits for a duration or until a time",
    .documentation = "Waiting costs nothing and survives restarts: the end is a time of the wall "
                     "clock, and a late one is made up for at once. Examples: `sleep(30s)`, "
                     "`sleep(until: \"2026-12-01T10:00:00Z\")`.",
    .kind = BAMBOO_KIND_POLL,
    .effect = BAMBOO_EFFECT_PURE,
    STDLIB_INPUTS(INPUTS),
    STDLIB_OUTPUTS(OUTPUTS),
    .execute = execute,
    .schedule = schedule,
};
