/* The rules that hold between any two events. In debug builds every event is followed by a look, in
 * release builds a look stands before what was recorded goes to the disk; of large runs only now
 * and then, so that a look costs no more than the events do. */
#include <assert.h>

#include "vm/run/state.h"

/* The target of a rollback: done, or taken back already. */
static bool node_goes_back(const struct run *run, uint32_t scope, uint32_t node)
{
    enum node_state state = (enum node_state)record_of(run, scope, node)->state;
    return state == NODE_FINISHED || state == NODE_ROLLING_BACK ||
           state == NODE_ROLL_BACK_SUCCESS || state == NODE_ROLL_BACK_FAILED || state == NODE_READY;
}

/* Is the node in a state in which its token may be in this one? */
static bool node_fits_token(const struct run *run, uint32_t index)
{
    const struct token *token = &run->tokens[index];
    const struct node_record *record = token_record(run, token);
    bool goes_back = token->back_node != IMAGE_NONE;
    switch ((enum token_state)token->state) {
    case TOKEN_WORKING:
    case TOKEN_POLL:
    case TOKEN_CALLBACK:
        return record->token == index &&
               (record->state == NODE_RUNNING || (goes_back && record->state == NODE_ROLLING_BACK));
    case TOKEN_FAILED:
    case TOKEN_RETRY:
        return record->token == index && (record->state == NODE_FAILED ||
                                          (goes_back && record->state == NODE_ROLL_BACK_FAILED));
    case TOKEN_DEAD:
    case TOKEN_READY:
    case TOKEN_CHILDREN:
    case TOKEN_SUSPENDED:
    case TOKEN_STATE_COUNT: break;
    }
    return true;
}

/* What is wrong with how a token stands to others. */
static const char *fault_of_family(const struct run *run, const struct token *token)
{
    if (token->parent != TOKEN_NONE && (run->tokens[token->parent].state != TOKEN_CHILDREN ||
                                        run->tokens[token->parent].children == 0))
        return "a token has a parent that does not wait for it";
    if (token->state == TOKEN_CHILDREN &&
        (token->children == 0 || node_of(run, token->node)->kind != NODE_KIND_CONVERGE))
        return "a token waits for children that it does not have, or not at a converge gateway";
    return NULL;
}

static const char *fault_of_token(const struct run *run, uint32_t index)
{
    const struct token *token = &run->tokens[index];
    if (token->state == TOKEN_DEAD) return NULL;
    const struct image_pipeline *pipeline = scope_pipeline(run, token->scope);
    if (token->node < pipeline->first_node ||
        token->node - pipeline->first_node >= pipeline->node_count)
        return "a token is at a node of another pipeline";
    if (!node_fits_token(run, index))
        return "a token works, waits or has failed at a node that is in another state";
    const char *fault = fault_of_family(run, token);
    if (fault) return fault;
    bool waits_for_time = token->state == TOKEN_POLL || token->state == TOKEN_RETRY;
    if (waits_for_time && token->wake_at == 0) return "a token waits for a time and has none";
    bool goes_back = token->back_node != IMAGE_NONE;
    if (goes_back && (token->state == TOKEN_CHILDREN || token->children > 0 ||
                      !node_goes_back(run, token->back_scope, token->back_node)))
        return "a token goes back with children, or to a node that is not done";
    bool attached = node_of(run, token->node)->flags & NODE_FLAG_ATTACHED;
    if (attached &&
        (token_record(run, token)->token != index || (!goes_back && token->parent != TOKEN_NONE)))
        return "a token at a timer's or undo's node is not known there, or has a parent";
    return NULL;
}

const char *run_fault(const struct run *run)
{
    uint64_t counted = 0, found = 0;
    bool ended = run_state_is_ended((enum run_state)run->state);
    for (uint32_t i = 0; i < run->token_count; i++) {
        if (run->tokens[i].state == TOKEN_DEAD) continue;
        if (ended) return "the run has ended and has a token";
        const char *fault = fault_of_token(run, i);
        if (fault) return fault;
        counted += run->tokens[i].children;
        found += run->tokens[i].parent != TOKEN_NONE;
    }
    return counted == found ? NULL : "children of tokens are lost, or there twice";
}

#define TOKENS_AN_EVENT 16 /* that may be looked at for each event since the last look */

void run_assert_consistent(struct run *run)
{
    if ((run->sequence - run->looked_at) * TOKENS_AN_EVENT < run->token_count) return;
    run->looked_at = run->sequence;
    const char *fault = run_fault(run);
    assert(!fault);
    (void)fault;
}
