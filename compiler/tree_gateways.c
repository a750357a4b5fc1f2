/* Gateways of a tree. */
#include <string.h>

#include "compiler/tree_reader.h"

static const char *const TYPES[] = {
    [GATEWAY_EXCLUSIVE] = "ExclusiveGateway",
    [GATEWAY_FIRST] = "", /* an exclusive one with a strategy */
    [GATEWAY_INCLUSIVE] = "ConditionalParallelGateway",
    [GATEWAY_PARALLEL] = "ParallelGateway",
    [GATEWAY_CONVERGE] = "ConvergeGateway",
};
#define TYPE_COUNT (sizeof TYPES / sizeof *TYPES)

static const char *type_at(const void *context, size_t index)
{
    (void)context;
    return TYPES[index];
}

static bool read_type(struct tree_reader *reader, const struct document_node *node,
                      enum ast_gateway_kind *kind)
{
    const struct document_node *type = tree_get(reader, node, "type", DOCUMENT_KIND(STRING), true);
    if (type == NULL) return false;
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        if (i == GATEWAY_FIRST || !document_is_text(type, TYPES[i])) continue;
        *kind = (enum ast_gateway_kind)i;
        return true;
    }
    struct diagnostic *diagnostic =
        diagnostics_add(reader->diagnostics, DIAGNOSTIC_DOCUMENT_TYPE, type->span,
                        "there is no type of gateway " TREE_NAME_SHOWN, type->text);
    const char *nearest = nearest_name(type->text, TYPE_COUNT, type_at, NULL);
    diagnostic_help(reader->diagnostics, diagnostic, "did you mean %s?",
                    nearest != NULL && nearest[0] != '\0' ? nearest : "ExclusiveGateway");
    return false;
}

/* "extra_info": {"strategy": "FIRST"}. */
static bool is_first(struct tree_reader *reader, const struct document_node *node)
{
    const struct document_node *extra =
        tree_get(reader, node, "extra_info", DOCUMENT_KIND(MAP), false);
    const struct document_node *strategy =
        tree_get(reader, extra, "strategy", DOCUMENT_KIND(STRING), false);
    if (strategy == NULL || document_is_text(strategy, "ONLY")) return false;
    if (document_is_text(strategy, "FIRST")) return true;
    struct diagnostic *diagnostic =
        diagnostics_add(reader->diagnostics, DIAGNOSTIC_DOCUMENT_TYPE, strategy->span,
                        "there is no strategy " TREE_NAME_SHOWN, strategy->text);
    diagnostic_help(reader->diagnostics, diagnostic, "ONLY or FIRST");
    return false;
}

/* --- Ways --- */

struct way_list {
    struct tree_reader *reader;
    const struct document_node *conditions;
    const char *default_flow; /* NULL: none */
    struct ast_way *by_order; /* as the flows leave */
    struct ast_way **end;
};

/* The condition of a flow; NULL if it has none. */
static struct ast_expression *condition_of(struct tree_reader *reader,
                                           const struct document_node *condition)
{
    if (condition == NULL || !tree_is(reader, condition, DOCUMENT_KIND(MAP), "a condition"))
        return NULL;
    const struct document_node *evaluate =
        tree_get(reader, condition, "evaluate", DOCUMENT_KIND(STRING), true);
    if (evaluate == NULL) return NULL;
    return tree_text_expression(reader, EXPRESSION_RULE, evaluate->span, evaluate->text,
                                evaluate->size);
}

/* A flow without a condition that is not the default is never taken by itself, but an operator may
 * send a token there. */
static struct ast_expression *never(struct tree_reader *reader, struct span span)
{
    struct ast_expression *expression =
        compilation_allocate(reader->compilation, 1, sizeof *expression);
    if (expression == NULL) return NULL;
    expression->kind = EXPRESSION_LITERAL;
    expression->span = span;
    expression->depth = 1;
    expression->as.literal = bamboo_bool(false);
    return expression;
}

static void add_way(struct tree_reader *reader, void *context, const struct document_node *flow,
                    const struct document_node *target)
{
    struct way_list *list = context;
    struct ast_way *way = compilation_allocate(reader->compilation, 1, sizeof *way);
    if (way == NULL) return;
    const char *id = flow->key->text;
    way->target = tree_name(target);
    way->flow = tree_name(flow->key);
    way->span = flow->key->span;
    way->is_default = list->default_flow != NULL && strcmp(list->default_flow, id) == 0;
    const struct document_node *condition = document_get(reader->document, list->conditions, id);
    way->condition = condition_of(reader, condition);
    if (condition == NULL && !way->is_default) way->condition = never(reader, way->span);
    *list->end = way;
    list->end = &way->next;
}

/* Takes the way of a flow out of the list; NULL if there is none. */
static struct ast_way *take_way(struct way_list *list, const char *flow)
{
    for (struct ast_way **link = &list->by_order; *link != NULL; link = &(*link)->next) {
        struct ast_way *way = *link;
        if (strcmp(way->flow.bytes, flow) != 0) continue;
        *link = way->next;
        way->next = NULL;
        return way;
    }
    return NULL;
}

static void report_not_leaving(struct tree_reader *reader, const struct document_node *id,
                               const char *what)
{
    struct diagnostic *diagnostic = diagnostics_add(
        reader->diagnostics, DIAGNOSTIC_UNKNOWN_REFERENCE, id->span,
        "%s names flow " TREE_NAME_SHOWN ", which does not leave this gateway", what, id->text);
    diagnostic_help(reader->diagnostics, diagnostic, "name one of its \"outgoing\"");
}

/* The ways in the order of "conditions", which is that of evaluation; then the others. */
static struct ast_way *order_ways(struct way_list *list)
{
    struct ast_way *first = NULL, **link = &first;
    const struct document_node *condition =
        list->conditions != NULL ? list->conditions->first : NULL;
    for (; condition != NULL; condition = condition->next) {
        *link = take_way(list, condition->key->text);
        if (*link == NULL)
            report_not_leaving(list->reader, condition->key, "a condition");
        else
            link = &(*link)->next;
    }
    *link = list->by_order;
    return first;
}

static const struct document_node *default_flow(struct tree_reader *reader,
                                                const struct document_node *node)
{
    const struct document_node *condition =
        tree_get(reader, node, "default_condition", DOCUMENT_KIND(MAP), false);
    if (condition == NULL || condition->count == 0) return NULL;
    return tree_get_name(reader, condition, "flow_id", true);
}

static bool has_default(const struct ast_way *way)
{
    while (way != NULL && !way->is_default)
        way = way->next;
    return way != NULL;
}

static struct ast_way *read_ways(struct tree_reader *reader, const struct document_node *node,
                                 struct ast_name name)
{
    const struct document_node *other = default_flow(reader, node);
    struct way_list list = {.reader = reader};
    list.conditions = tree_get(reader, node, "conditions", DOCUMENT_KIND(MAP), true);
    list.default_flow = other != NULL ? other->text : NULL;
    list.end = &list.by_order;
    size_t errors = diagnostics_error_count(reader->diagnostics);
    tree_read_outgoing(reader, node, name, add_way, &list);
    bool is_told = diagnostics_error_count(reader->diagnostics) > errors;
    if (other != NULL && !is_told && !has_default(list.by_order))
        report_not_leaving(reader, other, "\"default_condition\"");
    return is_told ? list.by_order : order_ways(&list);
}

/* --- All of them --- */

static void read_gateway(struct tree_reader *reader, const struct document_node *node)
{
    enum ast_gateway_kind kind = GATEWAY_CONVERGE;
    if (!tree_is(reader, node, DOCUMENT_KIND(MAP), "a gateway")) return;
    const struct document_node *id = tree_get_name(reader, node, "id", false);
    if (id != NULL && strcmp(id->text, node->key->text) != 0)
        diagnostics_add(reader->diagnostics, DIAGNOSTIC_DISAGREEMENT, id->span,
                        "the key of this node is " TREE_NAME_SHOWN
                        ", its \"id\" is " TREE_NAME_SHOWN,
                        node->key->text, id->text);
    struct ast_name name = tree_name(node->key);
    tree_check_incoming(reader, node, name);
    if (!read_type(reader, node, &kind)) {
        tree_add_node(reader, STATEMENT_ERROR, node, name);
        tree_read_arrows(reader, node, name);
        return;
    }
    struct ast_statement *statement = tree_add_node(reader, STATEMENT_GATEWAY, node, name);
    if (statement == NULL) return;
    if (kind == GATEWAY_EXCLUSIVE && is_first(reader, node)) kind = GATEWAY_FIRST;
    statement->as.gateway.kind = kind;
    if (kind == GATEWAY_PARALLEL || kind == GATEWAY_CONVERGE)
        tree_read_arrows(reader, node, name);
    else
        statement->as.gateway.ways = read_ways(reader, node, name);
}

void tree_read_gateways(struct tree_reader *reader)
{
    const struct document_node *gateways = reader->pipeline->gateways;
    for (const struct document_node *node = gateways != NULL ? gateways->first : NULL; node != NULL;
         node = node->next)
        read_gateway(reader, node);
}
