/* Timers of nodes: `at`, `after` and `every` beside an activity. They are armed when the node is
 * entered; one that is due begins its action, an attached node, with a token of its own, which no
 * join waits for. When the node has ended, so have its timers and what they began. */
#ifndef VM_RUN_NODE_TIMER_H
#define VM_RUN_NODE_TIMER_H

#include "vm/run/state.h"

/* The row of one of the node's timers; NULL if the node has no such timer. */
const struct image_timer *node_timer_row(const struct run *run, uint32_t node, uint32_t timer);

/* The node was entered: its timers run from now on. Changes state. Errors: MEMORY. */
MUST_CHECK enum bamboo_status node_timers_arm(struct run *run, uint32_t scope, uint32_t node,
                                              int64_t now, struct bamboo_error *error);

/* The transient part of what is armed: deadlines of the timers and of the node's timeout. */
MUST_CHECK enum bamboo_status node_timers_index(struct run *run, uint32_t scope, uint32_t node,
                                                struct bamboo_error *error);

/* Has the node any? */
static inline bool node_has_timers(const struct node_record *record)
{
    return record->extra && record->extra->timer_count > 0;
}

/* The execution of the node is over: its timers are too, and actions that are at work fail. Changes
 * state. Errors: MEMORY. */
MUST_CHECK enum bamboo_status node_timers_stop(struct run *run, const struct event_place *at,
                                               int64_t now, struct bamboo_error *error);

/* Before that: asks for the end of what these actions do outside. Changes no state. */
MUST_CHECK enum bamboo_status node_timers_cancel(struct run *run, const struct event_place *at,
                                                 struct bamboo_error *error);

#endif
