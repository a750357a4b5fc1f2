/* Where a run may go back to: the same checks that refuse. */
#include "vm/run/path.h"
#include "vm/run/rollback.h"

struct listing {
    const struct run *run;
    uint32_t from_scope, from_node; /* or IMAGE_NONE */
    struct bamboo_list_builder list;
};

static bool may(const struct listing *listing, const struct rollback_view *view, uint32_t node,
                enum rollback_mode mode, bool skip_token_check)
{
    uint32_t token;
    struct bamboo_error why;
    struct rollback_request request = {.scope = view->scope,
                                       .node = node,
                                       .from_scope = listing->from_scope,
                                       .from_node = listing->from_node,
                                       .mode = mode,
                                       .skip_token_check = skip_token_check};
    return may_roll_back(view, &request, &token, &why) == BAMBOO_OK;
}

static void add_way(struct listing *listing, uint32_t scope, uint32_t node, const char *mode,
                    bool skip_token_check)
{
    struct bamboo_map_builder map;
    struct bamboo_value way;
    bamboo_map_builder_init(&map);
    run_describe_path(listing->run, scope, node, &map);
    bamboo_map_builder_set_text(&map, "mode", mode);
    if (skip_token_check) bamboo_map_builder_set_take(&map, "skip_token_check", bamboo_bool(true));
    if (bamboo_map_builder_finish(&map, &way, NULL) == BAMBOO_OK)
        bamboo_list_builder_append_take(&listing->list, way);
    else
        listing->list.failed = BAMBOO_E_MEMORY;
}

static enum bamboo_status list_scope(struct listing *listing, uint32_t scope,
                                     struct bamboo_error *error)
{
    const struct image_pipeline *pipeline = scope_pipeline(listing->run, scope);
    struct rollback_view view;
    enum bamboo_status status = rollback_view_create(listing->run, scope, &view, error);
    if (status != BAMBOO_OK) return status;
    for (uint32_t i = 0; i < pipeline->node_count; i++) {
        uint32_t node = pipeline->first_node + i;
        if (listing->run->scopes[scope].records[i].state != NODE_FINISHED) continue;
        if (may(listing, &view, node, ROLLBACK_TOKEN, false))
            add_way(listing, scope, node, "token", false);
        if (may(listing, &view, node, ROLLBACK_ANY, false))
            add_way(listing, scope, node, "any", false);
        else if (may(listing, &view, node, ROLLBACK_ANY, true))
            add_way(listing, scope, node, "any", true);
    }
    return BAMBOO_OK;
}

enum bamboo_status run_rollback_targets(const struct run *run, const char *from,
                                        struct bamboo_value *out, struct bamboo_error *error)
{
    struct listing listing = {.run = run, .from_node = IMAGE_NONE};
    enum bamboo_status status = BAMBOO_OK;
    if (from) status = run_find_node(run, from, &listing.from_scope, &listing.from_node, error);
    bamboo_list_builder_init(&listing.list);
    for (uint32_t scope = 0; scope < run->scope_count && status == BAMBOO_OK; scope++)
        status = list_scope(&listing, scope, error);
    if (status == BAMBOO_OK) return bamboo_list_builder_finish(&listing.list, out, error);
    bamboo_list_builder_release(&listing.list);
    return status;
}
