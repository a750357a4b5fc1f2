/* Calls inside expressions: functions, methods, and raw() in a shell command. */
#include <string.h>

#include "compiler/checker.h"
#include "compiler/shell_command.h"
#include "compiler/shell_quoting.h"
#include "compiler/suggest.h"

static void check_call_arguments(struct checker *checker, const struct ast_expression *expression)
{
    for (const struct ast_expression *argument = expression->as.call.arguments; argument != NULL;
         argument = argument->next)
        (void)check_expression(checker, argument);
}

static void report_count(struct checker *checker, const struct ast_expression *expression,
                         unsigned least, unsigned most, const char *signature)
{
    size_t count = expression->as.call.argument_count;
    struct diagnostic *diagnostic;
    const char *name = expression->as.call.name.bytes;
    if (least == most)
        diagnostic = diagnostics_add(checker->diagnostics, DIAGNOSTIC_ARGUMENT_COUNT,
                                     expression->span, "%s takes %u argument%s, not %zu", name,
                                     least, least == 1 ? "" : "s", count);
    else
        diagnostic = diagnostics_add(
            checker->diagnostics, DIAGNOSTIC_ARGUMENT_COUNT, expression->span,
            "%s takes at %s %u argument%s, not %zu", name, count < least ? "least" : "most",
            count < least ? least : most, (count < least ? least : most) == 1 ? "" : "s", count);
    if (signature != NULL) diagnostic_help(checker->diagnostics, diagnostic, "it is %s", signature);
}

static void report_unknown_function(struct checker *checker, const struct ast_name *name)
{
    struct diagnostics *diagnostics = checker->diagnostics;
    const struct callee callee = graph_callee(checker->graph, name->bytes);
    struct diagnostic *diagnostic;
    if (callee.kind == CALLEE_COMPONENT || callee.kind == CALLEE_PIPELINE) {
        diagnostic = diagnostics_add(diagnostics, DIAGNOSTIC_CALL_IN_EXPRESSION, name->span,
                                     "'%s' is a %s, which an expression cannot call", name->bytes,
                                     callee.component != NULL ? "component" : "pipeline");
        diagnostic_help(diagnostics, diagnostic,
                        "call it in a statement of its own: name = %s(...)", name->bytes);
        return;
    }
    if (strcmp(name->bytes, "raw") == 0) {
        diagnostic = diagnostics_add(diagnostics, DIAGNOSTIC_MISPLACED, name->span,
                                     "raw() stands only in a shell command");
        diagnostic_help(diagnostics, diagnostic,
                        "write it directly inside of ${ }: ${raw(x)}, or as the whole command");
        return;
    }
    diagnostic = diagnostics_add(diagnostics, DIAGNOSTIC_UNKNOWN_FUNCTION, name->span,
                                 "there is no function '%s'", name->bytes);
    const char *nearest = suggest_function(checker->compilation, name->bytes);
    if (compilation_method(checker->compilation, name->bytes) != NULL)
        diagnostic_help(diagnostics, diagnostic, "it is a method: write x.%s(...)", name->bytes);
    else if (nearest != NULL)
        diagnostic_help(diagnostics, diagnostic, "did you mean '%s'?", nearest);
}

static type_set check_plain_call(struct checker *checker, const struct ast_expression *expression)
{
    const struct ast_name *name = &expression->as.call.name;
    check_call_arguments(checker, expression);
    /* A pipeline hides nothing: its name cannot be a function's. */
    const struct function *function = compilation_function(checker->compilation, name->bytes);
    if (function == NULL) {
        report_unknown_function(checker, name);
        return TYPE_ANY;
    }
    size_t count = expression->as.call.argument_count;
    if (count < function->argument_min || count > function->argument_max)
        report_count(checker, expression, function->argument_min, function->argument_max,
                     function->signature);
    return type_parse(function->result);
}

static void report_unknown_method(struct checker *checker, const struct ast_name *name,
                                  type_set type)
{
    struct compilation *compilation = checker->compilation;
    struct text is = {0};
    type_describe(type, &is);
    if (is.failed) compilation->out_of_memory = true;
    struct diagnostic *diagnostic =
        diagnostics_add(checker->diagnostics, DIAGNOSTIC_UNKNOWN_FUNCTION, name->span,
                        "%s has no method '%s'", text_string(&is), name->bytes);
    text_release(&is);
    const char *nearest = suggest_method(compilation, name->bytes, type);
    if (compilation_function(compilation, name->bytes) != NULL)
        diagnostic_help(checker->diagnostics, diagnostic, "it is a function: write %s(x)",
                        name->bytes);
    else if (nearest != NULL)
        diagnostic_help(checker->diagnostics, diagnostic, "did you mean '%s'?", nearest);
}

static type_set check_method(struct checker *checker, const struct ast_expression *expression)
{
    const struct ast_name *name = &expression->as.call.name;
    size_t count = expression->as.call.argument_count;
    type_set receiver = check_expression(checker, expression->as.call.object);
    check_call_arguments(checker, expression);
    const struct function *last = NULL;
    type_set result = 0;
    for (const struct function *method = compilation_method(checker->compilation, name->bytes);
         method != NULL; method = compilation_method_next(checker->compilation, method)) {
        if (!(receiver >> method->receiver & 1u)) continue;
        last = method;
        if (count >= method->argument_min && count <= method->argument_max)
            result |= type_parse(method->result);
    }
    if (last == NULL)
        report_unknown_method(checker, name, receiver);
    else if (result == 0)
        report_count(checker, expression, last->argument_min, last->argument_max, last->signature);
    return result != 0 ? result : TYPE_ANY;
}

type_set check_function(struct checker *checker, const struct ast_expression *expression)
{
    if (expression->kind == EXPRESSION_METHOD) return check_method(checker, expression);
    return check_plain_call(checker, expression);
}

static type_set check_raw(struct checker *checker, const struct ast_expression *raw)
{
    if (raw->as.call.argument_count == 1) return check_expression(checker, raw->as.call.arguments);
    check_call_arguments(checker, raw);
    report_count(checker, raw, 1, 1, "raw(value)");
    return TYPE_ANY;
}

/* What is spliced into a shell command becomes words, so it must not be a map. */
static void check_splice(struct checker *checker, const struct ast_expression *splice)
{
    if (shell_is_raw(splice)) {
        (void)check_raw(checker, splice);
        return;
    }
    type_set type = check_expression(checker, splice);
    if (type != TYPE_OF(MAP)) return;
    struct diagnostic *diagnostic =
        diagnostics_add(checker->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, splice->span,
                        "a map cannot become words of a shell command");
    diagnostic_help(checker->diagnostics, diagnostic, "name one of its values, or write json(x)");
}

/* A value is spliced in only where the shell reads words: see shell_quoting.h. */
static void check_shell_context(struct checker *checker, const struct ast_expression *splice,
                                const struct shell_reader *reader)
{
    const struct shell_refusal *refusal = shell_refusal(reader);
    if (refusal == NULL || shell_is_raw(splice)) return;
    struct diagnostic *diagnostic =
        diagnostics_add(checker->diagnostics, DIAGNOSTIC_SHELL_QUOTES, splice->span,
                        "a value cannot stand %s", refusal->where);
    diagnostic_help(checker->diagnostics, diagnostic, "%s", refusal->help);
}

static void check_shell_text(struct checker *checker, const struct ast_expression *text)
{
    struct shell_reader reader = {0};
    for (const struct ast_expression *part = text->as.text.parts; part != NULL; part = part->next) {
        check_splice(checker, part);
        if (part->kind == EXPRESSION_LITERAL && part->as.literal.type == BAMBOO_STRING) {
            size_t size;
            const char *bytes = bamboo_string_bytes(part->as.literal, &size);
            shell_read(&reader, bytes, size);
            continue;
        }
        check_shell_context(checker, part, &reader);
        shell_read_value(&reader);
    }
}

/* Templates are rendered as bamboo-engine renders them: as they are, without quotes. */
static void check_shell_template(struct checker *checker, const struct ast_expression *template)
{
    size_t size;
    const char *bytes = bamboo_string_bytes(template->as.literal, &size);
    if (memmem(bytes, size, "${", 2) == NULL) return;
    struct diagnostic *diagnostic =
        diagnostics_add(checker->diagnostics, DIAGNOSTIC_SHELL_TEMPLATE, template->span,
                        "what this template renders becomes code of the shell: nothing is quoted");
    diagnostic_help(checker->diagnostics, diagnostic,
                    "give exec a list of words, or pass the value by env and write \"$NAME\"");
}

/* What is neither a text nor raw() is data. */
static type_set check_shell_value(struct checker *checker, const struct ast_expression *value)
{
    size_t errors = diagnostics_error_count(checker->diagnostics);
    type_set type = check_expression(checker, value);
    bool is_told = value->kind == EXPRESSION_ERROR ||
                   diagnostics_error_count(checker->diagnostics) > errors ||
                   !type_may_be(type, TYPE_OF(STRING));
    if (is_told || shell_is_command(value)) return type;
    struct diagnostic *diagnostic =
        diagnostics_add(checker->diagnostics, DIAGNOSTIC_SHELL_VALUE, value->span,
                        "this value would become code of the shell");
    diagnostic_help(checker->diagnostics, diagnostic,
                    "write the command as one text with ${ } in it, or raw(...) around what is "
                    "a command itself");
    return type;
}

type_set check_shell_command(struct checker *checker, const struct ast_expression *expression)
{
    if (expression->kind == EXPRESSION_TEMPLATE) check_shell_template(checker, expression);
    if (expression->kind == EXPRESSION_TEXT) {
        check_shell_text(checker, expression);
        return TYPE_OF(STRING);
    }
    if (expression->kind == EXPRESSION_CONDITIONAL) {
        check_condition(checker, expression->as.conditional.condition);
        type_set type = check_shell_command(checker, expression->as.conditional.then);
        return type | check_shell_command(checker, expression->as.conditional.otherwise);
    }
    if (shell_is_raw(expression)) return check_raw(checker, expression);
    return check_shell_value(checker, expression);
}
