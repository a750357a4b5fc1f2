/* One execution of a node by an external component, while it is under way. */
#ifndef VM_ENGINE_EXECUTION_H
#define VM_ENGINE_EXECUTION_H

#include "vm/engine/engine_state.h"
#include "vm/engine/child.h"
#include "vm/run/activity.h"

/* Children wait while more log than this waits for the disk. */
#define LOG_BACKLOG_MAX (8u << 20)

struct execution {
    struct bamboo_activity activity; /* first: the component's functions get this */
    struct engine *engine;
    struct owned_run *run; /* NULL: not ours any more */
    struct execution *previous, *next;
    uint32_t scope, node;
    bool is_cancelled; /* its result is not wanted */
    struct text path;
    struct child *child; /* or NULL */
    enum bamboo_outcome (*on_exit)(struct bamboo_activity *activity,
                                   const struct bamboo_process_result *result);
    size_t logged, dropped; /* bytes */
};

/* Makes an execution of an effect EXECUTE or SCHEDULE; takes the effect's inputs and outputs. NULL
 * if there is no memory; then nothing was taken. */
struct execution *execution_create_take(struct engine *engine, struct owned_run *owned,
                                        struct effect *effect);
/* Kills its process, if it is alive, and frees it. */
void execution_destroy(struct execution *execution);

/* A component's execute, schedule or on_exit has answered: the run gets the result and the
 * execution ends, unless a process is to complete it. */
void execution_answered(struct execution *execution, enum bamboo_outcome outcome);

/* Its result is not wanted any more: tells the component and ends its process. It stays until that
 * is gone. */
void execution_cancel(struct execution *execution);

/* The log was made durable: children that were stopped may write again. */
void execution_resume_output(struct engine *engine);

#endif
