#include "bytecode/branches.h"

#include "base/memory.h"

#define NOT_REACHED (IMAGE_NONE - 1) /* there are never so many flows */

struct walk {
    const struct program *program;
    const struct image_pipeline *pipeline;
    uint32_t *branches;
    uint32_t *pending; /* reached, and not followed yet: each node at most once */
    uint32_t pending_count;
};

static bool is_fork(const struct image_node *row)
{
    return row->kind == NODE_KIND_PARALLEL || row->kind == NODE_KIND_INCLUSIVE;
}

static void reach(struct walk *walk, uint32_t node, uint32_t branch)
{
    uint32_t *known = &walk->branches[node - walk->pipeline->first_node];
    if (*known != NOT_REACHED) return;
    *known = branch;
    walk->pending[walk->pending_count++] = node;
}

static void follow(struct walk *walk, uint32_t node)
{
    const struct program *program = walk->program;
    const struct image_node *row = &program->nodes[node];
    uint32_t branch = walk->branches[node - walk->pipeline->first_node];
    if (is_fork(row)) reach(walk, row->companion, branch);
    for (uint32_t i = 0; i < row->flow_count; i++) {
        uint32_t flow = row->first_flow + i;
        reach(walk, program->flows[flow].target, is_fork(row) ? flow : branch);
    }
}

enum bamboo_status branches_find(const struct program *program,
                                 const struct image_pipeline *pipeline, uint32_t **out,
                                 struct bamboo_error *error)
{
    struct walk walk = {.program = program, .pipeline = pipeline};
    walk.branches = memory_allocate_zeroed(pipeline->node_count, sizeof *walk.branches);
    walk.pending = memory_allocate_zeroed(pipeline->node_count, sizeof *walk.pending);
    if (!walk.branches || !walk.pending) {
        memory_free(walk.branches);
        memory_free(walk.pending);
        return fail_memory(error);
    }
    for (uint32_t i = 0; i < pipeline->node_count; i++)
        walk.branches[i] = NOT_REACHED;
    reach(&walk, pipeline->start_node, BRANCH_NONE);
    while (walk.pending_count > 0)
        follow(&walk, walk.pending[--walk.pending_count]);
    for (uint32_t i = 0; i < pipeline->node_count; i++)
        if (walk.branches[i] == NOT_REACHED) walk.branches[i] = BRANCH_NONE; /* attached */
    memory_free(walk.pending);
    *out = walk.branches;
    return BAMBOO_OK;
}

bool branch_is_within(const struct program *program, const struct image_pipeline *pipeline,
                      const uint32_t *branches, uint32_t branch, uint32_t outer)
{
    while (branch != outer && branch != BRANCH_NONE)
        branch = branches[program->flows[branch].source - pipeline->first_node];
    return branch == outer;
}
