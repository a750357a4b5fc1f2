/* Hooks of components: finish and fail (enter is told by whoever calls execute). */
#ifndef VM_RUN_HOOK_H
#define VM_RUN_HOOK_H

#include "vm/run/state.h"

/* An execution of this node has ended, by an event that was applied: its component is told, a pure
 * one now, an external one by an effect. Errors: MEMORY. */
MUST_CHECK enum bamboo_status hook_tell(struct run *run, const struct event_place *at,
                                        struct bamboo_error *error);

#endif
