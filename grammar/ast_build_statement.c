#include <assert.h>
#include <string.h>

#include "grammar/ast_build.h"
#include "grammar/name.h"
#include "grammar/literal.h"
#include "grammar/keyword.h"

static_assert(sizeof(struct ast_statement) <= PARSER_SCRATCH_SIZE, "scratch memory is too small");

struct ast_statement *ast_statement(struct parser *parser, enum ast_statement_kind kind,
                                    struct span span, struct ast_name name)
{
    struct ast_statement *statement = parser_allocate(parser, sizeof *statement);
    statement->kind = kind;
    statement->span = span;
    statement->name = name;
    return statement;
}

/* The call is at home here: names are right for its arguments. */
static void accept_named_call(struct parser *parser, const struct ast_expression *call)
{
    for (struct named_call **link = &parser->named_calls; *link; link = &(*link)->next)
        if ((*link)->call == call) {
            *link = (*link)->next;
            return;
        }
}

struct ast_statement *ast_call_statement(struct parser *parser, struct span span,
                                         struct ast_name name, struct ast_expression *call,
                                         const struct ast_policies *policies)
{
    if (!ast_is_plain_call(call)) return ast_not_a_statement(parser, call);
    struct ast_statement *statement = ast_statement(parser, STATEMENT_CALL, span, name);
    accept_named_call(parser, call);
    statement->as.call.callee = call->as.call.name;
    statement->as.call.arguments = ast_call_arguments(call);
    for (struct ast_argument *argument = ast_call_arguments(call); argument;
         argument = argument->next)
        argument->value->next = NULL;
    if (policies) statement->as.call.policies = *policies;
    return statement;
}

struct ast_statement *ast_assignment(struct parser *parser, struct span span,
                                     const struct ast_expression *target,
                                     struct ast_expression *value,
                                     const struct ast_policies *policies)
{
    if (target->kind != EXPRESSION_NAME) {
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_SYNTAX, target->span,
                        "only a name can be set: name = ...");
        return ast_error_statement(parser, span, NULL);
    }
    if (ast_is_plain_call(value))
        return ast_call_statement(parser, span, target->as.name, value, policies);
    if (policies)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_POLICY_ORDER, policies->span,
                        "policies stand only behind the call of a component or pipeline");
    struct ast_statement *statement =
        ast_statement(parser, STATEMENT_ASSIGN, span, target->as.name);
    statement->as.value = value;
    return statement;
}

struct ast_statement *ast_error_statement(struct parser *parser, struct span span,
                                          const struct ast_expression *target)
{
    bool is_named = target && target->kind == EXPRESSION_NAME;
    return ast_statement(parser, STATEMENT_ERROR, span, is_named ? target->as.name : ast_no_name());
}

struct ast_statement *ast_not_a_statement(struct parser *parser, struct ast_expression *expression)
{
    if (expression->kind != EXPRESSION_ERROR) {
        struct diagnostic *diagnostic =
            diagnostics_add(parser->diagnostics, DIAGNOSTIC_SYNTAX, expression->span,
                            "this is no statement: only a call of a component or pipeline can "
                            "stand alone");
        diagnostic_help(parser->diagnostics, diagnostic, "to keep a value: name = ...");
    }
    return ast_error_statement(parser, expression->span, NULL);
}

struct ast_statement *ast_gateway(struct parser *parser, enum ast_statement_kind kind,
                                  struct span span, struct ast_name name,
                                  struct branch_list branches)
{
    struct ast_statement *statement = ast_statement(parser, kind, span, name);
    statement->as.branches = branches.first;
    return statement;
}

struct ast_statement *ast_repeat(struct parser *parser, struct span span, struct ast_name name,
                                 struct repeat_bound bound, struct repeat_end end)
{
    struct ast_statement *statement = ast_statement(parser, STATEMENT_REPEAT, span, name);
    statement->as.repeat.count = bound.count;
    statement->as.repeat.count_span = bound.count_span;
    statement->as.repeat.forever = bound.forever;
    statement->as.repeat.condition = end.condition;
    statement->as.repeat.is_while = end.is_while;
    return statement;
}

struct ast_block *ast_block(struct parser *parser, struct span span,
                            struct statement_list statements)
{
    struct ast_block *block = parser_allocate(parser, sizeof *block);
    block->statements = statements.first;
    block->span = span;
    return block;
}

struct ast_branch *ast_branch(struct parser *parser, struct span span,
                              struct ast_expression *condition, struct ast_block *block)
{
    struct ast_branch *branch = parser_allocate(parser, sizeof *branch);
    branch->condition = condition;
    branch->block = block;
    branch->span = span;
    return branch;
}

struct ast_branch *ast_statement_branch(struct parser *parser, struct ast_statement *statement)
{
    struct span span = statement->span;
    struct ast_block *block =
        ast_block(parser, span, (struct statement_list){statement, statement, 1});
    return ast_branch(parser, span, NULL, block);
}

/* A name that is declared before ':' or in a place where only names stand: the scanner lets
 * keywords pass there. */
static struct ast_name declared_name(struct parser *parser, struct span span)
{
    if (keyword_is_reserved(parser_bytes(parser, span), span.size))
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_RESERVED_WORD, span,
                        "'%.*s' is a word of the language and cannot be a name", (int)span.size,
                        parser_bytes(parser, span));
    return parser_name(parser, span);
}

struct ast_parameter *ast_parameter(struct parser *parser, struct span span, struct span name,
                                    struct ast_name type, struct ast_expression *default_value)
{
    struct ast_parameter *parameter = parser_allocate(parser, sizeof *parameter);
    parameter->name = declared_name(parser, name);
    parameter->type = type;
    parameter->default_value = default_value;
    parameter->span = span;
    return parameter;
}

struct ast_output *ast_output(struct parser *parser, struct span name)
{
    struct ast_output *output = parser_allocate(parser, sizeof *output);
    output->name = parser_name(parser, name);
    return output;
}

struct ast_import *ast_import(struct parser *parser, struct span span, struct ast_name path)
{
    struct ast_import *import = parser_allocate(parser, sizeof *import);
    import->path = path;
    import->span = span;
    return import;
}

struct ast_pipeline *ast_pipeline(struct parser *parser, struct span span, struct span name,
                                  struct ast_block *block)
{
    struct ast_pipeline *pipeline = parser_allocate(parser, sizeof *pipeline);
    pipeline->name = parser_name(parser, name);
    pipeline->block = block;
    pipeline->span = span;
    return pipeline;
}

void ast_add_pipeline(struct parser *parser, struct ast_pipeline *pipeline, bool is_broken)
{
    pipeline->is_broken = is_broken;
    parser->pipelines = pipeline_list_append(parser, parser->pipelines, pipeline);
}

void ast_set_edition(struct parser *parser, struct span span, struct span number)
{
    struct ast_file *file = parser->file;
    if (file->edition != 0 || parser->imports.first || parser->pipelines.first) {
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_EDITION, span,
                        "the edition is the first line of a file, and only that");
        return;
    }
    file->edition = literal_plain_integer(parser, number);
    file->edition_span = span;
    if (file->edition == 1 || file->edition == -1) return;
    struct diagnostic *diagnostic = diagnostics_add(parser->diagnostics, DIAGNOSTIC_EDITION, number,
                                                    "this bamboo knows edition 1 only");
    diagnostic_help(parser->diagnostics, diagnostic, "write 'bamboo 1', or use a newer bamboo");
}
