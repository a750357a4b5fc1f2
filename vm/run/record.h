/* How anything happens to a run: an event is written to the outbox, applied, and told to hooks. */
#ifndef VM_RUN_RECORD_H
#define VM_RUN_RECORD_H

#include <assert.h>

#include "base/crash_point.h"
#include "vm/run/apply.h"
#include "vm/run/hook.h"
#include "vm/run/node_timer.h"
#include "vm/run/outbox.h"

/* Writes the event to the outbox and applies it. Sets its time to `now_ms`. */
MUST_CHECK enum bamboo_status run_record(struct run *run, struct event *event, int64_t now_ms,
                                         struct bamboo_error *error);
/* The same for whoever knows its place. Inline: each transition passes here. */
MUST_CHECK static inline enum bamboo_status run_record_at(struct run *run, struct event *event,
                                                          const struct event_place *at,
                                                          int64_t now_ms,
                                                          struct bamboo_error *error)
{
    uint32_t fields = event_type_fields(event->type);
    event->time = now_ms;
    assert(event_fits(run, event, at));
    event_encode(&run->outbox.events, event, run->time);
    if (run->outbox.events.failed) return fail_memory(error);
    enum bamboo_status status = BAMBOO_OK;
    if ((fields & ENDS_WORK) && node_has_timers(at->record))
        status = node_timers_cancel(run, at, error);
    if (status == BAMBOO_OK) status = run_apply(run, event, at, error);
    if (status == BAMBOO_OK && (fields & ENDS_NODE) && run->linked->has_hooks)
        status = hook_tell(run, at, error);
    may_crash("after an event");
    return status;
}

/* Where an event happens; SCOPE_NONE: to the run as a whole. Known only before it is applied, since
 * tokens move. */
void event_locate(const struct run *run, const struct event *event, uint32_t *scope,
                  uint32_t *node);

#endif
