#include "compiler/suggest.h"

/* Candidates that do not count are "", which is near to nothing. */

static const char *callee_at(const void *context, size_t index)
{
    const struct graph *graph = context;
    if (index < graph->pipeline_count) return graph->pipelines[index]->name;
    return graph->compilation->options->components->items[index - graph->pipeline_count]->code;
}

const char *suggest_callee(const struct graph *graph, const char *name)
{
    const struct bamboo_component_set *set = graph->compilation->options->components;
    size_t count = graph->pipeline_count + (set != NULL ? set->count : 0);
    return nearest_name(name, count, callee_at, graph);
}

static const char *function_at(const void *context, size_t index)
{
    const struct function *function = &((const struct function_set *)context)->items[index];
    return function->receiver == BAMBOO_MISSING ? function->name : "";
}

const char *suggest_function(const struct compilation *compilation, const char *name)
{
    const struct function_set *set = compilation->options->functions;
    return set != NULL ? nearest_name(name, set->count, function_at, set) : NULL;
}

static const char *variable_component_at(const void *context, size_t index)
{
    const struct bamboo_component *component =
        ((const struct bamboo_component_set *)context)->items[index];
    return component->kind == BAMBOO_KIND_VARIABLE ? component->code : "";
}

const char *suggest_variable_component(const struct compilation *compilation, const char *name)
{
    const struct bamboo_component_set *set = compilation->options->components;
    return set != NULL ? nearest_name(name, set->count, variable_component_at, set) : NULL;
}

struct method_context {
    const struct function_set *set;
    type_set type;
};

static const char *method_at(const void *context, size_t index)
{
    const struct method_context *methods = context;
    const struct function *function = &methods->set->items[index];
    bool fits = function->receiver != BAMBOO_MISSING && (methods->type >> function->receiver & 1u);
    return fits ? function->name : "";
}

const char *suggest_method(const struct compilation *compilation, const char *name, type_set type)
{
    const struct method_context context = {compilation->options->functions, type};
    return context.set != NULL ? nearest_name(name, context.set->count, method_at, &context) : NULL;
}

static const char *symbol_at(const void *context, size_t index)
{
    return ((const struct graph_pipeline *)context)->symbols[index]->name;
}

const char *suggest_symbol(const struct graph_pipeline *pipeline, const char *name)
{
    return nearest_name(name, pipeline->symbol_count, symbol_at, pipeline);
}

static const char *input_at(const void *context, size_t index)
{
    return ((const struct bamboo_component *)context)->inputs[index].name;
}

const char *suggest_input(const struct bamboo_component *component, const char *name)
{
    return nearest_name(name, component->input_count, input_at, component);
}

static const char *output_at(const void *context, size_t index)
{
    return ((const struct bamboo_component *)context)->outputs[index].name;
}

const char *suggest_output(const struct bamboo_component *component, const char *name)
{
    return nearest_name(name, component->output_count, output_at, component);
}

static const char *parameter_at(const void *context, size_t index)
{
    const struct graph_pipeline *pipeline = context;
    return pipeline->symbols[index]->name;
}

const char *suggest_parameter(const struct graph_pipeline *pipeline, const char *name)
{
    /* Parameters are the first symbols. */
    return nearest_name(name, pipeline->parameter_count, parameter_at, pipeline);
}

static const char *pipeline_output_at(const void *context, size_t index)
{
    const struct ast_output *output = context;
    while (index-- > 0)
        output = output->next;
    return output->name.bytes;
}

const char *suggest_pipeline_output(const struct graph_pipeline *pipeline, const char *name)
{
    size_t count = 0;
    for (const struct ast_output *output = pipeline->tree->outputs; output != NULL;
         output = output->next)
        count++;
    return nearest_name(name, count, pipeline_output_at, pipeline->tree->outputs);
}

static const char *type_at(const void *context, size_t index)
{
    (void)context;
    return index == 0 ? "any" : bamboo_type_name((enum bamboo_type)index);
}

const char *suggest_type(const char *name)
{
    return nearest_name(name, BAMBOO_TYPE_COUNT, type_at, NULL);
}

static const char *join_names(struct compilation *compilation, size_t count,
                              const char *(*name_at)(const void *context, size_t index),
                              const void *context)
{
    struct text names = {0};
    for (size_t i = 0; i < count; i++)
        text_append_format(&names, "%s%s", i > 0 ? ", " : "", name_at(context, i));
    const char *joined =
        count > 0 ? compilation_format(compilation, "%s", text_string(&names)) : NULL;
    if (names.failed) compilation->out_of_memory = true;
    text_release(&names);
    return joined;
}

const char *suggest_all_inputs(struct compilation *compilation,
                               const struct bamboo_component *component)
{
    return join_names(compilation, component->input_count, input_at, component);
}

const char *suggest_all_outputs(struct compilation *compilation,
                                const struct bamboo_component *component)
{
    return join_names(compilation, component->output_count, output_at, component);
}

const char *suggest_all_parameters(struct compilation *compilation,
                                   const struct graph_pipeline *pipeline)
{
    return join_names(compilation, pipeline->parameter_count, parameter_at, pipeline);
}
