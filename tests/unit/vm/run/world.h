/* A run in a small world of its own: flows are written as text, time is set by hand, effects are
 * answered by hand. Whatever is done, the world checks after each step that replaying the journal,
 * and restoring a snapshot, give the very same state. */
#ifndef TESTS_UNIT_VM_RUN_WORLD_H
#define TESTS_UNIT_VM_RUN_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/diagnostics.h"
#include "base/function.h"
#include "base/memory.h"
#include "base/value.h"
#include "bytecode/control_program.h"
#include "bytecode/program.h"
#include "compiler/compile.h"
#include "vm/run/run.h"

/* cmocka has macros of the names of our fail() and our message. */
#include <cmocka.h>
#undef fail
#undef fail_msg
#define fail_msg(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

/* --- Components --- */

static inline enum bamboo_outcome echo_execute(struct bamboo_activity *activity)
{
    struct bamboo_value inputs = bamboo_activity_inputs(activity);
    for (size_t i = 0; i < bamboo_map_count(inputs); i++)
        bamboo_activity_set_output_take(activity,
                                        bamboo_string_bytes(bamboo_map_key_at(inputs, i), NULL),
                                        bamboo_value_retain(bamboo_map_value_at(inputs, i)));
    return BAMBOO_SUCCESS;
}

/* Fails unless input `ok` is true. */
static inline enum bamboo_outcome check_execute(struct bamboo_activity *activity)
{
    echo_execute(activity);
    if (value_is_true(bamboo_activity_input(activity, "ok"))) return BAMBOO_SUCCESS;
    return bamboo_activity_fail(activity, "not ok");
}

/* Whose words are not UTF-8: an output, a line of log, or why it fails, as input `what` says. */
static inline enum bamboo_outcome mumble_execute(struct bamboo_activity *activity)
{
    struct bamboo_value what = bamboo_activity_input(activity, "what");
    const char *word = what.type == BAMBOO_STRING ? bamboo_string_bytes(what, NULL) : "";
    if (strcmp(word, "output") == 0) bamboo_activity_set_output_text(activity, "x", "a\xFF", 2);
    if (strcmp(word, "log") == 0) bamboo_activity_log(activity, BAMBOO_STREAM_LOG, "b\xFF", 2);
    return strcmp(word, "failure") == 0 ? bamboo_activity_fail(activity, "c\xFF") : BAMBOO_SUCCESS;
}
static inline enum bamboo_outcome mumble_rollback(struct bamboo_activity *activity)
{
    return bamboo_activity_fail(activity, "d\xFF");
}

static inline enum bamboo_outcome wait_execute(struct bamboo_activity *activity)
{
    (void)activity;
    return BAMBOO_PENDING;
}

static inline enum bamboo_outcome callback_schedule(struct bamboo_activity *activity,
                                                    struct bamboo_value data)
{
    bamboo_activity_set_output_take(activity, "data", bamboo_value_retain(data));
    return BAMBOO_SUCCESS;
}

/* Finishes with the third call. */
static inline enum bamboo_outcome count_schedule(struct bamboo_activity *activity,
                                                 struct bamboo_value data)
{
    (void)data;
    struct bamboo_value before = bamboo_activity_output(activity, "count");
    int64_t count = before.type == BAMBOO_INTEGER ? before.as.integer + 1 : 1;
    bamboo_activity_set_output_take(activity, "count", bamboo_integer(count));
    return count < 3 ? BAMBOO_PENDING : BAMBOO_SUCCESS;
}

static inline int64_t poll_interval(uint64_t count)
{
    return (int64_t)count * 100;
}

static inline int64_t no_interval(uint64_t count)
{
    (void)count;
    return 0;
}

#define ANY \
    .abi_version = BAMBOO_COMPONENT_ABI, .summary = "", .documentation = "", \
    .accepts_any_input = true, .any_output = true
static const struct bamboo_component ECHO = {ANY, .code = "echo", .execute = echo_execute};
static const struct bamboo_component CHECK = {ANY, .code = "check", .execute = check_execute};
static const struct bamboo_component MUMBLE = {ANY, .code = "mumble", .execute = mumble_execute,
                                               .rollback = mumble_rollback};
static const struct bamboo_component WORK = {ANY, .code = "work", .effect = BAMBOO_EFFECT_EXTERNAL,
                                             .execute = wait_execute};
static const struct bamboo_component CALLED = {ANY, .code = "called", .kind = BAMBOO_KIND_CALLBACK,
                                               .execute = wait_execute,
                                               .schedule = callback_schedule};
static const struct bamboo_component CALLED_OUTSIDE = {ANY,
                                                       .code = "called_outside",
                                                       .kind = BAMBOO_KIND_MULTI_CALLBACK,
                                                       .effect = BAMBOO_EFFECT_EXTERNAL,
                                                       .execute = wait_execute,
                                                       .schedule = count_schedule};
static const struct bamboo_component COUNTED = {
    ANY, .code = "counted", .kind = BAMBOO_KIND_MULTI_CALLBACK, .execute = wait_execute,
    .schedule = count_schedule};
static const struct bamboo_component POLLED = {ANY,
                                               .code = "polled",
                                               .kind = BAMBOO_KIND_POLL,
                                               .execute = wait_execute,
                                               .schedule = count_schedule,
                                               .interval = poll_interval};
static const struct bamboo_component PRESSING = {ANY,
                                                 .code = "pressing",
                                                 .kind = BAMBOO_KIND_POLL,
                                                 .execute = wait_execute,
                                                 .schedule = count_schedule,
                                                 .interval = no_interval};
static inline enum bamboo_outcome sleep_execute(struct bamboo_activity *activity)
{
    bamboo_activity_wake_at(activity, bamboo_activity_now(activity) +
                                          bamboo_activity_input(activity, "duration").as.integer);
    return BAMBOO_PENDING;
}
static inline enum bamboo_outcome sleep_schedule(struct bamboo_activity *activity,
                                                 struct bamboo_value data)
{
    (void)activity, (void)data;
    return BAMBOO_SUCCESS;
}
static const struct bamboo_input SLEEP_INPUTS[] = {{.name = "duration", .type = "duration"}};
static const struct bamboo_component SLEEP = {ANY,
                                              .code = "sleep",
                                              .kind = BAMBOO_KIND_POLL,
                                              .inputs = SLEEP_INPUTS,
                                              .input_count = 1,
                                              .execute = sleep_execute,
                                              .schedule = sleep_schedule};

/* Tells in the log what it takes back. With input `stuck` the first try fails. */
static inline enum bamboo_outcome logged_rollback(struct bamboo_activity *activity)
{
    const char *node = bamboo_activity_node(activity);
    bamboo_activity_log(activity, BAMBOO_STREAM_LOG, node, strlen(node));
    if (value_is_true(bamboo_activity_input(activity, "stuck")) &&
        bamboo_activity_output(activity, "ex_data").type == BAMBOO_MISSING)
        return bamboo_activity_fail(activity, "stuck");
    return BAMBOO_SUCCESS;
}
static const struct bamboo_component UNDOABLE = {ANY, .code = "undoable", .execute = echo_execute,
                                                 .rollback = logged_rollback};
static const struct bamboo_component UNDOABLE_OUTSIDE = {
    ANY, .code = "undoable_outside", .effect = BAMBOO_EFFECT_EXTERNAL, .execute = wait_execute,
    .rollback = logged_rollback};

static inline void log_hook(struct bamboo_activity *activity, const char *hook)
{
    struct text line = {0};
    struct bamboo_value n = bamboo_activity_output(activity, "n");
    text_append_format(&line, "%s %s %lld", hook, bamboo_activity_node(activity),
                       n.type == BAMBOO_INTEGER ? (long long)n.as.integer : 0);
    bamboo_activity_log(activity, BAMBOO_STREAM_LOG, text_string(&line), line.size);
    text_release(&line);
}
static inline void enter_hook(struct bamboo_activity *activity)
{
    log_hook(activity, "enter");
}
static inline void finish_hook(struct bamboo_activity *activity)
{
    log_hook(activity, "finish");
}
static inline void fail_hook(struct bamboo_activity *activity)
{
    log_hook(activity, "fail");
}
#define HOOKS .enter = enter_hook, .finish = finish_hook, .fail = fail_hook
static const struct bamboo_component HOOKED = {ANY, .code = "hooked", .execute = check_execute,
                                               HOOKS};
static const struct bamboo_component HOOKED_OUTSIDE = {ANY, .code = "hooked_outside",
                                                       .effect = BAMBOO_EFFECT_EXTERNAL,
                                                       .execute = wait_execute, HOOKS};
#undef HOOKS
#undef ANY
static const struct bamboo_component *const COMPONENT_ITEMS[] = {
    &ECHO,     &CHECK, &WORK,     &CALLED,           &CALLED_OUTSIDE, &COUNTED,        &POLLED,
    &PRESSING, &SLEEP, &UNDOABLE, &UNDOABLE_OUTSIDE, &HOOKED,         &HOOKED_OUTSIDE, &MUMBLE};
static const struct bamboo_component_set COMPONENTS = {
    COMPONENT_ITEMS, sizeof COMPONENT_ITEMS / sizeof *COMPONENT_ITEMS};
static const struct function_set FUNCTIONS = {NULL, 0};

/* --- The world --- */

struct world {
    struct linked_program *linked;
    struct interpreter *machine;
    struct run *run;
    int64_t now;
    struct byte_writer journal; /* all events so far */
    struct effect effects[64];  /* not answered yet, in order */
    size_t effect_count;
    struct bamboo_error error;
    struct text reply;
};

static inline struct linked_program *world_link(const uint8_t *image, size_t size)
{
    struct bamboo_error error = {0};
    struct program *program = NULL;
    struct linked_program *linked = NULL;
    if (program_load(image, size, "test", &program, &error) != BAMBOO_OK)
        fail_msg("%s", error.message);
    if (link_program(program, &COMPONENTS, &FUNCTIONS, &linked, &error) != BAMBOO_OK)
        fail_msg("%s", error.message);
    program_release(program);
    return linked;
}

static inline struct linked_program *world_compile(const char *text)
{
    struct bamboo_error error = {0};
    struct diagnostics *diagnostics = diagnostics_create();
    struct compile_options options = {
        .components = &COMPONENTS, .functions = &FUNCTIONS, .embed_sources = true};
    uint8_t *image = NULL;
    size_t size;
    enum bamboo_status status = compile_flow("test.bamboo", text, strlen(text), &options,
                                             diagnostics, &image, &size, &error);
    if (status != BAMBOO_OK) {
        struct text report = {0};
        diagnostics_print(diagnostics, false, &report);
        fail_msg("%s\n%s", error.message, text_string(&report));
    }
    diagnostics_destroy(diagnostics);
    struct linked_program *linked = world_link(image, size);
    memory_free(image);
    return linked;
}

static inline void assert_same_state(struct run *expected, struct run *actual, const char *how)
{
    struct byte_writer one = {0}, other = {0};
    run_snapshot(expected, &one);
    run_snapshot(actual, &other);
    if (one.size != other.size || memcmp(one.bytes, other.bytes, one.size) != 0)
        fail_msg("the state %s is another one", how);
    writer_release(&one);
    writer_release(&other);
}

/* Takes the outbox; journal replay and snapshot give the same state. */
static inline void world_check(struct world *world)
{
    struct run_outbox outbox;
    run_take_outbox(world->run, &outbox);
    writer_raw(&world->journal, outbox.events.bytes, outbox.events.size);
    for (size_t i = 0; i < outbox.effect_count; i++) {
        assert_true(world->effect_count < 64);
        world->effects[world->effect_count++] = outbox.effects[i];
    }
    outbox.effect_count = 0;
    run_outbox_release(&outbox);

    struct run *copy = NULL;
    assert_int_equal(run_restore(world->linked, "id", NULL, 0, &copy, &world->error), BAMBOO_OK);
    if (run_replay(copy, world->journal.bytes, world->journal.size, &world->error) != BAMBOO_OK)
        fail_msg("replay: %s", world->error.message);
    assert_same_state(world->run, copy, "after a replay");
    run_destroy(copy);

    struct byte_writer snapshot = {0};
    run_snapshot(world->run, &snapshot);
    if (run_restore(world->linked, "id", snapshot.bytes, snapshot.size, &copy, &world->error) !=
        BAMBOO_OK)
        fail_msg("restore: %s", world->error.message);
    assert_same_state(world->run, copy, "after a snapshot");
    run_destroy(copy);
    writer_release(&snapshot);
}

/* Lets everything happen that can happen at this time. */
static inline void world_settle(struct world *world)
{
    do {
        assert_int_equal(
            run_advance(world->machine, world->run, world->now, 1000000, &world->error), BAMBOO_OK);
        assert_int_equal(run_fire_timers(world->machine, world->run, world->now, &world->error),
                         BAMBOO_OK);
    } while (run_is_runnable(world->run));
    world_check(world);
}

/* A world whose run has begun; takes `linked`. */
static inline struct world *world_begin(struct linked_program *linked, const char *parameters_json)
{
    struct world *world = memory_allocate_zeroed(1, sizeof *world);
    struct bamboo_value parameters;
    world->now = 1000000;
    world->linked = linked;
    assert_int_equal(
        bamboo_json_parse(parameters_json, strlen(parameters_json), &parameters, &world->error),
        BAMBOO_OK);
    assert_int_equal(interpreter_create(&world->machine, &world->error), BAMBOO_OK);
    if (run_create(world->linked, "id", parameters, bamboo_missing(), world->now, &world->run,
                   &world->error) != BAMBOO_OK)
        fail_msg("%s", world->error.message);
    bamboo_value_release(parameters);
    world_settle(world);
    return world;
}

static inline struct world *world_create(const char *text, const char *parameters_json)
{
    return world_begin(world_compile(text), parameters_json);
}

static inline void world_destroy(struct world *world)
{
    for (size_t i = 0; i < world->effect_count; i++)
        effect_release(&world->effects[i]);
    run_destroy(world->run);
    interpreter_destroy(world->machine);
    linked_program_release(world->linked);
    writer_release(&world->journal);
    text_release(&world->reply);
    memory_free(world);
}

static inline void world_wait(struct world *world, int64_t milliseconds)
{
    world->now += milliseconds;
    world_settle(world);
}

/* The process dies; another one takes over from the journal. */
static inline void world_crash(struct world *world)
{
    for (size_t i = 0; i < world->effect_count; i++)
        effect_release(&world->effects[i]);
    world->effect_count = 0;
    run_destroy(world->run);
    assert_int_equal(run_restore(world->linked, "id", NULL, 0, &world->run, &world->error),
                     BAMBOO_OK);
    assert_int_equal(
        run_replay(world->run, world->journal.bytes, world->journal.size, &world->error),
        BAMBOO_OK);
    assert_int_equal(run_recover(world->machine, world->run, world->now, &world->error), BAMBOO_OK);
    world_settle(world);
}

/* What pure components have logged so far, line by line; forgets it. */
static inline void assert_logged(struct world *world, const char *lines)
{
    struct text all = {0};
    size_t kept = 0;
    for (size_t i = 0; i < world->effect_count; i++) {
        struct effect *effect = &world->effects[i];
        if (effect->kind != EFFECT_LOG) {
            world->effects[kept++] = *effect;
            continue;
        }
        text_append_format(&all, "%s\n", bamboo_string_bytes(effect->data, NULL));
        effect_release(effect);
    }
    world->effect_count = kept;
    assert_string_equal(text_string(&all), lines);
    text_release(&all);
}

/* Answers the oldest effect, which must be of this kind. */
static inline void world_answer(struct world *world, enum effect_kind kind,
                                enum bamboo_outcome outcome, const char *outputs_json,
                                const char *failure)
{
    struct bamboo_value outputs;
    assert_true(world->effect_count > 0);
    struct effect effect = world->effects[0];
    memmove(world->effects, world->effects + 1, --world->effect_count * sizeof effect);
    assert_int_equal(effect.kind, kind);
    assert_int_equal(bamboo_json_parse(outputs_json, strlen(outputs_json), &outputs, &world->error),
                     BAMBOO_OK);
    struct run_result result = {.scope = effect.scope,
                                .node = effect.node,
                                .version = effect.version,
                                .outcome = outcome,
                                .outputs = outputs,
                                .failure = failure};
    assert_int_equal(run_complete(world->machine, world->run, &result, world->now, &world->error),
                     BAMBOO_OK);
    bamboo_value_release(outputs);
    effect_release(&effect);
    world_settle(world);
}

/* Operates; the status, with the reason in world->error or the answer in world->reply. */
static inline enum bamboo_status world_operate(struct world *world, enum opcode operation,
                                               const char *node, const char *data_json)
{
    struct bamboo_value data = bamboo_null();
    uint8_t *image = NULL;
    size_t size;
    struct program *program = NULL;
    if (data_json)
        assert_int_equal(bamboo_json_parse(data_json, strlen(data_json), &data, NULL), BAMBOO_OK);
    assert_int_equal(
        control_program_build(operation, node, data, "because", &image, &size, &world->error),
        BAMBOO_OK);
    if (program_load(image, size, "control", &program, &world->error) != BAMBOO_OK)
        fail_msg("%s", world->error.message);
    text_clear(&world->reply);
    enum bamboo_status status = run_operate(world->machine, world->run, program, "tester",
                                            world->now, &world->reply, &world->error);
    program_release(program);
    memory_free(image);
    bamboo_value_release(data);
    world_settle(world);
    return status;
}

static inline void assert_refused(struct world *world, enum opcode operation, const char *node,
                                  const char *data, const char *reason)
{
    assert_int_equal(world_operate(world, operation, node, data), BAMBOO_E_REFUSED);
    if (!strstr(world->error.message, reason))
        fail_msg("'%s' does not say '%s'", world->error.message, reason);
}

static inline enum run_state world_state(const struct world *world)
{
    struct run_summary summary;
    run_summarize(world->run, &summary);
    return summary.state;
}

/* A member of the description of a node (borrowed strings and lists end with it: compare at once).
 */
static inline struct bamboo_value world_node(struct world *world, const char *path, const char *key)
{
    struct bamboo_value description, found = bamboo_missing();
    assert_int_equal(run_describe(world->run, &description, &world->error), BAMBOO_OK);
    struct bamboo_value nodes = bamboo_map_get(description, "nodes");
    for (size_t i = 0; i < bamboo_list_count(nodes); i++) {
        struct bamboo_value node = bamboo_list_at(nodes, i);
        if (strcmp(bamboo_string_bytes(bamboo_map_get(node, "node"), NULL), path) == 0)
            found = bamboo_value_retain(bamboo_map_get(node, key));
    }
    bamboo_value_release(description);
    return found;
}

static inline void assert_json(struct bamboo_value value, const char *json)
{
    struct bamboo_value text;
    assert_int_equal(bamboo_json_print(value, 0, &text, NULL), BAMBOO_OK);
    assert_string_equal(bamboo_string_bytes(text, NULL), json);
    bamboo_value_release(text);
}

/* The node's member is this JSON. */
static inline void assert_node(struct world *world, const char *path, const char *key,
                               const char *json)
{
    struct bamboo_value value = world_node(world, path, key);
    assert_json(value, json);
    bamboo_value_release(value);
}

/* The run is finished with these outputs. */
static inline void assert_finished(struct world *world, const char *outputs_json)
{
    struct bamboo_value description;
    assert_int_equal(world_state(world), RUN_FINISHED);
    assert_int_equal(run_describe(world->run, &description, &world->error), BAMBOO_OK);
    assert_json(bamboo_map_get(description, "outputs"), outputs_json);
    bamboo_value_release(description);
}

#endif
