#include "vm/engine/scheduler.h"

#include <assert.h>

#include "base/memory.h"

/* --- The heap --- */

static void place(struct scheduler *scheduler, size_t index, struct owned_run *owned)
{
    scheduler->heap[index] = owned;
    owned->heap_index = (uint32_t)index;
}

static void sift_up(struct scheduler *scheduler, size_t index, struct owned_run *owned)
{
    while (index > 0 && scheduler->heap[(index - 1) / 2]->deadline > owned->deadline) {
        place(scheduler, index, scheduler->heap[(index - 1) / 2]);
        index = (index - 1) / 2;
    }
    place(scheduler, index, owned);
}

static void sift_down(struct scheduler *scheduler, size_t index, struct owned_run *owned)
{
    for (;;) {
        size_t child = 2 * index + 1;
        if (child >= scheduler->heap_count) break;
        if (child + 1 < scheduler->heap_count &&
            scheduler->heap[child + 1]->deadline < scheduler->heap[child]->deadline)
            child++;
        if (scheduler->heap[child]->deadline >= owned->deadline) break;
        place(scheduler, index, scheduler->heap[child]);
        index = child;
    }
    place(scheduler, index, owned);
}

static void heap_remove(struct scheduler *scheduler, struct owned_run *owned)
{
    if (owned->deadline == 0) return;
    size_t index = owned->heap_index;
    assert(scheduler->heap[index] == owned);
    struct owned_run *last = scheduler->heap[--scheduler->heap_count];
    owned->deadline = 0;
    if (last == owned) return;
    sift_down(scheduler, index, last);
    sift_up(scheduler, last->heap_index, last);
}

static enum bamboo_status heap_add(struct scheduler *scheduler, struct owned_run *owned,
                                   int64_t deadline, struct bamboo_error *error)
{
    if (!memory_grow((void **)&scheduler->heap, &scheduler->heap_capacity,
                     scheduler->heap_count + 1, sizeof(struct owned_run *)))
        return fail_memory(error);
    owned->deadline = deadline;
    sift_up(scheduler, scheduler->heap_count++, owned);
    return BAMBOO_OK;
}

/* --- The queue --- */

static void enqueue(struct run_queue *queue, struct owned_run *owned)
{
    if (owned->is_runnable) return;
    owned->is_runnable = true;
    owned->next_runnable = NULL;
    if (queue->last)
        queue->last->next_runnable = owned;
    else
        queue->first = owned;
    queue->last = owned;
}

struct owned_run *scheduler_take_runnable(struct scheduler *scheduler)
{
    struct run_queue *queue = &scheduler->runnable;
    struct owned_run *owned = queue->first;
    if (!owned) return NULL;
    queue->first = owned->next_runnable;
    if (!queue->first) queue->last = NULL;
    owned->is_runnable = false;
    return owned;
}

enum bamboo_status scheduler_touch(struct scheduler *scheduler, struct owned_run *owned,
                                   struct bamboo_error *error)
{
    if (owned->is_gone || owned->is_parked) return BAMBOO_OK;
    if (run_is_runnable(owned->run)) enqueue(&scheduler->runnable, owned);
    int64_t deadline = run_next_deadline(owned->run);
    if (deadline == owned->deadline) return BAMBOO_OK;
    heap_remove(scheduler, owned);
    return deadline == 0 ? BAMBOO_OK : heap_add(scheduler, owned, deadline, error);
}

void scheduler_forget(struct scheduler *scheduler, struct owned_run *owned)
{
    heap_remove(scheduler, owned);
}

struct owned_run *scheduler_due(const struct scheduler *scheduler, int64_t now_ms)
{
    if (scheduler->heap_count == 0 || scheduler->heap[0]->deadline > now_ms) return NULL;
    return scheduler->heap[0];
}

int64_t scheduler_deadline(const struct scheduler *scheduler)
{
    return scheduler->heap_count ? scheduler->heap[0]->deadline : 0;
}

void scheduler_release(struct scheduler *scheduler)
{
    memory_free(scheduler->heap);
    *scheduler = (struct scheduler){0};
}
