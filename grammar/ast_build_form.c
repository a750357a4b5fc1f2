#include "grammar/ast_build_form.h"

#include <string.h>

#include "grammar/name.h"

/* --- graph { } --- */

struct graph_form *graph_form(struct parser *parser)
{
    return parser_allocate(parser, sizeof(struct graph_form));
}

struct ast_graph *graph_finish(struct parser *parser, struct span span, bool tolerates_cycles,
                               const struct graph_form *form)
{
    struct ast_graph *graph = parser_allocate(parser, sizeof *graph);
    graph->span = span;
    graph->tolerates_cycles = tolerates_cycles;
    graph->nodes = form->nodes.first;
    graph->arrows = form->arrows.first;
    return graph;
}

static void add_node(struct parser *parser, struct graph_form *form,
                     struct ast_statement *statement)
{
    form->nodes = statement_list_append(parser, form->nodes, statement);
}

void graph_add_error(struct parser *parser, struct graph_form *form, struct span span)
{
    add_node(parser, form, ast_error_statement(parser, span, NULL));
}

void graph_add_gateway(struct parser *parser, struct graph_form *form, struct span span,
                       struct span name, enum ast_gateway_kind kind, struct way_list ways)
{
    struct ast_statement *statement =
        ast_statement(parser, STATEMENT_GATEWAY, span, parser_name(parser, name));
    statement->as.gateway.kind = kind;
    statement->as.gateway.ways = ways.first;
    add_node(parser, form, statement);
}

static bool is_converge(const struct ast_expression *value)
{
    return value->kind == EXPRESSION_NAME && !value->as.name.quoted &&
           strcmp(value->as.name.bytes, "converge") == 0;
}

void graph_add_call(struct parser *parser, struct graph_form *form, struct span span,
                    struct span name, struct ast_expression *value,
                    const struct ast_policies *policies)
{
    if (is_converge(value) && !policies) {
        graph_add_gateway(parser, form, span, name, GATEWAY_CONVERGE,
                          (struct way_list){NULL, NULL, 0});
        return;
    }
    if (ast_is_plain_call(value)) {
        add_node(parser, form,
                 ast_call_statement(parser, span, parser_name(parser, name), value, policies));
        return;
    }
    if (value->kind != EXPRESSION_ERROR)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_SYNTAX, value->span,
                        "a node of a graph is the call of a component or pipeline, a gateway or "
                        "'converge'");
    graph_add_error(parser, form, span);
}

void graph_add_event(struct parser *parser, struct graph_form *form, enum ast_statement_kind kind,
                     struct span span, struct ast_name name, struct ast_expression *handler)
{
    struct ast_statement *statement = ast_statement(parser, kind, span, name);
    if (handler) {
        struct ast_statement *call = ast_call_statement(parser, span, name, handler, NULL);
        if (call->kind == STATEMENT_CALL) statement->as.call = call->as.call;
    }
    add_node(parser, form, statement);
}

struct span graph_add_arrow(struct parser *parser, struct graph_form *form, struct span source,
                            struct span target, struct ast_name flow)
{
    struct ast_arrow *arrow = parser_allocate(parser, sizeof *arrow);
    arrow->source = parser_name(parser, source);
    arrow->target = parser_name(parser, target);
    arrow->flow = flow;
    arrow->span = span_join(source, target);
    form->arrows = arrow_list_append(parser, form->arrows, arrow);
    return target;
}

struct ast_way *ast_way(struct parser *parser, struct span span, struct span target,
                        struct ast_expression *condition, bool is_default, struct ast_name flow)
{
    struct ast_way *way = parser_allocate(parser, sizeof *way);
    way->target = parser_name(parser, target);
    way->condition = condition;
    way->is_default = is_default;
    way->flow = flow;
    way->span = span;
    return way;
}

struct ast_way *ast_error_way(struct parser *parser, struct span span)
{
    struct ast_way *way = parser_allocate(parser, sizeof *way);
    way->target = ast_no_name();
    way->condition = ast_error(parser, span);
    way->flow = ast_no_name();
    way->span = span;
    return way;
}

/* --- context { } --- */

struct ast_context *ast_context(struct parser *parser, struct span span,
                                struct variable_list variables)
{
    struct ast_context *context = parser_allocate(parser, sizeof *context);
    context->span = span;
    context->variables = variables.first;
    return context;
}

/* A name in a context means the key "${name}"; in backquotes it is the key itself. */
static void make_key(struct parser *parser, struct ast_name *name)
{
    if (!name->bytes || name->quoted) return;
    const char *key = arena_format(parser->arena, "${%s}", name->bytes);
    if (key)
        name->bytes = key;
    else
        parser_out_of_memory(parser);
    name->quoted = true;
}

/* -3 is written as an operation, and is a number here. */
static void fold_sign(struct ast_expression *value)
{
    if (value->kind != EXPRESSION_UNARY) return;
    enum ast_operator sign = value->as.operation.operator;
    const struct ast_expression *operand = value->as.operation.left;
    if (operand->kind != EXPRESSION_LITERAL || sign == OPERATOR_NOT) return;
    struct bamboo_value number = operand->as.literal;
    if (number.type != BAMBOO_INTEGER && number.type != BAMBOO_FLOAT) return;
    if (number.type == BAMBOO_INTEGER && number.as.integer == INT64_MIN) return;
    if (sign == OPERATOR_NEGATE && number.type == BAMBOO_INTEGER)
        number.as.integer = -number.as.integer;
    else if (sign == OPERATOR_NEGATE)
        number.as.number = -number.as.number;
    value->kind = EXPRESSION_LITERAL;
    value->as.literal = number;
}

/* The first part of a value that is not constant, or NULL. Depth: SOURCE_DEPTH_MAX. */
static const struct ast_expression *find_variable_part(struct ast_expression *value,
                                                       bool may_have_templates)
{
    struct ast_expression *part = NULL;
    fold_sign(value);
    if (value->kind == EXPRESSION_LITERAL || value->kind == EXPRESSION_ERROR) return NULL;
    if (value->kind == EXPRESSION_TEMPLATE && may_have_templates) return NULL;
    if (value->kind == EXPRESSION_LIST)
        part = value->as.list.elements;
    else if (value->kind == EXPRESSION_MAP)
        part = value->as.map.entries;
    else
        return value;
    for (; part; part = part->next) {
        const struct ast_expression *found = find_variable_part(part, may_have_templates);
        if (found) return found;
    }
    return NULL;
}

static struct ast_expression *check_constant(struct parser *parser, enum ast_variable_kind kind,
                                             struct ast_expression *value)
{
    bool may_have_templates = kind == VARIABLE_SPLICE || kind == VARIABLE_LAZY;
    const struct ast_expression *found =
        value ? find_variable_part(value, may_have_templates) : NULL;
    if (!found) return value;
    struct diagnostic *diagnostic = diagnostics_add(
        parser->diagnostics, DIAGNOSTIC_NOT_CONSTANT, found->span,
        found->kind == EXPRESSION_TEMPLATE ? "a plain value is not rendered"
                                           : "the value of a context's variable is constant");
    diagnostic_help(parser->diagnostics, diagnostic,
                    "what is computed from other variables is written: splice x = t\"${y}\"");
    return ast_error(parser, value->span);
}

struct ast_variable *ast_variable(struct parser *parser, struct span span,
                                  enum ast_variable_kind kind, struct span name,
                                  struct ast_expression *value, unsigned marks)
{
    struct ast_variable *variable = parser_allocate(parser, sizeof *variable);
    variable->kind = kind;
    variable->name = parser_name(parser, name);
    make_key(parser, &variable->name);
    variable->value = check_constant(parser, kind, value);
    variable->is_parameter = marks & MARK_PARAMETER;
    variable->is_prerendered = marks & MARK_PRERENDERED;
    variable->span = span;
    return variable;
}

struct ast_source *ast_source(struct parser *parser, struct span node, struct span key)
{
    struct ast_source *source = parser_allocate(parser, sizeof *source);
    source->node = parser_name(parser, node);
    source->key = parser_name(parser, key);
    return source;
}

/* Is the brace that was just closed directly inside the braces of a pipeline? */
static bool stands_in_pipeline(struct parser *parser, struct span span, const char *word,
                               bool is_second)
{
    if (parser->layout.count == 1 && !is_second) return true;
    if (is_second)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_MISPLACED, span, "a pipeline has one '%s'",
                        word);
    else
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_MISPLACED, span,
                        "'%s' stands directly in a pipeline, not in a block of it", word);
    return false;
}

void ast_place_context(struct parser *parser, struct ast_context *context)
{
    if (stands_in_pipeline(parser, context->span, "context", parser->context != NULL))
        parser->context = context;
}

void ast_place_graph(struct parser *parser, struct ast_graph *graph)
{
    if (stands_in_pipeline(parser, graph->span, "graph", parser->graph != NULL))
        parser->graph = graph;
}

/* The context comes first, and beside a graph there is nothing. */
static void check_order(struct parser *parser, const struct ast_pipeline *pipeline,
                        const struct ast_statement *first)
{
    if (!first || first->kind == STATEMENT_ERROR) return;
    if (pipeline->context && first->span.offset < pipeline->context->span.offset)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_MISPLACED, pipeline->context->span,
                        "'context' comes before all statements");
    if (pipeline->graph)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_MISPLACED, first->span,
                        "beside a graph there are no statements");
}

void ast_set_body(struct parser *parser, struct ast_pipeline *pipeline, struct ast_block *block)
{
    if (parser->out_of_memory) return; /* all of these are the same scratch then */
    pipeline->context = parser->context;
    pipeline->graph = parser->graph;
    parser->context = NULL;
    parser->graph = NULL;
    if (block) check_order(parser, pipeline, block->statements);
    pipeline->block = pipeline->graph ? NULL : block;
    if (!pipeline->context) return;
    for (struct ast_output *output = pipeline->outputs; output; output = output->next)
        make_key(parser, &output->name);
    if (pipeline->parameters)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_MISPLACED, pipeline->parameters->span,
                        "a pipeline with a context declares its parameters there: plain x = 1 "
                        "parameter");
}
