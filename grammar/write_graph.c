#include <string.h>

#include "grammar/flow_writer.h"
#include "grammar/word.h"

static const char *const GATEWAY_WORDS[] = {
    [GATEWAY_EXCLUSIVE] = "exclusive", [GATEWAY_FIRST] = "exclusive first",
    [GATEWAY_INCLUSIVE] = "inclusive", [GATEWAY_PARALLEL] = "parallel",
    [GATEWAY_CONVERGE] = "converge",
};

/* `start` and `end` are the events, unless they stand in backquotes. */
static void write_end_of_arrow(struct flow_writer *writer, struct ast_name name)
{
    bool is_event = strcmp(name.bytes, "start") == 0 || strcmp(name.bytes, "end") == 0;
    name.quoted = name.quoted && is_event;
    write_name(writer, name);
}

static void write_flow_id(struct flow_writer *writer, struct ast_name flow)
{
    if (!flow.bytes) return;
    writer_string(&writer->lines, " as ");
    write_id(writer, flow.bytes);
}

static void write_way(struct flow_writer *writer, const struct ast_way *way)
{
    write_end_of_arrow(writer, way->target);
    if (way->condition) {
        writer_string(&writer->lines, " when ");
        write_expression(writer, way->condition);
    }
    if (way->is_default) writer_string(&writer->lines, " default");
    write_flow_id(writer, way->flow);
}

void write_graph_gateway(struct flow_writer *writer, const struct ast_statement *gateway)
{
    struct source_writer *lines = &writer->lines;
    enum ast_gateway_kind kind = gateway->as.gateway.kind;
    write_id(writer, gateway->name.bytes);
    writer_format(lines, " = %s", GATEWAY_WORDS[kind]);
    if (kind == GATEWAY_PARALLEL || kind == GATEWAY_CONVERGE) return;
    writer_string(lines, " {");
    lines->level++;
    for (const struct ast_way *way = gateway->as.gateway.ways; way; way = way->next) {
        writer_new_line(lines);
        write_way(writer, way);
    }
    lines->level--;
    writer_new_line(lines);
    writer_string(lines, "}");
}

/* May the arrow go on on the line of the one before it? */
static bool continues(const struct ast_arrow *before, const struct ast_arrow *arrow)
{
    return !before->flow.bytes && !arrow->flow.bytes &&
           before->target.quoted == arrow->source.quoted &&
           strcmp(before->target.bytes, arrow->source.bytes) == 0;
}

static void write_arrows(struct flow_writer *writer, const struct ast_arrow *first)
{
    const struct ast_arrow *before = NULL;
    for (const struct ast_arrow *arrow = first; arrow; arrow = arrow->next) {
        if (!before || !continues(before, arrow)) {
            writer_new_line(&writer->lines);
            write_end_of_arrow(writer, arrow->source);
        }
        writer_string(&writer->lines, " -> ");
        write_end_of_arrow(writer, arrow->target);
        write_flow_id(writer, arrow->flow);
        before = arrow;
    }
}

void write_graph(struct flow_writer *writer, const struct ast_graph *graph)
{
    struct source_writer *lines = &writer->lines;
    writer_string(lines, graph->tolerates_cycles ? "graph cycles {" : "graph {");
    lines->level++;
    for (const struct ast_statement *node = graph->nodes; node; node = node->next) {
        writer_new_line(lines);
        write_statement(writer, node);
    }
    write_arrows(writer, graph->arrows);
    lines->level--;
    writer_new_line(lines);
    writer_string(lines, "}");
}

/* --- Context --- */

static const char *const VARIABLE_WORDS[] = {
    [VARIABLE_PLAIN] = "plain",
    [VARIABLE_SPLICE] = "splice",
    [VARIABLE_LAZY] = "lazy",
    [VARIABLE_OUTPUT] = "output",
};

static void write_sources(struct flow_writer *writer, const struct ast_source *first)
{
    for (const struct ast_source *source = first; source; source = source->next) {
        if (source != first) writer_string(&writer->lines, ", ");
        write_id(writer, source->node.bytes);
        writer_string(&writer->lines, ".");
        if (text_is_word(source->key.bytes, false))
            writer_string(&writer->lines, source->key.bytes);
        else
            write_id(writer, source->key.bytes);
    }
}

/* " = value", as its kind has it; a plain one may have none. */
static void write_variable_value(struct flow_writer *writer, const struct ast_variable *variable)
{
    struct source_writer *lines = &writer->lines;
    if (variable->kind == VARIABLE_PLAIN && !variable->value) return;
    writer_string(lines, " = ");
    if (variable->kind == VARIABLE_OUTPUT) {
        write_sources(writer, variable->sources);
        if (!variable->value) return;
        writer_string(lines, " initially ");
        write_expression(writer, variable->value);
    } else if (variable->kind == VARIABLE_LAZY) {
        write_id(writer, variable->component.bytes);
        writer_string(lines, "(");
        if (variable->value) write_expression(writer, variable->value);
        writer_string(lines, ")");
    } else if (variable->value) {
        write_expression(writer, variable->value);
    }
}

void write_context(struct flow_writer *writer, const struct ast_context *context)
{
    struct source_writer *lines = &writer->lines;
    writer_string(lines, "context {");
    lines->level++;
    for (const struct ast_variable *variable = context->variables; variable;
         variable = variable->next) {
        writer_new_line(lines);
        writer_format(lines, "%s ", VARIABLE_WORDS[variable->kind]);
        write_key(writer, variable->name.bytes);
        write_variable_value(writer, variable);
        if (variable->is_parameter) writer_string(lines, " parameter");
        if (variable->is_prerendered) writer_string(lines, " pre");
    }
    lines->level--;
    if (context->variables)
        writer_new_line(lines);
    else
        writer_string(lines, " ");
    writer_string(lines, "}");
}
