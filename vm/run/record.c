#include "vm/run/record.h"

#include <assert.h>

#include "base/crash_point.h"
#include "vm/run/hook.h"
#include "vm/run/node_timer.h"

void event_locate(const struct run *run, const struct event *event, uint32_t *scope, uint32_t *node)
{
    uint32_t fields = event_type_fields(event->type);
    *scope = SCOPE_NONE;
    *node = IMAGE_NONE;
    if (fields & FIELD_PLACE) {
        *scope = event->scope;
        *node = event->node;
    } else if (fields & FIELD_TOKEN) {
        *scope = run->tokens[event->token].scope;
        *node = run->tokens[event->token].node;
    }
}

enum bamboo_status run_record_at(struct run *run, struct event *event, const struct event_place *at,
                                 int64_t now_ms, struct bamboo_error *error)
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

enum bamboo_status run_record(struct run *run, struct event *event, int64_t now_ms,
                              struct bamboo_error *error)
{
    struct event_place at;
    bool found = event_find_place(run, event, &at);
    assert(found);
    (void)found;
    return run_record_at(run, event, &at, now_ms, error);
}
