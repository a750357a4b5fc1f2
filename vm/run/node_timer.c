#include "vm/run/node_timer.h"

#include "base/memory.h"
#include "vm/run/apply_shared.h"
#include "vm/run/outbox.h"

/* The node's policy if it has timers, else NULL. */
static const struct image_policy *timers_of(const struct run *run, uint32_t node)
{
    const struct image_node *row = node_of(run, node);
    if (row->policy == IMAGE_NONE) return NULL;
    const struct image_policy *policy = &run->linked->program->policies[row->policy];
    return policy->timer_count > 0 ? policy : NULL;
}

const struct image_timer *node_timer_row(const struct run *run, uint32_t node, uint32_t timer)
{
    const struct image_policy *policy = timers_of(run, node);
    if (!policy || timer >= policy->timer_count) return NULL;
    return &run->linked->program->timers[policy->first_timer + timer];
}

static int64_t row_time(const struct image_timer *row)
{
    return (int64_t)image_u64(row->time_low, row->time_high);
}

/* --- Arming --- */

static uint32_t armed_count(const struct node_record *record)
{
    return record->extra ? record->extra->timer_count : 0;
}

static enum bamboo_status add_deadline(struct run *run, uint32_t scope, uint32_t node,
                                       uint32_t event, int64_t time, struct bamboo_error *error)
{
    struct timer timer = {.time = time,
                          .version = record_of(run, scope, node)->version,
                          .token = TOKEN_NONE,
                          .event = event,
                          .scope = scope,
                          .node = node};
    return time == 0 ? BAMBOO_OK : timer_add(run, timer, error);
}

enum bamboo_status node_timers_index(struct run *run, uint32_t scope, uint32_t node,
                                     struct bamboo_error *error)
{
    const struct node_record *record = record_of(run, scope, node);
    enum bamboo_status status = add_deadline(run, scope, node, 0, record->deadline, error);
    uint32_t count = armed_count(record);
    for (uint32_t i = 0; i < count && status == BAMBOO_OK; i++)
        status = add_deadline(run, scope, node, i + 1, record->extra->timers[i].next, error);
    return status;
}

enum bamboo_status node_timers_arm(struct run *run, uint32_t scope, uint32_t node, int64_t now,
                                   struct bamboo_error *error)
{
    const struct image_policy *policy = timers_of(run, node);
    if (!policy) return BAMBOO_OK;
    struct node_extra *extra = record_extra(record_of(run, scope, node));
    if (!extra) return fail_memory(error);
    memory_free(extra->timers);
    extra->timer_count = 0;
    extra->timers = memory_allocate_zeroed(policy->timer_count, sizeof *extra->timers);
    if (!extra->timers) return fail_memory(error);
    extra->timer_count = policy->timer_count;
    for (uint32_t i = 0; i < policy->timer_count; i++) {
        const struct image_timer *row = node_timer_row(run, node, i);
        int64_t time = row_time(row) + (row->kind == TIMER_KIND_AT ? 0 : now);
        extra->timers[i].next = time > 0 ? time : 1; /* long ago: at once */
    }
    return BAMBOO_OK;
}

/* --- The end --- */

static uint32_t action_token(const struct run *run, uint32_t scope, uint32_t node, uint32_t timer)
{
    const struct image_timer *row = node_timer_row(run, node, timer);
    return row ? record_of(run, scope, row->node)->token : TOKEN_NONE;
}

enum bamboo_status node_timers_cancel(struct run *run, const struct event_place *at,
                                      struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_OK;
    uint32_t count = armed_count(at->record);
    for (uint32_t i = 0; i < count && status == BAMBOO_OK; i++) {
        uint32_t token = action_token(run, at->scope, at->node, i);
        if (token != TOKEN_NONE) status = run_cancel_work(run, &run->tokens[token], error);
    }
    return status;
}

static enum bamboo_status stop_action(struct run *run, uint32_t scope, uint32_t action, int64_t now,
                                      struct bamboo_error *error)
{
    struct node_record *record = record_of(run, scope, action);
    uint32_t token = record->token;
    record->token = TOKEN_NONE;
    token_free(run, token);
    if (record->state != NODE_RUNNING) return BAMBOO_OK;
    struct bamboo_value why, outputs;
    enum bamboo_status status =
        value_from_string("the node that it belongs to has ended", &why, error);
    if (status == BAMBOO_OK)
        status = value_map_with_take(record->outputs, "ex_data", why, &outputs, error);
    if (status != BAMBOO_OK) return status;
    close_record(record, NODE_FAILED, now);
    bamboo_value_release(record->outputs);
    record->outputs = outputs;
    return BAMBOO_OK;
}

enum bamboo_status node_timers_stop(struct run *run, const struct event_place *at, int64_t now,
                                    struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_OK;
    uint32_t count = armed_count(at->record);
    for (uint32_t i = 0; i < count && status == BAMBOO_OK; i++)
        if (action_token(run, at->scope, at->node, i) != TOKEN_NONE)
            status =
                stop_action(run, at->scope, node_timer_row(run, at->node, i)->node, now, error);
    if (count > 0) record_drop_timers(at->record);
    return status;
}

/* --- Firing --- */

/* Times that passed while nobody was there are not made up for. */
static int64_t next_time(const struct node_record *record, const struct image_timer *row,
                         const struct node_timer *timer, int64_t now)
{
    if (row->kind != TIMER_KIND_EVERY || (row->count > 0 && timer->fired >= row->count)) return 0;
    int64_t interval = row_time(row);
    return record->started + interval * ((now - record->started) / interval + 1);
}

static enum bamboo_status start_action(struct run *run, uint32_t scope, uint32_t action,
                                       struct bamboo_error *error)
{
    uint32_t token;
    enum bamboo_status status = token_create(run, &token, error);
    if (status != BAMBOO_OK) return status;
    run->tokens[token].scope = scope;
    attached_begin(run, token, action);
    return BAMBOO_OK;
}

/* An action that is still at work is not begun a second time: that time is left out. */
enum bamboo_status apply_TIMER_FIRED(struct run *run, const struct event *event,
                                     const struct event_place *at, struct bamboo_error *error)
{
    struct node_record *record = at->record;
    const struct image_timer *row = node_timer_row(run, event->node, event->timer);
    struct node_timer *timer = &record->extra->timers[event->timer];
    enum bamboo_status status = BAMBOO_OK;
    if (record_of(run, event->scope, row->node)->token == TOKEN_NONE) {
        timer->fired++;
        status = start_action(run, event->scope, row->node, error);
    }
    if (status != BAMBOO_OK) return status;
    timer->next = next_time(record, row, timer, event->time);
    return add_deadline(run, event->scope, event->node, event->timer + 1, timer->next, error);
}
