/* A graph { } or a tree: every node has the flows that its kind needs, every way goes on to the
 * end, and what is forked meets again. The rules are those of bamboo-engine's validator. Each pass
 * needs what the one before it proved. */
#include "compiler/graph_form.h"

/* How many flows may enter and leave a node. */
struct degrees {
    uint32_t in_min, in_max, out_min, out_max;
};

#define MANY UINT32_MAX

static struct degrees degrees_of(const struct form *form, const struct graph_node *node)
{
    switch (node->kind) {
    case NODE_KIND_START: return (struct degrees){0, 0, 1, 1};
    /* A ring that never ends is allowed where cycles are, so nothing may lead to the end. */
    case NODE_KIND_END: return (struct degrees){form->tolerates_cycles ? 0 : 1, MANY, 0, 0};
    case NODE_KIND_ACTIVITY:
    case NODE_KIND_ASSIGN:
    case NODE_KIND_SUBPROCESS:
    case NODE_KIND_CONTROL:
    case NODE_KIND_CONVERGE: return (struct degrees){1, MANY, 1, 1};
    case NODE_KIND_EXCLUSIVE:
    case NODE_KIND_PARALLEL:
    case NODE_KIND_INCLUSIVE:
    case NODE_KIND_COUNT: break;
    }
    return (struct degrees){1, MANY, 1, MANY};
}

const char *form_kind_word(const struct graph_node *node)
{
    switch (node->kind) {
    case NODE_KIND_START: return "start event";
    case NODE_KIND_END: return "end event";
    case NODE_KIND_SUBPROCESS: return "subprocess";
    case NODE_KIND_CONVERGE: return "converge gateway";
    case NODE_KIND_EXCLUSIVE: return "exclusive gateway";
    case NODE_KIND_PARALLEL: return "parallel gateway";
    case NODE_KIND_INCLUSIVE: return "inclusive gateway";
    case NODE_KIND_ACTIVITY:
    case NODE_KIND_ASSIGN:
    case NODE_KIND_CONTROL:
    case NODE_KIND_COUNT: break;
    }
    return "activity";
}

/* --- Degrees --- */

static void report_degree(struct form *form, const struct graph_node *node, bool is_entering,
                          uint32_t most, const char *help)
{
    struct diagnostics *diagnostics = form->checker->diagnostics;
    uint32_t count = is_entering ? form->entering[node->index] : node->flow_count;
    struct diagnostic *diagnostic;
    if (count == 0)
        diagnostic = diagnostics_add(
            diagnostics, DIAGNOSTIC_NODE_DEGREE, node->span, "no flow %s %s " FORM_NAME,
            is_entering ? "leads to" : "leaves", form_kind_word(node), node->name);
    else
        diagnostic = diagnostics_add(diagnostics, DIAGNOSTIC_NODE_DEGREE, node->span,
                                     "%s " FORM_NAME " has %u flow%s %s, it has to have %s",
                                     form_kind_word(node), node->name, count, count == 1 ? "" : "s",
                                     is_entering ? "that lead to it" : "that leave it",
                                     most == 0 ? "none" : "one");
    diagnostic_help(diagnostics, diagnostic, "%s", help);
}

static void check_degrees(struct form *form, const struct graph_node *node)
{
    struct degrees degrees = degrees_of(form, node);
    uint32_t in = form->entering[node->index];
    uint32_t out = node->flow_count;
    if (in < degrees.in_min)
        report_degree(form, node, true, degrees.in_max, "lead a flow to it, or take it out");
    else if (in > degrees.in_max)
        report_degree(form, node, true, degrees.in_max, "lead it to another node");
    if (out < degrees.out_min)
        report_degree(form, node, false, degrees.out_max, "lead a flow from it to the next node");
    else if (out > degrees.out_max)
        report_degree(form, node, false, degrees.out_max,
                      degrees.out_max == 0 ? "nothing comes behind the end"
                                           : "put a gateway behind it to choose, or to fork");
}

/* Something has to happen. */
static void check_start(struct form *form)
{
    const struct graph_node *start = form->pipeline->start;
    if (start->flow_count != 1 || start->flows->target != form->pipeline->end) return;
    struct diagnostics *diagnostics = form->checker->diagnostics;
    struct diagnostic *diagnostic =
        diagnostics_add(diagnostics, DIAGNOSTIC_NODE_DEGREE, start->span,
                        "start event " FORM_NAME " leads straight to the end", start->name);
    diagnostic_help(diagnostics, diagnostic, "put a node between them");
}

static bool all_degrees_fit(struct form *form)
{
    size_t errors = diagnostics_error_count(form->checker->diagnostics);
    for (uint32_t i = 0; i < form->count; i++)
        check_degrees(form, form->nodes[i]);
    check_start(form);
    return diagnostics_error_count(form->checker->diagnostics) == errors;
}

static bool all_are_reached(struct form *form)
{
    struct diagnostics *diagnostics = form->checker->diagnostics;
    bool all = true;
    for (uint32_t i = 0; i < form->count; i++) {
        const struct graph_node *node = form->nodes[i];
        if (form->positions[i] != FORM_NONE || node == form->pipeline->end) continue;
        struct diagnostic *diagnostic = diagnostics_add(
            diagnostics, DIAGNOSTIC_STREAMS, node->span,
            "no way leads from the start to %s " FORM_NAME, form_kind_word(node), node->name);
        diagnostic_help(diagnostics, diagnostic, "lead a flow to it, or take it out");
        all = false;
    }
    return all;
}

/* --- All of it --- */

/* Was every arrow and way built? If not, it is told why, and the rest would only be a cascade. */
static bool has_all_flows(const struct graph_pipeline *pipeline)
{
    const struct ast_graph *tree = pipeline->tree->graph;
    size_t count = 0;
    for (const struct ast_arrow *arrow = tree->arrows; arrow != NULL; arrow = arrow->next)
        count++;
    for (const struct ast_statement *node = tree->nodes; node != NULL; node = node->next) {
        if (node->kind != STATEMENT_GATEWAY) continue;
        for (const struct ast_way *way = node->as.gateway.ways; way != NULL; way = way->next)
            count++;
    }
    return count == pipeline->flow_count;
}

/* Counts nodes and flows. False: memory is out, or the graph has holes, which are told. */
static bool begin_form(struct form *form)
{
    struct compilation *compilation = form->checker->compilation;
    size_t all = form->pipeline->node_count;
    form->nodes = compilation_allocate(compilation, all + 1, sizeof(struct graph_node *));
    form->entering = compilation_allocate(compilation, all + 1, sizeof *form->entering);
    form->order = compilation_allocate(compilation, all + 1, sizeof *form->order);
    form->positions = compilation_allocate(compilation, all + 1, sizeof *form->positions);
    form->meets = compilation_allocate(compilation, all + 1, sizeof *form->meets);
    if (form->nodes == NULL || form->entering == NULL || form->order == NULL ||
        form->positions == NULL || form->meets == NULL || form->pipeline->start == NULL ||
        form->pipeline->end == NULL)
        return false;
    for (struct graph_node *node = form->pipeline->nodes; node != NULL; node = node->next) {
        if (node->flags & NODE_FLAG_ATTACHED) continue;
        node->index = form->count;
        form->positions[form->count] = FORM_NONE;
        form->nodes[form->count++] = node;
    }
    for (uint32_t i = 0; i < form->count; i++)
        for (const struct graph_flow *flow = form->nodes[i]->flows; flow != NULL; flow = flow->next)
            if (flow->target != NULL) form->entering[flow->target->index]++;
    return true;
}

void check_graph_form(struct checker *checker)
{
    const struct ast_graph *tree = checker->pipeline->tree->graph;
    struct form form = {.checker = checker, .pipeline = checker->pipeline};
    form.tolerates_cycles =
        tree->tolerates_cycles || checker->compilation->options->tolerate_cycles;
    if (checker->pipeline->damaged || checker->pipeline->tree->is_broken ||
        !has_all_flows(checker->pipeline))
        return;
    if (!begin_form(&form) || !all_degrees_fit(&form)) return;
    if (!form_order(&form) || !all_are_reached(&form)) return;
    if (form_match_converges(&form)) form_check_streams(&form);
}
