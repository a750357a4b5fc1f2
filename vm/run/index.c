#include "vm/run/index.h"

#include "vm/run/node_timer.h"

static enum bamboo_status index_scope(struct run *run, uint32_t scope, struct bamboo_error *error)
{
    const struct image_pipeline *pipeline = scope_pipeline(run, scope);
    for (uint32_t i = 0; i < pipeline->node_count; i++) {
        const struct node_record *record = &run->scopes[scope].records[i];
        if (record->state != NODE_RUNNING) continue;
        enum bamboo_status status = node_timers_index(run, scope, pipeline->first_node + i, error);
        if (status != BAMBOO_OK) return status;
    }
    return BAMBOO_OK;
}

enum bamboo_status run_index_timers(struct run *run, struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_OK;
    run->timer_count = 0;
    if (run->replaying) return BAMBOO_OK;
    for (uint32_t i = 0; i < run->token_count && status == BAMBOO_OK; i++) {
        const struct token *token = &run->tokens[i];
        if (token->state == TOKEN_POLL || token->state == TOKEN_RETRY)
            status = timer_add(
                run,
                (struct timer){
                    .time = token->wake_at, .token = i, .scope = token->scope, .node = token->node},
                error);
    }
    for (uint32_t i = 0; i < run->scope_count && status == BAMBOO_OK; i++)
        status = index_scope(run, i, error);
    return status;
}

enum bamboo_status run_index(struct run *run, struct bamboo_error *error)
{
    for (uint32_t i = 0; i < run->token_count; i++)
        if (run->tokens[i].state == TOKEN_READY) token_enqueue(run, i);
    return run_index_timers(run, error);
}
