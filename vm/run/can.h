/* Which operations are possible now, and why the others are not. */
#ifndef VM_RUN_CAN_H
#define VM_RUN_CAN_H

#include "vm/run/run.h"

/* A list of maps {operation, node?, allowed, why?, data?, meaning}. Without `path`: operations of
 * the run, and of all nodes those that are allowed. With it: all operations of that node. Errors:
 * NOT_FOUND (the node), MEMORY. */
MUST_CHECK enum bamboo_status run_can(const struct run *run, const char *path,
                                      struct bamboo_value *out, struct bamboo_error *error);

#endif
