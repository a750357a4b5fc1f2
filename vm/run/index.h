/* The parts of a run that are no state, made from it. */
#ifndef VM_RUN_INDEX_H
#define VM_RUN_INDEX_H

#include "vm/run/state.h"

/* Makes the transient parts of a run that was restored: the queue and the timers. */
MUST_CHECK enum bamboo_status run_index(struct run *run, struct bamboo_error *error);

/* The timers alone: also when a pause is over, which held some of them. */
MUST_CHECK enum bamboo_status run_index_timers(struct run *run, struct bamboo_error *error);

#endif
