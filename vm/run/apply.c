#include "vm/run/apply.h"

#include <assert.h>

#include "base/memory.h"
#include "vm/run/apply_shared.h"

/* An execution of the token's node begins. Rules: semantics section 3, point 4 and 5. */
static void enter_node(struct run *run, uint32_t token, const struct event *event)
{
    struct node_record *record = token_record(run, &run->tokens[token]);
    if (record->state == NODE_FINISHED) { /* re-entry */
        bool is_round = record->flags & RECORD_LOOPING;
        record->loop++;
        record->inner_loop++;
        record->automatic_retries = 0;
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

/* What the flags of an event of a token bring: entering, data, variables, timeout. */
static enum bamboo_status apply_token_data(struct run *run, const struct event *event,
                                           struct bamboo_error *error)
{
    if (event->flags & EVENT_ENTERS) enter_node(run, event->token, event);
    struct token *token = &run->tokens[event->token];
    struct node_record *record = token_record(run, token);
    token->busy = false;
    if (event->flags & EVENT_INPUTS) value_replace(&record->inputs, event->inputs);
    if (event->flags & EVENT_OUTPUTS) value_replace(&record->outputs, event->outputs);
    if (event->flags & EVENT_CONSUMES) drop_callback(record);
    struct scope *scope = &run->scopes[token->scope];
    for (uint32_t i = 0; i < event->assignment_count; i++)
        value_replace(&scope->variables[event->assignments[i].variable],
                      event->assignments[i].value);
    if (!(event->flags & EVENT_DEADLINE)) return BAMBOO_OK;
    record->deadline = event->deadline;
    return timer_add(run,
                     (struct timer){.time = event->deadline,
                                    .version = record->version,
                                    .token = TOKEN_NONE,
                                    .scope = token->scope,
                                    .node = token->node},
                     error);
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

enum bamboo_status run_record(struct run *run, struct event *event, int64_t now_ms,
                              struct bamboo_error *error)
{
    event->time = now_ms;
    assert(event_fits(run, event));
    size_t before = run->outbox.events.size;
    event_encode(&run->outbox.events, event, run->time);
    if (run->outbox.events.failed) return fail_memory(error);
    run->unsnapshotted += run->outbox.events.size - before;
    enum bamboo_status status = run_apply(run, event, error);
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
