#include "compiler/generate.h"

#include <string.h>

#include "base/digest.h"
#include "base/limits.h"
#include "compiler/generator.h"

static uint32_t name_of(struct generator *generator, const char *name)
{
    return image_name(generator->writer, name, strlen(name));
}

/* Nodes and flows get their places before any code refers to them. */
static void number_all(const struct graph *graph)
{
    uint32_t node_index = 0;
    uint32_t flow_index = 0;
    for (size_t i = 0; i < graph->pipeline_count; i++)
        for (struct graph_node *node = graph->pipelines[i]->nodes; node != NULL;
             node = node->next) {
            node->index = node_index++;
            for (struct graph_flow *flow = node->flows; flow != NULL; flow = flow->next)
                flow->index = flow_index++;
        }
}

static uint32_t companion_of(struct generator *generator, const struct graph_node *node)
{
    if (node->converge != NULL) return node->converge->index;
    if (node->component != NULL) return image_component(generator->writer, node->component->code);
    if (node->callee != NULL) return node->callee->index;
    return IMAGE_NONE;
}

static void add_title(struct generator *generator, const struct graph_node *node)
{
    const struct ast_statement *statement = node->statement;
    if (statement == NULL || statement->kind != STATEMENT_CALL) return;
    const char *title = statement->as.call.policies.title.bytes;
    if (title == NULL) return;
    const struct image_title row = {.node = node->index, .title = name_of(generator, title)};
    image_add(generator->writer, SECTION_TITLES, &row, sizeof row);
}

static void add_node(struct generator *generator, const struct graph_node *node)
{
    const struct image_node row = {
        .name = name_of(generator, node->name),
        .entry = image_pc(generator->writer),
        .first_flow = node->flows != NULL ? node->flows->index : 0,
        .flow_count = node->flow_count,
        .other_flow = node->other_flow != NULL ? node->other_flow->index : IMAGE_NONE,
        .companion = companion_of(generator, node),
        .policy = generate_policy(generator, node),
        .kind = (uint16_t)node->kind,
        .flags = node->flags,
    };
    image_add(generator->writer, SECTION_NODES, &row, sizeof row);
    add_title(generator, node);
    generate_node(generator, node);
    for (const struct graph_flow *flow = node->flows; flow != NULL; flow = flow->next) {
        const struct image_flow flow_row = {
            .name = flow->name != NULL ? name_of(generator, flow->name) : IMAGE_NONE,
            .source = node->index,
            .target = flow->target->index};
        image_add(generator->writer, SECTION_FLOWS, &flow_row, sizeof flow_row);
    }
}

/* Returns the index of the first one. */
static uint32_t add_variables(struct generator *generator, uint32_t first)
{
    for (const struct graph_variable *variable = generator->pipeline->variables; variable != NULL;
         variable = variable->next) {
        const struct ast_parameter *parameter = variable->parameter;
        struct image_variable row = {
            .name = name_of(generator, variable->name),
            .type = name_of(generator, variable->type_name),
            .value = IMAGE_NONE,
            .component = IMAGE_NONE,
            .kind = VARIABLE_KIND_SLOT,
            .flags =
                parameter != NULL && parameter->default_value == NULL ? VARIABLE_FLAG_REQUIRED : 0,
        };
        if (variable->declared != NULL) generate_context_variable(generator, variable, &row);
        image_add(generator->writer, SECTION_VARIABLES, &row, sizeof row);
    }
    return first + generator->pipeline->variable_count;
}

static uint32_t add_outputs(struct generator *generator)
{
    uint32_t count = 0;
    const struct ast_output *output = generator->pipeline->tree->outputs;
    for (; output != NULL; output = output->next, count++) {
        const struct image_output row = {.name = name_of(generator, output->name.bytes)};
        image_add(generator->writer, SECTION_OUTPUTS, &row, sizeof row);
    }
    return count;
}

/* What the pipelines before have taken of each section. */
struct totals {
    uint32_t nodes, variables, outputs, copies;
};

static void add_pipeline(struct generator *generator, struct totals *totals)
{
    const struct graph_pipeline *pipeline = generator->pipeline;
    struct image_pipeline row = {
        .name = name_of(generator, pipeline->name),
        .first_node = totals->nodes,
        .node_count = pipeline->node_count,
        .first_variable = totals->variables,
        .variable_count = pipeline->variable_count,
        .parameter_count = pipeline->parameter_count,
        .first_output = totals->outputs,
        .start_node = pipeline->start->index,
        .end_node = pipeline->end->index,
        .rerun_limit = 0, /* every loop states its own bound */
        .first_copy = totals->copies,
    };
    if (pipeline->tree->context != NULL) {
        row.flags |= PIPELINE_FLAG_CONTEXT;
        row.rerun_limit = RERUN_LIMIT_DEFAULT;
        row.copy_count = generate_copies(generator);
        totals->copies += row.copy_count;
    }
    row.output_count = add_outputs(generator);
    totals->outputs += row.output_count;
    totals->variables = add_variables(generator, totals->variables);
    totals->nodes += pipeline->node_count;
    image_add(generator->writer, SECTION_PIPELINES, &row, sizeof row);
    for (const struct graph_node *node = pipeline->nodes; node != NULL; node = node->next)
        add_node(generator, node);
}

/* The sources come last, so that nothing else depends on their names. */
static void add_sources(struct generator *generator)
{
    const struct compile_options *options = generator->compilation->options;
    const struct diagnostics *diagnostics = generator->compilation->diagnostics;
    if (options->no_debug) return;
    for (uint32_t i = 0; i < diagnostics_source_count(diagnostics); i++) {
        const struct source *source = diagnostics_source(diagnostics, i);
        struct image_source row = {.name = name_of(generator, source->name), .text = IMAGE_NONE};
        if (options->embed_sources && source->size <= VALUE_SIZE_MAX)
            row.text = image_name(generator->writer, source->bytes, source->size);
        digest_compute(source->bytes, source->size, row.digest);
        image_add(generator->writer, SECTION_SOURCES, &row, sizeof row);
    }
}

static enum bamboo_status finish(struct generator *generator, const char *name, uint8_t **image,
                                 size_t *size, struct bamboo_error *error)
{
    if (generator->writer == NULL) return fail_memory(error);
    generate_forget_defaults(generator);
    add_sources(generator);
    enum bamboo_status status = generator->status;
    if (status == BAMBOO_OK) status = compilation_status(generator->compilation, name, error);
    if (status == BAMBOO_OK) status = image_finish(generator->writer, image, size, error);
    image_writer_destroy(generator->writer);
    return status;
}

static struct generator generator_of(const struct checked_graph *checked, enum image_kind kind,
                                     struct bamboo_error *error)
{
    const struct graph *graph = checked_graph_content(checked);
    return (struct generator){.graph = graph,
                              .compilation = graph->compilation,
                              .writer = image_writer_create(kind),
                              .status = BAMBOO_OK,
                              .error = error};
}

enum bamboo_status generate_flow(const struct checked_graph *checked, const char *name,
                                 uint8_t **image, size_t *size, struct bamboo_error *error)
{
    struct generator generator = generator_of(checked, IMAGE_FLOW, error);
    struct totals totals = {0};
    number_all(generator.graph);
    for (size_t i = 0; generator.writer != NULL && i < generator.graph->pipeline_count; i++) {
        generator.pipeline = generator.graph->pipelines[i];
        add_pipeline(&generator, &totals);
    }
    return finish(&generator, name, image, size, error);
}

enum bamboo_status generate_single(const struct checked_graph *checked,
                                   const struct graph_pipeline *pipeline,
                                   const struct ast_expression *expression, const char *name,
                                   uint8_t **image, size_t *size, struct bamboo_error *error)
{
    struct generator generator = generator_of(checked, IMAGE_EXPRESSION, error);
    if (generator.writer == NULL) return fail_memory(error);
    generator.pipeline = pipeline;
    const struct image_pipeline row = {.name = name_of(&generator, pipeline->name),
                                       .variable_count = pipeline->variable_count,
                                       .start_node = IMAGE_NONE,
                                       .end_node = IMAGE_NONE};
    image_add(generator.writer, SECTION_PIPELINES, &row, sizeof row);
    (void)add_variables(&generator, 0);
    generate_expression(&generator, expression);
    generate_emit(&generator, OP_END_PIPELINE, 0);
    return finish(&generator, name, image, size, error);
}
