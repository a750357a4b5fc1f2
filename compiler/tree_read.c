/* Pipelines of a tree. Subprocesses are read where they stand, so the recursion is bounded by the
 * depth of documents. */
#include "compiler/tree_read.h"

#include "compiler/tree_reader.h"

bool document_is_tree(const struct document *document)
{
    static const char *const keys[] = {"start_event", "end_event", "activities", "gateways",
                                       "flows"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (document_get(document, document->root, keys[i]) != NULL) return true;
    return false;
}

/* A name that no other pipeline of the tree, no component and no function has. */
static const char *pipeline_name(struct tree_reader *reader, const char *wanted)
{
    struct compilation *compilation = reader->compilation;
    const char *name = wanted;
    for (unsigned number = 1; name != NULL; number++) {
        if (name_table_find(&reader->pipeline_names, name) == NAME_TABLE_NONE &&
            compilation_component(compilation, name) == NULL &&
            compilation_function(compilation, name) == NULL)
            break;
        name = compilation_format(compilation, "%s_%u", wanted, number);
    }
    if (name != NULL) compilation_name(compilation, &reader->pipeline_names, name, 0);
    return name;
}

static bool begin_pipeline(struct tree_reader *reader, struct tree_pipeline *pipeline,
                           struct ast_name name)
{
    struct compilation *compilation = reader->compilation;
    struct ast_pipeline *ast = compilation_allocate(compilation, 1, sizeof *ast);
    if (ast == NULL) return false;
    ast->context = compilation_allocate(compilation, 1, sizeof *ast->context);
    ast->graph = compilation_allocate(compilation, 1, sizeof *ast->graph);
    if (ast->context == NULL || ast->graph == NULL) return false;
    ast->name = name;
    ast->span = ast->graph->span = ast->context->span = tree_place(pipeline->node);
    ast->graph->tolerates_cycles = compilation->options->tolerate_cycles;
    pipeline->ast = ast;
    pipeline->variables_end = &ast->context->variables;
    pipeline->nodes_end = &ast->graph->nodes;
    pipeline->arrows_end = &ast->graph->arrows;
    *reader->pipelines_end = ast;
    reader->pipelines_end = &ast->next;
    return true;
}

/* Reads `node`, the pipeline of the subprocess with `params` or the root. */
static void read_pipeline(struct tree_reader *reader, const struct document_node *node,
                          struct ast_name name, const struct document_node *params)
{
    struct tree_pipeline *outer = reader->pipeline;
    struct tree_pipeline pipeline = {.node = node, .params = params};
    size_t errors = diagnostics_error_count(reader->diagnostics);
    if (!begin_pipeline(reader, &pipeline, name)) return;
    pipeline.start = tree_get(reader, node, "start_event", DOCUMENT_KIND(MAP), true);
    pipeline.end = tree_get(reader, node, "end_event", DOCUMENT_KIND(MAP), true);
    pipeline.activities = tree_get(reader, node, "activities", DOCUMENT_KIND(MAP), true);
    pipeline.gateways = tree_get(reader, node, "gateways", DOCUMENT_KIND(MAP), true);
    pipeline.flows = tree_get(reader, node, "flows", DOCUMENT_KIND(MAP), true);
    if (pipeline.flows != NULL)
        pipeline.flow_uses =
            compilation_allocate(reader->compilation, pipeline.flows->count + 1, 1);
    reader->pipeline = &pipeline;
    tree_read_data(reader);
    tree_read_nodes(reader);
    reader->pipeline = outer;
    if (diagnostics_error_count(reader->diagnostics) > errors) pipeline.ast->is_broken = true;
}

struct ast_name tree_read_subprocess(struct tree_reader *reader, const struct document_node *node,
                                     const struct document_node *params)
{
    const struct document_node *inner =
        tree_get(reader, node, "pipeline", DOCUMENT_KIND(MAP), true);
    if (inner == NULL) return (struct ast_name){0};
    struct ast_name name = tree_name(node->key);
    name.bytes = pipeline_name(reader, name.bytes);
    if (name.bytes == NULL) return (struct ast_name){0};
    read_pipeline(reader, inner, name, params);
    return name;
}

void tree_read(struct compilation *compilation, const struct document *document,
               struct ast_file *file)
{
    struct tree_reader reader = {.compilation = compilation,
                                 .diagnostics = compilation->diagnostics,
                                 .document = document,
                                 .pipelines_end = &file->pipelines};
    const struct document_node *id = tree_get_name(&reader, document->root, "id", false);
    struct ast_name name = {.bytes = "root", .span = tree_place(document->root), .quoted = true};
    if (id != NULL) name = tree_name(id);
    name.bytes = pipeline_name(&reader, name.bytes);
    if (name.bytes != NULL) read_pipeline(&reader, document->root, name, NULL);
}
