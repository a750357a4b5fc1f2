/* Each statement by itself: its arguments, types, branches, bounds and policies. */
#include <string.h>

#include "base/limits.h"
#include "base/pattern.h"
#include "compiler/checker.h"
#include "compiler/function_call.h"

static void check_block(struct checker *checker, const struct ast_block *block);

/* The value of a variable: what sets it alone tells its type. */
static void learn_type(struct checker *checker, const struct ast_name *name, type_set type)
{
    if (name->bytes == NULL) return;
    const struct symbol *symbol = graph_symbol(checker->pipeline, name->bytes);
    if (symbol != NULL && symbol->variable != NULL && symbol->variable->parameter == NULL &&
        symbol->variable->set_count == 1)
        symbol->variable->type = type;
}

static void report_policy(struct checker *checker, struct span span, const char *policy,
                          const char *function)
{
    diagnostics_add(checker->diagnostics, DIAGNOSTIC_POLICY_ORDER, span,
                    "%s does not fit: '%s' is a function, not a component", policy, function);
}

static void check_function_statement(struct checker *checker, const struct ast_statement *statement)
{
    const struct ast_name *callee = &statement->as.call.callee;
    const struct ast_policies *policies = &statement->as.call.policies;
    if (statement->name.bytes == NULL) {
        struct diagnostic *diagnostic =
            diagnostics_add(checker->diagnostics, DIAGNOSTIC_MISPLACED, callee->span,
                            "the result of %s() goes nowhere", callee->bytes);
        diagnostic_help(checker->diagnostics, diagnostic, "write x = %s(...)", callee->bytes);
    }
    if (policies->span.size > 0) report_policy(checker, policies->span, "a policy", callee->bytes);
    for (const struct ast_argument *argument = statement->as.call.arguments; argument != NULL;
         argument = argument->next)
        if (argument->name.bytes != NULL)
            diagnostics_add(checker->diagnostics, DIAGNOSTIC_ARGUMENT_COUNT, argument->name.span,
                            "%s() is a function: its arguments have no names", callee->bytes);
    const struct ast_expression *call = function_call_expression(checker->compilation, statement);
    if (call != NULL) learn_type(checker, &statement->name, check_expression(checker, call));
}

static void check_retry_pattern(struct checker *checker, const struct ast_name *name)
{
    if (name->bytes == NULL) return;
    struct pattern *pattern = NULL;
    struct bamboo_error why = {0};
    enum bamboo_status status = pattern_compile(name->bytes, strlen(name->bytes), &pattern, &why);
    pattern_destroy(pattern);
    if (status == BAMBOO_E_MEMORY)
        checker->compilation->out_of_memory = true;
    else if (status != BAMBOO_OK)
        diagnostics_add(checker->diagnostics, DIAGNOSTIC_CONSTANT_FAILS, name->span,
                        "this is not a regular expression: %s", why.message);
}

static void check_time(struct checker *checker, struct span span, int64_t milliseconds)
{
    if (milliseconds <= POLICY_TIME_MAX) return;
    diagnostics_add(checker->diagnostics, DIAGNOSTIC_TOO_LARGE, span, "this time is too long");
}

static void check_policies(struct checker *checker, const struct ast_policies *policies)
{
    check_time(checker, policies->timeout_span, policies->timeout_ms);
    check_time(checker, policies->retry_span, policies->retry_delay_ms);
    check_time(checker, policies->retry_span, policies->retry_delay_max_ms);
    if (policies->retry_count > UINT32_MAX)
        diagnostics_add(checker->diagnostics, DIAGNOSTIC_TOO_LARGE, policies->retry_span,
                        "a node is retried at most %u times", UINT32_MAX);
    check_retry_pattern(checker, &policies->retry_pattern);
}

/* A subprocess is not executed, it is gone into: what fails or takes long are the nodes in it. */
static void check_policies_of_pipeline(struct checker *checker, const struct ast_policies *policies,
                                       const char *pipeline)
{
    const struct {
        const char *word;
        struct span span;
    } refused[] = {{"timeout", policies->timeout_span},
                   {"retry", policies->retry_span},
                   {"once", policies->once_span}};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        if (refused[i].span.size == 0) continue;
        struct diagnostic *diagnostic = diagnostics_add(
            checker->diagnostics, DIAGNOSTIC_POLICY_ORDER, refused[i].span,
            "'%s' does not fit: '%s' is a pipeline, not a component", refused[i].word, pipeline);
        diagnostic_help(checker->diagnostics, diagnostic, "put it on the activities inside");
    }
}

/* What undoes a node and what its timers do: calls of components. */
static void check_attached(struct checker *checker, const struct ast_policies *policies)
{
    const struct ast_statement *undo = policies->undo;
    if (undo != NULL) {
        const struct callee callee = graph_callee(checker->graph, undo->as.call.callee.bytes);
        if (callee.kind == CALLEE_COMPONENT) check_arguments(checker, undo, &callee);
    }
    for (const struct ast_timer *timer = policies->timers; timer != NULL; timer = timer->next) {
        if (timer->kind != TIMER_AT) check_time(checker, timer->span, timer->time_ms);
        check_block(checker, timer->block);
    }
}

static void check_call(struct checker *checker, const struct ast_statement *statement)
{
    const struct callee callee = graph_callee(checker->graph, statement->as.call.callee.bytes);
    if (callee.kind == CALLEE_FUNCTION) {
        check_function_statement(checker, statement);
        return;
    }
    if (callee.kind == CALLEE_NONE) { /* told already; its arguments can still be looked at */
        for (const struct ast_argument *argument = statement->as.call.arguments; argument != NULL;
             argument = argument->next)
            (void)check_expression(checker, argument->value);
    } else {
        check_arguments(checker, statement, &callee);
    }
    check_policies(checker, &statement->as.call.policies);
    if (callee.kind == CALLEE_PIPELINE)
        check_policies_of_pipeline(checker, &statement->as.call.policies,
                                   statement->as.call.callee.bytes);
    check_block(checker, statement->as.call.policies.on_fail);
    check_attached(checker, &statement->as.call.policies);
}

/* `end name = handler(...)`. */
static void check_end(struct checker *checker, const struct ast_statement *statement)
{
    if (statement->as.call.callee.bytes == NULL) return;
    const struct callee callee = graph_callee(checker->graph, statement->as.call.callee.bytes);
    if (callee.kind == CALLEE_COMPONENT) check_arguments(checker, statement, &callee);
}

/* Degrees of a gateway's ways are looked at with the graph; here only what stands in them. */
static void check_ways(struct checker *checker, const struct ast_statement *statement)
{
    for (const struct ast_way *way = statement->as.gateway.ways; way != NULL; way = way->next) {
        if (way->condition != NULL) {
            check_condition(checker, way->condition);
        } else if (!way->is_default) {
            struct diagnostic *diagnostic =
                diagnostics_add(checker->diagnostics, DIAGNOSTIC_MISSING_BRANCH, way->span,
                                "the way to '%.200s' has no condition", way->target.bytes);
            diagnostic_help(checker->diagnostics, diagnostic,
                            "write: %.200s when ..., or %.200s "
                            "default",
                            way->target.bytes, way->target.bytes);
        }
    }
}

static size_t branch_count(const struct ast_statement *statement)
{
    size_t count = 0;
    for (const struct ast_branch *branch = statement->as.branches; branch != NULL;
         branch = branch->next)
        if (branch->condition != NULL || statement->kind == STATEMENT_PARALLEL) count++;
    return count;
}

static struct span word_span(const struct ast_statement *statement, size_t size)
{
    return (struct span){statement->span.source, statement->span.offset, (uint32_t)size};
}

static void check_default(struct checker *checker, const struct ast_branch *branch)
{
    if (branch->condition != NULL || branch->next == NULL) return;
    struct diagnostic *diagnostic = diagnostics_add(
        checker->diagnostics, DIAGNOSTIC_MISPLACED,
        (struct span){branch->span.source, branch->span.offset, (uint32_t)(sizeof "default" - 1)},
        "'default' has to be the last branch");
    diagnostic_relate(checker->diagnostics, diagnostic, branch->next->span,
                      "there is another branch behind it");
}

static void check_branches(struct checker *checker, const struct ast_statement *statement)
{
    static const char *const WORDS[STATEMENT_KIND_COUNT] = {
        [STATEMENT_PARALLEL] = "parallel",
        [STATEMENT_INCLUSIVE] = "inclusive",
        [STATEMENT_EXCLUSIVE] = "exclusive",
        [STATEMENT_IF] = "if",
    };
    const char *word = WORDS[statement->kind];
    if (branch_count(statement) == 0 && !checker->pipeline->damaged) {
        struct diagnostic *diagnostic = diagnostics_add(
            checker->diagnostics, DIAGNOSTIC_MISSING_BRANCH, word_span(statement, strlen(word)),
            "'%s' has no %s", word,
            statement->kind == STATEMENT_PARALLEL ? "branch" : "branch with a condition");
        if (statement->kind == STATEMENT_PARALLEL)
            diagnostic_help(checker->diagnostics, diagnostic,
                            "each statement or block inside is a branch");
        else
            diagnostic_help(checker->diagnostics, diagnostic, "add: when ... { }");
    }
    for (const struct ast_branch *branch = statement->as.branches; branch != NULL;
         branch = branch->next) {
        if (branch->condition != NULL)
            check_condition(checker, branch->condition);
        else if (statement->kind != STATEMENT_PARALLEL && statement->kind != STATEMENT_IF)
            check_default(checker, branch);
        check_block(checker, branch->block);
    }
}

static void check_repeat(struct checker *checker, const struct ast_statement *statement)
{
    struct diagnostics *diagnostics = checker->diagnostics;
    if (statement->as.repeat.count == 0 && !statement->as.repeat.forever) {
        struct diagnostic *diagnostic =
            diagnostics_add(diagnostics, DIAGNOSTIC_UNBOUNDED_LOOP,
                            word_span(statement, sizeof "repeat" - 1), "this loop has no bound");
        diagnostic_help(diagnostics, diagnostic,
                        "write 'repeat up to N times', or 'repeat forever' if that is meant");
    }
    check_block(checker, statement->as.repeat.block);
    if (statement->as.repeat.condition != NULL)
        check_condition(checker, statement->as.repeat.condition);
}

static void check_statement(struct checker *checker, const struct ast_statement *statement)
{
    switch (statement->kind) {
    case STATEMENT_CALL: check_call(checker, statement); break;
    case STATEMENT_ASSIGN:
        learn_type(checker, &statement->name, check_expression(checker, statement->as.value));
        break;
    case STATEMENT_PARALLEL:
    case STATEMENT_INCLUSIVE:
    case STATEMENT_EXCLUSIVE:
    case STATEMENT_IF: check_branches(checker, statement); break;
    case STATEMENT_REPEAT: check_repeat(checker, statement); break;
    case STATEMENT_PAUSE:
    case STATEMENT_FAIL:
    case STATEMENT_REVOKE:
        if (statement->as.value != NULL) (void)check_expression(checker, statement->as.value);
        break;
    case STATEMENT_END: check_end(checker, statement); break;
    case STATEMENT_GATEWAY: check_ways(checker, statement); break;
    case STATEMENT_ERROR:
    case STATEMENT_START:
    case STATEMENT_KIND_COUNT: break;
    }
}

static void check_block(struct checker *checker, const struct ast_block *block)
{
    if (block == NULL) return;
    for (const struct ast_statement *statement = block->statements; statement != NULL;
         statement = statement->next)
        check_statement(checker, statement);
}

static void check_parameter(struct checker *checker, const struct ast_parameter *parameter)
{
    if (parameter->default_value == NULL) return;
    type_set type = check_expression(checker, parameter->default_value);
    type_set wanted = parameter->type.bytes != NULL ? type_parse(parameter->type.bytes) : TYPE_ANY;
    if (wanted == 0 || type_may_be(type, wanted)) return;
    const char *what =
        compilation_format(checker->compilation, "parameter '%s'", parameter->name.bytes);
    if (what != NULL) report_type(checker, parameter->default_value->span, what, wanted, type);
}

void check_statements(struct checker *checker)
{
    const struct ast_pipeline *tree = checker->pipeline->tree;
    for (const struct ast_parameter *parameter = tree->parameters; parameter != NULL;
         parameter = parameter->next)
        check_parameter(checker, parameter);
    if (tree->graph != NULL)
        for (const struct ast_statement *node = tree->graph->nodes; node != NULL; node = node->next)
            check_statement(checker, node);
    check_block(checker, tree->block);
}
