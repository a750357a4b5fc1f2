#include "vm/run/apply_shared.h"

#include <assert.h>

void record_become(struct node_record *record, enum node_state state)
{
    assert(node_state_may_become((enum node_state)record->state, state));
    record->state = (uint8_t)state;
}

void token_make_ready(struct run *run, uint32_t token)
{
    run->tokens[token].state = TOKEN_READY;
    run->tokens[token].wake_at = 0;
    token_enqueue(run, token);
}

void token_move(struct run *run, uint32_t token, uint32_t node)
{
    run->tokens[token].node = node;
    run->tokens[token].pc = node_of(run, node)->entry;
    token_make_ready(run, token);
}

void close_record(struct node_record *record, enum node_state state, int64_t time)
{
    record_become(record, state);
    record->archived = time;
    record->deadline = 0;
}

void token_leave(struct run *run, uint32_t token, const struct event *event,
                 const struct event_place *at)
{
    bool loops = event->flags & EVENT_LOOPS;
    at->record->token = TOKEN_NONE;
    if (loops) at->record->flags |= RECORD_LOOPING;
    token_move(run, token, loops ? at->node : flow_target(run, at->row, event->flow));
}

void wake_suspended(struct run *run)
{
    for (uint32_t i = 0; i < run->token_count; i++)
        if (run->tokens[i].state == TOKEN_SUSPENDED &&
            !place_is_suspended(run, run->tokens[i].scope, run->tokens[i].node))
            token_make_ready(run, i);
}

void scope_preset(struct run *run, uint32_t scope, struct bamboo_value presets)
{
    const struct program *program = run->linked->program;
    const struct image_pipeline *pipeline = scope_pipeline(run, scope);
    if (presets.type != BAMBOO_MAP || !(pipeline->flags & PIPELINE_FLAG_CONTEXT)) return;
    for (uint32_t i = 0; i < pipeline->variable_count; i++) {
        struct bamboo_value value = bamboo_map_find(
            presets, program->constants[program->variables[pipeline->first_variable + i].name]);
        if (value.type != BAMBOO_MISSING) value_replace(&run->scopes[scope].variables[i], value);
    }
}
