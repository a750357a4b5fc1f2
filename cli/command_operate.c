/* Control operations: pause, resume, revoke, retry, skip, fail, callback. They differ in what they
 * need; what they do is the engine's business. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/characters.h"
#include "cli/command.h"
#include "cli/look.h"
#include "cli/node_reference.h"
#include "cli/operate.h"
#include "cli/parameters.h"
#include "cli/result.h"

/* --- Data --- */

/* JSON if it can be read as such, else the text itself. */
static enum bamboo_status read_json_or_text(const char *text, struct bamboo_value *out,
                                            struct bamboo_error *error)
{
    enum bamboo_status status = bamboo_json_parse(text, strlen(text), out, error);
    return status == BAMBOO_E_PARAMETER ? bamboo_string_create(text, strlen(text), out, error)
                                        : status;
}

/* Of --set: as the input's declared type wants it; where that cannot be (a template of a tree, no
 * such input), JSON or text, and the run says what is wrong with it. */
static int add_input(const struct session *session, const char *component, const char *text,
                     struct bamboo_map_builder *inputs)
{
    char *name;
    struct bamboo_value value;
    struct bamboo_error error;
    const char *rest = split_assignment(text, "--set", &name);
    if (!rest) return EXIT_USAGE;
    int code = EXIT_FINISHED;
    if (bamboo_component_input(session->library, component, name, rest, &value, &error) ==
            BAMBOO_OK ||
        read_json_or_text(rest, &value, &error) == BAMBOO_OK)
        bamboo_map_builder_set_take(inputs, name, value);
    else
        code = complain_error(&error);
    free(name);
    return code;
}

/* The inputs that a retry replaces. */
static int read_inputs(const struct session *session, const char *component,
                       struct bamboo_value *out)
{
    struct bamboo_map_builder inputs;
    struct bamboo_error error;
    const char *text;
    size_t cursor = 0;
    int code = EXIT_FINISHED;
    bamboo_map_builder_init(&inputs);
    while (code == EXIT_FINISHED && (text = option_next(session->invocation, OPTION_SET, &cursor)))
        code = add_input(session, component, text, &inputs);
    if (code != EXIT_FINISHED) {
        bamboo_map_builder_release(&inputs);
        return code;
    }
    return bamboo_map_builder_finish(&inputs, out, &error) == BAMBOO_OK ? EXIT_FINISHED
                                                                        : complain_error(&error);
}

static int add_version(const char *text, struct bamboo_map_builder *map)
{
    char *end;
    errno = 0;
    long long version = strtoll(text, &end, 10);
    if (errno || end == text || *end || version < 1) {
        complain("--version '%s': wants a number from 1 on", text);
        return EXIT_USAGE;
    }
    bamboo_map_builder_set_integer(map, "version", version);
    return EXIT_FINISHED;
}

/* {data, version?} of a callback. */
static int read_callback(const struct invocation *invocation, struct bamboo_value *out)
{
    const char *version = option_text(invocation, OPTION_VERSION);
    struct bamboo_map_builder map;
    struct bamboo_value data;
    struct bamboo_error error;
    int code = read_json_option(invocation, OPTION_DATA, &data);
    if (code != EXIT_FINISHED) return code;
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_take(&map, "data", data.type == BAMBOO_MISSING ? bamboo_null() : data);
    code = version ? add_version(version, &map) : EXIT_FINISHED;
    if (code != EXIT_FINISHED) {
        bamboo_map_builder_release(&map);
        return code;
    }
    return bamboo_map_builder_finish(&map, out, &error) == BAMBOO_OK ? EXIT_FINISHED
                                                                     : complain_error(&error);
}

/* --- The operation --- */

static int print_reply(const struct invocation *invocation, const char *run,
                       struct bamboo_value reply)
{
    struct bamboo_map_builder map;
    struct bamboo_value value;
    struct bamboo_error error;
    if (!option_given(invocation, OPTION_JSON)) {
        size_t size;
        const char *text = bamboo_string_bytes(reply, &size);
        print_escaped(stdout, text, size, false);
        putchar('\n');
        fflush(stdout);
        return EXIT_FINISHED;
    }
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_text(&map, "run", run);
    bamboo_map_builder_set_text(&map, "operation", invocation->command->name);
    bamboo_map_builder_set_take(&map, "reply", bamboo_value_retain(reply));
    if (bamboo_map_builder_finish(&map, &value, &error) != BAMBOO_OK) return complain_error(&error);
    int code = print_json(stdout, value, 0);
    bamboo_value_release(value);
    return code;
}

/* A run that is paused or revoked as a whole has nothing that could be carried on. */
static bool is_to_be_continued(const struct invocation *invocation)
{
    const char *name = invocation->command->name;
    bool stops = strcmp(name, "revoke") == 0 ||
                 (strcmp(name, "pause") == 0 && invocation->operand_count == 1);
    return !stops && !option_given(invocation, OPTION_NO_CONTINUE);
}

/* Events that come while the operation is applied are told after its answer. */
static void keep_event(void *context, struct bamboo_value event)
{
    bamboo_list_builder_append_take(context, bamboo_value_retain(event));
}

static int carry_on(struct session *session, const char *run, struct bamboo_value events)
{
    struct follower *follower;
    int code = follower_open(session->invocation, stderr, &follower);
    if (code != EXIT_FINISHED) return code;
    size_t count = events.type == BAMBOO_LIST ? bamboo_list_count(events) : 0;
    for (size_t i = 0; i < count; i++)
        follower_tell(follower, bamboo_list_at(events, i));
    follower_observe(follower, session->engine);
    return run_to_result(session, run, BAMBOO_UNTIL_SETTLED, follower);
}

static int apply(struct session *session, const char *run, const char *name,
                 struct bamboo_value data)
{
    const struct invocation *invocation = session->invocation;
    struct bamboo_operation operation = {
        .operation = name,
        .run = run,
        .node = operand(invocation, 1),
        .data = data,
        .reason = option_text(invocation, OPTION_REASON),
    };
    struct bamboo_list_builder kept;
    struct bamboo_value reply = bamboo_missing(), events = bamboo_missing();
    struct bamboo_error error;
    bool claimed = false, continues = is_to_be_continued(invocation);
    int code = EXIT_FINISHED;
    bamboo_list_builder_init(&kept);
    if (continues) bamboo_engine_observe(session->engine, keep_event, &kept);
    enum bamboo_status status =
        bamboo_operate(session->engine, &operation, &reply, &claimed, &error);
    bamboo_engine_observe(session->engine, NULL, NULL);
    code = status == BAMBOO_OK ? print_reply(invocation, run, reply) : complain_error(&error);
    bamboo_value_release(reply);
    /* Too many of them, or no memory: they are in the journal all the same. */
    if (bamboo_list_builder_finish(&kept, &events, &error) != BAMBOO_OK) events = bamboo_missing();
    if (code == EXIT_FINISHED && claimed && continues) code = carry_on(session, run, events);
    bamboo_value_release(events);
    return code;
}

int operate(const struct invocation *invocation, const char *operation, struct bamboo_value data)
{
    struct session session = {0};
    char run[BAMBOO_RUN_ID_SIZE];
    int code = session_open(&session, invocation, SESSION_EXECUTES);
    if (code == EXIT_FINISHED) code = session_find_run(&session, operand(invocation, 0), run);
    if (code == EXIT_FINISHED) code = apply(&session, run, operation, data);
    session_close(&session);
    return code;
}

int pause_command(const struct invocation *invocation)
{
    return operate(invocation, "pause", bamboo_missing());
}

int resume_command(const struct invocation *invocation)
{
    return operate(invocation, "resume", bamboo_missing());
}

int revoke_command(const struct invocation *invocation)
{
    return operate(invocation, "revoke", bamboo_missing());
}

/* {to?, converge?, loop?} of a skip; one way is a text, several are a list. */
static int read_ways(const struct invocation *invocation, struct bamboo_value *out)
{
    struct bamboo_list_builder ways;
    struct bamboo_map_builder map;
    struct bamboo_value list, way;
    struct bamboo_error error;
    const char *text, *converge = option_text(invocation, OPTION_CONVERGE);
    size_t cursor = 0;
    bamboo_list_builder_init(&ways);
    while ((text = option_next(invocation, OPTION_SKIP_TO, &cursor))) {
        if (bamboo_string_create(text, strlen(text), &way, &error) != BAMBOO_OK) {
            bamboo_list_builder_release(&ways);
            return complain_error(&error);
        }
        bamboo_list_builder_append_take(&ways, way);
    }
    if (bamboo_list_builder_finish(&ways, &list, &error) != BAMBOO_OK)
        return complain_error(&error);
    bamboo_map_builder_init(&map);
    if (bamboo_list_count(list) == 1)
        bamboo_map_builder_set_take(&map, "to", bamboo_value_retain(bamboo_list_at(list, 0)));
    else if (bamboo_list_count(list) > 1)
        bamboo_map_builder_set_take(&map, "to", bamboo_value_retain(list));
    bamboo_value_release(list);
    if (converge) bamboo_map_builder_set_text(&map, "converge", converge);
    if (option_given(invocation, OPTION_ROUND))
        bamboo_map_builder_set_take(&map, "loop", bamboo_bool(true));
    return bamboo_map_builder_finish(&map, out, &error) == BAMBOO_OK ? EXIT_FINISHED
                                                                     : complain_error(&error);
}

int skip_command(const struct invocation *invocation)
{
    struct bamboo_value data = bamboo_missing();
    bool is_told = option_given(invocation, OPTION_SKIP_TO) ||
                   option_given(invocation, OPTION_CONVERGE) ||
                   option_given(invocation, OPTION_ROUND);
    int code = is_told ? read_ways(invocation, &data) : EXIT_FINISHED;
    if (code == EXIT_FINISHED) code = operate(invocation, "skip", data);
    bamboo_value_release(data);
    return code;
}

int fail_command(const struct invocation *invocation)
{
    return operate(invocation, "fail", bamboo_missing());
}

static int retry(struct session *session, const char *run)
{
    struct bamboo_value node = bamboo_missing(), inputs = bamboo_missing();
    int code = EXIT_FINISHED;
    if (option_given(session->invocation, OPTION_SET)) {
        code = node_describe(session, run, operand(session->invocation, 1), &node);
        if (code == EXIT_FINISHED)
            code = read_inputs(session, map_text(node, "component"), &inputs);
    }
    if (code == EXIT_FINISHED) code = apply(session, run, "retry", inputs);
    bamboo_value_release(inputs);
    bamboo_value_release(node);
    return code;
}

int retry_command(const struct invocation *invocation)
{
    struct session session = {0};
    char run[BAMBOO_RUN_ID_SIZE];
    int code = session_open(&session, invocation, SESSION_EXECUTES);
    if (code == EXIT_FINISHED) code = session_find_run(&session, operand(invocation, 0), run);
    if (code == EXIT_FINISHED) code = retry(&session, run);
    session_close(&session);
    return code;
}

int callback_command(const struct invocation *invocation)
{
    struct bamboo_value data = bamboo_missing();
    int code = read_callback(invocation, &data);
    if (code == EXIT_FINISHED) code = operate(invocation, "callback", data);
    bamboo_value_release(data);
    return code;
}
