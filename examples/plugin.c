/* A plugin with three components: `reverse`, a pure one, `fetch_random`, which starts a process,
 * and `keep_file`, which can take back what it did and has hooks.
 *
 *     cc -std=c11 -fPIC -shared -o plugin.so examples/plugin.c
 *     bamboo --plugin ./plugin.so run examples/plugin.bamboo
 *
 * Everything that it uses is in bamboo_component.h, which `make install` installs. */
#include <stdio.h>
#include <string.h>

#include "../include/bamboo_component.h" /* with an installed bamboo: <bamboo_component.h> */

/* --- reverse: a function of its inputs, called inside the virtual machine --- */

static enum bamboo_outcome reverse(struct bamboo_activity *activity)
{
    struct bamboo_value list = bamboo_activity_input(activity, "items");
    struct bamboo_list_builder reversed;
    struct bamboo_value result;
    bamboo_list_builder_init(&reversed);
    for (size_t i = bamboo_list_count(list); i > 0; i--)
        bamboo_list_builder_append_take(&reversed,
                                        bamboo_value_retain(bamboo_list_at(list, i - 1)));
    if (bamboo_list_builder_finish(&reversed, &result, NULL) != BAMBOO_OK)
        return bamboo_activity_fail_memory(activity);
    bamboo_activity_set_output_take(activity, "items", result);
    return BAMBOO_SUCCESS;
}

static const struct bamboo_input REVERSE_INPUTS[] = {
    {.name = "items", .type = "list", .required = true, .documentation = "What is reversed."},
};
static const struct bamboo_output REVERSE_OUTPUTS[] = {
    {.name = "items", .type = "list", .documentation = "The same, last first."},
};
static const struct bamboo_component REVERSE = {
    .abi_version = BAMBOO_COMPONENT_ABI,
    .code = "reverse",
    .summary = "reverses a list",
    .documentation = "An example of a pure component: it may run again after a crash, and does not "
                     "wait for the disk.",
    .kind = BAMBOO_KIND_PLAIN,
    .effect = BAMBOO_EFFECT_PURE,
    .inputs = REVERSE_INPUTS,
    .input_count = 1,
    .outputs = REVERSE_OUTPUTS,
    .output_count = 1,
    .execute = reverse,
};

/* --- fetch_random: touches the world, so it starts only once the journal says so --- */

static enum bamboo_outcome fetched(struct bamboo_activity *activity,
                                   const struct bamboo_process_result *result)
{
    if (result->exit_code != 0)
        return bamboo_activity_fail(activity, "od ended with exit code %d", result->exit_code);
    bamboo_activity_set_output_text(activity, "hex", result->output, strcspn(result->output, "\n"));
    return BAMBOO_SUCCESS;
}

static enum bamboo_outcome fetch_random(struct bamboo_activity *activity)
{
    struct bamboo_value bytes = bamboo_activity_input(activity, "bytes");
    struct bamboo_error error;
    char count[32];
    snprintf(count, sizeof count, "-N%lld", (long long)bytes.as.integer);
    const char *argv[] = {"od", "-An", "-tx1", "-w256", count, "/dev/urandom", NULL};
    struct bamboo_spawn spawn = {.argv = argv, .capture_size = 4096, .on_exit = fetched};
    if (bytes.as.integer < 1 || bytes.as.integer > 256)
        return bamboo_activity_fail(activity, "bytes is 1 to 256");
    if (bamboo_activity_spawn(activity, &spawn, &error) != BAMBOO_OK)
        return bamboo_activity_fail(activity, "%s", error.message);
    return BAMBOO_PENDING; /* until fetched() has been called */
}

static const struct bamboo_input FETCH_INPUTS[] = {
    {.name = "bytes", .type = "int", .default_json = "8", .documentation = "How many, 1 to 256."},
};
static const struct bamboo_output FETCH_OUTPUTS[] = {
    {.name = "hex", .type = "string", .documentation = "The bytes in hexadecimal."},
};
static const struct bamboo_component FETCH_RANDOM = {
    .abi_version = BAMBOO_COMPONENT_ABI,
    .code = "fetch_random",
    .summary = "reads random bytes from the system",
    .documentation = "An example of an external component: it runs a process, whose output goes to "
                     "the node's log as it comes.",
    .kind = BAMBOO_KIND_PLAIN,
    .effect = BAMBOO_EFFECT_EXTERNAL,
    .inputs = FETCH_INPUTS,
    .input_count = 1,
    .outputs = FETCH_OUTPUTS,
    .output_count = 1,
    .execute = fetch_random,
};

/* --- keep_file: can be taken back (bamboo rollback), and is told how it began and ended --- */

static const char *file_of(const struct bamboo_activity *activity)
{
    return bamboo_string_bytes(bamboo_activity_input(activity, "path"), NULL);
}

static enum bamboo_outcome keep_file(struct bamboo_activity *activity)
{
    size_t size;
    const char *text = bamboo_string_bytes(bamboo_activity_input(activity, "text"), &size);
    FILE *file = fopen(file_of(activity), "wx"); /* one that is there is not ours to remove */
    if (!file) return bamboo_activity_fail(activity, "%s cannot be made", file_of(activity));
    bool written = fwrite(text, 1, size, file) == size;
    if (fclose(file) != 0 || !written)
        return bamboo_activity_fail(activity, "%s cannot be written", file_of(activity));
    return BAMBOO_SUCCESS;
}

static enum bamboo_outcome remove_file(struct bamboo_activity *activity)
{
    if (remove(file_of(activity)) == 0) return BAMBOO_SUCCESS;
    return bamboo_activity_fail(activity, "%s cannot be removed", file_of(activity));
}

static void log_line(struct bamboo_activity *activity, const char *line)
{
    bamboo_activity_log(activity, BAMBOO_STREAM_LOG, line, strlen(line));
}

static void entered(struct bamboo_activity *activity)
{
    log_line(activity, "entered\n");
}

static void finished(struct bamboo_activity *activity)
{
    log_line(activity, "finished\n");
}

static void failed(struct bamboo_activity *activity)
{
    log_line(activity, "failed\n");
}

static const struct bamboo_input KEEP_INPUTS[] = {
    {.name = "path", .type = "string", .required = true, .documentation = "The file to make."},
    {.name = "text", .type = "string", .required = true, .documentation = "What it will hold."},
};
static const struct bamboo_component KEEP_FILE = {
    .abi_version = BAMBOO_COMPONENT_ABI,
    .code = "keep_file",
    .summary = "makes a file",
    .documentation =
        "An example of a component that can be taken back: a rollback removes the file.",
    .kind = BAMBOO_KIND_PLAIN,
    .effect = BAMBOO_EFFECT_EXTERNAL,
    .inputs = KEEP_INPUTS,
    .input_count = 2,
    .execute = keep_file,
    .rollback = remove_file,
    .enter = entered,
    .finish = finished,
    .fail = failed,
};

/* --- What bamboo looks for --- */

static const struct bamboo_component *const COMPONENTS[] = {&REVERSE, &FETCH_RANDOM, &KEEP_FILE};
static const struct bamboo_component_set SET = {COMPONENTS, 3};

BAMBOO_API const struct bamboo_component_set *bamboo_plugin_components(void);

const struct bamboo_component_set *bamboo_plugin_components(void)
{
    return &SET;
}
