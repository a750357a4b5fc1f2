/* Warnings about the small languages of trees, which fail quietly: a piece of a template that
 * cannot be evaluated stays as it is written, and a rule that cannot be read fails its gateway when
 * the run gets there. */
#include <string.h>

#include "base/limits.h"
#include "compiler/checker.h"
#include "template/rule.h"

struct looking {
    struct checker *checker;
    struct template_cache *cache;
    uint64_t steps; /* that trying out pieces without names may still cost */
    const struct ast_expression *expression; /* a TEMPLATE or RULE */
};

/* Where a piece stands, if its text is written without escapes; else all of the text. */
static struct span span_of_piece(const struct looking *looking, const char *piece, size_t size)
{
    struct span span = looking->expression->span;
    const struct source *source = diagnostics_source(looking->checker->diagnostics, span.source);
    if ((size_t)span.offset + span.size > source->size) return span;
    const char *start = source->bytes + span.offset;
    const char *found = memmem(start, span.size, piece, size);
    if (found == NULL) return span;
    return (struct span){span.source, span.offset + (uint32_t)(found - start), (uint32_t)size};
}

static enum bamboo_status report_kept(void *context, const char *piece, size_t size,
                                      struct bamboo_error *error)
{
    const struct looking *looking = context;
    (void)error;
    struct diagnostics *diagnostics = looking->checker->diagnostics;
    struct diagnostic *diagnostic = diagnostics_add(
        diagnostics, DIAGNOSTIC_TEMPLATE_KEPT, span_of_piece(looking, piece, size),
        "%.*s cannot be evaluated, so it stays as text", (int)(size < 80 ? size : 80), piece);
    diagnostic_help(diagnostics, diagnostic,
                    size == 2 ? "a } is missing"
                              : "see docs/templates.md for what may stand there");
    return BAMBOO_OK;
}

/* A rule without a template in it is the same at each run. */
static enum bamboo_status check_rule(struct looking *looking)
{
    struct bamboo_error why = {0};
    size_t size;
    bool holds = false;
    const char *text = bamboo_string_bytes(looking->expression->as.literal, &size);
    if (memmem(text, size, "${", 2) != NULL) return BAMBOO_OK;
    enum bamboo_status status =
        rule_test(looking->cache, text, size, bamboo_missing(), &holds, &why);
    if (status == BAMBOO_OK || status == BAMBOO_E_MEMORY) return status;
    diagnostics_add(looking->checker->diagnostics, DIAGNOSTIC_RULE_FAILS, looking->expression->span,
                    "this condition always fails: %s", why.message);
    return BAMBOO_OK;
}

/* Recursion is bounded by the depth of expressions. */
static void look_at(struct looking *looking, const struct ast_expression *expression)
{
    if (expression == NULL) return;
    enum bamboo_status status = BAMBOO_OK;
    looking->expression = expression;
    if (expression->kind == EXPRESSION_TEMPLATE || expression->kind == EXPRESSION_RULE) {
        struct bamboo_error error;
        status = template_unreadable(looking->cache, expression->as.literal, &looking->steps,
                                     report_kept, looking, &error);
        if (status == BAMBOO_OK && expression->kind == EXPRESSION_RULE)
            status = check_rule(looking);
    }
    if (status == BAMBOO_E_MEMORY) looking->checker->compilation->out_of_memory = true;
    const struct ast_expression *part = NULL;
    if (expression->kind == EXPRESSION_LIST) part = expression->as.list.elements;
    if (expression->kind == EXPRESSION_MAP) part = expression->as.map.entries;
    for (; part != NULL; part = part->next)
        look_at(looking, part);
}

static void look_at_block(struct looking *looking, const struct ast_block *block);

static void look_at_statement(struct looking *looking, const struct ast_statement *statement);

static void look_at_policies(struct looking *looking, const struct ast_policies *policies)
{
    look_at_block(looking, policies->on_fail);
    if (policies->undo != NULL) look_at_statement(looking, policies->undo);
    for (const struct ast_timer *timer = policies->timers; timer != NULL; timer = timer->next)
        look_at_block(looking, timer->block);
}

static void look_at_statement(struct looking *looking, const struct ast_statement *statement)
{
    switch (statement->kind) {
    case STATEMENT_CALL:
    case STATEMENT_END:
        for (const struct ast_argument *argument = statement->as.call.arguments; argument != NULL;
             argument = argument->next)
            look_at(looking, argument->value);
        look_at_policies(looking, &statement->as.call.policies);
        break;
    case STATEMENT_GATEWAY:
        for (const struct ast_way *way = statement->as.gateway.ways; way != NULL; way = way->next)
            look_at(looking, way->condition);
        break;
    case STATEMENT_PARALLEL:
    case STATEMENT_INCLUSIVE:
    case STATEMENT_EXCLUSIVE:
    case STATEMENT_IF:
        for (const struct ast_branch *branch = statement->as.branches; branch != NULL;
             branch = branch->next) {
            look_at(looking, branch->condition);
            look_at_block(looking, branch->block);
        }
        break;
    case STATEMENT_REPEAT:
        look_at(looking, statement->as.repeat.condition);
        look_at_block(looking, statement->as.repeat.block);
        break;
    case STATEMENT_ASSIGN: look_at(looking, statement->as.value); break;
    case STATEMENT_PAUSE:
    case STATEMENT_FAIL:
    case STATEMENT_REVOKE:
    case STATEMENT_START:
    case STATEMENT_ERROR:
    case STATEMENT_KIND_COUNT: break;
    }
}

static void look_at_statements(struct looking *looking, const struct ast_statement *statement)
{
    for (; statement != NULL; statement = statement->next)
        look_at_statement(looking, statement);
}

static void look_at_block(struct looking *looking, const struct ast_block *block)
{
    if (block != NULL) look_at_statements(looking, block->statements);
}

static void look_at_pipeline(struct looking *looking, const struct ast_pipeline *tree)
{
    for (const struct ast_variable *variable = tree->context->variables; variable != NULL;
         variable = variable->next)
        look_at(looking, variable->value);
    if (tree->graph != NULL) look_at_statements(looking, tree->graph->nodes);
    look_at_block(looking, tree->block);
}

void check_templates(struct checker *checker)
{
    const struct graph *graph = checker->graph;
    struct looking looking = {.checker = checker, .steps = EVALUATION_STEPS_MAX};
    struct bamboo_error error;
    if (checker->compilation->options->functions == NULL) return;
    for (size_t i = 0; i < graph->pipeline_count; i++) {
        const struct ast_pipeline *tree = graph->pipelines[i]->tree;
        if (tree->context == NULL) continue;
        if (looking.cache == NULL && template_cache_create(checker->compilation->options->functions,
                                                           &looking.cache, &error) != BAMBOO_OK) {
            checker->compilation->out_of_memory = true;
            return;
        }
        look_at_pipeline(&looking, tree);
    }
    template_cache_destroy(looking.cache);
}
