/* May this operation be done now, and if not, why? The same functions refuse operations and tell an
 * operator what is possible. They change nothing. Errors: REFUSED with the reason. */
#ifndef VM_RUN_LEGAL_H
#define VM_RUN_LEGAL_H

#include "vm/run/state.h"

/* What every operation asks first. */
MUST_CHECK enum bamboo_status must_not_have_ended(const struct run *run,
                                                  struct bamboo_error *error);

MUST_CHECK enum bamboo_status may_pause_run(const struct run *run, struct bamboo_error *error);
MUST_CHECK enum bamboo_status may_resume_run(const struct run *run, struct bamboo_error *error);
MUST_CHECK enum bamboo_status may_revoke_run(const struct run *run, struct bamboo_error *error);
MUST_CHECK enum bamboo_status may_pause_node(const struct run *run, uint32_t scope, uint32_t node,
                                             struct bamboo_error *error);
MUST_CHECK enum bamboo_status may_resume_node(const struct run *run, uint32_t scope, uint32_t node,
                                              struct bamboo_error *error);
MUST_CHECK enum bamboo_status may_retry_node(const struct run *run, uint32_t scope, uint32_t node,
                                             struct bamboo_error *error);
MUST_CHECK enum bamboo_status may_skip_node(const struct run *run, uint32_t scope, uint32_t node,
                                            struct bamboo_error *error);
/* The same for one kind of node alone: what is of another kind is refused, whatever its state. */
MUST_CHECK enum bamboo_status may_retry_subprocess(const struct run *run, uint32_t scope,
                                                   uint32_t node, struct bamboo_error *error);
MUST_CHECK enum bamboo_status may_skip_exclusive(const struct run *run, uint32_t scope,
                                                 uint32_t node, struct bamboo_error *error);
MUST_CHECK enum bamboo_status may_skip_inclusive(const struct run *run, uint32_t scope,
                                                 uint32_t node, struct bamboo_error *error);
MUST_CHECK enum bamboo_status may_fail_node(const struct run *run, uint32_t scope, uint32_t node,
                                            struct bamboo_error *error);
MUST_CHECK enum bamboo_status may_call_back_node(const struct run *run, uint32_t scope,
                                                 uint32_t node, struct bamboo_error *error);

/* Refuse always: for operations of nodes only, and of runs only. */
MUST_CHECK enum bamboo_status may_not_run(const struct run *run, struct bamboo_error *error);
MUST_CHECK enum bamboo_status may_not_node(const struct run *run, uint32_t scope, uint32_t node,
                                           struct bamboo_error *error);

#endif
