#include "compiler/check.h"

#include "compiler/checker.h"

struct checked_graph {
    const struct graph *graph;
};

const struct graph *checked_graph_content(const struct checked_graph *checked)
{
    return checked->graph;
}

static struct checker checker_of(const struct graph *graph)
{
    return (struct checker){.graph = graph,
                            .compilation = graph->compilation,
                            .diagnostics = graph->compilation->diagnostics};
}

static struct checked_graph *pass(const struct graph *graph)
{
    struct compilation *compilation = graph->compilation;
    if (compilation->out_of_memory || diagnostics_failed(compilation->diagnostics) ||
        diagnostics_error_count(compilation->diagnostics) > 0)
        return NULL;
    struct checked_graph *checked = compilation_allocate(compilation, 1, sizeof *checked);
    if (checked != NULL) checked->graph = graph;
    return checked;
}

struct checked_graph *graph_check(const struct graph *graph)
{
    struct checker checker = checker_of(graph);
    if (graph->compilation->out_of_memory) return NULL; /* the graph has holes */
    for (size_t i = 0; i < graph->pipeline_count; i++) {
        checker.pipeline = graph->pipelines[i];
        const struct ast_pipeline *tree = checker.pipeline->tree;
        if (tree->block == NULL && tree->graph == NULL) continue;
        check_statements(&checker);
        check_assigned(&checker);
        if (tree->graph != NULL) check_graph_form(&checker);
    }
    check_soundness(&checker);
    check_templates(&checker);
    return pass(graph);
}

struct checked_graph *graph_check_expression(const struct graph *graph,
                                             struct graph_pipeline *pipeline,
                                             const struct ast_expression *expression)
{
    struct checker checker = checker_of(graph);
    checker.pipeline = pipeline;
    (void)check_expression(&checker, expression);
    return pass(graph);
}
