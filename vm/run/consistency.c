/* The rules that hold between any two events. In debug builds every event is followed by a look;
 * for large runs only now and then, so that a look costs no more than the events do. */
#include <assert.h>

#include "vm/run/state.h"

#ifdef BAMBOO_DEBUG

/* The target of a rollback: done, or taken back already. */
static bool node_goes_back(const struct run *run, uint32_t scope, uint32_t node)
{
    enum node_state state = (enum node_state)record_of(run, scope, node)->state;
    return state == NODE_FINISHED || state == NODE_ROLLING_BACK ||
           state == NODE_ROLL_BACK_SUCCESS || state == NODE_ROLL_BACK_FAILED || state == NODE_READY;
}

static void token_is_consistent(const struct run *run, uint32_t index)
{
    const struct token *token = &run->tokens[index];
    if (token->state == TOKEN_DEAD) return;
    const struct image_pipeline *pipeline = scope_pipeline(run, token->scope);
    /* Rule 1: a token is at a node of its scope's pipeline. */
    assert(token->node >= pipeline->first_node &&
           token->node - pipeline->first_node < pipeline->node_count);
    const struct node_record *record = token_record(run, token);
    enum token_state state = (enum token_state)token->state;
    /* Rule 2: a token that works or waits is at a RUNNING node that knows it. */
    bool goes_back = token->back_node != IMAGE_NONE;
    if (state == TOKEN_WORKING || state == TOKEN_POLL || state == TOKEN_CALLBACK)
        assert(
            (record->state == NODE_RUNNING || (goes_back && record->state == NODE_ROLLING_BACK)) &&
            record->token == index);
    /* Rule 3: a token that sleeps at a failure is at a FAILED node that knows it. */
    if (state == TOKEN_FAILED || state == TOKEN_RETRY)
        assert((record->state == NODE_FAILED ||
                (goes_back && record->state == NODE_ROLL_BACK_FAILED)) &&
               record->token == index);
    /* Rule 4: a child has a parent that waits for it. */
    if (token->parent != TOKEN_NONE)
        assert(run->tokens[token->parent].state == TOKEN_CHILDREN &&
               run->tokens[token->parent].children > 0);
    /* Rule 5: whoever waits for children has some, and is at a converge gateway. */
    if (state == TOKEN_CHILDREN)
        assert(token->children > 0 && node_of(run, token->node)->kind == NODE_KIND_CONVERGE);
    /* Rule 6: who waits for a time has one. */
    if (state == TOKEN_POLL || state == TOKEN_RETRY) assert(token->wake_at != 0);
    /* Rule 9: who goes back waits for no children, and the target is still done. */
    if (goes_back)
        assert(state != TOKEN_CHILDREN && token->children == 0 &&
               node_goes_back(run, token->back_scope, token->back_node));
    /* Rule 10: a token at an attached node is known there, and is of a timer or an undo. */
    if (node_of(run, token->node)->flags & NODE_FLAG_ATTACHED)
        assert(record->token == index && (goes_back || token->parent == TOKEN_NONE));
}

/* Rule 7: the children that a parent counts are there. */
static void children_are_counted(const struct run *run)
{
    uint64_t counted = 0, found = 0;
    for (size_t i = 0; i < run->token_count; i++) {
        if (run->tokens[i].state == TOKEN_DEAD) continue;
        counted += run->tokens[i].children;
        found += run->tokens[i].parent != TOKEN_NONE;
    }
    assert(counted == found);
}

bool run_is_consistent(const struct run *run)
{
    if (run->token_count > 16 && run->sequence % run->token_count != 0) return true;
    /* Rule 8: a run that has ended has no token. */
    if (run_state_is_ended((enum run_state)run->state))
        for (size_t i = 0; i < run->token_count; i++)
            assert(run->tokens[i].state == TOKEN_DEAD);
    for (uint32_t i = 0; i < run->token_count; i++)
        token_is_consistent(run, i);
    children_are_counted(run);
    return true;
}

#else

bool run_is_consistent(const struct run *run)
{
    (void)run;
    return true;
}

#endif
