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

struct graph_flow *build_call(struct graph_builder *builder, struct graph_flow *position,
                              const struct ast_statement *statement)
{
    const struct ast_name *name = &statement->as.call.callee;
    struct callee callee = graph_callee(builder->graph, name->bytes);
    if (callee.kind == CALLEE_NONE) {
        report_unknown_callee(builder, name);
        return position;
    }
    bool is_pipeline = callee.kind == CALLEE_PIPELINE;
    uint16_t flags = 0;
    const char *node_name = build_name(builder, statement, name->bytes, &flags);
    struct graph_node *node = NULL;
    position =
        build_node(builder, position, is_pipeline ? NODE_KIND_SUBPROCESS : NODE_KIND_ACTIVITY,
                   node_name, statement, &node);
    if (node == NULL) return NULL;
    const struct ast_policies *policies = &statement->as.call.policies;
    node->flags = (uint16_t)(flags | policy_flags(policies));
    node->component = callee.component;
    node->callee = callee.pipeline;
    if (policies->on_fail == NULL) return position;
    return build_handler(builder, position, node, policies->on_fail);
}
