#include "grammar/flow_writer.h"

#include <inttypes.h>
#include <string.h>

/* --- Blocks --- */

static bool has_block(const struct ast_statement *statement)
{
    switch (statement->kind) {
    case STATEMENT_PARALLEL:
    case STATEMENT_INCLUSIVE:
    case STATEMENT_EXCLUSIVE:
    case STATEMENT_IF:
    case STATEMENT_REPEAT: return true;
    case STATEMENT_CALL:
    case STATEMENT_ASSIGN:
    case STATEMENT_PAUSE:
    case STATEMENT_FAIL:
    case STATEMENT_REVOKE:
    case STATEMENT_START:
    case STATEMENT_END:
    case STATEMENT_GATEWAY:
    case STATEMENT_ERROR:
    case STATEMENT_KIND_COUNT: break;
    }
    return false;
}

static void write_lines(struct flow_writer *writer, const struct ast_statement *first)
{
    const struct ast_statement *before = NULL;
    for (const struct ast_statement *statement = first; statement; statement = statement->next) {
        if (before && (has_block(before) || has_block(statement))) writer_end_line(&writer->lines);
        writer_new_line(&writer->lines);
        write_statement(writer, statement);
        before = statement;
    }
}

void write_block_lines(struct flow_writer *writer, const struct ast_block *block)
{
    write_lines(writer, block->statements);
}

void write_statements(struct flow_writer *writer, const struct ast_block *block)
{
    struct source_writer *lines = &writer->lines;
    writer_string(lines, "{");
    lines->level++;
    write_lines(writer, block->statements);
    lines->level--;
    if (block->statements)
        writer_new_line(lines);
    else
        writer_string(lines, " ");
    writer_string(lines, "}");
}

/* --- Calls --- */

/* The pipeline of this file that has the name; NULL for a component. */
static const struct ast_pipeline *find_pipeline(const struct flow_writer *writer, const char *name)
{
    const struct ast_pipeline *pipeline = writer->file ? writer->file->pipelines : NULL;
    while (pipeline && strcmp(pipeline->name.bytes, name) != 0)
        pipeline = pipeline->next;
    return pipeline;
}

/* Words that begin a statement of their own when nothing stands before them. */
static bool begins_other_statement(const char *name)
{
    static const char *const WORDS[] = {"start", "end", "pause", "fail", "revoke"};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strcmp(WORDS[i], name) == 0) return true;
    return false;
}

void write_callee(struct flow_writer *writer, const struct ast_statement *call,
                  bool begins_statement)
{
    struct ast_name callee = call->as.call.callee;
    callee.quoted = begins_statement && begins_other_statement(callee.bytes);
    write_name(writer, callee);
    write_arguments(writer, call->as.call.arguments, find_pipeline(writer, callee.bytes));
}

static void write_call(struct flow_writer *writer, const struct ast_statement *call)
{
    if (call->name.bytes) {
        write_id(writer, call->name.bytes);
        writer_string(&writer->lines, " = ");
    }
    write_callee(writer, call, !call->name.bytes);
    write_policies(writer, &call->as.call.policies);
}

/* --- Branches --- */

static void write_optional_id(struct flow_writer *writer, const char *before, struct ast_name name)
{
    if (!name.bytes) return;
    writer_string(&writer->lines, before);
    write_id(writer, name.bytes);
}

static void write_condition(struct flow_writer *writer, const char *word,
                            const struct ast_expression *condition)
{
    writer_string(&writer->lines, word);
    write_expression(writer, condition);
}

/* A block of `parallel`: a statement alone needs no braces. */
static void write_parallel_branch(struct flow_writer *writer, const struct ast_branch *branch)
{
    const struct ast_statement *only = branch->block->statements;
    if (only && !only->next && !branch->flow.bytes)
        write_statement(writer, only);
    else
        write_statements(writer, branch->block);
    write_optional_id(writer, " as ", branch->flow);
}

static void write_case(struct flow_writer *writer, const struct ast_branch *branch)
{
    if (branch->condition)
        write_condition(writer, "when ", branch->condition);
    else
        writer_string(&writer->lines, "default");
    writer_string(&writer->lines, " ");
    write_statements(writer, branch->block);
    write_optional_id(writer, " as ", branch->flow);
}

static void write_gateway(struct flow_writer *writer, const char *word,
                          const struct ast_statement *gateway)
{
    struct source_writer *lines = &writer->lines;
    writer_string(lines, word);
    write_optional_id(writer, " ", gateway->name);
    writer_string(lines, " {");
    lines->level++;
    for (const struct ast_branch *branch = gateway->as.branches; branch; branch = branch->next) {
        writer_new_line(lines);
        if (gateway->kind == STATEMENT_PARALLEL)
            write_parallel_branch(writer, branch);
        else
            write_case(writer, branch);
    }
    lines->level--;
    writer_new_line(lines);
    writer_string(lines, "}");
    write_optional_id(writer, " converge ", gateway->converge);
}

static void write_if(struct flow_writer *writer, const struct ast_statement *statement)
{
    for (const struct ast_branch *arm = statement->as.branches; arm; arm = arm->next) {
        if (arm != statement->as.branches) writer_string(&writer->lines, " else ");
        if (arm->condition) write_condition(writer, "if ", arm->condition);
        if (arm->condition) writer_string(&writer->lines, " ");
        write_statements(writer, arm->block);
    }
}

/* --- Repeat --- */

/* Words that a repeat cannot be named without backquotes. */
static bool begins_bound(const char *name)
{
    return strcmp(name, "up") == 0 || strcmp(name, "forever") == 0 || strcmp(name, "every") == 0;
}

static void write_repeat(struct flow_writer *writer, const struct ast_statement *repeat)
{
    struct source_writer *lines = &writer->lines;
    struct ast_name name = repeat->name;
    writer_string(lines, "repeat ");
    if (name.bytes) {
        name.quoted = begins_bound(name.bytes);
        write_name(writer, name);
        writer_string(lines, " ");
    }
    if (repeat->as.repeat.count > 0)
        writer_format(lines, "up to %" PRId64 " times ", repeat->as.repeat.count);
    if (repeat->as.repeat.forever) writer_string(lines, "forever ");
    if (repeat->as.repeat.every_ms > 0) {
        writer_duration(lines, "every ", repeat->as.repeat.every_ms);
        writer_string(lines, " ");
    }
    write_statements(writer, repeat->as.repeat.block);
    if (!repeat->as.repeat.condition) return;
    writer_string(lines, repeat->as.repeat.is_while ? " while " : " until ");
    write_expression(writer, repeat->as.repeat.condition);
}

/* --- All --- */

static void write_end(struct flow_writer *writer, const struct ast_statement *end)
{
    writer_string(&writer->lines, "end");
    write_optional_id(writer, " ", end->name);
    if (!end->as.call.callee.bytes) return;
    writer_string(&writer->lines, " = ");
    write_callee(writer, end, false);
    write_policies(writer, &end->as.call.policies);
}

static void write_control(struct flow_writer *writer, const char *word,
                          const struct ast_statement *statement)
{
    writer_string(&writer->lines, word);
    if (!statement->as.value) return;
    writer_string(&writer->lines, " ");
    write_expression(writer, statement->as.value);
}

void write_statement(struct flow_writer *writer, const struct ast_statement *statement)
{
    switch (statement->kind) {
    case STATEMENT_CALL: write_call(writer, statement); break;
    case STATEMENT_ASSIGN:
        write_name(writer, statement->name);
        writer_string(&writer->lines, " = ");
        write_assigned(writer, statement->as.value);
        break;
    case STATEMENT_PARALLEL: write_gateway(writer, "parallel", statement); break;
    case STATEMENT_INCLUSIVE: write_gateway(writer, "inclusive", statement); break;
    case STATEMENT_EXCLUSIVE: write_gateway(writer, "exclusive", statement); break;
    case STATEMENT_IF: write_if(writer, statement); break;
    case STATEMENT_REPEAT: write_repeat(writer, statement); break;
    case STATEMENT_PAUSE: write_control(writer, "pause", statement); break;
    case STATEMENT_FAIL: write_control(writer, "fail", statement); break;
    case STATEMENT_REVOKE: write_control(writer, "revoke", statement); break;
    case STATEMENT_START:
        writer_string(&writer->lines, "start");
        write_optional_id(writer, " ", statement->name);
        break;
    case STATEMENT_END: write_end(writer, statement); break;
    case STATEMENT_GATEWAY: write_graph_gateway(writer, statement); break;
    case STATEMENT_ERROR:
    case STATEMENT_KIND_COUNT: break; /* a tree with mistakes is not written */
    }
}
