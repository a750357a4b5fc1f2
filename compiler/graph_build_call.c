/* A call of a component or a pipeline, with what happens if it fails. */
#include "compiler/graph_builder.h"
#include "compiler/suggest.h"

static void report_unknown_callee(struct graph_builder *builder, const struct ast_name *name)
{
    struct compilation *compilation = builder->compilation;
    if (compilation->incomplete) return;
    struct diagnostic *diagnostic =
        diagnostics_add(compilation->diagnostics, DIAGNOSTIC_UNKNOWN_COMPONENT, name->span,
                        "'%s' is neither a component, a pipeline nor a function", name->bytes);
    const char *nearest = suggest_callee(builder->graph, name->bytes);
    if (nearest == NULL) nearest = suggest_function(compilation, name->bytes);
    if (nearest != NULL)
        diagnostic_help(compilation->diagnostics, diagnostic, "did you mean '%s'?", nearest);
}

static uint16_t policy_flags(const struct ast_policies *policies)
{
    unsigned flags = 0;
    if (policies->once) flags |= NODE_FLAG_ONCE;
    if (policies->no_retry) flags |= NODE_FLAG_NO_RETRY;
    if (policies->no_skip) flags |= NODE_FLAG_NO_SKIP;
    if (policies->ignore_failure) flags |= NODE_FLAG_IGNORE_ERROR;
    return (uint16_t)flags;
}

/* The way of a failure: a second flow into the handler, whose end meets the normal way. */
static struct graph_flow *build_handler(struct graph_builder *builder, struct graph_flow *position,
                                        struct graph_node *node, const struct ast_block *handler)
{
    struct graph_flow *failure = graph_add_flow(builder->compilation, builder->pipeline, node);
    if (failure == NULL) return NULL;
    node->other_flow = failure;
    struct graph_flow *loose = NULL;
    build_loosen(&loose, position);
    build_loosen(&loose, build_block(builder, failure, handler));
    return build_join(builder, loose, node->name, handler->span, NULL);
}

static bool has_policies(const struct ast_policies *policies)
{
    return policies->timeout_ms != 0 || policies->retry_count != 0 || policies->ignore_failure ||
           policies->on_fail != NULL || policies->once || policies->no_retry || policies->no_skip ||
           policies->loop_count != 0 || policies->undo != NULL || policies->timers != NULL ||
           policies->title.bytes != NULL;
}

/* A call that is no part of the flow: what undoes a node, or what its timer does. */
static struct graph_node *build_attached(struct graph_builder *builder,
                                         const struct graph_node *host,
                                         const struct ast_statement *statement, const char *suffix)
{
    const struct ast_name *callee_name = &statement->as.call.callee;
    struct callee callee = graph_callee(builder->graph, callee_name->bytes);
    if (callee.kind == CALLEE_NONE) {
        report_unknown_callee(builder, callee_name);
        return NULL;
    }
    if (callee.kind != CALLEE_COMPONENT) {
        diagnostics_add(builder->compilation->diagnostics, DIAGNOSTIC_MISPLACED, statement->span,
                        "only a component can stand here, '%s' is none", callee_name->bytes);
        return NULL;
    }
    if (has_policies(&statement->as.call.policies))
        diagnostics_add(builder->compilation->diagnostics, DIAGNOSTIC_MISPLACED, statement->span,
                        "what is done beside a node has no policies");
    const char *base = compilation_format(builder->compilation, "%s_%s", host->name, suffix);
    const char *name = statement->name.bytes;
    if (name == NULL)
        name = graph_derive_name(builder->compilation, builder->pipeline, base, false);
    struct graph_node *node =
        graph_add_node(builder->compilation, builder->pipeline, NODE_KIND_ACTIVITY, name,
                       span_first_line(builder, statement->span));
    if (node == NULL) return NULL;
    node->flags = NODE_FLAG_ATTACHED | NODE_FLAG_DERIVED_NAME;
    node->statement = statement;
    node->component = callee.component;
    return node;
}

static void build_timers(struct graph_builder *builder, struct graph_node *node,
                         const struct ast_timer *tree)
{
    struct graph_timer **last = &node->timers;
    for (; tree != NULL; tree = tree->next) {
        const struct ast_statement *action = tree->block != NULL ? tree->block->statements : NULL;
        if (action == NULL || action->kind != STATEMENT_CALL || action->next != NULL) {
            diagnostics_add(builder->compilation->diagnostics, DIAGNOSTIC_MISPLACED, tree->span,
                            "a timer does one thing: the call of a component");
            continue;
        }
        struct graph_timer *timer = compilation_allocate(builder->compilation, 1, sizeof *timer);
        if (timer == NULL) return;
        timer->tree = tree;
        timer->action = build_attached(builder, node, action, "timer");
        if (timer->action == NULL) continue;
        *last = timer;
        last = &timer->next;
    }
}

/* The variable that collects the rounds of a loop. */
static struct graph_variable *find_loop_variable(struct graph_builder *builder,
                                                 const struct ast_name *name)
{
    struct graph_pipeline *pipeline = builder->pipeline;
    if (name->bytes == NULL) return NULL;
    if (pipeline->tree->context != NULL) {
        const char *key = graph_context_key(builder->compilation, name);
        struct graph_variable *variable =
            key != NULL ? graph_context_variable(pipeline, key) : NULL;
        if (variable == NULL)
            diagnostics_add(builder->compilation->diagnostics, DIAGNOSTIC_UNKNOWN_NAME, name->span,
                            "the context has no variable '%.200s' for the rounds of the loop",
                            name->bytes);
        return variable;
    }
    const struct symbol *symbol = graph_symbol(pipeline, name->bytes);
    if (symbol != NULL && (symbol->broken || symbol->variable != NULL)) return symbol->variable;
    if (pipeline->damaged) return NULL;
    struct diagnostic *diagnostic =
        diagnostics_add(builder->compilation->diagnostics, DIAGNOSTIC_UNKNOWN_NAME, name->span,
                        "there is no variable '%.200s' for the rounds of the loop", name->bytes);
    diagnostic_help(builder->compilation->diagnostics, diagnostic, "set it before: %.200s = []",
                    name->bytes);
    return NULL;
}

struct graph_node *build_call_node(struct graph_builder *builder,
                                   const struct ast_statement *statement)
{
    const struct ast_name *name = &statement->as.call.callee;
    struct callee callee = graph_callee(builder->graph, name->bytes);
    if (callee.kind == CALLEE_NONE) {
        report_unknown_callee(builder, name);
        return NULL;
    }
    if (callee.kind == CALLEE_FUNCTION) {
        diagnostics_add(builder->compilation->diagnostics, DIAGNOSTIC_MISPLACED, statement->span,
                        "'%s' is a function, not a component", name->bytes);
        return NULL;
    }
    uint16_t flags = 0;
    const char *node_name = build_name(builder, statement, name->bytes, &flags);
    enum image_node_kind kind =
        callee.kind == CALLEE_PIPELINE ? NODE_KIND_SUBPROCESS : NODE_KIND_ACTIVITY;
    struct graph_node *node = graph_add_node(builder->compilation, builder->pipeline, kind,
                                             node_name, span_first_line(builder, statement->span));
    if (node == NULL) return NULL;
    const struct ast_policies *policies = &statement->as.call.policies;
    struct symbol *symbol = graph_symbol(builder->pipeline, node_name);
    if (symbol != NULL && symbol->statement == statement) symbol->node = node;
    node->statement = statement;
    node->flags = (uint16_t)(flags | policy_flags(policies));
    node->component = callee.component;
    node->callee = callee.pipeline;
    node->loop_into = find_loop_variable(builder, &policies->loop_into);
    if (policies->undo != NULL) node->undo = build_attached(builder, node, policies->undo, "undo");
    build_timers(builder, node, policies->timers);
    return node;
}

void build_handler_of_end(struct graph_builder *builder, struct graph_node *end)
{
    const struct ast_name *name = &end->statement->as.call.callee;
    struct callee callee = graph_callee(builder->graph, name->bytes);
    if (callee.kind == CALLEE_COMPONENT)
        end->component = callee.component;
    else if (callee.kind == CALLEE_NONE)
        report_unknown_callee(builder, name);
    else
        diagnostics_add(builder->compilation->diagnostics, DIAGNOSTIC_MISPLACED, name->span,
                        "only a component can be what an end calls");
}

struct graph_flow *build_call(struct graph_builder *builder, struct graph_flow *position,
                              const struct ast_statement *statement)
{
    struct graph_node *node = build_call_node(builder, statement);
    if (node == NULL) return position;
    build_connect(position, node);
    position = graph_add_flow(builder->compilation, builder->pipeline, node);
    const struct ast_policies *policies = &statement->as.call.policies;
    if (policies->on_fail == NULL) return position;
    return build_handler(builder, position, node, policies->on_fail);
}
