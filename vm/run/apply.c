#include "vm/run/apply.h"

#include "base/apart.h"
#include "base/memory.h"
#include "vm/run/apply_shared.h"
#include "vm/run/node_timer.h"

/* What an execution before has left. */
static APART void renew_extra(struct node_record *record, bool keeps_inputs)
{
    record_drop_reservation(record);
    record_drop_callbacks(record);
    if (!keeps_inputs) record_drop_extra(record);
}

/* An execution of the token's node begins: a record that has finished is entered again. */
static void enter_node(struct run *run, const struct event *event, const struct event_place *at)
{
    struct node_record *record = at->record;
    if (record->state == NODE_FINISHED) { /* re-entry */
        bool is_round = record->flags & RECORD_LOOPING;
        record->loop++;
        record->inner_loop++;
        record->automatic_retries = 0;
        if (!is_round) record->retry = 0;
        /* With a context what a retry gave stays for later rounds, as in bamboo-engine. */
        if (record->extra) renew_extra(record, is_round || scope_has_context(run, at->scope));
    } else if (record->loop == 0) {
        record->loop = record->inner_loop = 1;
    } else if (record->inner_loop == 0) { /* a new round of its subprocess */
        record->inner_loop = 1;
    }
    record->flags = 0;
    record->schedules = 0;
    record_become(record, NODE_RUNNING);
    record->token = event->token;
    record->version = ++run->versions;
    record->started = event->time;
    record->archived = 0;
    record->deadline = 0;
    if (node_keeps_data(run, at->scope, at->row)) return;
    if (!(event->flags & EVENT_INPUTS)) value_replace(&record->inputs, bamboo_missing());
    value_replace(&record->outputs, bamboo_missing());
}

/* The callback that was dealt with goes. */
static APART void drop_callback(struct node_record *record)
{
    struct node_extra *extra = record->extra;
    if (!extra || extra->callback_count == 0) return;
    value_release(extra->callbacks[0]);
    extra->callback_count--;
    for (size_t i = 0; i < extra->callback_count; i++)
        extra->callbacks[i] = extra->callbacks[i + 1];
}

/* The node is at work from this event on. */
static APART enum bamboo_status arm_node(struct run *run, const struct event *event,
                                         const struct event_place *at, struct bamboo_error *error)
{
    enum bamboo_status status = node_timers_arm(run, at->scope, at->node, event->time, error);
    return status == BAMBOO_OK ? node_timers_index(run, at->scope, at->node, error) : status;
}

static APART void apply_assignments(struct run *run, const struct event *event,
                                    const struct event_place *at)
{
    for (uint32_t i = 0; i < event->assignment_count; i++)
        value_replace(&run->scopes[at->scope].variables[event->assignments[i].variable],
                      event->assignments[i].value);
}

/* What the flags of an event of a token bring: entering, data, variables, timeout. */
static void apply_token_data(struct run *run, const struct event *event,
                             const struct event_place *at)
{
    struct node_record *record = at->record;
    if (event->flags & EVENT_ENTERS) enter_node(run, event, at);
    run->tokens[event->token].busy = false;
    if (event->flags & EVENT_INPUTS) value_replace(&record->inputs, event->inputs);
    /* What an end event brings are the outputs of its pipeline. */
    if (event->flags & EVENT_OUTPUTS && event->type != EVENT_PIPELINE_FINISHED)
        value_replace(&record->outputs, event->outputs);
    if (event->flags & EVENT_CONSUMES) drop_callback(record);
    if (event->assignment_count > 0) apply_assignments(run, event, at);
    if (event->flags & EVENT_DEADLINE) record->deadline = event->deadline;
}

typedef enum bamboo_status (*apply_function)(struct run *, const struct event *,
                                             const struct event_place *, struct bamboo_error *);

static const apply_function APPLY[] = {
#define EVENT(name, text, fields, meaning) [EVENT_##name] = apply_##name,
#include "vm/run/events.def"
#undef EVENT
};

enum bamboo_status run_apply(struct run *run, const struct event *event,
                             const struct event_place *at, struct bamboo_error *error)
{
    uint32_t fields = event_type_fields(event->type);
    enum bamboo_status status = BAMBOO_OK;
    if (fields & FIELD_TOKEN) apply_token_data(run, event, at);
    if ((fields & BEGINS_WORK) && (event->flags & EVENT_ENTERS))
        status = arm_node(run, event, at, error);
    run->time = event->time;
    run->sequence++;
    if (status == BAMBOO_OK) status = APPLY[event->type](run, event, at, error);
#ifdef BAMBOO_DEBUG
    if (status == BAMBOO_OK) run_assert_consistent(run);
#endif
    return status;
}
