#include "vm/engine/effects.h"

#include "base/crash_point.h"
#include "base/memory.h"
#include "vm/engine/execution.h"

/* Processes started in a turn: starting one takes as long as a small one lives, and those that have
 * ended are to be looked after meanwhile. */
#define PROCESSES_A_TURN 8

/* --- The queue --- */

static void queue_push_take(struct engine *engine, struct owned_run *owned, struct effect *effect)
{
    struct effect_queue *queue = &engine->effects;
    if (queue->first > 0 && queue->first == queue->count) queue->first = queue->count = 0;
    if (!memory_grow((void **)&queue->items, &queue->capacity, queue->count + 1,
                     sizeof *queue->items)) {
        struct bamboo_error error;
        fail_memory(&error);
        effect_release(effect);
        engine_break(engine, &error);
        return;
    }
    queue->items[queue->count++] = (struct queued_effect){owned, *effect};
    owned->work_count++;
}

/* Ends an entry that is not to be performed. */
static void queue_drop(struct engine *engine, struct queued_effect *queued)
{
    if (!queued->run) return;
    queued->run->work_count--;
    engine_touch(engine, queued->run);
    queued->run = NULL;
    effect_release(&queued->effect);
}

static bool is_same_execution(const struct queued_effect *queued, const struct owned_run *owned,
                              const struct effect *effect)
{
    return queued->run == owned && queued->effect.scope == effect->scope &&
           queued->effect.node == effect->node && queued->effect.version == effect->version;
}

/* A component with nothing of it under way here: it waits outside, or began in a process that is
 * gone, or has not begun. */
static void cancel_outside(struct engine *engine, struct owned_run *owned, struct effect *effect)
{
    if (!effect->component || !effect->component->cancel) return;
    struct execution *execution = execution_create_take(engine, owned, effect);
    if (!execution) return; /* without memory it is left to itself */
    execution_cancel(execution);
    execution_destroy(execution);
}

static void cancel(struct engine *engine, struct owned_run *owned, struct effect *effect)
{
    struct effect_queue *queue = &engine->effects;
    for (size_t i = queue->first; i < queue->count; i++)
        if (is_same_execution(&queue->items[i], owned, effect))
            queue_drop(engine, &queue->items[i]);
    for (struct execution *at = engine->executions; at; at = at->next)
        if (at->run == owned && at->scope == effect->scope && at->node == effect->node &&
            at->activity.attempt == effect->version) {
            execution_cancel(at);
            return;
        }
    cancel_outside(engine, owned, effect);
}

/* A component is told of an end, which is durable now. */
static void tell_hook(struct engine *engine, struct owned_run *owned, struct effect *effect)
{
    const struct bamboo_component *component = effect->component;
    struct execution *execution = execution_create_take(engine, owned, effect);
    if (!execution) return; /* without memory it is not told */
    if (effect->kind == EFFECT_TELL_FINISHED)
        component->finish(&execution->activity);
    else
        component->fail(&execution->activity);
    execution_destroy(execution);
}

void effects_accept(struct engine *engine, struct owned_run *owned, struct run_outbox *outbox)
{
    for (size_t i = 0; i < outbox->effect_count; i++) {
        struct effect *effect = &outbox->effects[i];
        switch (effect->kind) {
        case EFFECT_EXECUTE:
        case EFFECT_SCHEDULE:
        case EFFECT_ROLLBACK:
            queue_push_take(engine, owned, effect);
            *effect = (struct effect){0};
            break;
        case EFFECT_CANCEL: cancel(engine, owned, effect); break;
        case EFFECT_TELL_FINISHED:
        case EFFECT_TELL_FAILED: tell_hook(engine, owned, effect); break;
        case EFFECT_LOG: break; /* went with the batch */
        }
    }
}

bool effects_are_ready(const struct engine *engine)
{
    return engine->effects.first < engine->effects.count &&
           engine->process_count < engine->process_count_max;
}

static const char *effect_name(enum effect_kind kind)
{
    if (kind == EFFECT_ROLLBACK) return "rollback";
    return kind == EFFECT_EXECUTE ? "execute" : "schedule";
}

static enum bamboo_outcome call(const struct bamboo_component *component,
                                struct execution *execution, const struct effect *effect)
{
    if (effect->kind == EFFECT_ROLLBACK) return component->rollback(&execution->activity);
    if (effect->kind != EFFECT_EXECUTE)
        return component->schedule(&execution->activity, effect->data);
    if (component->enter) component->enter(&execution->activity);
    return component->execute(&execution->activity);
}

static void perform(struct engine *engine, struct queued_effect *queued)
{
    struct owned_run *owned = queued->run;
    struct effect *effect = &queued->effect;
    owned->work_count--; /* the execution counts from here */
    queued->run = NULL;
    struct execution *execution = execution_create_take(engine, owned, effect);
    if (!execution) {
        struct bamboo_error error;
        fail_memory(&error);
        engine_break(engine, &error);
    } else {
        const struct bamboo_component *component = effect->component;
        trace_print(&engine->trace, TRACE_EFFECTS, "%s %s: %s %s", execution->activity.run,
                    execution->activity.node, component->code, effect_name(effect->kind));
        may_crash("before an effect");
        enum bamboo_outcome outcome = call(component, execution, effect);
        may_crash("after an effect");
        execution_answered(execution, outcome);
    }
    effect_release(effect);
}

static void end_parked_work(struct engine *engine)
{
    struct effect_queue *queue = &engine->effects;
    for (size_t i = queue->first; i < queue->count; i++)
        if (queue->items[i].run && queue->items[i].run->is_parked)
            queue_drop(engine, &queue->items[i]);
    for (struct execution *at = engine->executions; at; at = at->next)
        if (at->run && at->run->is_parked) execution_cancel(at);
    engine->has_parked_work = false;
}

/* A run may have left an execution whose effect is in the queue, by what is not durable yet. */
static bool is_wanted(const struct queued_effect *queued)
{
    const struct effect *effect = &queued->effect;
    return run_awaits(queued->run->run, effect->scope, effect->node, effect->version);
}

void effects_perform(struct engine *engine)
{
    struct effect_queue *queue = &engine->effects;
    if (engine->has_parked_work) end_parked_work(engine);
    size_t enough = engine->process_count + PROCESSES_A_TURN;
    while (effects_are_ready(engine) && engine->process_count < enough && !engine->is_broken) {
        struct queued_effect queued = queue->items[queue->first++];
        if (!queued.run) continue;
        if (is_wanted(&queued))
            perform(engine, &queued);
        else
            queue_drop(engine, &queued);
    }
    if (queue->first == queue->count) queue->first = queue->count = 0;
}

/* --- Logs --- */

void effects_log(struct engine *engine, struct owned_run *owned, const struct effect *effect)
{
    struct text path = {0};
    size_t size;
    const char *bytes = bamboo_string_bytes(effect->data, &size);
    struct log_piece piece = {.run = owned,
                              .attempt = effect->version,
                              .stream = effect->stream,
                              .time = host_wall_ms(engine->host)};
    run_append_path(owned->run, effect->scope, effect->node, &path);
    if (path.failed || !log_buffer_add(&engine->logs, &piece, text_string(&path), bytes, size)) {
        struct bamboo_error error;
        fail_memory(&error);
        engine_break(engine, &error);
    }
    text_release(&path);
}

/* --- The end --- */

void effects_abandon(struct engine *engine, struct owned_run *owned)
{
    struct effect_queue *queue = &engine->effects;
    for (size_t i = queue->first; i < queue->count; i++)
        if (queue->items[i].run == owned) queue_drop(engine, &queue->items[i]);
    log_buffer_forget(&engine->logs, owned);
    for (struct execution *at = engine->executions; at; at = at->next) {
        if (at->run != owned) continue;
        at->is_cancelled = true;
        at->run = NULL;
        at->activity.run = ""; /* the run's memory may end before the process does */
        owned->work_count--;
        if (at->child) child_kill(at->child);
    }
}

void effects_kill_all(struct engine *engine)
{
    struct effect_queue *queue = &engine->effects;
    for (size_t i = queue->first; i < queue->count; i++)
        queue_drop(engine, &queue->items[i]);
    queue->first = queue->count = 0;
    while (engine->executions) {
        engine->executions->is_cancelled = true;
        execution_destroy(engine->executions);
    }
}

void effects_release(struct engine *engine)
{
    effects_kill_all(engine);
    memory_free(engine->effects.items);
    engine->effects = (struct effect_queue){0};
}
