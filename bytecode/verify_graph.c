/* The ways of a token: every node is reached, forks are closed, pipelines do not call themselves.
 *
 * A branch of a fork is named by the flow that begins it. Every node lies in exactly one branch (or
 * in none, NO_BRANCH): the one that a token must be in to get there, whichever way it comes. A fork
 * and its converge lie in the same branch, what is between them in branches of the fork. One walk
 * gives each node the branch that it is first reached in, and every flow that says otherwise is
 * refused; so nested forks need nothing special, and each flow is looked at once. */
#include "base/limits.h"
#include "base/memory.h"
#include "bytecode/verify.h"

#define NO_BRANCH   IMAGE_NONE
#define NOT_REACHED (IMAGE_NONE - 1) /* there are never so many flows */

struct graph_check {
    const struct verifier *verifier;
    const struct program *program;
    const struct image_pipeline *pipeline;
    uint32_t *branches; /* by node */
    bool *arrives;      /* by flow that begins a branch: the branch has a way to the converge */
    uint32_t *pending;  /* reached, and not followed yet: each node at most once */
    uint32_t pending_count;
};

static const char *name_of(const struct graph_check *check, uint32_t node)
{
    return program_name(check->program, check->program->nodes[node].name);
}

static bool is_fork(const struct image_node *row)
{
    return row->kind == NODE_KIND_PARALLEL || row->kind == NODE_KIND_INCLUSIVE;
}

/* Rule 42: branches share no node, and none ends. */
static enum bamboo_status refuse_branch(const struct graph_check *check, uint32_t node,
                                        uint32_t target, uint32_t branch)
{
    const struct program *program = check->program;
    if (branch == NO_BRANCH)
        return refuse_node(check->verifier, node,
                           "it leads to node %u '%.80s' inside a branch of a fork, past the fork",
                           target, name_of(check, target));
    uint32_t fork = program->flows[branch].source;
    uint32_t number = branch - program->nodes[fork].first_flow + 1;
    if (target == check->pipeline->end_node)
        return refuse_node(check->verifier, node,
                           "branch %u of node %u '%.80s' gets to the end "
                           "before its converge",
                           number, fork, name_of(check, fork));
    return refuse_node(check->verifier, node,
                       "branch %u of node %u '%.80s' leads to node %u "
                       "'%.80s', which lies outside the branch",
                       number, fork, name_of(check, fork), target, name_of(check, target));
}

/* `target` lies in `branch`, since it comes behind `node`, which does. */
static enum bamboo_status place(struct graph_check *check, uint32_t node, uint32_t target,
                                uint32_t branch)
{
    uint32_t *known = &check->branches[target];
    if (*known != NOT_REACHED && *known != branch)
        return refuse_branch(check, node, target, branch);
    if (*known == NOT_REACHED) check->pending[check->pending_count++] = target;
    *known = branch;
    return BAMBOO_OK;
}

/* A token in `branch` gets from `node` to `target`. */
static enum bamboo_status reach(struct graph_check *check, uint32_t node, uint32_t target,
                                uint32_t branch)
{
    const struct program *program = check->program;
    if (branch != NO_BRANCH) {
        const struct image_node *fork = &program->nodes[program->flows[branch].source];
        if (target == fork->companion) {
            check->arrives[branch] = true;
            return BAMBOO_OK;
        }
        if (target == check->pipeline->end_node) return refuse_branch(check, node, target, branch);
    }
    return place(check, node, target, branch);
}

static enum bamboo_status follow(struct graph_check *check, uint32_t node)
{
    const struct program *program = check->program;
    const struct image_node *row = &program->nodes[node];
    uint32_t branch = check->branches[node];
    enum bamboo_status status = BAMBOO_OK;
    /* Before its branches, so that they find the converge where it belongs. */
    if (is_fork(row)) status = place(check, node, row->companion, branch);
    for (uint32_t i = 0; i < row->flow_count && status == BAMBOO_OK; i++) {
        uint32_t flow = row->first_flow + i;
        status = reach(check, node, program->flows[flow].target, is_fork(row) ? flow : branch);
    }
    return status;
}

/* Rules 41 and 43. */
static enum bamboo_status check_reached(const struct graph_check *check, uint32_t node)
{
    const struct image_node *row = &check->program->nodes[node];
    bool may_be_apart = row->flags & NODE_FLAG_ATTACHED || node == check->pipeline->end_node;
    if (check->branches[node] == NOT_REACHED && !may_be_apart)
        return refuse_node(check->verifier, node, "no way leads to it");
    for (uint32_t i = 0; is_fork(row) && i < row->flow_count; i++)
        if (!check->arrives[row->first_flow + i])
            return refuse_node(check->verifier, node,
                               "branch %u never gets to the converge, node %u '%.80s'", i + 1,
                               row->companion, name_of(check, row->companion));
    return BAMBOO_OK;
}

static enum bamboo_status check_ways(struct graph_check *check)
{
    uint32_t first = check->pipeline->first_node;
    uint32_t start = check->pipeline->start_node;
    check->pending_count = 0;
    enum bamboo_status status = place(check, start, start, NO_BRANCH);
    while (check->pending_count > 0 && status == BAMBOO_OK)
        status = follow(check, check->pending[--check->pending_count]);
    for (uint32_t i = 0; i < check->pipeline->node_count && status == BAMBOO_OK; i++)
        status = check_reached(check, first + i);
    return status;
}

static enum bamboo_status check_all_ways(const struct verifier *verifier)
{
    const struct program *program = verifier->program;
    struct graph_check check = {.verifier = verifier, .program = program};
    enum bamboo_status status = BAMBOO_OK;
    check.branches = memory_allocate_zeroed(program->node_count, sizeof *check.branches);
    check.pending = memory_allocate_zeroed(program->node_count, sizeof *check.pending);
    check.arrives = memory_allocate_zeroed(program->flow_count, sizeof *check.arrives);
    if (!check.branches || !check.pending || !check.arrives) {
        status = fail_memory(verifier->error);
        goto done;
    }
    for (uint32_t i = 0; i < program->node_count; i++)
        check.branches[i] = NOT_REACHED;
    for (uint32_t i = 0; i < program->pipeline_count && status == BAMBOO_OK; i++) {
        check.pipeline = &program->pipelines[i];
        status = check_ways(&check);
    }
done:
    memory_free(check.branches);
    memory_free(check.pending);
    memory_free(check.arrives);
    return status;
}

/* --- calls --- */

enum visit { VISIT_NOT, VISIT_OPEN, VISIT_DONE };

/* A pipeline, as far as calls are concerned. */
struct call_state {
    enum visit visit;
    uint32_t next_node; /* where to look for the next call */
    uint32_t height;    /* subprocesses inside each other below it */
    uint32_t caller;    /* while it is open; of the outermost one: itself */
};

struct call_check {
    const struct verifier *verifier;
    const struct program *program;
    struct call_state *states; /* by pipeline */
};

/* The next node that calls, or IMAGE_NONE. */
static uint32_t next_call(struct call_check *check, uint32_t pipeline)
{
    const struct image_pipeline *row = &check->program->pipelines[pipeline];
    struct call_state *state = &check->states[pipeline];
    while (state->next_node < row->first_node + row->node_count) {
        uint32_t node = state->next_node++;
        if (check->program->nodes[node].kind == NODE_KIND_SUBPROCESS) return node;
    }
    return IMAGE_NONE;
}

static void open(struct call_check *check, uint32_t pipeline, uint32_t caller)
{
    check->states[pipeline] =
        (struct call_state){.visit = VISIT_OPEN,
                            .next_node = check->program->pipelines[pipeline].first_node,
                            .caller = caller};
}

/* Rule 45. Counts a call whose callee is done. */
static enum bamboo_status count_call(struct call_check *check, uint32_t caller, uint32_t callee)
{
    struct call_state *state = &check->states[caller];
    uint32_t height = check->states[callee].height + 1;
    if (height > state->height) state->height = height;
    if (state->height <= SCOPE_DEPTH_MAX) return BAMBOO_OK;
    return refuse(check->verifier,
                  "below pipeline %u '%.80s' more than %u subprocesses are inside "
                  "each other",
                  caller, program_name(check->program, check->program->pipelines[caller].name),
                  SCOPE_DEPTH_MAX);
}

/* Depth first over calls; the way back is in the states, so that no stack is needed. */
static enum bamboo_status follow_calls(struct call_check *check, uint32_t outermost)
{
    enum bamboo_status status = BAMBOO_OK;
    uint32_t pipeline = outermost;
    if (check->states[outermost].visit != VISIT_NOT) return BAMBOO_OK;
    open(check, outermost, outermost);
    while (status == BAMBOO_OK) {
        uint32_t node = next_call(check, pipeline);
        if (node == IMAGE_NONE) {
            uint32_t caller = check->states[pipeline].caller;
            check->states[pipeline].visit = VISIT_DONE;
            if (pipeline == outermost) return BAMBOO_OK;
            status = count_call(check, caller, pipeline);
            pipeline = caller;
            continue;
        }
        uint32_t callee = check->program->nodes[node].companion;
        struct call_state *state = &check->states[callee];
        if (state->visit == VISIT_OPEN) /* rule 44 */
            return refuse_node(
                check->verifier, node, "with this call pipeline '%.80s' calls itself",
                program_name(check->program, check->program->pipelines[callee].name));
        if (state->visit == VISIT_DONE) {
            status = count_call(check, pipeline, callee);
        } else {
            open(check, callee, pipeline);
            pipeline = callee;
        }
    }
    return status;
}

enum bamboo_status verify_graph(struct verifier *verifier)
{
    struct call_check calls = {.verifier = verifier, .program = verifier->program};
    enum bamboo_status status;
    if (verifier->program->kind != IMAGE_FLOW) return BAMBOO_OK;
    if ((status = check_all_ways(verifier)) != BAMBOO_OK) return status;
    calls.states = memory_allocate_zeroed(calls.program->pipeline_count, sizeof *calls.states);
    if (!calls.states) return fail_memory(verifier->error);
    for (uint32_t i = 0; i < calls.program->pipeline_count && status == BAMBOO_OK; i++)
        status = follow_calls(&calls, i);
    memory_free(calls.states);
    return status;
}
