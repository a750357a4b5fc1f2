#include "vm/engine/idle.h"

#include <inttypes.h>

#include "base/memory.h"
#include "vm/engine/batch.h"
#include "vm/engine/commit.h"
#include "vm/engine/ownership.h"
#include "vm/run/index.h"

#define NS_PER_MS INT64_C(1000000)

/* --- Deadlines of runs that are away: a heap. One that was brought back earlier has an entry that
 * is of no use, and comes back once more for nothing. --- */

static bool heap_add(struct idle_deadlines *heap, int64_t time, uint64_t number)
{
    if (!memory_grow((void **)&heap->items, &heap->capacity, heap->count + 1, sizeof *heap->items))
        return false;
    size_t index = heap->count++;
    while (index > 0 && heap->items[(index - 1) / 2].time > time) {
        heap->items[index] = heap->items[(index - 1) / 2];
        index = (index - 1) / 2;
    }
    heap->items[index] = (struct idle_deadline){time, number};
    return true;
}

static struct idle_deadline heap_take(struct idle_deadlines *heap)
{
    struct idle_deadline first = heap->items[0], last = heap->items[--heap->count];
    size_t index = 0;
    for (;;) {
        size_t child = 2 * index + 1;
        if (child >= heap->count) break;
        if (child + 1 < heap->count && heap->items[child + 1].time < heap->items[child].time)
            child++;
        if (heap->items[child].time >= last.time) break;
        heap->items[index] = heap->items[child];
        index = child;
    }
    heap->items[index] = last;
    return first;
}

int64_t idle_next_ms(const struct engine *engine)
{
    return engine->deadlines.count ? engine->deadlines.items[0].time : 0;
}

/* --- Leaving --- */

static bool is_idle(const struct engine *engine, const struct owned_run *owned)
{
    if (owned->is_gone || owned->is_parked || owned->is_dirty || owned->is_runnable ||
        !owned->is_created || owned->work_count > 0 || run_has_outbox(owned->run) ||
        run_is_runnable(owned->run))
        return false;
    struct run_summary summary;
    run_summarize(owned->run, &summary);
    if (summary.ended || summary.running > 0) return false;
    int64_t deadline = run_next_deadline(owned->run);
    return deadline == 0 || deadline - host_wall_ms(engine->host) >= engine->idle_deadline_ms;
}

void idle_note(struct engine *engine, struct owned_run *owned)
{
    if (is_idle(engine, owned)) run_set_idle(&engine->runs, owned, host_monotonic_ns(engine->host));
}

static bool must_leave(const struct engine *engine, const struct owned_run *oldest, int64_t now_ns)
{
    return engine->runs.idle_count > engine->idle_kept_max ||
           now_ns - oldest->idle_since_ns > IDLE_KEPT_MS * NS_PER_MS;
}

void idle_send_away(struct engine *engine)
{
    /* A batch under way, and logs for the next one, refer to runs. */
    if (commit_is_busy(engine) || engine->logs.count > 0 || engine->is_broken) return;
    int64_t now_ns = host_monotonic_ns(engine->host);
    struct owned_run *owned;
    while ((owned = engine->runs.oldest_idle) && must_leave(engine, owned, now_ns)) {
        int64_t deadline = run_next_deadline(owned->run);
        if (deadline > 0 &&
            !heap_add(&engine->deadlines, deadline - engine->idle_deadline_ms, owned->number))
            return; /* there is no memory to let it go */
        trace_print(&engine->trace, TRACE_SCHEDULER, "%s: leaves memory", run_id(owned->run));
        ownership_keep_program(engine, owned->linked);
        scheduler_forget(&engine->scheduler, owned);
        run_set_send_away(&engine->runs, owned);
    }
}

/* --- Coming back --- */

bool idle_may_be_away(const struct engine *engine, uint64_t number)
{
    return engine->runs.away_count > 0 && number <= engine->runs.away_last;
}

bool idle_is_away(const struct engine *engine, const struct store_run *row)
{
    return engine->number != 0 && row->owner == engine->number && !row->summary.ended &&
           idle_may_be_away(engine, row->number);
}

enum bamboo_status idle_recall(struct engine *engine, uint64_t number, struct owned_run **out,
                               struct bamboo_error *error)
{
    struct store_run row = {0};
    enum bamboo_status status = store_find_number(engine->store, number, &row, error);
    if (status == BAMBOO_OK && !idle_is_away(engine, &row))
        status = fail(error, BAMBOO_E_OWNERSHIP, "this engine does not own run %s", row.id);
    if (status == BAMBOO_OK) status = ownership_take_in(engine, &row, out, error);
    store_run_release(&row);
    if (status != BAMBOO_OK) return status;
    status = run_index((*out)->run, error);
    if (status != BAMBOO_OK) {
        run_set_remove(&engine->runs, *out);
        return status;
    }
    run_set_is_back(&engine->runs, *out, batch_standing_of(*out));
    trace_print(&engine->trace, TRACE_SCHEDULER, "%s: is back in memory", run_id((*out)->run));
    engine_touch(engine, *out);
    return BAMBOO_OK;
}

void idle_recall_due(struct engine *engine)
{
    int64_t now = host_wall_ms(engine->host);
    while (engine->deadlines.count > 0 && engine->deadlines.items[0].time <= now) {
        struct owned_run *owned = NULL;
        struct bamboo_error error;
        uint64_t number = heap_take(&engine->deadlines).number;
        if (run_set_find(&engine->runs, number)) continue;
        enum bamboo_status status = idle_recall(engine, number, &owned, &error);
        if (status == BAMBOO_OK || status == BAMBOO_E_OWNERSHIP || status == BAMBOO_E_NOT_FOUND)
            continue; /* the last two: it has ended, or went to others, meanwhile */
        if (status == BAMBOO_E_MEMORY) {
            engine_break(engine, &error);
            return;
        }
        engine->has_parked = true;
        fail(&engine->failure, status, "run number %" PRIu64 " cannot go on: %s", number,
             error.message);
    }
}

void idle_lose_all(struct engine *engine)
{
    struct run_set *set = &engine->runs;
    if (set->away_count > 0 && !engine->has_lost) {
        engine->has_lost = true;
        fail(&engine->loss, BAMBOO_E_OWNERSHIP,
             "this process was silent for too long: %zu runs that waited are not its own any more; "
             "whoever goes on with them (bamboo worker) finds them in the store",
             set->away_count);
    }
    set->away_count = 0;
    engine->deadlines.count = 0;
    for (int i = 0; i < STANDING_COUNT; i++)
        set->standings[i] = 0;
    for (const struct owned_run *owned = set->first; owned; owned = owned->next)
        set->standings[owned->standing]++;
}

void idle_release(struct engine *engine)
{
    memory_free(engine->deadlines.items);
    engine->deadlines = (struct idle_deadlines){0};
}
