/* What may follow in a journal: the border between the disk, which may lie, and the machine. */
#include "base/apart.h"
#include "base/limits.h"
#include "vm/run/apply.h"
#include "vm/run/loop.h"
#include "vm/run/rollback.h"

static bool token_fits(const struct run *run, const struct event *event,
                       const struct event_place *at)
{
    const struct token *token = &run->tokens[event->token];
    return event->token < run->token_count && token->state != TOKEN_DEAD &&
           token->scope == at->scope && token->node == at->node;
}

static bool is_place(const struct run *run, uint32_t scope, uint32_t node)
{
    if (scope >= run->scope_count) return false;
    const struct image_pipeline *pipeline = scope_pipeline(run, scope);
    return node >= pipeline->first_node && node - pipeline->first_node < pipeline->node_count;
}

/* A token goes on behind the instruction that made it wait. */
static bool pc_fits(const struct run *run, const struct event *event, const struct image_node *node)
{
    uint64_t pc = (uint64_t)node->entry + event->pc;
    if (pc < 1 || pc >= run->linked->program->code_count) return false;
    uint8_t before = instruction_opcode(run->linked->program->code[pc - 1]);
    return before == OP_EXECUTE || before == OP_CALL_PIPELINE;
}

/* Each of several flows, and each variable that gets a value, is there. */
static bool lists_fit(const struct run *run, const struct event *event,
                      const struct event_place *at)
{
    for (uint32_t i = 0; i < event->flow_count; i++)
        if (event->flows[i] >= at->row->flow_count) return false;
    for (uint32_t i = 0; i < event->assignment_count; i++)
        if (event->assignments[i].variable >= scope_pipeline(run, at->scope)->variable_count)
            return false;
    return true;
}

static bool loops_fit(const struct run *run, const struct event *event,
                      const struct image_node *node)
{
    return !(event->flags & EVENT_LOOPS) || node_loop(run->linked->program, node);
}

static bool is_parked(const struct token *token)
{
    return token->state == TOKEN_READY && token->back_node != IMAGE_NONE &&
           token->scope == token->back_scope && token->node == token->back_node;
}

/* Can the undo of this node begin? */
static bool undo_fits(const struct run *run, uint32_t scope, uint32_t node)
{
    if (record_of(run, scope, node)->state != NODE_FINISHED || !node_has_undo(run, node))
        return false;
    uint32_t undo = node_undo(run, node);
    return undo == IMAGE_NONE || record_of(run, scope, undo)->token == TOKEN_NONE;
}

/* Events of a token and a place that it is not at. */
static APART bool rollback_fits(const struct run *run, const struct event *event)
{
    if (!is_place(run, event->scope, event->node)) return false;
    const struct token *token = &run->tokens[event->token];
    if (event->type == EVENT_UNDO_STARTED)
        return is_parked(token) && undo_fits(run, event->scope, event->node);
    if (token->back_node != IMAGE_NONE ||
        record_of(run, event->scope, event->node)->state != NODE_FINISHED ||
        (node_of(run, token->node)->flags | node_of(run, event->node)->flags) & NODE_FLAG_ATTACHED)
        return false;
    if (event->type == EVENT_JUMPED_BACK)
        return token_node_in_scope(run, token, event->scope) != IMAGE_NONE;
    return token->scope == event->scope && token->children == 0;
}

/* Something that failed, of a node or of its undo, and a token that sleeps there. */
static bool has_failed(const struct run *run, const struct node_record *record)
{
    return record->token != TOKEN_NONE &&
           (record->state == NODE_FAILED || (record->state == NODE_ROLL_BACK_FAILED &&
                                             run->tokens[record->token].back_node != IMAGE_NONE));
}

/* Events of a subprocess as a whole. */
static APART bool subprocess_fits(const struct run *run, enum event_type type,
                                  const struct event_place *at, bool entered)
{
    if (at->row->kind != NODE_KIND_SUBPROCESS) return false;
    if (type == EVENT_SUBPROCESS_PAUSED) return at->record->state == NODE_RUNNING;
    if (type == EVENT_SUBPROCESS_RESUMED) return at->record->state == NODE_SUSPENDED;
    bool opens = type == EVENT_SUBPROCESS_OPENED ? at->record->child == 0 : entered;
    return opens && run->scopes[at->scope].depth < SCOPE_DEPTH_MAX;
}

/* What the type of an event needs of the node and the token that it happens to. */
static APART bool node_fits(const struct run *run, const struct event *event,
                            const struct event_place *at)
{
    const struct node_record *record = at->record;
    enum image_node_kind kind = (enum image_node_kind)at->row->kind;
    bool entered = event->flags & EVENT_ENTERS
                       ? node_state_may_become((enum node_state)record->state, NODE_RUNNING)
                       : record->state == NODE_RUNNING;
    switch (event->type) {
    case EVENT_TOKENS_FORKED:
        return entered && (kind == NODE_KIND_PARALLEL || kind == NODE_KIND_INCLUSIVE);
    case EVENT_SUBPROCESS_ENTERED:
    case EVENT_SUBPROCESS_OPENED:
    case EVENT_SUBPROCESS_PAUSED:
    case EVENT_SUBPROCESS_RESUMED: return subprocess_fits(run, event->type, at, entered);
    case EVENT_PIPELINE_FINISHED: return entered && kind == NODE_KIND_END;
    case EVENT_NODE_STARTED:
    case EVENT_NODE_WAITING: return entered && node_component(run, at->row);
    case EVENT_NODE_FINISHED: return entered && loops_fit(run, event, at->row);
    /* The rerun limit stops a token before the node is entered again. */
    case EVENT_NODE_FAILED: return entered || record->state == NODE_FINISHED;
    case EVENT_TOKEN_JOINED: return run->tokens[event->token].parent != TOKEN_NONE;
    case EVENT_NODE_RETRIED: return has_failed(run, record);
    case EVENT_NODE_SKIPPED: return has_failed(run, record) && loops_fit(run, event, at->row);
    case EVENT_GATEWAY_SKIPPED:
        return record->state == NODE_FAILED && record->token != TOKEN_NONE &&
               kind == NODE_KIND_INCLUSIVE && event->flow_count > 0;
    case EVENT_NODE_FORCE_FAILED:
    case EVENT_NODE_CALLED_BACK:
        return record->state == NODE_RUNNING && record->token != TOKEN_NONE;
    case EVENT_NODE_PAUSED:
        return node_state_may_become((enum node_state)record->state, NODE_SUSPENDED);
    case EVENT_NODE_RESUMED: return record->state == NODE_SUSPENDED;
    case EVENT_TIMER_FIRED:
        return record->state == NODE_RUNNING && record->extra &&
               event->timer < record->extra->timer_count &&
               record->extra->timers[event->timer].next != 0;
    case EVENT_NODE_DETACHED: return entered && at->row->flags & NODE_FLAG_ATTACHED;
    case EVENT_UNDO_FINISHED:
    case EVENT_UNDO_FAILED:
        return record->state == NODE_ROLLING_BACK &&
               run->tokens[event->token].state == TOKEN_WORKING;
    case EVENT_ROLLED_BACK: return is_parked(&run->tokens[event->token]);
    case EVENT_ROLLBACK_RESERVED:
        return record->state == NODE_RUNNING && event->mode > ROLLBACK_NONE &&
               event->mode < ROLLBACK_MODE_COUNT &&
               is_place(run, event->target_scope, event->target_node);
    case EVENT_ROLLBACK_CANCELLED:
    case EVENT_TOKEN_SUSPENDED: return true;
    case EVENT_ROLLBACK_STARTED: /* rollback_fits() */
    case EVENT_UNDO_STARTED:
    case EVENT_JUMPED_BACK:
    case EVENT_RUN_CREATED:
    case EVENT_RUN_PAUSED:
    case EVENT_RUN_RESUMED:
    case EVENT_RUN_REVOKED:
    case EVENT_TYPE_COUNT: break;
    }
    return false;
}

/* Events of the run as a whole. */
static APART bool run_fits(const struct run *run, const struct event *event)
{
    if ((event->type == EVENT_RUN_CREATED) != (run->scope_count == 0)) return false;
    if (event->type == EVENT_RUN_CREATED)
        return event->inputs.type == BAMBOO_MAP &&
               run_start_node(run, event->options) != IMAGE_NONE;
    if (event->type == EVENT_RUN_PAUSED) return run->state == RUN_RUNNING;
    if (event->type == EVENT_RUN_RESUMED) return run->state == RUN_SUSPENDED;
    return event->type == EVENT_RUN_REVOKED;
}

bool event_find_place(const struct run *run, const struct event *event, struct event_place *out)
{
    uint32_t fields = event_type_fields(event->type);
    *out = (struct event_place){.scope = SCOPE_NONE, .node = IMAGE_NONE};
    if (fields & FIELD_TOKEN) {
        if (event->token >= run->token_count) return false;
        out->scope = run->tokens[event->token].scope;
        out->node = run->tokens[event->token].node;
    } else if (fields & FIELD_PLACE) {
        out->scope = event->scope;
        out->node = event->node;
    } else {
        return true;
    }
    if (!is_place(run, out->scope, out->node)) return false;
    out->row = node_of(run, out->node);
    out->record = record_of(run, out->scope, out->node);
    return true;
}

/* Lists and places in code, which few events have, and the rest. */
static APART bool details_fit(const struct run *run, const struct event *event,
                              const struct event_place *at, uint32_t fields)
{
    return (!(fields & FIELD_PC) || pc_fits(run, event, at->row)) && lists_fit(run, event, at) &&
           node_fits(run, event, at);
}

/* Each event of each run passes here: whatever is asked of some only is asked in a function apart,
 * and as the last thing. */
bool event_fits(const struct run *run, const struct event *event, const struct event_place *at)
{
    uint32_t fields = event_type_fields(event->type);
    if (run_state_is_ended((enum run_state)run->state)) return false;
    if (!(fields & (FIELD_TOKEN | FIELD_PLACE))) return run_fits(run, event);
    if (fields & FIELD_TOKEN) {
        if (!token_fits(run, event, at)) return false;
        if (fields & FIELD_PLACE) return rollback_fits(run, event);
    }
    if ((fields & FIELD_FLOW) && event->flow >= at->row->flow_count) return false;
    if ((fields & FIELD_PC) || event->flow_count || event->assignment_count)
        return details_fit(run, event, at, fields);
    return node_fits(run, event, at);
}
