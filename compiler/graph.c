#include "compiler/graph.h"

struct callee graph_callee(const struct graph *graph, const char *name)
{
    struct callee callee = {.kind = CALLEE_NONE};
    uint32_t index = name_table_find(&graph->names, name);
    if (index != NAME_TABLE_NONE) {
        callee.kind = CALLEE_PIPELINE;
        callee.pipeline = graph->pipelines[index];
    } else if ((callee.component = compilation_component(graph->compilation, name)) != NULL) {
        callee.kind = CALLEE_COMPONENT;
    } else if ((callee.function = compilation_function(graph->compilation, name)) != NULL) {
        callee.kind = CALLEE_FUNCTION;
    }
    return callee;
}

struct graph_pipeline *graph_add_pipeline(struct graph *graph, const char *name)
{
    struct compilation *compilation = graph->compilation;
    struct graph_pipeline *pipeline = compilation_allocate(compilation, 1, sizeof *pipeline);
    if (pipeline == NULL ||
        !compilation_grow(compilation, (void **)&graph->pipelines, &graph->pipeline_capacity,
                          graph->pipeline_count, sizeof(struct graph_pipeline *)))
        return NULL;
    pipeline->name = name;
    pipeline->index = (uint32_t)graph->pipeline_count;
    graph->pipelines[graph->pipeline_count++] = pipeline;
    compilation_name(compilation, &graph->names, name, pipeline->index);
    return pipeline;
}

struct graph_variable *graph_add_variable(struct compilation *compilation,
                                          struct graph_pipeline *pipeline, const char *name)
{
    if (name == NULL) return NULL;
    struct graph_variable *variable = compilation_allocate(compilation, 1, sizeof *variable);
    if (variable == NULL) return NULL;
    variable->name = name;
    variable->index = pipeline->variable_count++;
    variable->type_name = "any";
    variable->type = TYPE_ANY;
    if (pipeline->last_variable != NULL)
        pipeline->last_variable->next = variable;
    else
        pipeline->variables = variable;
    pipeline->last_variable = variable;
    return variable;
}

struct symbol *graph_add_symbol(struct compilation *compilation, struct graph_pipeline *pipeline,
                                const char *name, struct span span)
{
    struct symbol *symbol = compilation_allocate(compilation, 1, sizeof *symbol);
    if (symbol == NULL ||
        !compilation_grow(compilation, (void **)&pipeline->symbols, &pipeline->symbol_capacity,
                          pipeline->symbol_count, sizeof(struct symbol *)))
        return NULL;
    symbol->name = name;
    symbol->span = span;
    symbol->index = (uint32_t)pipeline->symbol_count;
    pipeline->symbols[pipeline->symbol_count++] = symbol;
    compilation_name(compilation, &pipeline->names, name, symbol->index);
    return symbol;
}

struct graph_node *graph_add_node(struct compilation *compilation, struct graph_pipeline *pipeline,
                                  enum image_node_kind kind, const char *name, struct span span)
{
    if (name == NULL) return NULL;
    struct graph_node *node = compilation_allocate(compilation, 1, sizeof *node);
    if (node == NULL) return NULL;
    node->kind = kind;
    node->name = name;
    node->span = span;
    if (pipeline->last_node != NULL)
        pipeline->last_node->next = node;
    else
        pipeline->nodes = node;
    pipeline->last_node = node;
    pipeline->node_count++;
    return node;
}

struct graph_flow *graph_add_flow(struct compilation *compilation, struct graph_pipeline *pipeline,
                                  struct graph_node *source)
{
    if (source == NULL) return NULL;
    struct graph_flow *flow = compilation_allocate(compilation, 1, sizeof *flow);
    if (flow == NULL) return NULL;
    flow->source = source;
    if (source->last_flow != NULL)
        source->last_flow->next = flow;
    else
        source->flows = flow;
    source->last_flow = flow;
    source->flow_count++;
    pipeline->flow_count++;
    return flow;
}

struct symbol *graph_symbol(const struct graph_pipeline *pipeline, const char *name)
{
    uint32_t index = name_table_find(&pipeline->names, name);
    /* Derived names are in the table, to be taken, but have no symbol. */
    return index < pipeline->symbol_count ? pipeline->symbols[index] : NULL;
}

const char *graph_derive_name(struct compilation *compilation, struct graph_pipeline *pipeline,
                              const char *base, bool numbered)
{
    if (base == NULL) return NULL;
    uint32_t number = name_table_find(&pipeline->counters, base);
    if (number == NAME_TABLE_NONE) number = 0;
    const char *name = NULL;
    do {
        number++;
        name = number == 1 && !numbered ? base
                                        : compilation_format(compilation, "%s_%u", base, number);
        if (name == NULL) return NULL;
    } while (name_table_find(&pipeline->names, name) != NAME_TABLE_NONE);
    compilation_name(compilation, &pipeline->counters, base, number);
    compilation_name(compilation, &pipeline->names, name, NAME_TABLE_NONE - 1);
    return name;
}

struct span span_last_byte(struct span span)
{
    if (span.size == 0) return span;
    return (struct span){span.source, span.offset + span.size - 1, 1};
}
