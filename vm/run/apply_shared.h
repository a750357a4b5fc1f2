/* Inside apply_*.c: one function for each event, made from events.def so that a missing one does
 * not link, and the changes that several of them share. */
#ifndef VM_RUN_APPLY_SHARED_H
#define VM_RUN_APPLY_SHARED_H

#include <assert.h>

#include "vm/run/state.h"

/* The event fits (event_fits.c). Errors: MEMORY. */
#define EVENT(name, text, fields, meaning) \
    enum bamboo_status apply_##name(struct run *run, const struct event *event, \
                                    const struct event_place *at, struct bamboo_error *error);
#include "vm/run/events.def"
#undef EVENT

static inline void value_replace(struct bamboo_value *place, struct bamboo_value value)
{
    value_retain(value);
    value_release(*place);
    *place = value_read(&value);
}

static inline uint32_t flow_target(const struct run *run, const struct image_node *node,
                                   uint32_t flow)
{
    return run->linked->program->flows[node->first_flow + flow].target;
}

/* The transition must be one of the table. */
static inline void record_become(struct node_record *record, enum node_state state)
{
    assert(node_state_may_become((enum node_state)record->state, state));
    record->state = (uint8_t)state;
}
/* The node's execution is over. */
static inline void close_record(struct node_record *record, enum node_state state, int64_t time)
{
    record_become(record, state);
    record->archived = time;
    record->deadline = 0;
}

/* The token can run, where it is or at the entry of another node of its scope. */
static inline void token_make_ready(struct run *run, uint32_t token)
{
    run->tokens[token].state = TOKEN_READY;
    run->tokens[token].wake_at = 0;
    token_enqueue(run, token);
}
static inline void token_move(struct run *run, uint32_t token, uint32_t node)
{
    run->tokens[token].node = node;
    run->tokens[token].pc = node_of(run, node)->entry;
    token_make_ready(run, token);
}
/* The node is done: the token goes along a flow, or stays for the next round of a loop. */
static inline void token_leave(struct run *run, uint32_t token, const struct event *event,
                               const struct event_place *at)
{
    bool loops = event->flags & EVENT_LOOPS;
    at->record->token = TOKEN_NONE;
    if (loops) at->record->flags |= RECORD_LOOPING;
    token_move(run, token, loops ? at->node : flow_target(run, at->row, event->flow));
}
/* The execution has failed: the token waits for an operator. What a timer began ends
 * instead, and an undo goes back to what it undoes. */
void token_fail(struct run *run, uint32_t token);
/* The token begins the attached node, which is in its scope. */
void attached_begin(struct run *run, uint32_t token, uint32_t node);
/* A loop begins again with its first round: what was collected of this visit goes. False: there is
 * no memory. */
bool restart_loop(struct run *run, uint32_t scope, uint32_t node);
/* The undo of a node has failed: its token takes it back once more, or lets it be. */
void undo_retry(struct run *run, struct node_record *record);
void undo_skip(struct run *run, struct node_record *record);
/* Tokens that nothing stops any more go on. */
void wake_suspended(struct run *run);

/* Variables of a context that the caller of the run presets. */
void scope_preset(struct run *run, uint32_t scope, struct bamboo_value presets);

#endif
