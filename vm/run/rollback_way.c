/* The way back: what was executed since the target, and what takes it back. */
#include "base/memory.h"
#include "vm/run/rollback.h"

uint32_t node_undo(const struct run *run, uint32_t node)
{
    const struct image_node *row = node_of(run, node);
    return row->policy == IMAGE_NONE ? IMAGE_NONE
                                     : run->linked->program->policies[row->policy].undo;
}

bool node_has_undo(const struct run *run, uint32_t node)
{
    const struct image_node *row = node_of(run, node);
    if (row->flags & NODE_FLAG_ATTACHED) return false;
    return node_undo(run, node) != IMAGE_NONE ||
           (row->kind == NODE_KIND_ACTIVITY && run->linked->components[row->companion]->rollback);
}

struct way {
    const struct run *run;
    uint64_t version; /* of the target */
    rollback_visit visit;
    void *context;
    struct bamboo_error *error;
};

static bool is_since(const struct way *way, uint32_t scope, uint32_t node)
{
    return record_of(way->run, scope, node)->version >= way->version &&
           !(node_of(way->run, node)->flags & NODE_FLAG_ATTACHED);
}

/* The node, and what is inside it. Depth: SCOPE_DEPTH_MAX. */
static enum bamboo_status visit_node(const struct way *way, uint32_t scope, uint32_t node)
{
    uint32_t child = record_of(way->run, scope, node)->child; /* the visit may forget the record */
    enum bamboo_status status = way->visit(way->context, scope, node, way->error);
    if (child == 0) return status;
    const struct image_pipeline *inside = scope_pipeline(way->run, child - 1);
    for (uint32_t i = 0; i < inside->node_count && status == BAMBOO_OK; i++)
        if (is_since(way, child - 1, inside->first_node + i))
            status = visit_node(way, child - 1, inside->first_node + i);
    return status;
}

/* Is the node no border of the way? What was entered before the target is one; what was not entered
 * at all may be a gap that an earlier rollback, to the middle of a ring, has left. */
static bool is_open(const struct way *way, uint32_t scope, uint32_t node)
{
    return record_of(way->run, scope, node)->version == 0 || is_since(way, scope, node);
}

/* Where flows lead from the target, up to what was entered before it: among these is all that was
 * reached from it. What other branches did meanwhile is not, since the way to them leads through
 * their fork. `pending` has room for each node of the pipeline. */
static void find_reached(const struct way *way, uint32_t scope, uint32_t target, bool *reached,
                         uint32_t *pending)
{
    const struct program *program = way->run->linked->program;
    uint32_t first = scope_pipeline(way->run, scope)->first_node, count = 0;
    reached[target - first] = true;
    pending[count++] = target;
    while (count > 0) {
        const struct image_node *row = node_of(way->run, pending[--count]);
        for (uint32_t i = 0; i < row->flow_count; i++) {
            uint32_t next = program->flows[row->first_flow + i].target;
            if (reached[next - first] || !is_open(way, scope, next)) continue;
            reached[next - first] = true;
            pending[count++] = next;
        }
    }
}

enum bamboo_status rollback_each(const struct run *run, uint32_t scope, uint32_t target,
                                 rollback_visit visit, void *context, struct bamboo_error *error)
{
    struct way way = {.run = run,
                      .version = record_of(run, scope, target)->version,
                      .visit = visit,
                      .context = context,
                      .error = error};
    const struct image_pipeline *pipeline = scope_pipeline(run, scope);
    bool *reached = memory_allocate_zeroed(pipeline->node_count, sizeof *reached);
    uint32_t *pending = memory_allocate_zeroed(pipeline->node_count, sizeof *pending);
    if (!reached || !pending) {
        memory_free(reached);
        memory_free(pending);
        return fail_memory(error);
    }
    enum bamboo_status status = BAMBOO_OK;
    find_reached(&way, scope, target, reached, pending);
    for (uint32_t i = 0; i < pipeline->node_count && status == BAMBOO_OK; i++)
        if (reached[i] && is_since(&way, scope, pipeline->first_node + i))
            status = visit_node(&way, scope, pipeline->first_node + i);
    memory_free(reached);
    memory_free(pending);
    return status;
}

struct newest {
    const struct run *run;
    uint64_t version;
    uint32_t scope, node;
};

/* Inside a subprocess that has an undo itself nothing is taken back one by one. */
static bool is_undone_as_part(const struct run *run, uint32_t scope)
{
    for (const struct scope *at = &run->scopes[scope]; at->parent != SCOPE_NONE;
         at = &run->scopes[at->parent])
        if (record_of(run, at->parent, at->parent_node)->state != NODE_RUNNING &&
            node_undo(run, at->parent_node) != IMAGE_NONE)
            return true;
    return false;
}

static enum bamboo_status look_at(void *context, uint32_t scope, uint32_t node,
                                  struct bamboo_error *error)
{
    (void)error;
    struct newest *newest = context;
    const struct node_record *record = record_of(newest->run, scope, node);
    if (record->state != NODE_FINISHED || record->version <= newest->version ||
        record->flags & (RECORD_SKIPPED | RECORD_ERROR_IGNORED) ||
        !node_has_undo(newest->run, node) || is_undone_as_part(newest->run, scope))
        return BAMBOO_OK;
    newest->version = record->version;
    newest->scope = scope;
    newest->node = node;
    return BAMBOO_OK;
}

enum bamboo_status rollback_next(const struct run *run, uint32_t target_scope, uint32_t target,
                                 uint32_t *scope, uint32_t *node, struct bamboo_error *error)
{
    struct newest newest = {.run = run, .node = IMAGE_NONE};
    enum bamboo_status status = rollback_each(run, target_scope, target, look_at, &newest, error);
    *scope = newest.scope;
    *node = newest.node;
    return status;
}
