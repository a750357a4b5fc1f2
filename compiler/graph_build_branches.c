/* parallel, inclusive, exclusive and if: a gateway, its branches, and where they meet. */
#include "compiler/graph_builder.h"

struct gateway {
    enum image_node_kind kind;
    const char *word;
    bool is_fork;
};

static struct gateway gateway_of(enum ast_statement_kind kind)
{
    if (kind == STATEMENT_PARALLEL) return (struct gateway){NODE_KIND_PARALLEL, "parallel", true};
    if (kind == STATEMENT_INCLUSIVE)
        return (struct gateway){NODE_KIND_INCLUSIVE, "inclusive", true};
    return (struct gateway){NODE_KIND_EXCLUSIVE, kind == STATEMENT_IF ? "if" : "exclusive", false};
}

/* Is a flow past all arms needed, because there is no else? */
static bool falls_through(const struct ast_statement *statement)
{
    if (statement->kind != STATEMENT_IF) return false;
    const struct ast_branch *branch = statement->as.branches;
    while (branch != NULL && branch->next != NULL)
        branch = branch->next;
    return branch == NULL || branch->condition != NULL;
}

/* The i-th flow of the gateway; build_node() has made the first. */
static struct graph_flow *branch_flow(struct graph_builder *builder, struct graph_node *gateway,
                                      struct graph_flow **first)
{
    struct graph_flow *flow = *first;
    *first = NULL;
    if (flow == NULL) flow = graph_add_flow(builder->compilation, builder->pipeline, gateway);
    return flow;
}

/* `} converge name` */
static void name_join(struct graph_builder *builder, const struct ast_statement *statement,
                      struct graph_node *join)
{
    if (statement->converge.bytes == NULL) return;
    struct symbol *symbol = graph_symbol(builder->pipeline, statement->converge.bytes);
    join->name = statement->converge.bytes;
    join->flags = 0;
    if (symbol != NULL && symbol->statement == statement) symbol->node = join;
}

struct graph_flow *build_branches(struct graph_builder *builder, struct graph_flow *position,
                                  const struct ast_statement *statement)
{
    const struct gateway gateway = gateway_of(statement->kind);
    uint16_t flags = 0;
    const char *name = build_name(builder, statement, gateway.word, &flags);
    struct graph_node *node = NULL;
    struct graph_flow *first = build_node(builder, position, gateway.kind, name, statement, &node);
    if (node == NULL) return NULL;
    node->flags = flags;

    struct graph_flow *loose = NULL;
    for (const struct ast_branch *branch = statement->as.branches; branch != NULL;
         branch = branch->next) {
        struct graph_flow *flow = branch_flow(builder, node, &first);
        if (flow == NULL) return NULL;
        flow->condition = branch->condition;
        flow->name = branch->flow.bytes;
        bool is_default = branch->condition == NULL && (statement->kind == STATEMENT_INCLUSIVE ||
                                                        statement->kind == STATEMENT_EXCLUSIVE);
        if (is_default) node->other_flow = flow;
        build_loosen(&loose, build_block(builder, flow, branch->block));
    }
    if (falls_through(statement)) build_loosen(&loose, branch_flow(builder, node, &first));
    struct graph_node *join = NULL;
    position = build_join(builder, loose, name, statement->span, &join);
    if (join != NULL && gateway.is_fork) node->converge = join;
    if (join != NULL) name_join(builder, statement, join);
    return position;
}
