/* graph { }: nodes and flows as they are written. What blocks prove by their shape,
 * check_graph_form.c checks afterwards. */
#include <string.h>

#include "compiler/graph_builder.h"
#include "compiler/suggest.h"

/* The node that an arrow or a way names. `start` and `end` are the events, whatever their names. */
static struct graph_node *find_node(struct graph_builder *builder, const struct ast_name *name)
{
    struct graph_pipeline *pipeline = builder->pipeline;
    const struct symbol *symbol = graph_symbol(pipeline, name->bytes);
    if (symbol != NULL && symbol->node != NULL) return symbol->node;
    if (!name->quoted && strcmp(name->bytes, "start") == 0) return pipeline->start;
    if (!name->quoted && strcmp(name->bytes, "end") == 0) return pipeline->end;
    if (symbol != NULL && !symbol->is_attached && (symbol->broken || symbol->variable == NULL))
        return NULL;
    struct diagnostics *diagnostics = builder->compilation->diagnostics;
    if (pipeline->damaged) return NULL;
    struct diagnostic *diagnostic =
        diagnostics_add(diagnostics, DIAGNOSTIC_UNKNOWN_NAME, name->span,
                        "the graph has no node '%.200s'", name->bytes);
    const char *nearest = suggest_symbol(pipeline, name->bytes);
    if (nearest != NULL && strcmp(nearest, name->bytes) != 0)
        diagnostic_help(diagnostics, diagnostic, "did you mean '%s'?", nearest);
    return NULL;
}

static void name_node(struct graph_builder *builder, const struct ast_statement *statement,
                      struct graph_node *node)
{
    struct symbol *symbol = graph_symbol(builder->pipeline, statement->name.bytes);
    if (symbol != NULL && symbol->statement == statement) symbol->node = node;
    if (node != NULL) node->statement = statement;
}

static void add_event(struct graph_builder *builder, const struct ast_statement *statement,
                      struct graph_node *event)
{
    if (event == NULL || statement->name.bytes == NULL) return;
    if (event->statement != NULL) {
        struct diagnostic *diagnostic = diagnostics_add(
            builder->compilation->diagnostics, DIAGNOSTIC_DUPLICATE_NAME, statement->span,
            "a graph has one %s event", statement->kind == STATEMENT_START ? "start" : "end");
        diagnostic_relate(builder->compilation->diagnostics, diagnostic, event->span,
                          "the first is here");
        return;
    }
    event->name = statement->name.bytes;
    event->flags = 0;
    event->span = statement->span;
    name_node(builder, statement, event);
    if (statement->kind != STATEMENT_END || statement->as.call.callee.bytes == NULL) return;
    build_handler_of_end(builder, event);
}

static void add_gateway(struct graph_builder *builder, const struct ast_statement *statement)
{
    static const enum image_node_kind KINDS[] = {
        [GATEWAY_EXCLUSIVE] = NODE_KIND_EXCLUSIVE, [GATEWAY_FIRST] = NODE_KIND_EXCLUSIVE,
        [GATEWAY_INCLUSIVE] = NODE_KIND_INCLUSIVE, [GATEWAY_PARALLEL] = NODE_KIND_PARALLEL,
        [GATEWAY_CONVERGE] = NODE_KIND_CONVERGE,
    };
    if (statement->name.bytes == NULL) return;
    struct graph_node *node =
        graph_add_node(builder->compilation, builder->pipeline, KINDS[statement->as.gateway.kind],
                       statement->name.bytes, span_first_line(builder, statement->span));
    name_node(builder, statement, node);
    if (node != NULL) node->is_ordered = statement->as.gateway.kind == GATEWAY_FIRST;
}

static void add_call(struct graph_builder *builder, const struct ast_statement *statement)
{
    if (statement->as.call.policies.on_fail != NULL)
        diagnostics_add(builder->compilation->diagnostics, DIAGNOSTIC_MISPLACED,
                        statement->as.call.policies.on_fail_span,
                        "'on fail { }' is for blocks; in a graph a node can only 'on fail ignore'");
    (void)build_call_node(builder, statement);
}

static void add_nodes(struct graph_builder *builder)
{
    const struct ast_graph *form = builder->pipeline->tree->graph;
    for (const struct ast_statement *statement = form->nodes; statement != NULL;
         statement = statement->next) {
        if (statement->kind == STATEMENT_START)
            add_event(builder, statement, builder->pipeline->start);
        else if (statement->kind == STATEMENT_END)
            add_event(builder, statement, builder->pipeline->end);
        else if (statement->kind == STATEMENT_GATEWAY)
            add_gateway(builder, statement);
        else if (statement->kind == STATEMENT_CALL)
            add_call(builder, statement);
    }
}

/* --- Flows --- */

static struct graph_flow *add_flow(struct graph_builder *builder, struct graph_node *source,
                                   struct graph_node *target, const struct ast_name *name)
{
    if (source == NULL || target == NULL) return NULL;
    struct graph_flow *flow = graph_add_flow(builder->compilation, builder->pipeline, source);
    if (flow == NULL) return NULL;
    flow->target = target;
    /* Only the ways of gateways are named by operators: other names would only take place. */
    if (source->flow_count > 1 || source->kind == NODE_KIND_EXCLUSIVE ||
        source->kind == NODE_KIND_INCLUSIVE || source->kind == NODE_KIND_PARALLEL)
        flow->name = name->bytes;
    return flow;
}

static void add_way(struct graph_builder *builder, struct graph_node *gateway,
                    const struct ast_way *way)
{
    if (way->target.bytes == NULL) return; /* could not be parsed */
    struct graph_flow *flow =
        add_flow(builder, gateway, find_node(builder, &way->target), &way->flow);
    if (flow == NULL) return;
    flow->condition = way->condition;
    if (way->is_default) gateway->other_flow = flow;
}

/* The default way comes last, as an image has it. */
static void add_ways(struct graph_builder *builder, const struct ast_statement *statement)
{
    const struct symbol *symbol = graph_symbol(builder->pipeline, statement->name.bytes);
    struct graph_node *gateway = symbol != NULL ? symbol->node : NULL;
    if (gateway == NULL || gateway->statement != statement) return;
    for (const struct ast_way *way = statement->as.gateway.ways; way != NULL; way = way->next)
        if (!way->is_default) add_way(builder, gateway, way);
    for (const struct ast_way *way = statement->as.gateway.ways; way != NULL; way = way->next) {
        if (!way->is_default) continue;
        if (gateway->other_flow == NULL)
            add_way(builder, gateway, way);
        else
            diagnostics_add(builder->compilation->diagnostics, DIAGNOSTIC_MISPLACED, way->span,
                            "'%.200s' has a default way already", gateway->name);
    }
}

static void add_flows(struct graph_builder *builder)
{
    const struct ast_graph *form = builder->pipeline->tree->graph;
    for (const struct ast_statement *statement = form->nodes; statement != NULL;
         statement = statement->next)
        if (statement->kind == STATEMENT_GATEWAY && statement->name.bytes != NULL)
            add_ways(builder, statement);
    for (const struct ast_arrow *arrow = form->arrows; arrow != NULL; arrow = arrow->next) {
        if (arrow->source.bytes == NULL || arrow->target.bytes == NULL) continue;
        struct graph_node *source = find_node(builder, &arrow->source);
        struct graph_node *target = find_node(builder, &arrow->target);
        if (source != NULL &&
            (source->kind == NODE_KIND_EXCLUSIVE || source->kind == NODE_KIND_INCLUSIVE))
            diagnostics_add(builder->compilation->diagnostics, DIAGNOSTIC_MISPLACED, arrow->span,
                            "the ways of gateway '%.200s' stand in its braces", source->name);
        else
            (void)add_flow(builder, source, target, &arrow->flow);
    }
}

void build_graph_form(struct graph_builder *builder)
{
    add_nodes(builder);
    add_flows(builder);
}
