#include "vm/engine/engine_state.h"

#include "base/error.h"

void engine_touch(struct engine *engine, struct owned_run *owned)
{
    if (owned->is_gone) return;
    run_set_busy(&engine->runs, owned);
    struct bamboo_error error;
    if (scheduler_touch(&engine->scheduler, owned, &error) != BAMBOO_OK)
        engine_break(engine, &error);
    uint64_t sequence = run_sequence(owned->run);
    engine->events_pending += sequence - owned->sequence;
    owned->sequence = sequence;
    if (owned->is_dirty) return;
    owned->is_dirty = true;
    owned->next_dirty = NULL;
    if (engine->dirty.last)
        engine->dirty.last->next_dirty = owned;
    else
        engine->dirty.first = owned;
    engine->dirty.last = owned;
}

struct owned_run *engine_take_dirty(struct engine *engine)
{
    struct owned_run *owned = engine->dirty.first;
    if (!owned) return NULL;
    engine->dirty.first = owned->next_dirty;
    if (!engine->dirty.first) engine->dirty.last = NULL;
    owned->is_dirty = false;
    return owned;
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
