/* The only writer of a run. */
#ifndef VM_RUN_APPLY_H
#define VM_RUN_APPLY_H

#include "vm/run/event.h"
#include "vm/run/state.h"

/* May this event follow? True for all that the machine makes; what a damaged journal holds may not
 * fit. */
bool event_fits(const struct run *run, const struct event *event);

/* Changes the run as the event says; it must fit. Errors: MEMORY (the run is not to be used). */
MUST_CHECK enum bamboo_status run_apply(struct run *run, const struct event *event,
                                        struct bamboo_error *error);

#endif
