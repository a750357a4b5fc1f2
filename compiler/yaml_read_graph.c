/* Graphs and contexts of a flow as YAML. */
#include <string.h>

#include "compiler/yaml_reader.h"

/* --- Ways of a gateway --- */

static void read_way_target(struct yaml_reader *reader, const struct document_node *value,
                            void *into)
{
    struct ast_way *way = into;
    way->target = yaml_name(reader, value);
}

static void read_way_condition(struct yaml_reader *reader, const struct document_node *value,
                               void *into)
{
    struct ast_way *way = into;
    way->condition = yaml_expression(reader, value);
}

static void read_way_default(struct yaml_reader *reader, const struct document_node *value,
                             void *into)
{
    struct ast_way *way = into;
    way->is_default = yaml_bool(reader, value);
}

static void read_way_flow(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_way *way = into;
    way->flow = yaml_optional_name(reader, value);
}

/* [{to: node, when: condition, default: true, as: flow}, ...] */
static struct ast_way *read_ways(struct yaml_reader *reader, const struct document_node *list)
{
    static const struct yaml_key KEYS[] = {{"to", read_way_target},
                                           {"when", read_way_condition},
                                           {"default", read_way_default},
                                           {"as", read_way_flow}};
    struct ast_way *first = NULL, **end = &first;
    if (!yaml_expect_list(reader, list, "the ways of a gateway")) return NULL;
    for (const struct document_node *node = list->first; node; node = node->next) {
        struct ast_way *way = yaml_allocate(reader, sizeof *way);
        way->span = node->span;
        yaml_read_map(reader, node, "a way", KEYS, 4, way);
        if (reader->out_of_memory) break;
        if (way->target.bytes) {
            *end = way;
            end = &way->next;
        } else if (node->kind == DOCUMENT_MAP && !document_get(reader->document, node, "to")) {
            yaml_report(reader, DIAGNOSTIC_MISSING_KEY, node, "the key 'to' is missing");
        }
    }
    return first;
}

/* --- Nodes --- */

static const struct {
    const char *word;
    enum ast_gateway_kind kind;
} GATEWAYS[] = {
    {"exclusive", GATEWAY_EXCLUSIVE}, {"first", GATEWAY_FIRST},
    {"inclusive", GATEWAY_INCLUSIVE}, {"parallel", GATEWAY_PARALLEL},
    {"converge", GATEWAY_CONVERGE},
};
#define GATEWAY_COUNT (sizeof GATEWAYS / sizeof GATEWAYS[0])

static const char *gateway_at(const void *context, size_t index)
{
    (void)context;
    return GATEWAYS[index].word;
}

/* name: parallel, name: converge, name: {exclusive: [ways]}; NULL if it is none. */
static struct ast_statement *read_gateway(struct yaml_reader *reader,
                                          const struct document_node *entry)
{
    for (size_t i = 0; i < GATEWAY_COUNT; i++) {
        bool has_ways =
            GATEWAYS[i].kind != GATEWAY_PARALLEL && GATEWAYS[i].kind != GATEWAY_CONVERGE;
        bool is_it = has_ways ? document_get(reader->document, entry, GATEWAYS[i].word) != NULL
                              : document_is_text(entry, GATEWAYS[i].word);
        if (!is_it) continue;
        const struct yaml_key keys[] = {{GATEWAYS[i].word, NULL}};
        struct ast_statement *gateway = yaml_new_statement(reader, entry, STATEMENT_GATEWAY);
        gateway->name = yaml_name(reader, entry->key);
        gateway->as.gateway.kind = GATEWAYS[i].kind;
        if (!has_ways) return gateway;
        yaml_read_map(reader, entry, "this gateway", keys, 1, NULL);
        gateway->as.gateway.ways =
            read_ways(reader, document_get(reader->document, entry, GATEWAYS[i].word));
        return gateway;
    }
    return NULL;
}

static void report_no_node(struct yaml_reader *reader, const struct document_node *entry)
{
    struct diagnostic *diagnostic =
        yaml_report(reader, DIAGNOSTIC_SYNTAX, entry, "'%.80s' is neither a call nor a gateway",
                    entry->key->text);
    const char *word = entry->kind == DOCUMENT_MAP && entry->first ? entry->first->key->text
                       : entry->kind == DOCUMENT_STRING            ? entry->text
                                                                   : NULL;
    const char *nearest = word ? nearest_name(word, GATEWAY_COUNT, gateway_at, NULL) : NULL;
    if (nearest)
        yaml_help(reader, diagnostic, "did you mean '%s'?", nearest);
    else
        yaml_help(reader, diagnostic,
                  "write {use: component}, parallel, converge, {exclusive: [ways]}, "
                  "{first: [ways]} or {inclusive: [ways]}");
}

static struct ast_statement *read_node(struct yaml_reader *reader, const struct document_node *node)
{
    const struct document_node *entry = node->kind == DOCUMENT_MAP ? node->first : NULL;
    bool is_alone = entry && !entry->next;
    if (!is_alone) return yaml_statement(reader, node);
    struct ast_statement *gateway = read_gateway(reader, entry);
    if (gateway) return gateway;
    bool is_event = yaml_is_scalar(entry) && (strcmp(entry->key->text, "start") == 0 ||
                                              strcmp(entry->key->text, "end") == 0);
    if (is_event || yaml_is_call(reader->document, entry)) return yaml_statement(reader, node);
    report_no_node(reader, entry);
    return NULL;
}

static void read_nodes(struct yaml_reader *reader, const struct document_node *list, void *into)
{
    struct ast_graph *graph = into;
    struct ast_statement **end = &graph->nodes;
    if (!yaml_expect_list(reader, list, "the value of nodes")) return;
    for (const struct document_node *node = list->first; node; node = node->next) {
        struct ast_statement *statement = read_node(reader, node);
        if (reader->out_of_memory) return;
        if (!statement) continue;
        bool fits = statement->kind == STATEMENT_CALL || statement->kind == STATEMENT_START ||
                    statement->kind == STATEMENT_END || statement->kind == STATEMENT_GATEWAY ||
                    statement->kind == STATEMENT_ERROR;
        if (!fits) {
            yaml_report(reader, DIAGNOSTIC_MISPLACED, node, "this is no node of a graph");
            continue;
        }
        *end = statement;
        end = &statement->next;
    }
}

/* --- Arrows --- */

static void read_arrow_source(struct yaml_reader *reader, const struct document_node *value,
                              void *into)
{
    struct ast_arrow *arrow = into;
    arrow->source = yaml_name(reader, value);
}

static void read_arrow_target(struct yaml_reader *reader, const struct document_node *value,
                              void *into)
{
    struct ast_arrow *arrow = into;
    arrow->target = yaml_name(reader, value);
}

static void read_arrow_flow(struct yaml_reader *reader, const struct document_node *value,
                            void *into)
{
    struct ast_arrow *arrow = into;
    arrow->flow = yaml_optional_name(reader, value);
}

static struct ast_arrow **add_arrow(struct yaml_reader *reader, const struct ast_arrow *arrow,
                                    struct ast_arrow **end)
{
    struct ast_arrow *added = yaml_allocate(reader, sizeof *added);
    if (reader->out_of_memory || !arrow->source.bytes || !arrow->target.bytes) return end;
    *added = *arrow;
    *end = added;
    return &added->next;
}

/* [a, b, c]: arrows from each to the next. */
static struct ast_arrow **read_path(struct yaml_reader *reader, const struct document_node *list,
                                    struct ast_arrow **end)
{
    struct ast_name before = {0};
    if (list->count < 2)
        yaml_report(reader, DIAGNOSTIC_SYNTAX, list, "an arrow leads from a node to another");
    for (const struct document_node *node = list->first; node; node = node->next) {
        struct ast_name name = yaml_name(reader, node);
        struct ast_arrow arrow = {.source = before, .target = name, .span = node->span};
        end = add_arrow(reader, &arrow, end);
        before = name;
    }
    return end;
}

/* {from: a, to: b, as: flow} */
static struct ast_arrow **read_arrow(struct yaml_reader *reader, const struct document_node *node,
                                     struct ast_arrow **end)
{
    static const struct yaml_key KEYS[] = {
        {"from", read_arrow_source}, {"to", read_arrow_target}, {"as", read_arrow_flow}};
    struct ast_arrow arrow = {.span = node->span};
    yaml_read_map(reader, node, "an arrow", KEYS, 3, &arrow);
    for (size_t i = 0; i < 2 && node->kind == DOCUMENT_MAP; i++)
        if (!document_get(reader->document, node, KEYS[i].name))
            yaml_report(reader, DIAGNOSTIC_MISSING_KEY, node, "the key '%s' is missing",
                        KEYS[i].name);
    return add_arrow(reader, &arrow, end);
}

static void read_arrows(struct yaml_reader *reader, const struct document_node *list, void *into)
{
    struct ast_graph *graph = into;
    struct ast_arrow **end = &graph->arrows;
    if (!yaml_expect_list(reader, list, "the value of arrows")) return;
    for (const struct document_node *node = list->first; node && !reader->out_of_memory;
         node = node->next)
        end = node->kind == DOCUMENT_LIST ? read_path(reader, node, end)
                                          : read_arrow(reader, node, end);
}

static void read_cycles(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_graph *graph = into;
    graph->tolerates_cycles = yaml_bool(reader, value);
}

struct ast_graph *yaml_graph(struct yaml_reader *reader, const struct document_node *node)
{
    static const struct yaml_key KEYS[] = {
        {"cycles", read_cycles}, {"nodes", read_nodes}, {"arrows", read_arrows}};
    struct ast_graph *graph = yaml_allocate(reader, sizeof *graph);
    graph->span = node->span;
    yaml_read_map(reader, node, "a graph", KEYS, 3, graph);
    return graph;
}
