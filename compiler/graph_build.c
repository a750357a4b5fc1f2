#include "compiler/graph_build.h"

#include <string.h>

#include "compiler/graph_builder.h"

void build_connect(struct graph_flow *position, struct graph_node *target)
{
    if (position != NULL) position->target = target;
}

void build_loosen(struct graph_flow **loose, struct graph_flow *position)
{
    if (position == NULL) return;
    position->next_loose = *loose;
    *loose = position;
}

struct span span_first_line(const struct graph_builder *builder, struct span span)
{
    const struct source *source =
        diagnostics_source(builder->compilation->diagnostics, span.source);
    const char *start = source->bytes + span.offset;
    const char *newline = memchr(start, '\n', span.size);
    if (newline != NULL) span.size = (uint32_t)(newline - start);
    return span;
}

const char *build_name(struct graph_builder *builder, const struct ast_statement *statement,
                       const char *base, uint16_t *flags)
{
    *flags = 0;
    if (statement->name.bytes != NULL && statement->kind != STATEMENT_ASSIGN)
        return statement->name.bytes;
    *flags = NODE_FLAG_DERIVED_NAME;
    return graph_derive_name(builder->compilation, builder->pipeline, base, true);
}

struct graph_flow *build_node(struct graph_builder *builder, struct graph_flow *position,
                              enum image_node_kind kind, const char *name,
                              const struct ast_statement *statement, struct graph_node **node)
{
    *node = graph_add_node(builder->compilation, builder->pipeline, kind, name,
                           span_first_line(builder, statement->span));
    if (*node == NULL) return NULL;
    (*node)->statement = statement;
    build_connect(position, *node);
    struct symbol *symbol = graph_symbol(builder->pipeline, name);
    if (symbol != NULL && symbol->statement == statement) symbol->node = *node;
    return graph_add_flow(builder->compilation, builder->pipeline, *node);
}

struct graph_flow *build_join(struct graph_builder *builder, struct graph_flow *loose,
                              const char *name, struct span span, struct graph_node **converge)
{
    if (loose == NULL) return NULL;
    const char *base = compilation_format(builder->compilation, "%s_join", name);
    struct graph_node *join =
        graph_add_node(builder->compilation, builder->pipeline, NODE_KIND_CONVERGE,
                       graph_derive_name(builder->compilation, builder->pipeline, base, false),
                       span_last_byte(span));
    if (join == NULL) return NULL;
    join->flags = NODE_FLAG_DERIVED_NAME;
    for (struct graph_flow *flow = loose; flow != NULL; flow = flow->next_loose)
        flow->target = join;
    if (converge != NULL) *converge = join;
    return graph_add_flow(builder->compilation, builder->pipeline, join);
}

static struct graph_flow *build_assign(struct graph_builder *builder, struct graph_flow *position,
                                       const struct ast_statement *statement)
{
    if (statement->name.bytes == NULL) return position;
    struct symbol *symbol = graph_symbol(builder->pipeline, statement->name.bytes);
    if (symbol == NULL || symbol->variable == NULL) return position;
    const char *base = compilation_format(builder->compilation, "set_%s", statement->name.bytes);
    const char *name = graph_derive_name(builder->compilation, builder->pipeline, base, false);
    struct graph_node *node = NULL;
    position = build_node(builder, position, NODE_KIND_ASSIGN, name, statement, &node);
    if (node == NULL) return NULL;
    node->flags = NODE_FLAG_DERIVED_NAME;
    node->variable = symbol->variable;
    return position;
}

static struct graph_flow *build_control(struct graph_builder *builder, struct graph_flow *position,
                                        const struct ast_statement *statement, const char *base)
{
    uint16_t flags = 0;
    const char *name = build_name(builder, statement, base, &flags);
    struct graph_node *node = NULL;
    position = build_node(builder, position, NODE_KIND_CONTROL, name, statement, &node);
    if (node != NULL) node->flags = flags;
    return position;
}

static struct graph_flow *build_statement(struct graph_builder *builder,
                                          struct graph_flow *position,
                                          const struct ast_statement *statement)
{
    switch (statement->kind) {
    case STATEMENT_CALL: {
        struct callee callee = graph_callee(builder->graph, statement->as.call.callee.bytes);
        if (callee.kind == CALLEE_FUNCTION) return build_assign(builder, position, statement);
        return build_call(builder, position, statement);
    }
    case STATEMENT_ASSIGN: return build_assign(builder, position, statement);
    case STATEMENT_PARALLEL:
    case STATEMENT_INCLUSIVE:
    case STATEMENT_EXCLUSIVE:
    case STATEMENT_IF: return build_branches(builder, position, statement);
    case STATEMENT_REPEAT: return build_repeat(builder, position, statement);
    case STATEMENT_PAUSE: return build_control(builder, position, statement, "pause");
    case STATEMENT_FAIL: return build_control(builder, position, statement, "fail");
    case STATEMENT_REVOKE: return build_control(builder, position, statement, "revoke");
    case STATEMENT_END: build_connect(position, builder->pipeline->end); return NULL;
    case STATEMENT_GATEWAY:
    case STATEMENT_START: /* made with the pipeline */
    case STATEMENT_ERROR:
    case STATEMENT_KIND_COUNT: break;
    }
    return position;
}

struct graph_flow *build_block(struct graph_builder *builder, struct graph_flow *position,
                               const struct ast_block *block)
{
    if (block == NULL) return position;
    for (const struct ast_statement *statement = block->statements;
         statement != NULL && position != NULL; statement = statement->next)
        position = build_statement(builder, position, statement);
    return position;
}

/* The statement that names the start (the first one) or the end (the last one); NULL if none. */
static const struct ast_statement *event_statement(const struct ast_block *block,
                                                   enum ast_statement_kind kind)
{
    const struct ast_statement *statement = block->statements;
    while (kind == STATEMENT_END && statement != NULL && statement->next != NULL)
        statement = statement->next;
    return statement != NULL && statement->kind == kind ? statement : NULL;
}

static struct graph_node *build_event(struct graph_builder *builder, enum image_node_kind kind,
                                      const struct ast_statement *statement, const char *word,
                                      struct span span)
{
    const char *name = NULL;
    uint16_t flags = 0;
    if (statement != NULL && statement->name.bytes != NULL) {
        name = statement->name.bytes;
        span = statement->span;
    } else {
        name = graph_derive_name(builder->compilation, builder->pipeline, word, false);
        flags = NODE_FLAG_DERIVED_NAME;
    }
    struct graph_node *node =
        graph_add_node(builder->compilation, builder->pipeline, kind, name, span);
    if (node != NULL) node->flags = flags;
    return node;
}

/* Puts the end, which has to be there for `end` to jump to, last in the list of nodes. */
static void move_end_last(struct graph_pipeline *pipeline)
{
    struct graph_node *end = pipeline->end;
    if (end == NULL || pipeline->last_node == end) return;
    struct graph_node *before = pipeline->nodes;
    while (before->next != end)
        before = before->next;
    before->next = end->next;
    end->next = NULL;
    pipeline->last_node->next = end;
    pipeline->last_node = end;
}

static void build_body(struct graph_builder *builder, const struct ast_block *block)
{
    struct graph_pipeline *pipeline = builder->pipeline;
    const struct ast_statement *end = event_statement(block, STATEMENT_END);
    pipeline->start = build_event(builder, NODE_KIND_START, event_statement(block, STATEMENT_START),
                                  "start", pipeline->tree->name.span);
    pipeline->end = build_event(builder, NODE_KIND_END, end, "end", span_last_byte(block->span));
    if (end != NULL && pipeline->end != NULL && end->as.call.callee.bytes != NULL) {
        pipeline->end->statement = end;
        build_handler_of_end(builder, pipeline->end);
    }
    struct graph_flow *position = graph_add_flow(builder->compilation, pipeline, pipeline->start);
    build_connect(build_block(builder, position, block), pipeline->end);
}

static void build_pipeline(struct graph_builder *builder)
{
    struct graph_pipeline *pipeline = builder->pipeline;
    const struct ast_pipeline *tree = pipeline->tree;
    if (tree->graph != NULL) {
        pipeline->start = build_event(builder, NODE_KIND_START, NULL, "start", tree->name.span);
        pipeline->end =
            build_event(builder, NODE_KIND_END, NULL, "end", span_last_byte(tree->graph->span));
        build_graph_form(builder);
    } else if (tree->block != NULL) {
        build_body(builder, tree->block);
    } else {
        return;
    }
    move_end_last(pipeline);
    graph_build_copies(builder);
}

static void report_pipeline_clash(struct graph *graph, const struct ast_name *name,
                                  const struct callee *callee)
{
    struct diagnostics *diagnostics = graph->compilation->diagnostics;
    if (callee->kind == CALLEE_PIPELINE) {
        struct diagnostic *diagnostic =
            diagnostics_add(diagnostics, DIAGNOSTIC_DUPLICATE_NAME, name->span,
                            "there is a pipeline '%s' already", name->bytes);
        diagnostic_relate(diagnostics, diagnostic, callee->pipeline->tree->name.span,
                          "the first '%s' is here", name->bytes);
        return;
    }
    struct diagnostic *diagnostic = diagnostics_add(
        diagnostics, DIAGNOSTIC_NAME_CLASH, name->span, "'%s' is a %s already", name->bytes,
        callee->kind == CALLEE_COMPONENT ? "component" : "function of expressions");
    diagnostic_help(diagnostics, diagnostic, "choose another name for the pipeline");
}

/* A pipeline whose name is taken is not looked at any further: calls would mean the other one. */
static void declare_pipelines(struct graph *graph, const struct ast_file *file)
{
    for (const struct ast_pipeline *tree = file->pipelines; tree != NULL; tree = tree->next) {
        if (tree->name.bytes == NULL) continue;
        struct callee callee = graph_callee(graph, tree->name.bytes);
        if (callee.kind != CALLEE_NONE) {
            report_pipeline_clash(graph, &tree->name, &callee);
            continue;
        }
        struct graph_pipeline *pipeline = graph_add_pipeline(graph, tree->name.bytes);
        if (pipeline != NULL) pipeline->tree = tree;
    }
}

void graph_build(struct graph *graph)
{
    for (size_t i = 0; i < graph->file_count; i++)
        declare_pipelines(graph, graph->files[i]);
    struct graph_builder builder = {.graph = graph, .compilation = graph->compilation};
    for (size_t i = 0; i < graph->pipeline_count; i++) {
        builder.pipeline = graph->pipelines[i];
        graph_collect_names(&builder);
    }
    for (size_t i = 0; i < graph->pipeline_count; i++) {
        builder.pipeline = graph->pipelines[i];
        build_pipeline(&builder);
    }
}
