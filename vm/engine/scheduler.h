/* Which run is next: a queue of those that can move now, in turn, and a heap of those that have a
 * deadline, soonest first. */
#ifndef VM_ENGINE_SCHEDULER_H
#define VM_ENGINE_SCHEDULER_H

#include "vm/engine/owned_run.h"

/* Zeroed is empty. */
struct scheduler {
    struct run_queue runnable;
    struct owned_run **heap; /* by deadline */
    size_t heap_count, heap_capacity;
};

/* Something happened to the run: puts it where it belongs now. Errors: MEMORY. */
MUST_CHECK enum bamboo_status scheduler_touch(struct scheduler *scheduler, struct owned_run *owned,
                                              struct bamboo_error *error);
/* The run is not to be scheduled any more. It may come out of the queue once more. */
void scheduler_forget(struct scheduler *scheduler, struct owned_run *owned);
/* Takes the next run out of the queue; NULL if none can move. It may be gone meanwhile. */
struct owned_run *scheduler_take_runnable(struct scheduler *scheduler);
/* The run whose deadline is reached, if there is one. */
struct owned_run *scheduler_due(const struct scheduler *scheduler, int64_t now_ms);
/* The first deadline; 0: none. */
int64_t scheduler_deadline(const struct scheduler *scheduler);
void scheduler_release(struct scheduler *scheduler);

#endif
