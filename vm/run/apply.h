/* The only writer of a run. */
#ifndef VM_RUN_APPLY_H
#define VM_RUN_APPLY_H

#include "vm/run/event.h"
#include "vm/run/state.h"

/* Where would the event happen? False: there is no such place. */
MUST_CHECK bool event_find_place(const struct run *run, const struct event *event,
                                 struct event_place *out);

/* May this event follow, at its place? True for all that the machine makes; what a damaged journal
 * holds may not fit. */
bool event_fits(const struct run *run, const struct event *event, const struct event_place *at);

/* Changes the run as the event says; it must fit. Errors: MEMORY (the run is not to be used). */
MUST_CHECK enum bamboo_status run_apply(struct run *run, const struct event *event,
                                        const struct event_place *at, struct bamboo_error *error);

#endif
