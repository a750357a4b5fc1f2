#include "vm/engine/engine_state.h"

#include "base/error.h"

static void enqueue(struct run_queue *queue, struct owned_run *owned)
{
    owned->is_dirty = true;
    owned->next_dirty = NULL;
    if (queue->last)
        queue->last->next_dirty = owned;
    else
        queue->first = owned;
    queue->last = owned;
}

static struct owned_run *dequeue(struct run_queue *queue)
{
    struct owned_run *owned = queue->first;
    if (!owned) return NULL;
    queue->first = owned->next_dirty;
    if (!queue->first) queue->last = NULL;
    owned->is_dirty = false;
    return owned;
}

/* Runs have their turns in the order in which they were made, so there is seldom another before. */
static void take_fresh_up_to(struct engine *engine, const struct owned_run *last)
{
    struct owned_run *owned = NULL;
    while (owned != last && (owned = dequeue(&engine->fresh))) {
        owned->is_fresh = false;
        enqueue(&engine->dirty, owned);
    }
}

void engine_take_fresh(struct engine *engine)
{
    if (engine->fresh.last) take_fresh_up_to(engine, engine->fresh.last);
}

static void schedule(struct engine *engine, struct owned_run *owned)
{
    struct bamboo_error error;
    if (scheduler_touch(&engine->scheduler, owned, &error) != BAMBOO_OK)
        engine_break(engine, &error);
}

void engine_touch_fresh(struct engine *engine, struct owned_run *owned)
{
    schedule(engine, owned);
    owned->is_fresh = true;
    enqueue(&engine->fresh, owned);
}

void engine_touch(struct engine *engine, struct owned_run *owned)
{
    if (owned->is_gone) return;
    run_set_busy(&engine->runs, owned);
    schedule(engine, owned);
    uint64_t sequence = run_sequence(owned->run);
    engine->events_pending += sequence - owned->sequence;
    owned->sequence = sequence;
    if (owned->is_fresh) take_fresh_up_to(engine, owned);
    if (!owned->is_dirty) enqueue(&engine->dirty, owned);
}

struct owned_run *engine_take_dirty(struct engine *engine)
{
    return dequeue(&engine->dirty);
}

void engine_park(struct engine *engine, struct owned_run *owned, const struct bamboo_error *error)
{
    if (error->status == BAMBOO_E_MEMORY) {
        engine_break(engine, error);
        return;
    }
    if (owned->is_parked) return;
    owned->is_parked = true;
    engine->has_parked_work = true;
    trace_print(&engine->trace, TRACE_SCHEDULER, "%s: parked: %s", run_id(owned->run),
                error->message);
    if (!engine->has_parked && !engine->is_broken) {
        engine->has_parked = true;
        fail(&engine->failure, error->status, "run %s cannot go on: %s", run_id(owned->run),
             error->message);
    }
    scheduler_forget(&engine->scheduler, owned);
}

void engine_break(struct engine *engine, const struct bamboo_error *error)
{
    if (engine->is_broken) return;
    engine->is_broken = true;
    engine->failure = *error;
}

enum bamboo_status engine_check(const struct engine *engine, struct bamboo_error *error)
{
    if (!engine->is_broken) return BAMBOO_OK;
    if (error) *error = engine->failure;
    return engine->failure.status;
}
