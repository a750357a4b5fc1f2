/* Hooks of components: finish and fail (enter is told by whoever calls execute). */
#ifndef VM_RUN_HOOK_H
#define VM_RUN_HOOK_H

#include "vm/run/state.h"

/* The event, which has been applied, happened to this node (SCOPE_NONE: to none). If that was the
 * end of an execution, its component is told: a pure one now, an external one by an effect. Errors:
 * MEMORY. */
MUST_CHECK enum bamboo_status hook_tell(struct run *run, const struct event *event, uint32_t scope,
                                        uint32_t node, struct bamboo_error *error);

#endif
