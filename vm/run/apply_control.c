/* Events of operators: pauses, retries, skips, the end by hand. */
#include "base/memory.h"
#include "vm/run/apply_shared.h"
#include "vm/run/index.h"
#include "vm/run/loop.h"
#include "vm/run/node_timer.h"

enum bamboo_status apply_RUN_PAUSED(struct run *run, const struct event *event,
                                    const struct event_place *at, struct bamboo_error *error)
{
    (void)event, (void)at, (void)error;
    run->state = RUN_SUSPENDED;
    return BAMBOO_OK;
}

enum bamboo_status apply_RUN_RESUMED(struct run *run, const struct event *event,
                                     const struct event_place *at, struct bamboo_error *error)
{
    (void)event, (void)at;
    run->state = RUN_RUNNING;
    wake_suspended(run);
    return run_index_timers(run, error);
}

enum bamboo_status apply_SUBPROCESS_PAUSED(struct run *run, const struct event *event,
                                           const struct event_place *at, struct bamboo_error *error)
{
    (void)run, (void)event, (void)error;
    record_become(at->record, NODE_SUSPENDED);
    return BAMBOO_OK;
}

enum bamboo_status apply_SUBPROCESS_RESUMED(struct run *run, const struct event *event,
                                            const struct event_place *at,
                                            struct bamboo_error *error)
{
    (void)event;
    record_become(at->record, NODE_RUNNING);
    wake_suspended(run);
    return run_index_timers(run, error);
}

enum bamboo_status apply_RUN_REVOKED(struct run *run, const struct event *event,
                                     const struct event_place *at, struct bamboo_error *error)
{
    (void)at, (void)error;
    run->state = RUN_REVOKED;
    run->finished = event->time;
    for (size_t i = 0; i < run->scope_count; i++) {
        const struct image_pipeline *pipeline = scope_pipeline(run, (uint32_t)i);
        for (uint32_t n = 0; n < pipeline->node_count; n++) {
            struct node_record *record = &run->scopes[i].records[n];
            if (record->state == NODE_RUNNING || record->state == NODE_SUSPENDED)
                close_record(record, NODE_REVOKED, event->time);
            if (record->state == NODE_ROLLING_BACK)
                close_record(record, NODE_ROLL_BACK_FAILED, event->time);
            record->token = TOKEN_NONE;
        }
    }
    token_free_all(run);
    return BAMBOO_OK;
}

enum bamboo_status apply_NODE_PAUSED(struct run *run, const struct event *event,
                                     const struct event_place *at, struct bamboo_error *error)
{
    (void)run, (void)event, (void)error;
    struct node_record *record = at->record;
    record_become(record, NODE_SUSPENDED);
    /* A node that no token has reached gets a record: it stops before its first execution. */
    if (record->loop == 0) record->loop = record->inner_loop = 1;
    return BAMBOO_OK;
}

enum bamboo_status apply_NODE_RESUMED(struct run *run, const struct event *event,
                                      const struct event_place *at, struct bamboo_error *error)
{
    (void)event, (void)error;
    struct node_record *record = at->record;
    record_become(record, NODE_READY);
    uint32_t token = record->token;
    if (token != TOKEN_NONE && run->tokens[token].state == TOKEN_SUSPENDED)
        token_make_ready(run, token);
    return BAMBOO_OK;
}

bool restart_loop(struct run *run, uint32_t scope, uint32_t node)
{
    const struct image_policy *loop = node_loop(run->linked->program, node_of(run, node));
    struct node_record *record = record_of(run, scope, node);
    if (!loop || record->inner_loop == 0) return true;
    uint32_t rounds = record->inner_loop;
    record->loop -= rounds - 1;
    record->inner_loop = 1;
    if (loop->loop_variable == IMAGE_NONE) return true;
    struct bamboo_value *list = &run->scopes[scope].variables[loop->loop_variable];
    if (list->type != BAMBOO_LIST) return true;
    size_t count = bamboo_list_count(*list);
    struct bamboo_list_builder builder;
    struct bamboo_value kept;
    bamboo_list_builder_init(&builder);
    for (size_t i = 0; i + rounds < count; i++)
        bamboo_list_builder_append_take(&builder, bamboo_value_retain(bamboo_list_at(*list, i)));
    if (bamboo_list_builder_finish(&builder, &kept, NULL) != BAMBOO_OK) return false;
    bamboo_value_release(*list);
    *list = kept;
    return true;
}

enum bamboo_status apply_NODE_RETRIED(struct run *run, const struct event *event,
                                      const struct event_place *at, struct bamboo_error *error)
{
    struct node_record *record = at->record;
    if (record->state == NODE_ROLL_BACK_FAILED) {
        undo_retry(run, record);
        return BAMBOO_OK;
    }
    record_become(record, NODE_READY);
    record->retry++;
    if (!(event->flags & EVENT_AUTOMATIC) && !restart_loop(run, event->scope, event->node))
        return fail_memory(error);
    if (event->flags & EVENT_AUTOMATIC)
        record->automatic_retries++;
    else
        record->automatic_retries = 0;
    if (event->flags & EVENT_INPUTS) {
        struct node_extra *extra = record_extra(record);
        if (!extra) return fail_memory(error);
        value_replace(&extra->replaced_inputs, event->inputs);
    }
    run->tokens[record->token].pc = at->row->entry;
    token_make_ready(run, record->token);
    return BAMBOO_OK;
}

enum bamboo_status apply_NODE_SKIPPED(struct run *run, const struct event *event,
                                      const struct event_place *at, struct bamboo_error *error)
{
    (void)error;
    struct node_record *record = at->record;
    uint32_t token = record->token;
    if (record->state == NODE_ROLL_BACK_FAILED) {
        undo_skip(run, record);
        return BAMBOO_OK;
    }
    close_record(record, NODE_FINISHED, event->time);
    record->flags |= RECORD_SKIPPED;
    if (!(event->flags & EVENT_LOOPS)) record_drop_reservation(record);
    token_leave(run, token, event, at);
    return BAMBOO_OK;
}

enum bamboo_status apply_NODE_FORCE_FAILED(struct run *run, const struct event *event,
                                           const struct event_place *at, struct bamboo_error *error)
{
    struct node_record *record = at->record;
    enum bamboo_status status = node_timers_stop(run, at, event->time, error);
    close_record(record, NODE_FAILED, event->time);
    record->version = ++run->versions; /* a late result of the old one is dropped */
    value_replace(&record->outputs, event->outputs);
    token_fail(run, record->token);
    return status;
}

enum bamboo_status apply_NODE_CALLED_BACK(struct run *run, const struct event *event,
                                          const struct event_place *at, struct bamboo_error *error)
{
    (void)run;
    struct node_extra *extra = record_extra(at->record);
    if (!extra || !memory_grow((void **)&extra->callbacks, &extra->callback_capacity,
                               extra->callback_count + 1, sizeof *extra->callbacks))
        return fail_memory(error);
    extra->callbacks[extra->callback_count++] = bamboo_value_retain(event->inputs);
    return BAMBOO_OK;
}
