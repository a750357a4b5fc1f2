/* Arguments of calls: each fills one input of the right type, none is missing. */
#include "compiler/arguments.h"
#include "compiler/checker.h"
#include "compiler/suggest.h"

struct call_check {
    struct checker *checker;
    struct signature signature;
    const char *name;                  /* of what is called */
    const struct ast_argument **given; /* by input; NULL: not given */
};

static void report_unknown_input(const struct call_check *check,
                                 const struct ast_argument *argument)
{
    struct diagnostics *diagnostics = check->checker->diagnostics;
    bool is_component = check->signature.component != NULL;
    const char *name = argument->name.bytes;
    struct diagnostic *diagnostic = diagnostics_add(
        diagnostics, DIAGNOSTIC_UNKNOWN_INPUT, argument->name.span, "%s%s has no %s '%s'",
        is_component ? "" : "pipeline ", check->name, is_component ? "input" : "parameter", name);
    const char *nearest = is_component ? suggest_input(check->signature.component, name)
                                       : suggest_parameter(check->signature.pipeline, name);
    const char *all =
        is_component
            ? suggest_all_inputs(check->checker->compilation, check->signature.component)
            : suggest_all_parameters(check->checker->compilation, check->signature.pipeline);
    if (nearest != NULL)
        diagnostic_help(diagnostics, diagnostic, "did you mean '%s'?", nearest);
    else if (all != NULL)
        diagnostic_help(diagnostics, diagnostic, "it has: %s", all);
}

static void check_given(const struct call_check *check, const struct ast_argument *argument,
                        size_t input)
{
    struct checker *checker = check->checker;
    const struct signature_input facts = signature_input(&check->signature, input);
    type_set type = facts.is_shell ? check_shell_command(checker, argument->value)
                                   : check_expression(checker, argument->value);
    const struct ast_argument *first = check->given[input];
    check->given[input] = argument;
    if (first != NULL) {
        struct diagnostic *diagnostic =
            diagnostics_add(checker->diagnostics, DIAGNOSTIC_DUPLICATE_ARGUMENT, argument->span,
                            "'%s' is given twice", facts.name);
        diagnostic_relate(checker->diagnostics, diagnostic, first->span, "it is given here first");
        return;
    }
    if (type_may_be(type, facts.type)) return;
    const char *what =
        compilation_format(checker->compilation, "'%s' of %s", facts.name, check->name);
    if (what != NULL) report_type(checker, argument->value->span, what, facts.type, type);
}

static void check_variadic(const struct call_check *check, const struct ast_argument *argument,
                           size_t input)
{
    struct checker *checker = check->checker;
    (void)check_expression(checker, argument->value);
    const struct ast_argument *first = check->given[input];
    if (first == NULL) {
        check->given[input] = argument;
    } else if (first->name.bytes != NULL) {
        struct diagnostic *diagnostic =
            diagnostics_add(checker->diagnostics, DIAGNOSTIC_DUPLICATE_ARGUMENT, argument->span,
                            "'%s' is given twice", first->name.bytes);
        diagnostic_relate(checker->diagnostics, diagnostic, first->span, "it is given here first");
    }
}

/* Only the first input of a component may be given without its name. */
static void report_unnamed_input(const struct call_check *check,
                                 const struct ast_argument *argument)
{
    struct checker *checker = check->checker;
    struct diagnostic *diagnostic =
        diagnostics_add(checker->diagnostics, DIAGNOSTIC_ARGUMENT_COUNT, argument->span,
                        "only the first input of %s may be given without its name", check->name);
    const char *all = suggest_all_inputs(checker->compilation, check->signature.component);
    if (all != NULL) diagnostic_help(checker->diagnostics, diagnostic, "it has: %s", all);
}

static void report_surplus(const struct call_check *check, const struct ast_argument *argument)
{
    struct diagnostics *diagnostics = check->checker->diagnostics;
    const struct graph_pipeline *pipeline = check->signature.pipeline;
    size_t count = signature_input_count(&check->signature);
    if (pipeline == NULL && count > 1) {
        report_unnamed_input(check, argument);
        return;
    }
    struct diagnostic *diagnostic = diagnostics_add(
        diagnostics, DIAGNOSTIC_ARGUMENT_COUNT, argument->span, "%s takes at most %zu argument%s",
        check->name, count, count == 1 ? "" : "s");
    if (pipeline != NULL)
        diagnostic_relate(diagnostics, diagnostic, pipeline->tree->name.span,
                          "'%s' is declared here", pipeline->name);
}

/* Returns false if it is not clear which input was meant: then none is called missing. */
static bool check_argument(const struct call_check *check, const struct ast_argument *argument,
                           size_t *position)
{
    struct checker *checker = check->checker;
    const struct argument_target target = argument_target(&check->signature, argument, position);
    switch (target.place) {
    case ARGUMENT_INPUT: check_given(check, argument, target.input); break;
    case ARGUMENT_VARIADIC: check_variadic(check, argument, target.input); break;
    case ARGUMENT_EXTRA: (void)check_expression(checker, argument->value); break;
    case ARGUMENT_UNKNOWN:
        report_unknown_input(check, argument);
        (void)check_expression(checker, argument->value);
        return false;
    case ARGUMENT_SURPLUS:
        report_surplus(check, argument);
        (void)check_expression(checker, argument->value);
        break;
    }
    return argument->value->kind != EXPRESSION_ERROR;
}

/* One message for a call, with all that is missing: they would stand in the same place. */
static void check_missing(const struct call_check *check, struct span span)
{
    struct diagnostics *diagnostics = check->checker->diagnostics;
    struct text missing = {0};
    const char *first = NULL;
    for (size_t i = 0; i < signature_input_count(&check->signature); i++) {
        const struct signature_input input = signature_input(&check->signature, i);
        if (!input.required || input.default_json != NULL || check->given[i] != NULL) continue;
        text_append_format(&missing, "%s'%s'", first != NULL ? ", " : "", input.name);
        if (first == NULL) first = input.name;
    }
    if (missing.failed) check->checker->compilation->out_of_memory = true;
    if (first != NULL) {
        struct diagnostic *diagnostic =
            diagnostics_add(diagnostics, DIAGNOSTIC_MISSING_INPUT, span, "%s needs %s", check->name,
                            text_string(&missing));
        diagnostic_help(diagnostics, diagnostic, "add %s: ...", first);
    }
    text_release(&missing);
}

void check_arguments(struct checker *checker, const struct ast_statement *statement,
                     const struct callee *callee)
{
    struct call_check check = {.checker = checker,
                               .signature = {callee->component, callee->pipeline},
                               .name = statement->as.call.callee.bytes};
    check.given =
        compilation_allocate(checker->compilation, signature_input_count(&check.signature) + 1,
                             sizeof(struct ast_argument *));
    if (check.given == NULL) return;
    size_t position = 0;
    bool is_clear = true;
    for (const struct ast_argument *argument = statement->as.call.arguments; argument != NULL;
         argument = argument->next)
        is_clear &= check_argument(&check, argument, &position);
    if (is_clear) check_missing(&check, statement->as.call.callee.span);
}
