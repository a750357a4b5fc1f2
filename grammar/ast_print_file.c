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

static void print_policies(struct text *out, const struct ast_policies *policies, unsigned level)
{
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
    end_line(out);
    for (const struct ast_branch *branch = statement->as.branches; branch; branch = branch->next) {
        begin_line(out, level + 1, branch->condition ? "when" : "branch");
        append_value(out, " ", branch->condition);
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
    case STATEMENT_ERROR:
    case STATEMENT_START:
    case STATEMENT_END:
    case STATEMENT_GATEWAY:
    case STATEMENT_KIND_COUNT: end_line(out); break;
    }
}

static void print_block(struct text *out, const struct ast_block *block, unsigned level)
{
    for (const struct ast_statement *statement = block->statements; statement;
         statement = statement->next)
        print_statement(out, statement, level);
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
    print_block(out, pipeline->block, 1);
}

void ast_print_file(const struct ast_file *file, struct text *out)
{
    if (file->edition != 0) begin_line(out, 0, "EDITION %" PRId64 "\n", file->edition);
    for (const struct ast_import *import = file->imports; import; import = import->next)
        begin_line(out, 0, "IMPORT \"%s\"\n", import->path.bytes);
    for (const struct ast_pipeline *pipeline = file->pipelines; pipeline; pipeline = pipeline->next)
        print_pipeline(out, pipeline);
}
