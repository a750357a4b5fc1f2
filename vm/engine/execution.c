#include "vm/engine/execution.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/crash_point.h"
#include "base/limits.h"
#include "base/memory.h"

/* --- Logs --- */

static void stop_output(struct engine *engine)
{
    size_t backlog = engine->logs.bytes.size + engine->batch.logs.bytes.size;
    if (engine->output_stopped || backlog <= LOG_BACKLOG_MAX) return;
    engine->output_stopped = true;
    for (struct execution *at = engine->executions; at; at = at->next)
        if (at->child) child_read_output(at->child, false);
}

void execution_resume_output(struct engine *engine)
{
    if (!engine->output_stopped || engine->logs.bytes.size > LOG_BACKLOG_MAX) return;
    engine->output_stopped = false;
    for (struct execution *at = engine->executions; at; at = at->next)
        if (at->child) child_read_output(at->child, true);
}

static void add_log(struct execution *execution, enum bamboo_stream stream, const char *bytes,
                    size_t size)
{
    struct engine *engine = execution->engine;
    struct log_piece piece = {.run = execution->run,
                              .attempt = execution->activity.attempt,
                              .stream = stream,
                              .time = host_wall_ms(engine->host)};
    if (!log_buffer_add(&engine->logs, &piece, text_string(&execution->path), bytes, size))
        execution->dropped += size;
    stop_output(engine);
}

/* The log of an activity: bounded, and with a run that is ours. */
static void log_activity(struct bamboo_activity *activity, enum bamboo_stream stream,
                         const char *bytes, size_t size)
{
    struct execution *execution = (struct execution *)activity;
    if (!execution->run || size == 0) return;
    size_t space = LOG_SIZE_MAX - execution->logged;
    if (size > space) {
        execution->dropped += size - space;
        size = space;
    }
    execution->logged += size;
    if (size > 0) add_log(execution, stream, bytes, size);
}

/* The last words of a log that was too long. */
static void log_dropped(struct execution *execution)
{
    char line[96];
    if (!execution->run || execution->dropped == 0) return;
    int size = snprintf(line, sizeof line, "[%zu more bytes of output were not kept]\n",
                        execution->dropped);
    add_log(execution, BAMBOO_STREAM_LOG, line, (size_t)size);
}

/* --- Processes --- */

static void child_output(void *context, enum bamboo_stream stream, const char *bytes, size_t size)
{
    struct execution *execution = context;
    log_activity(&execution->activity, stream, bytes, size);
}

static void child_ended(void *context, const struct bamboo_process_result *result)
{
    struct execution *execution = context;
    struct engine *engine = execution->engine;
    may_crash("the end of a process");
    trace_print(&engine->trace, TRACE_EFFECTS, "%s %s: process ended with %d",
                execution->activity.run, text_string(&execution->path), result->exit_code);
    execution->activity.now_ms = host_wall_ms(engine->host);
    if (child_lost_output(execution->child)) {
        struct bamboo_error why;
        fail_memory(&why);
        activity_lose(&execution->activity, "what it printed", &why);
    }
    enum bamboo_outcome outcome = execution->is_cancelled || !execution->on_exit
                                      ? BAMBOO_FAILURE
                                      : execution->on_exit(&execution->activity, result);
    child_destroy(execution->child);
    execution->child = NULL;
    engine->process_count--;
    execution_answered(execution, outcome);
}

static const struct child_events CHILD_EVENTS = {child_output, child_ended};

/* What a child is told about whom it works for. */
struct child_names {
    struct text texts[3];
    const char *entries[4];
};

static bool child_names_fill(const struct bamboo_activity *activity, struct child_names *names)
{
    bool failed = false;
    text_append_string(&names->texts[0], "BAMBOO_RUN=");
    text_append_string(&names->texts[0], activity->run);
    text_append_string(&names->texts[1], "BAMBOO_NODE=");
    text_append_string(&names->texts[1], activity->node);
    text_append_format(&names->texts[2], "BAMBOO_ATTEMPT=%" PRIu64, activity->attempt);
    for (int i = 0; i < 3; i++) {
        names->entries[i] = text_string(&names->texts[i]);
        failed = failed || names->texts[i].failed;
    }
    return !failed;
}

static enum bamboo_status start_process(struct execution *execution,
                                        const struct bamboo_spawn *spawn,
                                        struct bamboo_error *error)
{
    struct child_names names = {0};
    const char **environment = NULL;
    enum bamboo_status status = BAMBOO_OK;
    if (!child_names_fill(&execution->activity, &names)) status = fail_memory(error);
    if (status == BAMBOO_OK)
        status = child_environment(spawn->environment, names.entries, &environment, error);
    if (status == BAMBOO_OK) {
        struct engine *engine = execution->engine;
        struct child_options options = {
            .argv = spawn->argv,
            .program = program_path_find(&engine->program_paths, spawn->argv[0]),
            .environment = environment,
            .directory = spawn->directory,
            .input = spawn->input,
            .input_size = spawn->input_size,
            .capture_size = spawn->capture_size,
            .timeout_ms = spawn->timeout_ms};
        status =
            child_start(engine->host, &options, &CHILD_EVENTS, execution, &execution->child, error);
    }
    memory_free(environment);
    for (int i = 0; i < 3; i++)
        text_release(&names.texts[i]);
    return status;
}

static enum bamboo_status spawn_process(struct bamboo_activity *activity,
                                        const struct bamboo_spawn *spawn,
                                        struct bamboo_error *error)
{
    struct execution *execution = (struct execution *)activity;
    if (execution->child)
        return fail(error, BAMBOO_E_USAGE, "the component %s starts a second process",
                    activity->component->code);
    if (!spawn->argv || !spawn->argv[0])
        return fail(error, BAMBOO_E_USAGE, "there is no program to start");
    enum bamboo_status status = start_process(execution, spawn, error);
    if (status != BAMBOO_OK) return status;
    execution->on_exit = spawn->on_exit;
    execution->engine->process_count++;
    if (execution->engine->output_stopped) child_read_output(execution->child, false);
    trace_print(&execution->engine->trace, TRACE_EFFECTS, "%s %s: started %s", activity->run,
                activity->node, spawn->argv[0]);
    return BAMBOO_OK;
}

static const struct activity_services SERVICES = {.log = log_activity, .spawn = spawn_process};

/* --- Life --- */

struct execution *execution_create_take(struct engine *engine, struct owned_run *owned,
                                        struct effect *effect)
{
    struct execution *execution = memory_allocate_zeroed(1, sizeof *execution);
    if (!execution) return NULL;
    run_append_path(owned->run, effect->scope, effect->node, &execution->path);
    if (execution->path.failed) {
        text_release(&execution->path);
        memory_free(execution);
        return NULL;
    }
    execution->engine = engine;
    execution->run = owned;
    execution->scope = effect->scope;
    execution->node = effect->node;
    execution->activity =
        (struct bamboo_activity){.component = effect->component,
                                 .services = &SERVICES,
                                 .inputs = effect->inputs,
                                 .outputs = effect->outputs,
                                 .run_data = bamboo_value_retain(run_data(owned->run)),
                                 .now_ms = host_wall_ms(engine->host),
                                 .run = run_id(owned->run),
                                 .node = text_string(&execution->path),
                                 .attempt = effect->version};
    effect->inputs = effect->outputs = bamboo_missing();
    execution->next = engine->executions;
    if (execution->next) execution->next->previous = execution;
    engine->executions = execution;
    owned->work_count++;
    return execution;
}

void execution_destroy(struct execution *execution)
{
    struct engine *engine = execution->engine;
    log_dropped(execution);
    if (execution->child) {
        child_destroy(execution->child);
        engine->process_count--;
    }
    if (execution->next) execution->next->previous = execution->previous;
    if (execution->previous)
        execution->previous->next = execution->next;
    else
        engine->executions = execution->next;
    if (execution->run) {
        execution->run->work_count--;
        engine_touch(engine, execution->run); /* an ended run may have waited for it */
    }
    activity_release(&execution->activity);
    text_release(&execution->path);
    memory_free(execution);
}

/* Gives the result to the run. */
static void complete(struct execution *execution, enum bamboo_outcome outcome)
{
    struct engine *engine = execution->engine;
    struct bamboo_activity *activity = &execution->activity;
    if (activity->failed != BAMBOO_OK) outcome = BAMBOO_FAILURE;
    struct run_result result = {.scope = execution->scope,
                                .node = execution->node,
                                .version = activity->attempt,
                                .outcome = outcome,
                                .outputs = activity->outputs,
                                .failure = activity_failure(activity),
                                .wake_at_ms = activity->wake_at_ms};
    struct bamboo_error error;
    enum bamboo_status status = run_complete(engine->machine, execution->run->run, &result,
                                             host_wall_ms(engine->host), &error);
    if (status != BAMBOO_OK) engine_park(engine, execution->run, &error);
}

void execution_answered(struct execution *execution, enum bamboo_outcome outcome)
{
    if (outcome == BAMBOO_PENDING && execution->child) return; /* it will complete it */
    if (execution->run && !execution->is_cancelled && !execution->run->is_parked)
        complete(execution, outcome);
    execution_destroy(execution);
}

void execution_cancel(struct execution *execution)
{
    if (execution->is_cancelled) return;
    execution->is_cancelled = true;
    const struct bamboo_component *component = execution->activity.component;
    trace_print(&execution->engine->trace, TRACE_EFFECTS, "%s %s: cancelled",
                execution->activity.run, execution->activity.node);
    if (component->cancel) component->cancel(&execution->activity);
    if (execution->child) child_terminate(execution->child);
}
