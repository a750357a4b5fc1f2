/* What concerns pipelines together: no pipeline calls itself, they do not call each other too
 * deeply, and every import is used. */
#include "base/limits.h"
#include "compiler/checker.h"

enum visit { VISIT_NOT, VISIT_OPEN, VISIT_DONE };

struct recursion {
    struct checker *checker;
    enum visit *visits;                  /* by pipeline */
    uint32_t *heights;                   /* by pipeline: how many are inside each other below it */
    bool is_told;                        /* that there are too many */
    const struct graph_node **positions; /* by depth: the call that is being followed */
    const struct graph_pipeline **path;  /* by depth */
    size_t depth;
};

static const struct graph_node *next_call(const struct graph_node *node)
{
    while (node != NULL && node->callee == NULL)
        node = node->next;
    return node;
}

static void report_recursion(const struct recursion *recursion, const struct graph_node *call)
{
    struct diagnostics *diagnostics = recursion->checker->diagnostics;
    struct text cycle = {0};
    size_t first = 0;
    while (recursion->path[first] != call->callee)
        first++;
    for (size_t i = first; i < recursion->depth; i++)
        text_append_format(&cycle, "%s calls ", recursion->path[i]->name);
    text_append_string(&cycle, call->callee->name);
    if (cycle.failed) recursion->checker->compilation->out_of_memory = true;
    struct diagnostic *diagnostic =
        diagnostics_add(diagnostics, DIAGNOSTIC_RECURSION, call->statement->as.call.callee.span,
                        "pipeline '%s' calls itself: %s", call->callee->name, text_string(&cycle));
    diagnostic_help(diagnostics, diagnostic, "repeat { } does a thing again");
    text_release(&cycle);
}

/* `call` is followed to its end: the caller is higher than what it calls. */
static void raise_caller(struct recursion *recursion, const struct graph_pipeline *caller,
                         const struct graph_node *call)
{
    uint32_t height = recursion->heights[call->callee->index] + 1;
    if (height > recursion->heights[caller->index]) recursion->heights[caller->index] = height;
    if (height <= SCOPE_DEPTH_MAX || recursion->is_told) return;
    recursion->is_told = true;
    diagnostics_add(recursion->checker->diagnostics, DIAGNOSTIC_TOO_LARGE,
                    call->statement->as.call.callee.span,
                    "more than %d pipelines call each other in a row from here", SCOPE_DEPTH_MAX);
}

static void enter_pipeline(struct recursion *recursion, const struct graph_pipeline *pipeline)
{
    recursion->visits[pipeline->index] = VISIT_OPEN;
    recursion->path[recursion->depth] = pipeline;
    recursion->positions[recursion->depth++] = next_call(pipeline->nodes);
}

/* Depth first, with a stack of its own: chains of calls may be long. */
static void follow_calls(struct recursion *recursion, const struct graph_pipeline *root)
{
    if (recursion->visits[root->index] != VISIT_NOT) return;
    enter_pipeline(recursion, root);
    while (recursion->depth > 0) {
        const struct graph_pipeline *caller = recursion->path[recursion->depth - 1];
        const struct graph_node **position = &recursion->positions[recursion->depth - 1];
        const struct graph_node *call = *position;
        if (call == NULL) {
            recursion->visits[caller->index] = VISIT_DONE;
            recursion->depth--;
            continue;
        }
        enum visit visit = recursion->visits[call->callee->index];
        if (visit == VISIT_NOT) {
            enter_pipeline(recursion, call->callee); /* the call is looked at again behind it */
            continue;
        }
        if (visit == VISIT_OPEN)
            report_recursion(recursion, call);
        else
            raise_caller(recursion, caller, call);
        *position = next_call(call->next);
    }
}

static void check_recursion(struct checker *checker)
{
    const struct graph *graph = checker->graph;
    size_t count = graph->pipeline_count + 1;
    struct recursion recursion = {.checker = checker};
    recursion.visits = compilation_allocate(checker->compilation, count, sizeof *recursion.visits);
    recursion.positions =
        compilation_allocate(checker->compilation, count, sizeof(struct graph_node *));
    recursion.path =
        compilation_allocate(checker->compilation, count, sizeof(struct graph_pipeline *));
    recursion.heights =
        compilation_allocate(checker->compilation, count, sizeof *recursion.heights);
    if (recursion.visits == NULL || recursion.heights == NULL || recursion.positions == NULL ||
        recursion.path == NULL)
        return;
    for (size_t i = 0; i < graph->pipeline_count; i++)
        follow_calls(&recursion, graph->pipelines[i]);
}

/* --- Imports --- */

static bool calls_into(const struct graph *graph, uint32_t importer, uint32_t imported)
{
    for (size_t i = 0; i < graph->pipeline_count; i++) {
        const struct graph_pipeline *pipeline = graph->pipelines[i];
        if (pipeline->tree->name.span.source != importer) continue;
        for (const struct graph_node *call = next_call(pipeline->nodes); call != NULL;
             call = next_call(call->next))
            if (call->callee->tree->name.span.source == imported) return true;
    }
    return false;
}

/* A file that imports others may be there for their sake, and one without pipelines is told of. */
static bool may_serve_otherwise(const struct graph *graph, uint32_t imported)
{
    for (size_t i = 0; i < graph->file_count; i++)
        if (graph->files[i]->source == imported) return graph->files[i]->imports != NULL;
    return true;
}

static void check_imports(struct checker *checker)
{
    const struct graph *graph = checker->graph;
    if (checker->compilation->incomplete) return;
    for (size_t i = 0; i < graph->import_count; i++) {
        const struct graph_import *import = &graph->imports[i];
        if (may_serve_otherwise(graph, import->imported) ||
            calls_into(graph, import->importer, import->imported))
            continue;
        diagnostics_add(checker->diagnostics, DIAGNOSTIC_UNUSED, import->import->span,
                        "no pipeline of \"%s\" is called here", import->import->path.bytes);
    }
}

void check_soundness(struct checker *checker)
{
    check_recursion(checker);
    check_imports(checker);
}
