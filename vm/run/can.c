#include "vm/run/can.h"

#include "vm/run/legal.h"
#include "vm/run/path.h"
#include "vm/run/rollback.h"

struct operation_rule {
    const char *name;
    bool of_run, of_node;
    enum bamboo_status (*may_run)(const struct run *run, struct bamboo_error *error);
    enum bamboo_status (*may_node)(const struct run *run, uint32_t scope, uint32_t node,
                                   struct bamboo_error *error);
    const char *data;
    const char *meaning;
};

#define OP_NONE OPCODE_COUNT
static const struct operation_rule RULES[] = {
#define OPERATION(name, run, may_run, node, may_node, data, meaning) \
    {#name, OP_##run != OP_NONE, OP_##node != OP_NONE, may_run, may_node, data, meaning},
#include "vm/run/operations.def"
#undef OPERATION
};
#define RULE_COUNT (sizeof RULES / sizeof *RULES)

/* `node`: IMAGE_NONE for an operation on the run. */
static void append(const struct run *run, struct bamboo_list_builder *list,
                   const struct operation_rule *rule, uint32_t scope, uint32_t node,
                   enum bamboo_status status, const struct bamboo_error *why)
{
    struct bamboo_map_builder map;
    struct bamboo_value value;
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_text(&map, "operation", rule->name);
    if (node != IMAGE_NONE) run_describe_path(run, scope, node, &map);
    bamboo_map_builder_set_take(&map, "allowed", bamboo_bool(status == BAMBOO_OK));
    if (status != BAMBOO_OK) bamboo_map_builder_set_text(&map, "why", why->message);
    if (rule->data) bamboo_map_builder_set_text(&map, "data", rule->data);
    bamboo_map_builder_set_text(&map, "meaning", rule->meaning);
    if (bamboo_map_builder_finish(&map, &value, NULL) == BAMBOO_OK)
        bamboo_list_builder_append_take(list, value);
    else
        list->failed = BAMBOO_E_MEMORY;
}

static void append_run(const struct run *run, struct bamboo_list_builder *list)
{
    for (size_t i = 0; i < RULE_COUNT; i++) {
        struct bamboo_error why;
        if (!RULES[i].of_run) continue;
        enum bamboo_status status = RULES[i].may_run(run, &why);
        append(run, list, &RULES[i], SCOPE_ROOT, IMAGE_NONE, status, &why);
    }
}

static void append_node(const struct run *run, uint32_t scope, uint32_t node, bool allowed_only,
                        struct bamboo_list_builder *list)
{
    for (size_t i = 0; i < RULE_COUNT; i++) {
        struct bamboo_error why;
        if (!RULES[i].of_node) continue;
        enum bamboo_status status = RULES[i].may_node(run, scope, node, &why);
        if (status == BAMBOO_E_MEMORY) list->failed = status; /* nobody knows whether it may */
        if (status == BAMBOO_OK || !allowed_only)
            append(run, list, &RULES[i], scope, node, status, &why);
    }
}

static void append_nodes(const struct run *run, struct bamboo_list_builder *list)
{
    for (uint32_t scope = 0; scope < run->scope_count; scope++) {
        const struct image_pipeline *pipeline = scope_pipeline(run, scope);
        for (uint32_t i = 0; i < pipeline->node_count; i++)
            append_node(run, scope, pipeline->first_node + i, true, list);
    }
}

enum bamboo_status run_can(const struct run *run, const char *path, struct bamboo_value *out,
                           struct bamboo_error *error)
{
    struct bamboo_list_builder list;
    uint32_t scope = SCOPE_ROOT, node = 0;
    if (path) {
        enum bamboo_status status = run_find_node(run, path, &scope, &node, error);
        if (status != BAMBOO_OK) return status;
    }
    bamboo_list_builder_init(&list);
    if (path) {
        append_node(run, scope, node, false, &list);
    } else {
        append_run(run, &list);
        append_nodes(run, &list);
    }
    return bamboo_list_builder_finish(&list, out, error);
}
