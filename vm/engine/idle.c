#include "vm/engine/idle.h"

#include "base/memory.h"

/* --- Deadlines of runs that are away: a heap. One that was brought back earlier has an entry that
 * is of no use, and comes back once more for nothing. --- */

bool idle_add_deadline(struct engine *engine, int64_t time, uint64_t number)
{
    struct idle_deadlines *heap = &engine->deadlines;
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

struct idle_deadline idle_take_deadline(struct engine *engine)
{
    struct idle_deadlines *heap = &engine->deadlines;
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

/* --- Which runs are idle --- */

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

/* --- Those that are away --- */

bool idle_may_be_away(const struct engine *engine, uint64_t number)
{
    return engine->runs.away_count > 0 && number <= engine->runs.away_last;
}

bool idle_is_away(const struct engine *engine, const struct store_run *row)
{
    return engine->number != 0 && row->owner == engine->number && !row->summary.ended &&
           idle_may_be_away(engine, row->number);
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
