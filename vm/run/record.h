/* How anything happens to a run: an event is written to the outbox, applied, and told to hooks. */
#ifndef VM_RUN_RECORD_H
#define VM_RUN_RECORD_H

#include "vm/run/apply.h"
#include "vm/run/outbox.h"

/* Writes the event to the outbox and applies it. Sets its time to `now_ms`. */
MUST_CHECK enum bamboo_status run_record(struct run *run, struct event *event, int64_t now_ms,
                                         struct bamboo_error *error);
/* The same for whoever knows its place. */
MUST_CHECK enum bamboo_status run_record_at(struct run *run, struct event *event,
                                            const struct event_place *at, int64_t now_ms,
                                            struct bamboo_error *error);

/* Where an event happens; SCOPE_NONE: to the run as a whole. Known only before it is applied, since
 * tokens move. */
void event_locate(const struct run *run, const struct event *event, uint32_t *scope,
                  uint32_t *node);

#endif
