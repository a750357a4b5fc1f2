/* What shell and exec ask the engine for, and what they make of what a process did. The engine here
 * only remembers what it was asked for. */
#include "tests/unit/base/support.h"

#include <stdio.h>

#include "base/limits.h"
#include "stdlib/components.h"
#include "vm/run/activity.h"

/* What was asked for, as one text: "dir=/tmp env=A=1; argv=echo|a". */
static struct text asked;
static struct bamboo_spawn spawned;

static enum bamboo_status remember(struct bamboo_activity *activity,
                                   const struct bamboo_spawn *spawn, struct bamboo_error *error)
{
    (void)activity, (void)error;
    spawned = *spawn;
    text_clear(&asked);
    for (size_t i = 0; spawn->argv[i]; i++)
        text_append_format(&asked, "%s%s", i > 0 ? "|" : "", spawn->argv[i]);
    if (spawn->directory) text_append_format(&asked, " in %s", spawn->directory);
    for (size_t i = 0; spawn->environment && spawn->environment[i]; i++)
        text_append_format(&asked, " %s", spawn->environment[i]);
    if (spawn->input) text_append_format(&asked, " < %s", spawn->input);
    if (spawn->timeout_ms) text_append_format(&asked, " for %d ms", (int)spawn->timeout_ms);
    return BAMBOO_OK;
}

static enum bamboo_status refuse(struct bamboo_activity *activity, const struct bamboo_spawn *spawn,
                                 struct bamboo_error *error)
{
    (void)activity, (void)spawn;
    (void)snprintf(error->message, sizeof error->message, "the program 'x' was not found");
    return error->status = BAMBOO_E_IO;
}

static const struct activity_services REMEMBERING = {.spawn = remember};
static const struct activity_services REFUSING = {.spawn = refuse};

/* An activity with inputs of JSON, where "@1s" is a duration, and the defaults. */
static struct bamboo_activity activity_of(const char *code, const char *inputs)
{
    const struct bamboo_component_set *set = stdlib_components();
    struct bamboo_activity activity = {.services = &REMEMBERING, .run = "run", .node = "node"};
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->items[i]->code, code) == 0) activity.component = set->items[i];
    assert_non_null(activity.component);
    struct bamboo_value given = value_of(inputs);
    struct bamboo_map_builder builder;
    bamboo_map_builder_init(&builder);
    for (size_t i = 0; i < activity.component->input_count; i++) {
        const struct bamboo_input *row = &activity.component->inputs[i];
        struct bamboo_value value = bamboo_map_get(given, row->name);
        if (value.type != BAMBOO_MISSING) {
            const char *text = value.type == BAMBOO_STRING ? bamboo_string_bytes(value, NULL) : "";
            bool is_duration = text[0] == '@';
            bamboo_map_builder_set_take(&builder, row->name,
                                        is_duration ? value_of(text) : bamboo_value_retain(value));
        } else if (row->default_json) {
            bamboo_map_builder_set_take(&builder, row->name, value_of(row->default_json));
        }
    }
    bamboo_value_release(given);
    assert_int_equal(bamboo_map_builder_finish(&builder, &activity.inputs, NULL), BAMBOO_OK);
    return activity;
}

struct start_case {
    const char *promise, *code, *inputs;
    const char *asked; /* begins with '!': why it fails */
};

static const struct start_case STARTS[] = {
    {"a shell gets the command", "shell", "{\"command\": \"echo a\"}", "/bin/sh|-c|echo a"},
    {"another shell", "shell", "{\"command\": \"x\", \"shell\": \"/bin/bash\"}", "/bin/bash|-c|x"},
    {"a folder", "shell", "{\"command\": \"x\", \"cwd\": \"/tmp\"}", "/bin/sh|-c|x in /tmp"},
    {"null counts as not given", "shell", "{\"command\": \"x\", \"cwd\": null, \"env\": null}",
     "/bin/sh|-c|x"},
    {"an environment of any values", "shell",
     "{\"command\": \"x\", \"env\": {\"A\": 1, \"B\": \"b c\", \"C\": [1, \"x\"], \"D\": \"\"}}",
     "/bin/sh|-c|x A=1 B=b c C=[1, \"x\"] D="},
    {"standard input", "shell", "{\"command\": \"x\", \"stdin\": \"text\"}", "/bin/sh|-c|x < text"},
    {"empty standard input is not none", "shell", "{\"command\": \"x\", \"stdin\": \"\"}",
     "/bin/sh|-c|x < "},
    {"a timeout", "shell", "{\"command\": \"x\", \"timeout\": \"@1500ms\"}",
     "/bin/sh|-c|x for 1500 ms"},
    {"words stay as they are", "exec", "{\"argv\": [\"echo\", \"a b\", \"$x\", \"\"]}",
     "echo|a b|$x|"},
    {"numbers become words", "exec", "{\"argv\": [\"x\", 1, 1.5, true, \"@\"]}", "x|1|1.5|true|@"},
    {"no words", "exec", "{\"argv\": []}", "!exec wants at least the program to run"},
    {"a list as a word", "exec", "{\"argv\": [\"x\", [1]]}",
     "!the words of a command are strings or numbers"},
    {"null as a word", "exec", "{\"argv\": [\"x\", null]}",
     "!the words of a command are strings or numbers"},
    {"a NUL in a word", "exec", "{\"argv\": [\"x\", \"a\\u0000b\"]}",
     "!a NUL character cannot be given to a process"},
    {"a NUL in a command", "shell", "{\"command\": \"a\\u0000b\"}",
     "!input command has a NUL character in it"},
    {"a NUL in a folder", "shell", "{\"command\": \"x\", \"cwd\": \"a\\u0000b\"}",
     "!input cwd has a NUL character in it"},
    {"a NUL in the environment", "shell", "{\"command\": \"x\", \"env\": {\"A\": \"\\u0000\"}}",
     "!a NUL character cannot be given to a process"},
    {"a name that is none", "shell", "{\"command\": \"x\", \"env\": {\"A=B\": 1}}",
     "!a name in env is empty or has a '=' in it"},
    {"an empty name", "shell", "{\"command\": \"x\", \"env\": {\"\": 1}}",
     "!a name in env is empty or has a '=' in it"},
    {"no command", "shell", "{}", "!input command is not given"},
    {"a folder of another type", "shell", "{\"command\": \"x\", \"cwd\": 5}",
     "!input cwd wants a value of type string, not an int"},
    {"a timeout of another type", "shell", "{\"command\": \"x\", \"timeout\": \"5\"}",
     "!input timeout wants a value of type duration, not a string"},
    {"a timeout of nothing", "shell", "{\"command\": \"x\", \"timeout\": \"@0s\"}",
     "!timeout is a duration of more than 0s"},
    {"exit codes of another type", "shell", "{\"command\": \"x\", \"ok_codes\": [\"0\"]}",
     "!ok_codes is a list of exit codes, such as [0, 1]"},
};

static void process_is_asked_for(void **state)
{
    const struct start_case *row = *state;
    struct bamboo_activity activity = activity_of(row->code, row->inputs);
    enum bamboo_outcome outcome = activity.component->execute(&activity);
    if (row->asked[0] == '!') {
        assert_int_equal(outcome, BAMBOO_FAILURE);
        assert_string_equal(text_string(&activity.failure), row->asked + 1);
    } else {
        assert_int_equal(outcome, BAMBOO_PENDING);
        assert_string_equal(text_string(&asked), row->asked);
        assert_int_equal(spawned.capture_size, CAPTURE_SIZE_DEFAULT);
    }
    activity_release(&activity);
    text_release(&asked);
}

struct end_case {
    const char *promise, *inputs;
    struct bamboo_process_result result;
    const char *failure; /* NULL: success */
    const char *outputs;
};

#define ENDED(code, out, err) \
    .result = {.exit_code = (code), \
               .output = (out), \
               .output_size = sizeof(out) - 1, \
               .error = (err), \
               .error_size = sizeof(err) - 1}

static const struct end_case ENDS[] = {
    {"exit code 0 is success", "{}", ENDED(0, "out\n", "err\n"), NULL,
     "{\"exit_code\": 0, \"stdout\": \"out\\n\", \"stderr\": \"err\\n\", \"truncated\": false}"},
    {"the last line of standard error says why", "{}", ENDED(2, "out\n", "first\nlast \n \n"),
     "exit code 2: last",
     "{\"exit_code\": 2, \"stdout\": \"out\\n\", \"stderr\": \"first\\nlast \\n \\n\", "
     "\"truncated\": false}"},
    {"else that of standard output", "{}", ENDED(1, "a\nb\n", "\n"), "exit code 1: b",
     "{\"exit_code\": 1, \"stdout\": \"a\\nb\\n\", \"stderr\": \"\\n\", \"truncated\": false}"},
    {"else nothing does", "{}", ENDED(1, "", ""), "exit code 1",
     "{\"exit_code\": 1, \"stdout\": \"\", \"stderr\": \"\", \"truncated\": false}"},
    {"other codes may be well", "{\"ok_codes\": [0, 1]}", ENDED(1, "", ""), NULL,
     "{\"exit_code\": 1, \"stdout\": \"\", \"stderr\": \"\", \"truncated\": false}"},
    {"0 is well only if it is named", "{\"ok_codes\": [1]}", ENDED(0, "", ""), "exit code 0",
     "{\"exit_code\": 0, \"stdout\": \"\", \"stderr\": \"\", \"truncated\": false}"},
    {"what is not UTF-8 is replaced", "{}", ENDED(3, "a\xFFz\xC3", "b\xE4\n"),
     "exit code 3: b\xEF\xBF\xBD",
     "{\"exit_code\": 3, \"stdout\": \"a\\ufffdz\\ufffd\", \"stderr\": \"b\\ufffd\\n\", "
     "\"truncated\": false}"},
    {"a signal is named", "{}",
     .result = {.exit_code = 137, .signal = 9, .output = "", .error = ""},
     .failure = "killed by signal 9 (Killed)",
     .outputs = "{\"exit_code\": 137, \"stdout\": \"\", \"stderr\": \"\", \"truncated\": false}"},
    {"a signal of real time", "{}",
     .result = {.exit_code = 163, .signal = 35, .output = "", .error = ""},
     .failure = "killed by signal 35 (of real time)",
     .outputs = "{\"exit_code\": 163, \"stdout\": \"\", \"stderr\": \"\", \"truncated\": false}"},
    {"a timeout is told", "{\"timeout\": \"@90s\"}",
     .result = {.exit_code = 137, .signal = 9, .timed_out = true, .output = "", .error = ""},
     .failure = "the process was killed: it took longer than 1m30s",
     .outputs = "{\"exit_code\": 137, \"stdout\": \"\", \"stderr\": \"\", \"truncated\": false}"},
    {"more output than is kept is told", "{}",
     .result = {.output = "a", .output_size = 1, .output_truncated = true, .error = ""},
     .outputs = "{\"exit_code\": 0, \"stdout\": \"a\", \"stderr\": \"\", \"truncated\": true}"},
};

static void end_is_judged(void **state)
{
    const struct end_case *row = *state;
    struct text inputs = {0};
    text_append_format(&inputs, "{\"command\": \"x\"%s%s", row->inputs[1] == '}' ? "" : ", ",
                       row->inputs + 1);
    struct bamboo_activity activity = activity_of("shell", text_string(&inputs));
    assert_int_equal(activity.component->execute(&activity), BAMBOO_PENDING);
    enum bamboo_outcome outcome = spawned.on_exit(&activity, &row->result);
    assert_int_equal(outcome, row->failure ? BAMBOO_FAILURE : BAMBOO_SUCCESS);
    if (row->failure) assert_string_equal(text_string(&activity.failure), row->failure);
    assert_value(activity.outputs, row->outputs);
    activity_release(&activity);
    text_release(&inputs);
    text_release(&asked);
}

static void what_cannot_be_started_fails_with_the_reason(void **state)
{
    (void)state;
    struct bamboo_activity activity = activity_of("shell", "{\"command\": \"x\"}");
    activity.services = &REFUSING;
    assert_int_equal(activity.component->execute(&activity), BAMBOO_FAILURE);
    assert_string_equal(text_string(&activity.failure), "the program 'x' was not found");
    activity_release(&activity);
}

static void a_long_last_line_is_cut(void **state)
{
    (void)state;
    char line[2000];
    memset(line, 'x', sizeof line);
    struct bamboo_activity activity = activity_of("shell", "{\"command\": \"x\"}");
    struct bamboo_process_result result = {
        .exit_code = 1, .output = "", .error = line, .error_size = sizeof line};
    assert_int_equal(activity.component->execute(&activity), BAMBOO_PENDING);
    assert_int_equal(spawned.on_exit(&activity, &result), BAMBOO_FAILURE);
    assert_int_equal(activity.failure.size, strlen("exit code 1: ") + 500);
    activity_release(&activity);
    text_release(&asked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_started_fails_with_the_reason),
        cmocka_unit_test(a_long_last_line_is_cut),
    };
    return RUN_ROWS(STARTS, process_is_asked_for) + RUN_ROWS(ENDS, end_is_judged) +
           cmocka_run_group_tests_name("processes", tests, NULL, NULL);
}
