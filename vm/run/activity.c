/* The component ABI's functions on an activity (include/bamboo_component.h). */
#include "vm/run/activity.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/error.h"
#include "base/utf8.h"
#include "base/value.h"

struct bamboo_value bamboo_activity_inputs(const struct bamboo_activity *activity)
{
    return activity->inputs;
}

struct bamboo_value bamboo_activity_input(const struct bamboo_activity *activity, const char *name)
{
    return activity->inputs.type == BAMBOO_MAP ? bamboo_map_get(activity->inputs, name)
                                               : bamboo_missing();
}

struct bamboo_value bamboo_activity_run_data(const struct bamboo_activity *activity)
{
    return activity->run_data;
}

struct bamboo_value bamboo_activity_output(const struct bamboo_activity *activity, const char *name)
{
    return activity->outputs.type == BAMBOO_MAP ? bamboo_map_get(activity->outputs, name)
                                                : bamboo_missing();
}

void activity_lose(struct bamboo_activity *activity, const char *what,
                   const struct bamboo_error *why)
{
    if (activity->failed != BAMBOO_OK && why->status != BAMBOO_E_MEMORY) return;
    text_clear(&activity->failure);
    text_append_format(&activity->failure, "%s cannot be kept: %s", what, why->message);
    activity->failed = activity->failure.failed ? BAMBOO_E_MEMORY : why->status;
}

static void lose_output(struct bamboo_activity *activity, const char *name,
                        const struct bamboo_error *why)
{
    char what[80];
    snprintf(what, sizeof what, "its output '%.60s'", name);
    activity_lose(activity, what, why);
}

void bamboo_activity_set_output_take(struct bamboo_activity *activity, const char *name,
                                     struct bamboo_value value)
{
    struct bamboo_value outputs;
    struct bamboo_error why;
    if (value_map_with_take(activity->outputs, name, value, &outputs, &why) != BAMBOO_OK) {
        lose_output(activity, name, &why);
        return;
    }
    value_release(activity->outputs);
    activity->outputs = outputs;
}

void bamboo_activity_set_output_text(struct bamboo_activity *activity, const char *name,
                                     const char *bytes, size_t size)
{
    struct bamboo_value text;
    struct bamboo_error why;
    if (bamboo_string_create(bytes, size, &text, &why) != BAMBOO_OK)
        lose_output(activity, name, &why);
    else
        bamboo_activity_set_output_take(activity, name, text);
}

enum bamboo_outcome bamboo_activity_fail(struct bamboo_activity *activity, const char *format, ...)
{
    va_list arguments;
    if (activity->failed != BAMBOO_OK) return BAMBOO_FAILURE; /* there is a reason already */
    va_start(arguments, format);
    text_clear(&activity->failure);
    text_append_arguments(&activity->failure, format, arguments);
    va_end(arguments);
    if (activity->failure.failed) return bamboo_activity_fail_memory(activity);
    utf8_sanitize(activity->failure.bytes, activity->failure.size);
    return BAMBOO_FAILURE;
}

enum bamboo_outcome bamboo_activity_fail_memory(struct bamboo_activity *activity)
{
    activity->failed = BAMBOO_E_MEMORY; /* whatever was the reason before */
    return BAMBOO_FAILURE;
}

const char *activity_failure(const struct bamboo_activity *activity)
{
    bool is_said = activity->failure.size > 0 && !activity->failure.failed;
    return activity->failed == BAMBOO_E_MEMORY && !is_said ? bamboo_status_meaning(BAMBOO_E_MEMORY)
                                                           : text_string(&activity->failure);
}

int64_t bamboo_activity_now(const struct bamboo_activity *activity)
{
    return activity->now_ms;
}

void bamboo_activity_wake_at(struct bamboo_activity *activity, int64_t time_ms)
{
    activity->wake_at_ms = time_ms;
}

const char *bamboo_activity_run(const struct bamboo_activity *activity)
{
    return activity->run;
}

const char *bamboo_activity_node(const struct bamboo_activity *activity)
{
    return activity->node ? activity->node : activity->services->node(activity);
}

uint64_t bamboo_activity_attempt(const struct bamboo_activity *activity)
{
    return activity->attempt;
}

void bamboo_activity_log(struct bamboo_activity *activity, enum bamboo_stream stream,
                         const char *bytes, size_t size)
{
    if (activity->services && activity->services->log)
        activity->services->log(activity, stream, bytes, size);
}

enum bamboo_status bamboo_activity_spawn(struct bamboo_activity *activity,
                                         const struct bamboo_spawn *spawn,
                                         struct bamboo_error *error)
{
    if (!activity->services || !activity->services->spawn)
        return fail(error, BAMBOO_E_USAGE, "the component %s is pure and may not start a process",
                    activity->component->code);
    return activity->services->spawn(activity, spawn, error);
}

void activity_release(struct bamboo_activity *activity)
{
    value_release(activity->inputs);
    value_release(activity->outputs);
    value_release(activity->run_data);
    if (activity->failure.bytes) text_release(&activity->failure);
    activity->inputs = activity->outputs = activity->run_data = bamboo_missing();
}
