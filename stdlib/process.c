#include "stdlib/process.h"

#include <string.h>

#include "base/duration.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/value.h"
#include "stdlib/c_strings.h"
#include "stdlib/inputs.h"

/* Bytes of a line that becomes part of an error. */
#define LINE_SIZE_MAX 500

/* What is not UTF-8 is replaced, byte by byte: the log keeps what it was. */
static void append_as_utf8(struct text *text, const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        uint32_t code_point;
        size_t width = utf8_decode(bytes + at, size - at, &code_point);
        if (width > 0)
            text_append(text, bytes + at, width);
        else
            text_append_string(text, "\xEF\xBF\xBD");
        at += width > 0 ? width : 1;
    }
}

/* False if there is no memory. */
static bool set_text(struct bamboo_activity *activity, const char *name, const char *bytes,
                     size_t size)
{
    struct text text = {0};
    append_as_utf8(&text, bytes, size);
    bool is_complete = !text.failed;
    if (is_complete) bamboo_activity_set_output_text(activity, name, text_string(&text), text.size);
    text_release(&text);
    return is_complete;
}

/* The last line with something in it. */
static const char *last_line(const char *bytes, size_t size, size_t *line_size)
{
    size_t end = size;
    while (end > 0 && strchr(" \t\r\n", bytes[end - 1]))
        end--;
    size_t start = end;
    while (start > 0 && bytes[start - 1] != '\n')
        start--;
    *line_size = end - start;
    return bytes + start;
}

static bool code_is_ok(struct bamboo_value ok_codes, int exit_code)
{
    if (ok_codes.type != BAMBOO_LIST) return exit_code == 0;
    for (size_t i = 0; i < bamboo_list_count(ok_codes); i++) {
        struct bamboo_value code = bamboo_list_at(ok_codes, i);
        if (code.type == BAMBOO_INTEGER && code.as.integer == exit_code) return true;
    }
    return false;
}

/* "exit code 2: <what it said last>"; what it said may be cut, and need not be UTF-8. */
static enum bamboo_outcome fail_with_code(struct bamboo_activity *activity,
                                          const struct bamboo_process_result *result)
{
    size_t size;
    struct text line = {0};
    const char *bytes = last_line(result->error, result->error_size, &size);
    if (size == 0) bytes = last_line(result->output, result->output_size, &size);
    append_as_utf8(&line, bytes, size < LINE_SIZE_MAX ? size : LINE_SIZE_MAX);
    enum bamboo_outcome outcome =
        bamboo_activity_fail(activity, size > 0 ? "exit code %d: %s" : "exit code %d",
                             result->exit_code, text_string(&line));
    text_release(&line);
    return outcome;
}

static enum bamboo_outcome fail_with_timeout(struct bamboo_activity *activity)
{
    struct text text = {0};
    duration_append(&text, bamboo_activity_input(activity, "timeout").as.integer);
    enum bamboo_outcome outcome = bamboo_activity_fail(
        activity, "the process was killed: it took longer than %s", text_string(&text));
    text_release(&text);
    return outcome;
}

static enum bamboo_outcome on_exit(struct bamboo_activity *activity,
                                   const struct bamboo_process_result *result)
{
    bamboo_activity_set_output_take(activity, "exit_code", bamboo_integer(result->exit_code));
    if (!set_text(activity, "stdout", result->output, result->output_size) ||
        !set_text(activity, "stderr", result->error, result->error_size))
        return bamboo_activity_fail_memory(activity);
    bamboo_activity_set_output_take(
        activity, "truncated", bamboo_bool(result->output_truncated || result->error_truncated));
    if (result->timed_out) return fail_with_timeout(activity);
    if (result->unread)
        return bamboo_activity_fail(activity, "what the process printed cannot be read: %s",
                                    strerrordesc_np(result->unread));
    if (code_is_ok(bamboo_activity_input(activity, "ok_codes"), result->exit_code))
        return BAMBOO_SUCCESS;
    if (!result->signal) return fail_with_code(activity, result);
    const char *name = sigdescr_np(result->signal);
    return bamboo_activity_fail(activity, "killed by signal %d (%s)", result->signal,
                                name ? name : "of real time");
}

/* A process in the making: what the system is to be given. */
struct process_start {
    struct bamboo_spawn spawn;
    struct c_strings environment;
};

/* "NAME=value" for each entry of input env. NULL, or why it cannot be. */
static const char *append_environment(struct c_strings *strings, struct bamboo_value env)
{
    const char *failure = NULL;
    size_t name_size, count = env.type == BAMBOO_MAP ? bamboo_map_count(env) : 0;
    for (size_t i = 0; i < count && !failure; i++) {
        struct text text = {0};
        const char *name = bamboo_string_bytes(bamboo_map_key_at(env, i), &name_size);
        if (name_size == 0 || strchr(name, '='))
            failure = "a name in env is empty or has a '=' in it";
        text_append(&text, name, name_size);
        text_append_character(&text, '=');
        value_append_text(&text, bamboo_map_value_at(env, i));
        if (!failure) failure = c_strings_append(strings, &text);
        text_release(&text);
    }
    return failure;
}

/* NULL, or what is wrong with it. */
static const char *check_ok_codes(struct bamboo_value ok_codes)
{
    for (size_t i = 0; ok_codes.type == BAMBOO_LIST && i < bamboo_list_count(ok_codes); i++)
        if (bamboo_list_at(ok_codes, i).type != BAMBOO_INTEGER)
            return "ok_codes is a list of exit codes, such as [0, 1]";
    return NULL;
}

/* Fills in what the inputs say. False: the activity has failed. */
static bool prepare(struct bamboo_activity *activity, struct process_start *start)
{
    bool failed = false;
    struct bamboo_spawn *spawn = &start->spawn;
    struct bamboo_value timeout = bamboo_activity_input(activity, "timeout");
    struct bamboo_value input = bamboo_activity_input(activity, "stdin");
    const char *failure = check_ok_codes(bamboo_activity_input(activity, "ok_codes"));
    if (!failure)
        failure = append_environment(&start->environment, bamboo_activity_input(activity, "env"));
    if (!failure && timeout.type == BAMBOO_DURATION && timeout.as.integer <= 0)
        failure = "timeout is a duration of more than 0s";
    spawn->directory = input_c_string(activity, "cwd", &failed);
    if (failed) return false;
    if (failure) {
        bamboo_activity_fail(activity, "%s", failure);
        return false;
    }
    if (timeout.type == BAMBOO_DURATION) spawn->timeout_ms = timeout.as.integer;
    if (input.type == BAMBOO_STRING) spawn->input = bamboo_string_bytes(input, &spawn->input_size);
    spawn->environment = (const char *const *)start->environment.items;
    spawn->capture_size = CAPTURE_SIZE_DEFAULT;
    spawn->on_exit = on_exit;
    return true;
}

enum bamboo_outcome process_start(struct bamboo_activity *activity, const char *const *argv)
{
    struct bamboo_error error = {0};
    struct process_start start = {.spawn = {.argv = argv}};
    enum bamboo_outcome outcome = BAMBOO_FAILURE;
    if (prepare(activity, &start)) {
        outcome = BAMBOO_PENDING;
        if (bamboo_activity_spawn(activity, &start.spawn, &error) != BAMBOO_OK)
            outcome = bamboo_activity_fail(activity, "%s", error.message);
    }
    c_strings_release(&start.environment);
    return outcome;
}
