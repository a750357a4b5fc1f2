/* Events of rollbacks. While a token takes back what it did it is parked at the target, goes to the
 * node whose undo is due (or to the attached node that is its undo), and comes back. */
#include "base/memory.h"
#include "vm/run/apply_shared.h"
#include "vm/run/node_timer.h"
#include "vm/run/rollback.h"

/* --- Taking back --- */

/* Between two undos. */
static void park(struct run *run, uint32_t token)
{
    struct token *parked = &run->tokens[token];
    parked->scope = parked->back_scope;
    token_move(run, token, parked->back_node);
}

/* The token leaves what it slept at: that is given up. */
static enum bamboo_status give_up(struct run *run, uint32_t token, const struct event_place *at,
                                  int64_t now, struct bamboo_error *error)
{
    struct node_record *record = at->record;
    if (record->token != token) return BAMBOO_OK;
    record->token = TOKEN_NONE;
    if (record->state != NODE_RUNNING) return BAMBOO_OK;
    enum bamboo_status status = node_timers_stop(run, at, now, error);
    record_drop_callbacks(record);
    record_become(record, NODE_ROLLING_BACK);
    close_record(record, NODE_ROLL_BACK_SUCCESS, now);
    return status;
}

enum bamboo_status apply_ROLLBACK_STARTED(struct run *run, const struct event *event,
                                          const struct event_place *at, struct bamboo_error *error)
{
    enum bamboo_status status = give_up(run, event->token, at, event->time, error);
    struct token *token = &run->tokens[event->token];
    token->back_scope = event->scope;
    token->back_node = event->node;
    park(run, event->token);
    return status;
}

enum bamboo_status apply_UNDO_STARTED(struct run *run, const struct event *event,
                                      const struct event_place *at, struct bamboo_error *error)
{
    (void)at, (void)error;
    struct token *token = &run->tokens[event->token];
    struct node_record *record = record_of(run, event->scope, event->node);
    uint32_t undo = node_undo(run, event->node);
    record_become(record, NODE_ROLLING_BACK);
    token->scope = event->scope;
    if (undo != IMAGE_NONE) {
        attached_begin(run, event->token, undo);
        return BAMBOO_OK;
    }
    token->node = event->node;
    token->state = TOKEN_WORKING;
    record->token = event->token;
    return BAMBOO_OK;
}

static void undo_finished(struct run *run, uint32_t token, struct node_record *record)
{
    record_become(record, NODE_ROLL_BACK_SUCCESS);
    record->token = TOKEN_NONE;
    park(run, token);
}

enum bamboo_status apply_UNDO_FINISHED(struct run *run, const struct event *event,
                                       const struct event_place *at, struct bamboo_error *error)
{
    (void)error;
    undo_finished(run, event->token, at->record);
    return BAMBOO_OK;
}

static void undo_failed(struct run *run, uint32_t token, uint32_t node)
{
    struct token *failed = &run->tokens[token];
    struct node_record *record = record_of(run, failed->scope, node);
    record_become(record, NODE_ROLL_BACK_FAILED);
    record->token = token;
    failed->node = node;
    failed->pc = node_of(run, node)->entry;
    failed->state = TOKEN_FAILED;
    failed->busy = false;
    failed->wake_at = 0;
}

enum bamboo_status apply_UNDO_FAILED(struct run *run, const struct event *event,
                                     const struct event_place *at, struct bamboo_error *error)
{
    (void)at, (void)error;
    undo_failed(run, event->token, run->tokens[event->token].node);
    return BAMBOO_OK;
}

/* Of a failed undo: once more (it is the newest, so it is next), or let it be. */
void undo_retry(struct run *run, struct node_record *record)
{
    uint32_t token = record->token;
    record->token = TOKEN_NONE;
    record_become(record, NODE_FINISHED);
    park(run, token);
}

void undo_skip(struct run *run, struct node_record *record)
{
    uint32_t token = record->token;
    record->token = TOKEN_NONE;
    record->flags |= RECORD_SKIPPED;
    record_become(record, NODE_READY);
    park(run, token);
}

/* --- Attached nodes --- */

void attached_begin(struct run *run, uint32_t token, uint32_t node)
{
    struct node_record *record = record_of(run, run->tokens[token].scope, node);
    if (record->state == NODE_FAILED) {
        record_become(record, NODE_READY);
        record->loop++;
        record->inner_loop++;
    }
    record->token = token;
    token_move(run, token, node);
}

/* The node that is being undone by this attached node. */
static uint32_t undone_node(const struct run *run, uint32_t scope, uint32_t undo)
{
    const struct image_pipeline *pipeline = scope_pipeline(run, scope);
    for (uint32_t i = 0; i < pipeline->node_count; i++)
        if (run->scopes[scope].records[i].state == NODE_ROLLING_BACK &&
            node_undo(run, pipeline->first_node + i) == undo)
            return pipeline->first_node + i;
    return IMAGE_NONE;
}

/* A token of a timer ends with its attached node. */
static void attached_end(struct run *run, uint32_t token, bool success)
{
    const struct token *at = &run->tokens[token];
    token_record(run, at)->token = TOKEN_NONE;
    uint32_t undone =
        at->back_node == IMAGE_NONE ? IMAGE_NONE : undone_node(run, at->scope, at->node);
    if (undone == IMAGE_NONE)
        token_free(run, token);
    else if (success)
        undo_finished(run, token, record_of(run, at->scope, undone));
    else
        undo_failed(run, token, undone);
}

enum bamboo_status apply_NODE_DETACHED(struct run *run, const struct event *event,
                                       const struct event_place *at, struct bamboo_error *error)
{
    (void)error;
    close_record(at->record, NODE_FINISHED, event->time);
    attached_end(run, event->token, true);
    return BAMBOO_OK;
}

void token_fail(struct run *run, uint32_t token)
{
    struct token *failed = &run->tokens[token];
    if (node_of(run, failed->node)->flags & NODE_FLAG_ATTACHED) {
        attached_end(run, token, false);
        return;
    }
    failed->state = TOKEN_FAILED;
    failed->busy = false;
    failed->wake_at = 0;
}

/* --- Forgetting --- */

static enum bamboo_status forget(void *context, uint32_t scope, uint32_t node,
                                 struct bamboo_error *error)
{
    struct run *run = context;
    struct node_record *record = record_of(run, scope, node);
    if (!restart_loop(run, scope, node)) return fail_memory(error);
    uint32_t child = record->child;
    /* What an operator has said about the next time stays. */
    bool is_paused =
        record->state == NODE_SUSPENDED && node_of(run, node)->kind != NODE_KIND_SUBPROCESS;
    record_release(record);
    *record = (struct node_record){.state = is_paused ? NODE_SUSPENDED : NODE_NONE,
                                   .loop = is_paused,
                                   .inner_loop = is_paused,
                                   .token = TOKEN_NONE,
                                   .child = child};
    if (child == 0) return BAMBOO_OK;
    for (uint32_t i = 0; i < scope_pipeline(run, child - 1)->variable_count; i++)
        value_replace(&run->scopes[child - 1].variables[i], bamboo_missing());
    scope_preset(run, child - 1, run_option(run, "subprocess_context"));
    return BAMBOO_OK;
}

enum bamboo_status apply_ROLLED_BACK(struct run *run, const struct event *event,
                                     const struct event_place *at, struct bamboo_error *error)
{
    (void)at;
    struct token *token = &run->tokens[event->token];
    enum bamboo_status status = rollback_each(run, token->scope, token->node, forget, run, error);
    token->back_node = IMAGE_NONE;
    token_move(run, event->token, token->node);
    return status;
}

static bool has_ancestor(const struct run *run, uint32_t token, uint32_t ancestor)
{
    uint32_t at = run->tokens[token].parent;
    for (size_t depth = 0; at != TOKEN_NONE && at != ancestor && depth < run->token_count; depth++)
        at = run->tokens[at].parent;
    return at == ancestor;
}

struct leaving {
    struct run *run;
    int64_t now;
};

/* What the timers of a node that is left have begun ends with it. It is held, not at work: else
 * there would be no jump. */
static enum bamboo_status stop_timers(void *context, uint32_t scope, uint32_t node,
                                      struct bamboo_error *error)
{
    const struct leaving *leaving = context;
    const struct event_place at = {.scope = scope,
                                   .node = node,
                                   .row = node_of(leaving->run, node),
                                   .record = record_of(leaving->run, scope, node)};
    return node_has_timers(at.record) ? node_timers_stop(leaving->run, &at, leaving->now, error)
                                      : BAMBOO_OK;
}

enum bamboo_status apply_JUMPED_BACK(struct run *run, const struct event *event,
                                     const struct event_place *at, struct bamboo_error *error)
{
    (void)at;
    struct leaving leaving = {run, event->time};
    enum bamboo_status status =
        rollback_each(run, event->scope, event->node, stop_timers, &leaving, error);
    if (status != BAMBOO_OK) return status;
    bool *dies = memory_allocate_zeroed(run->token_count, sizeof *dies);
    if (!dies) return fail_memory(error);
    for (uint32_t i = 0; i < run->token_count; i++)
        dies[i] = run->tokens[i].state != TOKEN_DEAD && has_ancestor(run, i, event->token);
    for (uint32_t i = 0; i < run->token_count; i++) {
        if (!dies[i] && i != event->token) continue;
        struct node_record *record = token_record(run, &run->tokens[i]);
        if (record->token == i) record->token = TOKEN_NONE;
        if (dies[i]) token_free(run, i);
    }
    memory_free(dies);
    status = rollback_each(run, event->scope, event->node, forget, run, error);
    run->tokens[event->token].children = 0;
    run->tokens[event->token].scope = event->scope;
    token_move(run, event->token, event->node);
    return status;
}

/* --- Reservations --- */

enum bamboo_status apply_ROLLBACK_RESERVED(struct run *run, const struct event *event,
                                           const struct event_place *at, struct bamboo_error *error)
{
    (void)run;
    struct node_record *record = at->record;
    struct node_extra *extra = record_extra(record);
    if (!extra) return fail_memory(error);
    record_drop_reservation(record);
    run->has_reserved = true;
    extra->reservation = (struct reservation){.mode = (uint8_t)event->mode,
                                              .skip_token_check = event->skip_token_check,
                                              .scope = event->target_scope,
                                              .node = event->target_node,
                                              .actor = bamboo_value_retain(event->actor)};
    return BAMBOO_OK;
}

enum bamboo_status apply_ROLLBACK_CANCELLED(struct run *run, const struct event *event,
                                            const struct event_place *at,
                                            struct bamboo_error *error)
{
    (void)run, (void)event, (void)error;
    record_drop_reservation(at->record);
    return BAMBOO_OK;
}
