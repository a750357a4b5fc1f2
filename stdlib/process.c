#include "stdlib/process.h"

#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/value.h"

/* Output that is not UTF-8 is made so, byte by byte: the log keeps what it was. */
static void set_text(struct bamboo_activity *activity, const char *name, const char *bytes,
                     size_t size)
{
    struct text text = {0};
    for (size_t at = 0; at < size;) {
        uint32_t code_point;
        size_t width = utf8_decode(bytes + at, size - at, &code_point);
        if (width == 0) {
            text_append_string(&text, "\xEF\xBF\xBD");
            at++;
        } else {
            text_append(&text, bytes + at, width);
            at += width;
        }
    }
    bamboo_activity_set_output_text(activity, name, text_string(&text), text.size);
    text_release(&text);
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

static enum bamboo_outcome fail_with_code(struct bamboo_activity *activity,
                                          const struct bamboo_process_result *result)
{
    size_t size;
    const char *line = last_line(result->error, result->error_size, &size);
    if (size == 0) line = last_line(result->output, result->output_size, &size);
    if (size == 0) return bamboo_activity_fail(activity, "exit code %d", result->exit_code);
    if (size > 500) size = 500;
    return bamboo_activity_fail(activity, "exit code %d: %.*s", result->exit_code, (int)size, line);
}

static enum bamboo_outcome on_exit(struct bamboo_activity *activity,
                                   const struct bamboo_process_result *result)
{
    bamboo_activity_set_output_take(activity, "exit_code", bamboo_integer(result->exit_code));
    set_text(activity, "stdout", result->output, result->output_size);
    set_text(activity, "stderr", result->error, result->error_size);
    bamboo_activity_set_output_take(
        activity, "truncated", bamboo_bool(result->output_truncated || result->error_truncated));
    if (result->timed_out)
        return bamboo_activity_fail(activity, "the process took longer than its timeout");
    if (code_is_ok(bamboo_activity_input(activity, "ok_codes"), result->exit_code))
        return BAMBOO_SUCCESS;
    if (result->signal)
        return bamboo_activity_fail(activity, "killed by signal %d (%s)", result->signal,
                                    strsignal(result->signal));
    return fail_with_code(activity, result);
}

/* "NAME=value" for each entry of input env; NULL (and *failure) if there is no memory or a name is
 * none. The array and its texts are to be freed. */
static char **make_environment(struct bamboo_value env, const char **failure)
{
    size_t count = env.type == BAMBOO_MAP ? bamboo_map_count(env) : 0;
    char **environment = memory_allocate_zeroed(count + 1, sizeof *environment);
    *failure = environment ? NULL : "out of memory";
    for (size_t i = 0; i < count && !*failure; i++) {
        struct text text = {0};
        struct bamboo_value value = bamboo_map_value_at(env, i);
        const char *name = bamboo_string_bytes(bamboo_map_key_at(env, i), NULL);
        text_append_format(&text, "%s=", name);
        value_append_text(&text, value);
        if (*name == '\0' || strchr(name, '='))
            *failure = "a name in env is empty or has a '=' in it";
        else if (strlen(text_string(&text)) != text.size)
            *failure = "a value in env has a NUL in it";
        else if (text.failed)
            *failure = "out of memory";
        else
            environment[i] = memory_copy_text(text.bytes, text.size);
        if (!*failure && !environment[i]) *failure = "out of memory";
        text_release(&text);
    }
    return environment;
}

static void free_environment(char **environment)
{
    for (size_t i = 0; environment && environment[i]; i++)
        memory_free(environment[i]);
    memory_free(environment);
}

static const char *text_input(const struct bamboo_activity *activity, const char *name,
                              size_t *size)
{
    struct bamboo_value value = bamboo_activity_input(activity, name);
    return value.type == BAMBOO_STRING ? bamboo_string_bytes(value, size) : NULL;
}

enum bamboo_outcome process_start(struct bamboo_activity *activity, const char *const *argv)
{
    const char *failure;
    struct bamboo_error error = {0};
    char **environment = make_environment(bamboo_activity_input(activity, "env"), &failure);
    if (failure) {
        free_environment(environment);
        return bamboo_activity_fail(activity, "%s", failure);
    }
    struct bamboo_spawn spawn = {.argv = argv,
                                 .environment = (const char *const *)environment,
                                 .directory = text_input(activity, "cwd", NULL),
                                 .capture_size = CAPTURE_SIZE_DEFAULT,
                                 .on_exit = on_exit};
    spawn.input = text_input(activity, "stdin", &spawn.input_size);
    struct bamboo_value timeout = bamboo_activity_input(activity, "timeout");
    if (timeout.type == BAMBOO_DURATION)
        spawn.timeout_ms = timeout.as.integer > 0 ? timeout.as.integer : 1;
    enum bamboo_status status = bamboo_activity_spawn(activity, &spawn, &error);
    free_environment(environment);
    if (status != BAMBOO_OK) return bamboo_activity_fail(activity, "%s", error.message);
    return BAMBOO_PENDING;
}
