#include "compiler/yaml_read.h"

#include <string.h>

#include "compiler/yaml_reader.h"

bool yaml_is_flow(const struct document *document)
{
    static const char *const KEYS[] = {"bamboo", "pipeline", "flow", "pipelines", "import"};
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++)
        if (document_get(document, document->root, KEYS[i])) return true;
    return false;
}

/* --- What stands before the statements --- */

static void read_parameter_type(struct yaml_reader *reader, const struct document_node *value,
                                void *into)
{
    struct ast_parameter *parameter = into;
    parameter->type = yaml_optional_name(reader, value);
}

static const struct yaml_key PARAMETER_KEYS[] = {{"type", read_parameter_type}, {"default", NULL}};

/* name: type, or name: {type: type, default: value} */
static void read_parameters(struct yaml_reader *reader, const struct document_node *map, void *into)
{
    struct ast_pipeline *pipeline = into;
    struct ast_parameter **end = &pipeline->parameters;
    if (map->kind == DOCUMENT_NULL || !yaml_expect_map(reader, map, "the value of params")) return;
    for (const struct document_node *entry = map->first; entry; entry = entry->next) {
        struct ast_parameter *parameter = yaml_allocate(reader, sizeof *parameter);
        parameter->span = entry->span;
        parameter->name = yaml_name(reader, entry->key);
        if (entry->kind == DOCUMENT_MAP)
            yaml_read_map(reader, entry, "a parameter", PARAMETER_KEYS, 2, parameter);
        else
            parameter->type = yaml_optional_name(reader, entry);
        if (reader->out_of_memory) return;
        if (!parameter->name.bytes) continue;
        *end = parameter;
        end = &parameter->next;
    }
}

/* Defaults are read when the types of all parameters are known. */
static void read_defaults(struct yaml_reader *reader, const struct document_node *map,
                          struct ast_pipeline *pipeline)
{
    struct ast_parameter *parameter = pipeline->parameters;
    if (!map || map->kind != DOCUMENT_MAP) return;
    for (const struct document_node *entry = map->first; entry; entry = entry->next) {
        if (!parameter || parameter->span.offset != entry->span.offset) continue;
        const struct document_node *value = document_get(reader->document, entry, "default");
        type_set type = parameter->type.bytes ? type_parse(parameter->type.bytes) : TYPE_ANY;
        struct yaml_place place = {type != 0 ? type : TYPE_ANY, false};
        if (value) parameter->default_value = yaml_value(reader, value, place);
        parameter = parameter->next;
    }
}

static void read_outputs(struct yaml_reader *reader, const struct document_node *list, void *into)
{
    struct ast_pipeline *pipeline = into;
    struct ast_output **end = &pipeline->outputs;
    if (list->kind == DOCUMENT_NULL || !yaml_expect_list(reader, list, "the value of outputs"))
        return;
    for (const struct document_node *node = list->first; node; node = node->next) {
        struct ast_output *output = yaml_allocate(reader, sizeof *output);
        output->name = reader->has_context ? yaml_key_name(reader, node) : yaml_name(reader, node);
        if (reader->out_of_memory) return;
        if (!output->name.bytes) continue;
        *end = output;
        end = &output->next;
    }
}

/* --- Pipelines --- */

static void read_pipeline_name(struct yaml_reader *reader, const struct document_node *value,
                               void *into)
{
    struct ast_pipeline *pipeline = into;
    pipeline->name = yaml_name(reader, value);
}

static void read_context(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_pipeline *pipeline = into;
    pipeline->context = yaml_context(reader, value);
}

/* Those of the file stand beside those of its first pipeline. */
#define PIPELINE_KEYS \
    {"pipeline", read_pipeline_name}, {"params", read_parameters}, {"outputs", read_outputs}, \
        {"context", read_context}, {"flow", NULL}, \
    { \
        "graph", NULL \
    }
#define PIPELINE_KEY_COUNT 6

/* Everything but the body. */
static struct ast_pipeline *read_head(struct yaml_reader *reader, const struct document_node *map,
                                      const struct yaml_key *keys, size_t key_count)
{
    const struct document *document = reader->document;
    struct ast_pipeline *pipeline = yaml_allocate(reader, sizeof *pipeline);
    const struct document_node *name = document_get(document, map, "pipeline");
    pipeline->span = name ? name->span : map->span;
    reader->has_context = document_get(document, map, "context") != NULL;
    yaml_read_map(reader, map, key_count > PIPELINE_KEY_COUNT ? "a flow" : "a pipeline", keys,
                  key_count, pipeline);
    if (!name && map->kind == DOCUMENT_MAP)
        yaml_report(reader, DIAGNOSTIC_MISSING_KEY, map, "the key 'pipeline' is missing");
    return pipeline->name.bytes && !reader->out_of_memory ? pipeline : NULL;
}

static void read_body(struct yaml_reader *reader, const struct document_node *map,
                      struct ast_pipeline *pipeline)
{
    const struct document *document = reader->document;
    const struct document_node *flow = document_get(document, map, "flow");
    const struct document_node *graph = document_get(document, map, "graph");
    reader->has_context = pipeline->context != NULL;
    read_defaults(reader, document_get(document, map, "params"), pipeline);
    if (flow && graph)
        yaml_report(reader, DIAGNOSTIC_SYNTAX, graph->key,
                    "a pipeline has 'flow' or 'graph', not both");
    if (!flow && !graph)
        yaml_report(reader, DIAGNOSTIC_MISSING_KEY, map, "the key 'flow' is missing");
    if (graph && !flow) {
        pipeline->graph = yaml_graph(reader, graph);
        return;
    }
    pipeline->block =
        flow ? yaml_block(reader, flow) : yaml_allocate(reader, sizeof *pipeline->block);
    if (!flow) pipeline->block->span = map->span;
}

/* --- The file --- */

static void read_imports(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    (void)into;
    struct ast_import **end = &reader->file->imports;
    const struct document_node *node = value->kind == DOCUMENT_LIST ? value->first : value;
    for (; node; node = value->kind == DOCUMENT_LIST ? node->next : NULL) {
        struct ast_import *import = yaml_allocate(reader, sizeof *import);
        import->path = yaml_text(reader, node, "the path of an import");
        import->span = node->span;
        if (reader->out_of_memory) return;
        if (!import->path.bytes) continue;
        *end = import;
        end = &import->next;
    }
}

static void read_edition(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    (void)into;
    reader->file->edition = value->kind == DOCUMENT_INTEGER ? value->as.integer : -1;
    reader->file->edition_span = value->span;
    if (reader->file->edition == 1) return;
    struct diagnostic *diagnostic =
        yaml_report(reader, DIAGNOSTIC_EDITION, value, "this bamboo knows edition 1 only");
    yaml_help(reader, diagnostic, "write 'bamboo: 1', or use a newer bamboo");
}

/* A pipeline and the map that it is read from. */
struct source_pipeline {
    const struct document_node *map;
    struct ast_pipeline *pipeline;
};

static void add_pipeline(struct yaml_reader *reader, struct source_pipeline *all, size_t *count,
                         const struct document_node *map, struct ast_pipeline *pipeline)
{
    if (!pipeline) return;
    if (*count > 0) all[*count - 1].pipeline->next = pipeline;
    if (*count == 0) reader->file->pipelines = pipeline;
    bool is_first = name_table_find(&reader->pipelines, pipeline->name.bytes) == NAME_TABLE_NONE;
    if (is_first && !name_table_set(&reader->pipelines, reader->document->arena,
                                    pipeline->name.bytes, (uint32_t)*count))
        reader->out_of_memory = true;
    reader->heads[*count] = pipeline;
    all[(*count)++] = (struct source_pipeline){map, pipeline};
}

static void read_pipelines(struct yaml_reader *reader, const struct document_node *root)
{
    static const struct yaml_key FILE_KEYS[] = {
        PIPELINE_KEYS, {"bamboo", read_edition}, {"import", read_imports}, {"pipelines", NULL}};
    static const struct yaml_key KEYS[] = {PIPELINE_KEYS};
    const struct document_node *rest = document_get(reader->document, root, "pipelines");
    size_t most = 1 + (rest ? rest->count : 0), count = 0;
    struct source_pipeline *all = arena_allocate_array(reader->document->arena, most, sizeof *all);
    reader->heads =
        arena_allocate_array(reader->document->arena, most, sizeof(struct ast_pipeline *));
    if (!all || !reader->heads) {
        reader->out_of_memory = true;
        return;
    }
    bool is_library = document_get(reader->document, root, "pipeline") == NULL &&
                      document_get(reader->document, root, "flow") == NULL &&
                      document_get(reader->document, root, "graph") == NULL;
    if (is_library)
        yaml_read_map(reader, root, "a flow", FILE_KEYS + PIPELINE_KEY_COUNT, 3, NULL);
    else
        add_pipeline(reader, all, &count, root,
                     read_head(reader, root, FILE_KEYS, PIPELINE_KEY_COUNT + 3));
    if (rest && yaml_expect_list(reader, rest, "the value of pipelines"))
        for (const struct document_node *map = rest->first; map; map = map->next)
            add_pipeline(reader, all, &count, map,
                         read_head(reader, map, KEYS, PIPELINE_KEY_COUNT));
    for (size_t i = 0; i < count && !reader->out_of_memory; i++)
        read_body(reader, all[i].map, all[i].pipeline);
}

enum bamboo_status yaml_read(const struct document *document, const struct compile_options *options,
                             struct ast_file *file, struct bamboo_error *error)
{
    struct yaml_reader reader = {.document = document, .options = options, .file = file};
    if (document->root && yaml_expect_map(&reader, document->root, "a flow"))
        read_pipelines(&reader, document->root);
    return reader.out_of_memory ? fail_memory(error) : BAMBOO_OK;
}
