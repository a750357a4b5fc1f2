#include "vm/run/apply.h"

#include <assert.h>

#include "base/memory.h"
#include "vm/run/apply_shared.h"
#include "vm/run/hook.h"
#include "vm/run/node_timer.h"

/* An execution of the token's node begins. Rules: semantics section 3, point 4 and 5. */
static void enter_node(struct run *run, uint32_t token, const struct event *event)
{
    struct node_record *record = token_record(run, &run->tokens[token]);
    if (record->state == NODE_FINISHED) { /* re-entry */
        bool is_round = record->flags & RECORD_LOOPING;
        record->loop++;
        record->inner_loop++;
        record->automatic_retries = 0;
        record_drop_reservation(record);
        if (!is_round) record->retry = 0;
        /* With a context what a retry gave stays for later rounds (semantics section 9). */
        if (is_round || scope_has_context(run, run->tokens[token].scope))
            record_drop_callbacks(record);
        else
            record_drop_extra(record);
    } else if (record->loop == 0) {
        record->loop = record->inner_loop = 1;
    } else if (record->inner_loop == 0) { /* a new round of its subprocess */
        record->inner_loop = 1;
    }
    record->flags = 0;
    record->schedules = 0;
    record_become(record, NODE_RUNNING);
    record->token = token;
    record->version = ++run->versions;
    record->started = event->time;
    record->archived = 0;
    record->deadline = 0;
    value_replace(&record->inputs, bamboo_missing());
    value_replace(&record->outputs, bamboo_missing());
}

/* The callback that was dealt with goes. */
static void drop_callback(struct node_record *record)
{
    struct node_extra *extra = record->extra;
    if (!extra || extra->callback_count == 0) return;
    bamboo_value_release(extra->callbacks[0]);
    extra->callback_count--;
    for (size_t i = 0; i < extra->callback_count; i++)
        extra->callbacks[i] = extra->callbacks[i + 1];
}

/* The node is at work from this event on, unless that is also its end. */
static enum bamboo_status arm_node(struct run *run, const struct token *token,
                                   const struct event *event, struct bamboo_error *error)
{
    if (event->type != EVENT_NODE_STARTED && event->type != EVENT_NODE_WAITING &&
        event->type != EVENT_SUBPROCESS_ENTERED)
        return BAMBOO_OK;
    enum bamboo_status status = node_timers_arm(run, token->scope, token->node, event->time, error);
    return status == BAMBOO_OK ? node_timers_index(run, token->scope, token->node, error) : status;
}

/* What the flags of an event of a token bring: entering, data, variables, timeout. */
static enum bamboo_status apply_token_data(struct run *run, const struct event *event,
                                           struct bamboo_error *error)
{
    if (event->flags & EVENT_ENTERS) enter_node(run, event->token, event);
    struct token *token = &run->tokens[event->token];
    struct node_record *record = token_record(run, token);
    token->busy = false;
    if (event->flags & EVENT_INPUTS) value_replace(&record->inputs, event->inputs);
    /* What an end event brings are the outputs of its pipeline. */
    if (event->flags & EVENT_OUTPUTS && event->type != EVENT_PIPELINE_FINISHED)
        value_replace(&record->outputs, event->outputs);
    if (event->flags & EVENT_CONSUMES) drop_callback(record);
    struct scope *scope = &run->scopes[token->scope];
    for (uint32_t i = 0; i < event->assignment_count; i++)
        value_replace(&scope->variables[event->assignments[i].variable],
                      event->assignments[i].value);
    if (event->flags & EVENT_DEADLINE) record->deadline = event->deadline;
    return event->flags & EVENT_ENTERS ? arm_node(run, token, event, error) : BAMBOO_OK;
}

typedef enum bamboo_status (*apply_function)(struct run *, const struct event *,
                                             struct bamboo_error *);

static const apply_function APPLY[] = {
#define EVENT(name, text, fields, meaning) [EVENT_##name] = apply_##name,
#include "vm/run/events.def"
#undef EVENT
};

enum bamboo_status run_apply(struct run *run, const struct event *event, struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_OK;
    if (event_type_fields(event->type) & FIELD_TOKEN) status = apply_token_data(run, event, error);
    if (status == BAMBOO_OK) status = APPLY[event->type](run, event, error);
    run->time = event->time;
    run->sequence++;
    assert(status != BAMBOO_OK || run_is_consistent(run));
    return status;
}

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
static enum bamboo_status cancel_actions(struct run *run, const struct event *event,
                                         struct bamboo_error *error)
{
    uint32_t scope, node;
    event_locate(run, event, &scope, &node);
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
    enum bamboo_status status = cancel_actions(run, event, error);
    if (status == BAMBOO_OK) status = run_apply(run, event, error);
    if (status == BAMBOO_OK) status = hook_tell(run, event, scope, node, error);
    run->outbox.last = run->sequence;
    return status;
}

enum bamboo_status run_emit_take(struct run *run, const struct effect *effect,
                                 struct bamboo_error *error)
{
    struct run_outbox *outbox = &run->outbox;
    if (!memory_grow((void **)&outbox->effects, &outbox->effect_capacity, outbox->effect_count + 1,
                     sizeof *outbox->effects)) {
        struct effect dropped = *effect;
        effect_release(&dropped);
        return fail_memory(error);
    }
    outbox->effects[outbox->effect_count++] = *effect;
    return BAMBOO_OK;
}

enum bamboo_status run_cancel_work(struct run *run, const struct token *token,
                                   struct bamboo_error *error)
{
    if (token->state != TOKEN_WORKING && token->state != TOKEN_POLL &&
        token->state != TOKEN_CALLBACK)
        return BAMBOO_OK;
    const struct node_record *record = token_record(run, token);
    const struct image_node *node = node_of(run, token->node);
    struct effect effect = {.kind = EFFECT_CANCEL,
                            .scope = token->scope,
                            .node = token->node,
                            .version = record->version,
                            .component = run->linked->components[node->companion],
                            .inputs = bamboo_value_retain(record->inputs),
                            .outputs = bamboo_value_retain(record->outputs)};
    return run_emit_take(run, &effect, error);
}
