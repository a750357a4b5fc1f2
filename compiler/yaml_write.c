#include "compiler/yaml_write.h"

#include <string.h>

#include "compiler/yaml_writer.h"

static void set(struct yaml_writer *writer, struct yaml_node *map, const char *key,
                struct yaml_node *value)
{
    yaml_set(&writer->builder, map, key, value);
}

static void set_yes(struct yaml_writer *writer, struct yaml_node *map, const char *key, bool value)
{
    if (value) set(writer, map, key, yaml_make_bool(&writer->builder, true));
}

/* --- Contexts --- */

static struct yaml_node *source(struct yaml_writer *writer, const struct ast_source *source)
{
    const char *node = source->node.bytes, *key = source->key.bytes;
    if (!strchr(node, '.')) {
        const char *text = arena_format(writer->builder.arena, "%s.%s", node, key);
        if (!text) writer->builder.out_of_memory = true;
        return yaml_write_string(writer, text ? text : "");
    }
    struct yaml_node *map = yaml_make(&writer->builder, YAML_MAP);
    set(writer, map, "node", yaml_write_name(writer, node));
    set(writer, map, "key", yaml_write_name(writer, key));
    return map;
}

static struct yaml_node *sources(struct yaml_writer *writer, const struct ast_source *first)
{
    if (!first->next) return source(writer, first);
    struct yaml_node *list = yaml_make(&writer->builder, YAML_LIST);
    for (const struct ast_source *one = first; one; one = one->next)
        yaml_append(&writer->builder, list, source(writer, one));
    return list;
}

static struct yaml_node *variable(struct yaml_writer *writer, const struct ast_variable *variable)
{
    struct yaml_node *map = yaml_make(&writer->builder, YAML_MAP);
    struct yaml_node *value = variable->value ? yaml_write_constant(writer, variable->value) : NULL;
    switch (variable->kind) {
    case VARIABLE_PLAIN:
        if (value) set(writer, map, "plain", value);
        break;
    case VARIABLE_SPLICE:
        if (value) set(writer, map, "splice", value);
        break;
    case VARIABLE_LAZY:
        set(writer, map, "lazy", yaml_write_name(writer, variable->component.bytes));
        if (value) set(writer, map, "value", value);
        break;
    case VARIABLE_OUTPUT:
        if (variable->sources) set(writer, map, "output", sources(writer, variable->sources));
        if (value) set(writer, map, "initially", value);
        break;
    }
    set_yes(writer, map, "parameter", variable->is_parameter);
    set_yes(writer, map, "pre", variable->is_prerendered);
    return map;
}

struct yaml_node *yaml_write_context(struct yaml_writer *writer, const struct ast_context *context)
{
    struct yaml_node *map = yaml_make(&writer->builder, YAML_MAP);
    map->has_lines = true;
    for (const struct ast_variable *one = context->variables; one; one = one->next)
        set(writer, map, yaml_key_text(writer, one->name.bytes), variable(writer, one));
    return map;
}

/* --- Graphs --- */

static void set_flow(struct yaml_writer *writer, struct yaml_node *map, struct ast_name flow)
{
    if (flow.bytes) set(writer, map, "as", yaml_write_name(writer, flow.bytes));
}

/* `start` and `end` are the events, unless they stand in backquotes. */
static struct yaml_node *end_of_arrow(struct yaml_writer *writer, struct ast_name name)
{
    bool is_event = strcmp(name.bytes, "start") == 0 || strcmp(name.bytes, "end") == 0;
    return yaml_write_string(writer, yaml_name_text(writer, name.bytes, name.quoted && is_event));
}

static struct yaml_node *ways(struct yaml_writer *writer, const struct ast_way *first)
{
    struct yaml_node *list = yaml_make(&writer->builder, YAML_LIST);
    for (const struct ast_way *way = first; way; way = way->next) {
        struct yaml_node *map = yaml_make(&writer->builder, YAML_MAP);
        set(writer, map, "to", end_of_arrow(writer, way->target));
        if (way->condition) set(writer, map, "when", yaml_write_expression(writer, way->condition));
        set_yes(writer, map, "default", way->is_default);
        set_flow(writer, map, way->flow);
        yaml_append(&writer->builder, list, map);
    }
    return list;
}

static struct yaml_node *gateway(struct yaml_writer *writer, const struct ast_statement *gateway)
{
    static const char *const WORDS[] = {
        [GATEWAY_EXCLUSIVE] = "exclusive", [GATEWAY_FIRST] = "first",
        [GATEWAY_INCLUSIVE] = "inclusive", [GATEWAY_PARALLEL] = "parallel",
        [GATEWAY_CONVERGE] = "converge",
    };
    enum ast_gateway_kind kind = gateway->as.gateway.kind;
    if (kind == GATEWAY_PARALLEL || kind == GATEWAY_CONVERGE)
        return yaml_make_word(&writer->builder, WORDS[kind]);
    struct yaml_node *map = yaml_make(&writer->builder, YAML_MAP);
    set(writer, map, WORDS[kind], ways(writer, gateway->as.gateway.ways));
    return map;
}

/* Nodes are statements, but for gateways. */
static struct yaml_node *nodes(struct yaml_writer *writer, struct ast_statement *first)
{
    struct yaml_node *list = yaml_make(&writer->builder, YAML_LIST);
    list->has_lines = true;
    for (struct ast_statement *node = first; node; node = node->next) {
        struct ast_statement alone = *node;
        struct ast_block block = {.statements = &alone};
        alone.next = NULL;
        if (node->kind != STATEMENT_GATEWAY) {
            yaml_append(&writer->builder, list, yaml_write_block(writer, &block)->first);
        } else {
            struct yaml_node *map = yaml_make(&writer->builder, YAML_MAP);
            map->has_lines = true;
            set(writer, map, yaml_name_text(writer, node->name.bytes, false),
                gateway(writer, node));
            yaml_append(&writer->builder, list, map);
        }
        if (writer->builder.out_of_memory) break;
    }
    return list;
}

static bool continues(const struct ast_arrow *before, const struct ast_arrow *arrow)
{
    return !before->flow.bytes && arrow && !arrow->flow.bytes &&
           before->target.quoted == arrow->source.quoted &&
           strcmp(before->target.bytes, arrow->source.bytes) == 0;
}

static struct yaml_node *named_arrow(struct yaml_writer *writer, const struct ast_arrow *arrow)
{
    struct yaml_node *map = yaml_make(&writer->builder, YAML_MAP);
    set(writer, map, "from", end_of_arrow(writer, arrow->source));
    set(writer, map, "to", end_of_arrow(writer, arrow->target));
    set_flow(writer, map, arrow->flow);
    return map;
}

/* Arrows that follow each other are one path. */
static struct yaml_node *arrows(struct yaml_writer *writer, const struct ast_arrow *first)
{
    struct yaml_node *list = yaml_make(&writer->builder, YAML_LIST);
    list->has_lines = true;
    for (const struct ast_arrow *arrow = first; arrow; arrow = arrow->next) {
        if (arrow->flow.bytes) {
            yaml_append(&writer->builder, list, named_arrow(writer, arrow));
            continue;
        }
        struct yaml_node *path = yaml_make(&writer->builder, YAML_LIST);
        yaml_append(&writer->builder, path, end_of_arrow(writer, arrow->source));
        yaml_append(&writer->builder, path, end_of_arrow(writer, arrow->target));
        for (; continues(arrow, arrow->next); arrow = arrow->next)
            yaml_append(&writer->builder, path, end_of_arrow(writer, arrow->next->target));
        yaml_append(&writer->builder, list, path);
    }
    return list;
}

struct yaml_node *yaml_write_graph(struct yaml_writer *writer, const struct ast_graph *graph)
{
    struct yaml_node *map = yaml_make(&writer->builder, YAML_MAP);
    map->has_lines = true;
    set_yes(writer, map, "cycles", graph->tolerates_cycles);
    set(writer, map, "nodes", nodes(writer, graph->nodes));
    set(writer, map, "arrows", arrows(writer, graph->arrows));
    return map;
}

/* --- Files --- */

static struct yaml_node *parameters(struct yaml_writer *writer, const struct ast_parameter *first)
{
    struct yaml_node *map = yaml_make(&writer->builder, YAML_MAP);
    for (const struct ast_parameter *parameter = first; parameter; parameter = parameter->next) {
        struct yaml_node *node = yaml_write_optional_name(writer, parameter->type);
        if (parameter->default_value) {
            struct yaml_node *type = node;
            node = yaml_make(&writer->builder, YAML_MAP);
            if (parameter->type.bytes) set(writer, node, "type", type);
            set(writer, node, "default", yaml_write_value(writer, parameter->default_value, false));
        }
        set(writer, map, yaml_name_text(writer, parameter->name.bytes, false), node);
    }
    return map;
}

static struct yaml_node *outputs(struct yaml_writer *writer, const struct ast_output *first)
{
    struct yaml_node *list = yaml_make(&writer->builder, YAML_LIST);
    for (const struct ast_output *output = first; output; output = output->next)
        yaml_append(&writer->builder, list,
                    writer->has_context ? yaml_write_key(writer, output->name.bytes)
                                        : yaml_write_name(writer, output->name.bytes));
    return list;
}

static void write_pipeline(struct yaml_writer *writer, struct yaml_node *map,
                           const struct ast_pipeline *pipeline)
{
    writer->has_context = pipeline->context != NULL;
    set(writer, map, "pipeline", yaml_write_name(writer, pipeline->name.bytes));
    if (pipeline->parameters) set(writer, map, "params", parameters(writer, pipeline->parameters));
    if (pipeline->outputs) set(writer, map, "outputs", outputs(writer, pipeline->outputs));
    if (pipeline->context)
        set(writer, map, "context", yaml_write_context(writer, pipeline->context));
    if (pipeline->graph)
        set(writer, map, "graph", yaml_write_graph(writer, pipeline->graph));
    else
        set(writer, map, "flow", yaml_write_block(writer, pipeline->block));
}

static struct yaml_node *imports(struct yaml_writer *writer, const struct ast_import *first)
{
    struct yaml_node *list = yaml_make(&writer->builder, YAML_LIST);
    for (const struct ast_import *import = first; import; import = import->next)
        yaml_append(&writer->builder, list, yaml_write_string(writer, import->path.bytes));
    return list;
}

static struct yaml_node *write_document(struct yaml_writer *writer)
{
    const struct ast_file *file = writer->file;
    const struct ast_pipeline *first = file->pipelines;
    struct yaml_node *root = yaml_make(&writer->builder, YAML_MAP);
    root->has_lines = true;
    set(writer, root, "bamboo", yaml_make_word(&writer->builder, "1"));
    if (file->imports) set(writer, root, "import", imports(writer, file->imports));
    if (first) write_pipeline(writer, root, first);
    if (!first || !first->next) return root;
    struct yaml_node *list = yaml_make(&writer->builder, YAML_LIST);
    list->has_lines = true;
    for (const struct ast_pipeline *pipeline = first->next; pipeline; pipeline = pipeline->next) {
        struct yaml_node *map = yaml_make(&writer->builder, YAML_MAP);
        map->has_lines = true;
        write_pipeline(writer, map, pipeline);
        yaml_append(&writer->builder, list, map);
    }
    set(writer, root, "pipelines", list);
    return root;
}

enum bamboo_status yaml_write(const struct ast_file *file, const struct compile_options *options,
                              struct text *out, struct bamboo_error *error)
{
    struct yaml_writer writer = {.options = options, .file = file};
    writer.builder.arena = arena_create();
    if (!writer.builder.arena) return fail_memory(error);
    const struct yaml_node *root = write_document(&writer);
    if (!writer.builder.out_of_memory) yaml_emit(root, out);
    bool is_failed = writer.builder.out_of_memory || out->failed;
    arena_destroy(writer.builder.arena);
    return is_failed ? fail_memory(error) : BAMBOO_OK;
}
