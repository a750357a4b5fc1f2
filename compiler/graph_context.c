/* context { }: variables of a pipeline that keeps its data as bamboo-engine does. */
#include <string.h>

#include "compiler/graph_builder.h"
#include "compiler/suggest.h"

static struct graph_variable *variable_at(const struct graph_pipeline *pipeline, uint32_t index)
{
    return index < pipeline->context_count ? pipeline->context[index] : NULL;
}

struct graph_variable *graph_context_variable(const struct graph_pipeline *pipeline,
                                              const char *key)
{
    return variable_at(pipeline, name_table_find(&pipeline->context_names, key));
}

const char *graph_context_key(struct compilation *compilation, const struct ast_name *name)
{
    return name->quoted ? name->bytes : compilation_format(compilation, "${%s}", name->bytes);
}

static void report_duplicate(struct graph_builder *builder, const struct ast_variable *declared,
                             const struct graph_variable *first)
{
    struct diagnostics *diagnostics = builder->compilation->diagnostics;
    struct diagnostic *diagnostic =
        diagnostics_add(diagnostics, DIAGNOSTIC_DUPLICATE_NAME, declared->name.span,
                        "there is a variable '%.200s' already", declared->name.bytes);
    diagnostic_relate(diagnostics, diagnostic, first->declared->name.span, "the first is here");
}

/* A lazy variable is computed by a component of kind variable. */
static const struct bamboo_component *find_component(struct graph_builder *builder,
                                                     const struct ast_name *name)
{
    struct compilation *compilation = builder->compilation;
    if (name->bytes == NULL) return NULL; /* that it is none was told */
    const struct bamboo_component *component = compilation_component(compilation, name->bytes);
    if (component != NULL && component->kind == BAMBOO_KIND_VARIABLE) return component;
    struct diagnostic *diagnostic = diagnostics_add(
        compilation->diagnostics, DIAGNOSTIC_UNKNOWN_COMPONENT, name->span,
        component != NULL ? "the component '%.200s' does not compute variables"
                          : "there is no component '%.200s' that computes variables",
        name->bytes);
    const char *nearest =
        component == NULL ? suggest_variable_component(compilation, name->bytes) : NULL;
    if (nearest != NULL)
        diagnostic_help(compilation->diagnostics, diagnostic, "did you mean '%s'?", nearest);
    return NULL;
}

static void collect_variable(struct graph_builder *builder, const struct ast_variable *declared)
{
    struct compilation *compilation = builder->compilation;
    struct graph_pipeline *pipeline = builder->pipeline;
    const struct graph_variable *first = graph_context_variable(pipeline, declared->name.bytes);
    if (first != NULL) {
        report_duplicate(builder, declared, first);
        return;
    }
    if (!compilation_grow(compilation, (void **)&pipeline->context, &pipeline->context_capacity,
                          pipeline->context_count, sizeof(struct graph_variable *)))
        return;
    struct graph_variable *variable =
        graph_add_variable(compilation, pipeline, declared->name.bytes);
    if (variable == NULL) return;
    variable->declared = declared;
    if (declared->kind == VARIABLE_LAZY)
        variable->component = find_component(builder, &declared->component);
    compilation_name(compilation, &pipeline->context_names, variable->name,
                     (uint32_t)pipeline->context_count);
    pipeline->context[pipeline->context_count++] = variable;
}

void graph_collect_context(struct graph_builder *builder)
{
    const struct ast_context *context = builder->pipeline->tree->context;
    if (context == NULL) return;
    for (const struct ast_variable *declared = context->variables; declared != NULL;
         declared = declared->next)
        if (declared->name.bytes != NULL) collect_variable(builder, declared);
}

/* --- Outputs of nodes --- */

static void add_copy(struct graph_builder *builder, struct graph_variable *variable,
                     const struct ast_source *source)
{
    struct compilation *compilation = builder->compilation;
    struct graph_pipeline *pipeline = builder->pipeline;
    const struct symbol *symbol = graph_symbol(pipeline, source->node.bytes);
    if (symbol != NULL && symbol->node == NULL && (symbol->broken || symbol->statement != NULL))
        return; /* told elsewhere */
    if (symbol == NULL || symbol->node == NULL) {
        struct diagnostic *diagnostic = diagnostics_add(
            compilation->diagnostics, DIAGNOSTIC_UNKNOWN_NAME, source->node.span,
            "there is no node '%.200s' whose output '%.200s' could become a variable",
            source->node.bytes, source->key.bytes);
        const char *nearest = suggest_symbol(pipeline, source->node.bytes);
        if (nearest != NULL && strcmp(nearest, source->node.bytes) != 0)
            diagnostic_help(compilation->diagnostics, diagnostic, "did you mean '%s'?", nearest);
        return;
    }
    struct graph_copy *copy = compilation_allocate(compilation, 1, sizeof *copy);
    if (copy == NULL) return;
    *copy = (struct graph_copy){symbol->node, source->key.bytes, variable, NULL};
    if (pipeline->last_copy != NULL)
        pipeline->last_copy->next = copy;
    else
        pipeline->copies = copy;
    pipeline->last_copy = copy;
}

void graph_build_copies(struct graph_builder *builder)
{
    for (size_t i = 0; i < builder->pipeline->context_count; i++) {
        struct graph_variable *variable = builder->pipeline->context[i];
        for (const struct ast_source *source = variable->declared->sources; source != NULL;
             source = source->next)
            if (source->node.bytes != NULL && source->key.bytes != NULL)
                add_copy(builder, variable, source);
    }
}
