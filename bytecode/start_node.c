#include "bytecode/start_node.h"

#include <string.h>

#include "base/diagnostics.h"
#include "base/memory.h"
#include "base/value.h"

/* Marks what a token gets to without being one of several: forks are passed over. */
static bool mark_main_line(const struct program *program, bool *is_main)
{
    const struct image_pipeline *root = &program->pipelines[0];
    uint32_t *pending = memory_allocate_zeroed(root->node_count, sizeof *pending);
    if (!pending) return false;
    uint32_t count = 0;
    pending[count++] = root->start_node;
    is_main[root->start_node] = true;
    while (count > 0) {
        const struct image_node *node = &program->nodes[pending[--count]];
        bool is_fork = node->kind == NODE_KIND_PARALLEL || node->kind == NODE_KIND_INCLUSIVE;
        uint32_t ways = is_fork ? 1 : node->flow_count;
        for (uint32_t i = 0; i < ways; i++) {
            uint32_t next = is_fork ? node->companion : program->flows[node->first_flow + i].target;
            if (is_main[next]) continue;
            is_main[next] = true;
            pending[count++] = next;
        }
    }
    memory_free(pending);
    return true;
}

/* Why no run begins at a node of this kind; NULL if it may. */
static const char *refusal(const struct image_node *node)
{
    switch ((enum image_node_kind)node->kind) {
    case NODE_KIND_CONVERGE: return "it is a converge gateway";
    case NODE_KIND_SUBPROCESS: return "it is a subprocess";
    case NODE_KIND_END: return "it is the end";
    case NODE_KIND_START:
    case NODE_KIND_ACTIVITY:
    case NODE_KIND_ASSIGN:
    case NODE_KIND_EXCLUSIVE:
    case NODE_KIND_PARALLEL:
    case NODE_KIND_INCLUSIVE:
    case NODE_KIND_CONTROL:
    case NODE_KIND_COUNT: break;
    }
    return node->flags & NODE_FLAG_ATTACHED ? "no flow leads to it" : NULL;
}

static const char *node_name_at(const void *context, size_t index)
{
    const struct program *program = context;
    return program_name(program, program->nodes[index].name);
}

static enum bamboo_status refuse_unknown(const struct program *program, const char *name,
                                         struct bamboo_error *error)
{
    const char *nearest =
        nearest_name(name, program->pipelines[0].node_count, node_name_at, program);
    return fail(error, BAMBOO_E_NOT_FOUND, "the flow '%s' has no node '%.200s' to start at%s%s%s",
                program_name(program, program->pipelines[0].name), name,
                nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

enum bamboo_status start_node_check(const struct program *program, const char *name,
                                    struct bamboo_error *error)
{
    const struct image_pipeline *root = &program->pipelines[0];
    uint32_t node = root->first_node;
    while (node < root->node_count && strcmp(node_name_at(program, node), name) != 0)
        node++;
    if (node == root->node_count) return refuse_unknown(program, name, error);
    bool *is_main = memory_allocate_zeroed(root->node_count, sizeof *is_main);
    if (!is_main || !mark_main_line(program, is_main)) {
        memory_free(is_main);
        return fail_memory(error);
    }
    const char *why = refusal(&program->nodes[node]);
    if (!why && !is_main[node]) why = "it is inside a parallel gateway";
    memory_free(is_main);
    if (!why) return BAMBOO_OK;
    return fail(error, BAMBOO_E_REFUSED, "no run can start at '%.200s': %s", name, why);
}

enum bamboo_status start_node_list(const struct program *program, struct bamboo_value *out,
                                   struct bamboo_error *error)
{
    const struct image_pipeline *root = &program->pipelines[0];
    bool *is_main = memory_allocate_zeroed(root->node_count, sizeof *is_main);
    if (!is_main || !mark_main_line(program, is_main)) {
        memory_free(is_main);
        return fail_memory(error);
    }
    struct bamboo_list_builder list;
    bamboo_list_builder_init(&list);
    for (uint32_t node = 0; node < root->node_count; node++)
        if (is_main[node] && !refusal(&program->nodes[node]))
            bamboo_list_builder_append_take(
                &list, bamboo_value_retain(program->constants[program->nodes[node].name]));
    memory_free(is_main);
    return bamboo_list_builder_finish(&list, out, error);
}
