/* The history of nodes: executions that something has put behind them. */
#ifndef VM_RUN_HISTORY_H
#define VM_RUN_HISTORY_H

#include "vm/run/run.h"

struct event;

/* Tells the listener, which has a function for it, about each execution that the event, which is
 * about to be applied, supersedes: by re-entry, retry, skip or rollback. Errors: MEMORY, the
 * listener's. */
MUST_CHECK enum bamboo_status history_tell(const struct run *run, const struct event *event,
                                           const struct replay_listener *listener,
                                           struct bamboo_error *error);

#endif
