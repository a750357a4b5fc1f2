/* What the instructions of control operations share (execute_control.c, execute_rollback.c). */
#ifndef VM_RUN_OPERATION_H
#define VM_RUN_OPERATION_H

#include "vm/run/interpreter.h"

/* What an operation on a node popped. Owned: operation_release(). */
struct operation {
    struct bamboo_value path, data, reason;
    uint32_t scope, node;
};

/* Pops path, data and reason, and finds the node. To be released, also after a failure. Errors:
 * USAGE, NOT_FOUND. */
MUST_CHECK enum bamboo_status operation_pop(struct interpreter *machine, struct operation *out);
void operation_release(struct operation *operation);

/* A member of the data; missing if they are no map. */
struct bamboo_value operation_field(const struct operation *operation, const char *name);

/* Completes a control event (actor, reason) and records it. */
MUST_CHECK enum bamboo_status record_control(struct interpreter *machine, struct event *event,
                                             struct bamboo_value reason);

/* Adds to the operator's answer: "'build' is paused". */
void answer_node(struct interpreter *machine, const struct operation *operation, const char *what);

#endif
