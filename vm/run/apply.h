/* The only writer of a run. */
#ifndef VM_RUN_APPLY_H
#define VM_RUN_APPLY_H

#include "vm/run/state.h"

/* May this event follow? True for all that the machine makes; what a damaged journal holds may not
 * fit. */
bool event_fits(const struct run *run, const struct event *event);

/* Changes the run as the event says; it must fit. Errors: MEMORY (the run is not to be used). */
MUST_CHECK enum bamboo_status run_apply(struct run *run, const struct event *event,
                                        struct bamboo_error *error);

/* Writes the event to the outbox and applies it. Sets its time to `now_ms`. */
MUST_CHECK enum bamboo_status run_record(struct run *run, struct event *event, int64_t now_ms,
                                         struct bamboo_error *error);

/* Adds an effect to the outbox; takes its values, also when it fails. */
MUST_CHECK enum bamboo_status run_emit_take(struct run *run, const struct effect *effect,
                                            struct bamboo_error *error);

/* If the token's component has something going on outside: asks for its end. */
MUST_CHECK enum bamboo_status run_cancel_work(struct run *run, const struct token *token,
                                              struct bamboo_error *error);

/* Where an event happens; SCOPE_NONE: to the run as a whole. Known only before it is applied, since
 * tokens move. */
void event_locate(const struct run *run, const struct event *event, uint32_t *scope,
                  uint32_t *node);

#endif
