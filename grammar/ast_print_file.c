#include <inttypes.h>

#include "base/duration.h"
#include "grammar/ast_print.h"

static void print_block(struct text *out, const struct ast_block *block, unsigned level);

__attribute__((format(printf, 3, 4))) static void begin_line(struct text *out, unsigned level,
                                                             const char *format, ...)
{
    va_list arguments;
    for (unsigned i = 0; i < level; i++)
        text_append_string(out, "  ");
    va_start(arguments, format);
    text_append_arguments(out, format, arguments);
    va_end(arguments);
}

static void end_line(struct text *out)
{
    text_append_character(out, '\n');
}

static void append_value(struct text *out, const char *before, const struct ast_expression *value)
{
    if (!value) return;
    text_append_string(out, before);
    ast_print_expression(value, out);
}

static void append_name(struct text *out, const char *before, struct ast_name name)
{
    if (name.bytes) text_append_format(out, "%s%s", before, name.bytes);
}

static void append_duration(struct text *out, const char *before, int64_t milliseconds)
{
    if (milliseconds == 0) return;
    text_append_string(out, before);
    duration_append(out, milliseconds);
}

static void print_retry(struct text *out, const struct ast_policies *policies, unsigned level)
{
    begin_line(out, level, "retry %" PRId64, policies->retry_count);
    append_duration(out, policies->retry_backoff ? " backoff " : " every ",
                    policies->retry_delay_ms);
    append_duration(out, " max ", policies->retry_delay_max_ms);
    if (policies->retry_pattern.bytes)
        text_append_format(out, " on \"%s\"", policies->retry_pattern.bytes);
    end_line(out);
}

static void print_loop(struct text *out, const struct ast_policies *policies, unsigned level)
{
    begin_line(out, level, "loop %" PRId64, policies->loop_count);
    append_name(out, " into ", policies->loop_into);
    if (policies->loop_fail_skip) text_append_string(out, " fail skip");
    if (policies->loop_no_retry) text_append_string(out, " no retry");
    if (policies->loop_no_skip) text_append_string(out, " no skip");
    end_line(out);
}

static void print_timer(struct text *out, const struct ast_timer *timer, unsigned level)
{
    static const char *const WORDS[] = {
        [TIMER_AT] = "at", [TIMER_AFTER] = "after", [TIMER_EVERY] = "every"};
    begin_line(out, level, "%s %" PRId64 " ms", WORDS[timer->kind], timer->time_ms);
    if (timer->count != 0) text_append_format(out, " up to %" PRId64 " times", timer->count);
    end_line(out);
    if (timer->block) print_block(out, timer->block, level + 1);
}

static void print_call(struct text *out, const struct ast_statement *statement, unsigned level);

static void print_policies(struct text *out, const struct ast_policies *policies, unsigned level)
{
    if (policies->title.bytes) begin_line(out, level, "title \"%s\"\n", policies->title.bytes);
    if (policies->timeout_ms != 0) {
        begin_line(out, level, "timeout");
        append_duration(out, " ", policies->timeout_ms);
        text_append_string(out, policies->timeout_skips ? " then skip\n" : "\n");
    }
    if (policies->retry_count != 0) print_retry(out, policies, level);
    if (policies->ignore_failure) begin_line(out, level, "on fail ignore\n");
    if (policies->on_fail) {
        begin_line(out, level, "on fail\n");
        print_block(out, policies->on_fail, level + 1);
    }
    if (policies->once) begin_line(out, level, "once\n");
    if (policies->no_retry) begin_line(out, level, "no retry\n");
    if (policies->no_skip) begin_line(out, level, "no skip\n");
    if (policies->loop_count != 0) print_loop(out, policies, level);
    if (policies->undo) {
        begin_line(out, level, "undo");
        print_call(out, policies->undo, level);
    }
    for (const struct ast_timer *timer = policies->timers; timer; timer = timer->next)
        print_timer(out, timer, level);
}

static void print_call(struct text *out, const struct ast_statement *statement, unsigned level)
{
    append_name(out, " = ", statement->as.call.callee);
    end_line(out);
    for (const struct ast_argument *argument = statement->as.call.arguments; argument;
         argument = argument->next) {
        begin_line(out, level + 1, "argument");
        append_name(out, " ", argument->name);
        append_value(out, argument->name.bytes ? ": " : " ", argument->value);
        end_line(out);
    }
    print_policies(out, &statement->as.call.policies, level + 1);
}

static void print_branches(struct text *out, const struct ast_statement *statement, unsigned level)
{
    append_name(out, " converge ", statement->converge);
    end_line(out);
    for (const struct ast_branch *branch = statement->as.branches; branch; branch = branch->next) {
        begin_line(out, level + 1, branch->condition ? "when" : "branch");
        append_value(out, " ", branch->condition);
        append_name(out, " as ", branch->flow);
        end_line(out);
        print_block(out, branch->block, level + 2);
    }
}

static void print_repeat(struct text *out, const struct ast_statement *statement, unsigned level)
{
    if (statement->as.repeat.count != 0)
        text_append_format(out, " up to %" PRId64 " times", statement->as.repeat.count);
    if (statement->as.repeat.forever) text_append_string(out, " forever");
    append_duration(out, " every ", statement->as.repeat.every_ms);
    append_value(out, statement->as.repeat.is_while ? " while " : " until ",
                 statement->as.repeat.condition);
    end_line(out);
    print_block(out, statement->as.repeat.block, level + 1);
}

static void print_gateway(struct text *out, const struct ast_statement *statement, unsigned level)
{
    static const char *const WORDS[] = {
        [GATEWAY_EXCLUSIVE] = "exclusive", [GATEWAY_FIRST] = "first",
        [GATEWAY_INCLUSIVE] = "inclusive", [GATEWAY_PARALLEL] = "parallel",
        [GATEWAY_CONVERGE] = "converge",
    };
    text_append_format(out, " = %s\n", WORDS[statement->as.gateway.kind]);
    for (const struct ast_way *way = statement->as.gateway.ways; way; way = way->next) {
        begin_line(out, level + 1, "way");
        append_name(out, " ", way->target);
        append_value(out, " when ", way->condition);
        if (way->is_default) text_append_string(out, " default");
        append_name(out, " as ", way->flow);
        end_line(out);
    }
}

static const char *statement_word(enum ast_statement_kind kind)
{
    static const char *const WORDS[] = {
#define STATEMENT(name, meaning) [STATEMENT_##name] = #name,
#include "grammar/ast_statements.def"
#undef STATEMENT
    };
    return WORDS[kind];
}

static void print_statement(struct text *out, const struct ast_statement *statement, unsigned level)
{
    begin_line(out, level, "%s", statement_word(statement->kind));
    append_name(out, " ", statement->name);
    switch (statement->kind) {
    case STATEMENT_CALL: print_call(out, statement, level); break;
    case STATEMENT_ASSIGN:
        append_value(out, " = ", statement->as.value);
        end_line(out);
        break;
    case STATEMENT_PAUSE:
    case STATEMENT_FAIL:
    case STATEMENT_REVOKE:
        append_value(out, " ", statement->as.value);
        end_line(out);
        break;
    case STATEMENT_PARALLEL:
    case STATEMENT_INCLUSIVE:
    case STATEMENT_EXCLUSIVE:
    case STATEMENT_IF: print_branches(out, statement, level); break;
    case STATEMENT_REPEAT: print_repeat(out, statement, level); break;
    case STATEMENT_END:
        if (statement->as.call.callee.bytes)
            print_call(out, statement, level);
        else
            end_line(out);
        break;
    case STATEMENT_GATEWAY: print_gateway(out, statement, level); break;
    case STATEMENT_ERROR:
    case STATEMENT_START:
    case STATEMENT_KIND_COUNT: end_line(out); break;
    }
}

static void print_block(struct text *out, const struct ast_block *block, unsigned level)
{
    for (const struct ast_statement *statement = block->statements; statement;
         statement = statement->next)
        print_statement(out, statement, level);
}

static void print_context(struct text *out, const struct ast_context *context)
{
    static const char *const WORDS[] = {[VARIABLE_PLAIN] = "plain",
                                        [VARIABLE_SPLICE] = "splice",
                                        [VARIABLE_LAZY] = "lazy",
                                        [VARIABLE_OUTPUT] = "output"};
    begin_line(out, 1, "CONTEXT\n");
    for (const struct ast_variable *variable = context->variables; variable;
         variable = variable->next) {
        begin_line(out, 2, "%s", WORDS[variable->kind]);
        append_name(out, " ", variable->name);
        append_value(out, " = ", variable->value);
        append_name(out, " by ", variable->component);
        for (const struct ast_source *source = variable->sources; source; source = source->next) {
            append_name(out, " from ", source->node);
            append_name(out, ".", source->key);
        }
        if (variable->is_parameter) text_append_string(out, " parameter");
        if (variable->is_prerendered) text_append_string(out, " pre");
        end_line(out);
    }
}

static void print_graph(struct text *out, const struct ast_graph *graph)
{
    begin_line(out, 1, graph->tolerates_cycles ? "GRAPH cycles\n" : "GRAPH\n");
    for (const struct ast_statement *node = graph->nodes; node; node = node->next)
        print_statement(out, node, 2);
    for (const struct ast_arrow *arrow = graph->arrows; arrow; arrow = arrow->next) {
        begin_line(out, 2, "%s -> %s", arrow->source.bytes, arrow->target.bytes);
        append_name(out, " as ", arrow->flow);
        end_line(out);
    }
}

static void print_pipeline(struct text *out, const struct ast_pipeline *pipeline)
{
    begin_line(out, 0, "PIPELINE %s%s\n", pipeline->name.bytes,
               pipeline->is_broken ? " <broken>" : "");
    for (const struct ast_parameter *parameter = pipeline->parameters; parameter;
         parameter = parameter->next) {
        begin_line(out, 1, "parameter %s", parameter->name.bytes);
        append_name(out, ": ", parameter->type);
        append_value(out, " = ", parameter->default_value);
        end_line(out);
    }
    for (const struct ast_output *output = pipeline->outputs; output; output = output->next)
        begin_line(out, 1, "output %s\n", output->name.bytes);
    if (pipeline->context) print_context(out, pipeline->context);
    if (pipeline->graph) print_graph(out, pipeline->graph);
    if (pipeline->block) print_block(out, pipeline->block, 1);
}

void ast_print_file(const struct ast_file *file, struct text *out)
{
    if (file->edition != 0) begin_line(out, 0, "EDITION %" PRId64 "\n", file->edition);
    for (const struct ast_import *import = file->imports; import; import = import->next)
        begin_line(out, 0, "IMPORT \"%s\"\n", import->path.bytes);
    for (const struct ast_pipeline *pipeline = file->pipelines; pipeline; pipeline = pipeline->next)
        print_pipeline(out, pipeline);
}
