/* A generated run in the pure state machine: no store, no clock. Whatever a step does, the checks
 * of check.c follow it. A broken promise is kept as a text in `broken`. */
#ifndef TESTS_PROPERTY_WORLD_H
#define TESTS_PROPERTY_WORLD_H

#include "base/bytes.h"
#include "vm/run/state.h"

struct world {
    struct linked_program *linked;
    struct interpreter *machine;
    struct run *run;
    struct run *shadow; /* the same run, event by event from its journal */
    uint8_t *states;    /* of its nodes before the event that is being looked at */
    size_t state_count;
    int64_t now;
    struct byte_writer base; /* a snapshot, and the events after it */
    struct byte_writer journal;
    struct effect *effects; /* work outside that is not answered yet */
    size_t effect_count, effect_capacity;

    uint64_t luck; /* of the operator that wants the run to end */
    bool tells;    /* what each step does, to standard output */
    char broken[1000];
    struct bamboo_error error;
};

/* Compiles the text and begins a run; false if `broken` says why that cannot be. */
bool world_begin(struct world *world, const char *text);
void world_end(struct world *world);

__attribute__((format(printf, 2, 3))) void world_break(struct world *world, const char *format,
                                                       ...);

/* If the world tells: prints. */
__attribute__((format(printf, 2, 3))) void world_tell(const struct world *world, const char *format,
                                                      ...);

/* One step: three numbers that say what and to what. Returns false once something is broken. */
struct step {
    uint32_t kind, which, how;
};
bool world_step(struct world *world, struct step step);

/* Answers, retries, skips and resumes until the run has ended. False if it does not. */
bool world_finish(struct world *world);

/* After each step (check.c): events obey the table of transitions, and replaying them gives the
 * same state. */
bool world_check(struct world *world);
/* Every token that sleeps tells what it waits for, and that is under way. */
bool world_check_sleepers(struct world *world);
/* Restores the run from `base` and `journal`. NULL, and broken, if that fails. */
struct run *world_restore(struct world *world);
bool world_same_state(struct world *world, struct run *one, struct run *other, const char *how);
/* The same as people see it: what a snapshot leaves out is not the same. */
bool world_same_description(struct world *world, struct run *one, struct run *other,
                            const char *how);

/* An operation by an operator (operate.c): refused ones change nothing, and it is as `can` says. */
bool world_operate(struct world *world, uint32_t which, uint32_t how);
/* Makes it happen, or not; *accepted says. */
bool world_apply(struct world *world, const char *operation, const char *path,
                 struct bamboo_value data, bool *accepted);

#endif
