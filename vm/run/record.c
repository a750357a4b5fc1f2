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

/* What a node's timers began ends with the node. */
static enum bamboo_status cancel_actions(struct run *run, const struct event *event, uint32_t scope,
                                         uint32_t node, struct bamboo_error *error)
{
    if (event->type == EVENT_ROLLBACK_STARTED) { /* its place is the target */
        scope = run->tokens[event->token].scope;
        node = run->tokens[event->token].node;
    } else if (event->type != EVENT_NODE_FINISHED && event->type != EVENT_NODE_FAILED &&
               event->type != EVENT_NODE_FORCE_FAILED) {
        return BAMBOO_OK;
    }
    return node_timers_cancel(run, scope, node, error);
}

enum bamboo_status run_record(struct run *run, struct event *event, int64_t now_ms,
                              struct bamboo_error *error)
{
    event->time = now_ms;
    assert(event_fits(run, event));
    size_t before = run->outbox.events.size;
    event_encode(&run->outbox.events, event, run->time);
    if (run->outbox.events.failed) return fail_memory(error);
    run->unsnapshotted += run->outbox.events.size - before;
    uint32_t scope, node;
    event_locate(run, event, &scope, &node);
    enum bamboo_status status = cancel_actions(run, event, scope, node, error);
    if (status == BAMBOO_OK) status = run_apply(run, event, error);
    if (status == BAMBOO_OK) status = hook_tell(run, event, scope, node, error);
    run->outbox.last = run->sequence;
    may_crash("after an event");
    return status;
}
