#include "vm/run/path.h"

#include <string.h>

#include "base/diagnostics.h"
#include "base/limits.h"

static const char *name_of_node(const struct program *program, uint32_t node)
{
    return program_name(program, program->nodes[node].name);
}

/* A title that could not be told from a path is none here. */
static const char *label_of_node(const struct program *program, uint32_t node)
{
    const char *title = program_name(program, program_title(program, node));
    return *title && !strchr(title, '/') ? title : name_of_node(program, node);
}

static void append_parts(const struct run *run, uint32_t scope, uint32_t node,
                         const char *(*part)(const struct program *, uint32_t node),
                         struct text *out)
{
    /* The chain of subprocesses, outermost first: depth is bounded by SCOPE_DEPTH_MAX. */
    uint32_t chain[SCOPE_DEPTH_MAX + 1];
    uint32_t depth = 0;
    for (uint32_t at = scope; run->scopes[at].parent != SCOPE_NONE; at = run->scopes[at].parent)
        chain[depth++] = run->scopes[at].parent_node;
    while (depth > 0) {
        text_append_string(out, part(run->linked->program, chain[--depth]));
        text_append_character(out, '/');
    }
    text_append_string(out, part(run->linked->program, node));
}

void run_append_path(const struct run *run, uint32_t scope, uint32_t node, struct text *out)
{
    append_parts(run, scope, node, name_of_node, out);
}

void run_describe_path(const struct run *run, uint32_t scope, uint32_t node,
                       struct bamboo_map_builder *map)
{
    struct text path = {0}, label = {0};
    if (run->scopes[scope].parent == SCOPE_NONE) { /* the path is the name: not copied */
        const struct program *program = run->linked->program;
        struct bamboo_value name = program->constants[program->nodes[node].name];
        bamboo_map_builder_set_take(map, "node", bamboo_value_retain(name));
    } else {
        run_append_path(run, scope, node, &path);
        bamboo_map_builder_set_text(map, "node", text_string(&path));
    }
    if (run->linked->program->title_count > 0) {
        append_parts(run, scope, node, label_of_node, &label);
        bamboo_map_builder_set_text(map, "label", text_string(&label));
    }
    if (path.failed || label.failed) map->failed = BAMBOO_E_MEMORY;
    text_release(&path);
    text_release(&label);
}

struct pipeline_names {
    const struct program *program;
    const struct image_pipeline *pipeline;
};

static const char *node_name_at(const void *context, size_t index)
{
    const struct pipeline_names *names = context;
    return name_of_node(names->program, names->pipeline->first_node + (uint32_t)index);
}

static bool is_text(const char *text, const char *bytes, size_t size)
{
    return strlen(text) == size && memcmp(text, bytes, size) == 0;
}

/* The node with this name, or the only one with this title. */
static uint32_t find_in_pipeline(const struct pipeline_names *names, const char *name, size_t size)
{
    const struct program *program = names->program;
    uint32_t titled = IMAGE_NONE;
    for (uint32_t i = 0; i < names->pipeline->node_count; i++)
        if (is_text(node_name_at(names, i), name, size)) return names->pipeline->first_node + i;
    for (uint32_t i = 0; i < program->title_count; i++) {
        const struct image_title *row = &program->titles[i];
        bool is_here = row->node - names->pipeline->first_node < names->pipeline->node_count;
        if (!is_here || !is_text(program_name(program, row->title), name, size)) continue;
        if (titled != IMAGE_NONE) return IMAGE_NONE;
        titled = row->node;
    }
    return titled;
}

static enum bamboo_status no_such_node(const struct pipeline_names *names, const char *path,
                                       const char *part, struct bamboo_error *error)
{
    const char *nearest = nearest_name(part, names->pipeline->node_count, node_name_at, names);
    if (nearest)
        return fail(error, BAMBOO_E_NOT_FOUND, "there is no node '%s'; did you mean '%s'?", path,
                    nearest);
    return fail(error, BAMBOO_E_NOT_FOUND, "there is no node '%s' in '%s'", path,
                program_name(names->program, names->pipeline->name));
}

/* The node that the first part of a path names; *size gets how long that part is. A name may itself
 * contain a slash: ids of trees keep their names. */
static uint32_t find_part(const struct pipeline_names *names, const char *part, size_t *size)
{
    *size = strcspn(part, "/");
    uint32_t found = find_in_pipeline(names, part, *size);
    if (found != IMAGE_NONE || !part[*size]) return found;
    *size = strlen(part);
    return find_in_pipeline(names, part, *size);
}

uint32_t program_find_path(const struct program *program, const struct image_pipeline *pipeline,
                           const char *path)
{
    for (;;) {
        size_t size;
        struct pipeline_names names = {program, pipeline};
        uint32_t node = find_part(&names, path, &size);
        if (node == IMAGE_NONE || !path[size]) return node;
        if (program->nodes[node].kind != NODE_KIND_SUBPROCESS) return IMAGE_NONE;
        pipeline = &program->pipelines[program->nodes[node].companion];
        path += size + 1;
    }
}

bool run_find_closed(const struct run *run, const char *path, uint32_t *scope, uint32_t *node,
                     const char **rest)
{
    *scope = SCOPE_ROOT;
    for (;;) {
        size_t size;
        struct pipeline_names names = {run->linked->program, scope_pipeline(run, *scope)};
        *node = find_part(&names, path, &size);
        if (*node == IMAGE_NONE || !path[size] || node_of(run, *node)->kind != NODE_KIND_SUBPROCESS)
            return false;
        *rest = path += size + 1;
        uint32_t child = record_of(run, *scope, *node)->child;
        if (child == 0) return true;
        *scope = child - 1;
    }
}

/* Walks a path from the root; NOT_FOUND says where it ends. */
static enum bamboo_status walk(const struct run *run, const char *path, uint32_t *scope,
                               uint32_t *node, struct bamboo_error *error)
{
    uint32_t at = SCOPE_ROOT;
    for (const char *part = path;;) {
        size_t size;
        struct pipeline_names names = {run->linked->program, scope_pipeline(run, at)};
        uint32_t found = find_part(&names, part, &size);
        if (found == IMAGE_NONE) return no_such_node(&names, path, part, error);
        if (!part[size]) {
            *scope = at;
            *node = found;
            return BAMBOO_OK;
        }
        if (node_of(run, found)->kind != NODE_KIND_SUBPROCESS)
            return fail(error, BAMBOO_E_NOT_FOUND, "'%.*s' of '%s' is not a subprocess", (int)size,
                        part, path);
        uint32_t child = record_of(run, at, found)->child;
        if (child == 0)
            return fail(error, BAMBOO_E_NOT_FOUND,
                        "'%s' is inside a subprocess that was not entered yet", path);
        at = child - 1;
        part += size + 1;
    }
}

/* --- Short names --- */

/* Nodes that are called so, in whatever scope. */
struct namesakes {
    const struct run *run;
    const char *name;
    bool by_title;
    uint32_t count;
    uint32_t scope, node; /* the first one */
    struct text paths;    /* of all, for the message */
};

/* Depth: SCOPE_DEPTH_MAX. */
static void look_in_scope(struct namesakes *found, uint32_t scope)
{
    const struct run *run = found->run;
    const struct program *program = run->linked->program;
    const struct image_pipeline *pipeline = scope_pipeline(run, scope);
    for (uint32_t i = 0; i < pipeline->node_count; i++) {
        uint32_t node = pipeline->first_node + i;
        uint32_t name = found->by_title ? program_title(program, node) : program->nodes[node].name;
        if (strcmp(program_name(program, name), found->name) == 0) {
            if (found->count++ == 0) {
                found->scope = scope;
                found->node = node;
            } else {
                text_append_string(&found->paths, ", ");
            }
            run_append_path(run, scope, node, &found->paths);
        }
        uint32_t child = run->scopes[scope].records[i].child;
        if (child > 0) look_in_scope(found, child - 1);
    }
}

/* Of the node that alone has this name, or else this title. NOT_FOUND without a sentence if there
 * is none. */
static enum bamboo_status find_namesake(const struct run *run, const char *name, uint32_t *scope,
                                        uint32_t *node, struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_E_NOT_FOUND;
    for (unsigned by_title = 0; by_title <= 1 && status == BAMBOO_E_NOT_FOUND; by_title++) {
        struct namesakes found = {.run = run, .name = name, .by_title = by_title};
        look_in_scope(&found, SCOPE_ROOT);
        *scope = found.scope;
        *node = found.node;
        if (found.paths.failed)
            status = fail_memory(error);
        else if (found.count == 1)
            status = BAMBOO_OK;
        else if (found.count > 1)
            status = fail(error, BAMBOO_E_USAGE, "'%s' may be one of several nodes: %.400s", name,
                          text_string(&found.paths));
        text_release(&found.paths);
    }
    return status;
}

enum bamboo_status run_find_node(const struct run *run, const char *path, uint32_t *scope,
                                 uint32_t *node, struct bamboo_error *error)
{
    struct bamboo_error unknown;
    enum bamboo_status status = walk(run, path, scope, node, &unknown);
    if (status == BAMBOO_OK) return status;
    status = *path ? find_namesake(run, path, scope, node, error) : BAMBOO_E_NOT_FOUND;
    if (status == BAMBOO_E_NOT_FOUND && error) *error = unknown;
    return status;
}

enum bamboo_status run_node_path(const struct run *run, const char *node, struct bamboo_value *out,
                                 struct bamboo_error *error)
{
    uint32_t scope = SCOPE_ROOT, index = 0;
    struct text path = {0};
    enum bamboo_status status = run_find_node(run, node, &scope, &index, error);
    if (status != BAMBOO_OK) return status;
    run_append_path(run, scope, index, &path);
    status = value_from_text(&path, out, error);
    text_release(&path);
    return status;
}
