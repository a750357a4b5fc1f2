/* Names and types of expressions: operators, literals and what contains expressions. */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "compiler/checker.h"
#include "compiler/fold.h"

/* Locals that one comprehension takes (compiler/generate_comprehension.c). */
#define LOCALS_A_COMPREHENSION 4

struct diagnostic *report_type(struct checker *checker, struct span span, const char *what,
                               type_set wanted, type_set is)
{
    struct text wanted_text = {0};
    struct text is_text = {0};
    type_describe(wanted, &wanted_text);
    type_describe(is, &is_text);
    if (wanted_text.failed || is_text.failed) checker->compilation->out_of_memory = true;
    struct diagnostic *diagnostic = diagnostics_add(
        checker->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, span, "%s wants %s, this is %s", what,
        text_string(&wanted_text), text_string(&is_text));
    text_release(&wanted_text);
    text_release(&is_text);
    bool is_number = (is & ~(TYPE_OF(INTEGER) | TYPE_OF(FLOAT))) == 0;
    if (is_number && wanted & TYPE_OF(DURATION))
        diagnostic_help(checker->diagnostics, diagnostic,
                        "a duration has a unit: 500ms, 10s, 5m, 1h30m");
    return diagnostic;
}

void check_condition(struct checker *checker, const struct ast_expression *condition)
{
    type_set type = check_expression(checker, condition);
    if (type & TYPE_OF(BOOL)) return;
    struct diagnostic *diagnostic =
        report_type(checker, condition->span, "a condition", TYPE_OF(BOOL), type);
    if (type & (TYPE_OF(LIST) | TYPE_OF(MAP)))
        diagnostic_help(checker->diagnostics, diagnostic, "write len(x) > 0");
    else
        diagnostic_help(checker->diagnostics, diagnostic, "compare it with something");
}

static void report_operation(struct checker *checker, const struct ast_expression *expression,
                             type_set left, type_set right)
{
    static const char *const TEXTS[] = {
#define OPERATOR(name, text, opcode, operands) [OPERATOR_##name] = (text),
#include "grammar/operators.def"
#undef OPERATOR
    };
    const enum ast_operator which = expression->as.operation.operator;
    struct text left_text = {0};
    struct text right_text = {0};
    type_describe(left, &left_text);
    type_describe(right, &right_text);
    if (left_text.failed || right_text.failed) checker->compilation->out_of_memory = true;
    if (expression->kind == EXPRESSION_UNARY) {
        diagnostics_add(checker->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, expression->span,
                        "'%s' does not take %s", TEXTS[which], text_string(&left_text));
    } else {
        struct diagnostic *diagnostic =
            diagnostics_add(checker->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, expression->span,
                            "'%s' does not take %s and %s", TEXTS[which], text_string(&left_text),
                            text_string(&right_text));
        if (which == OPERATOR_ADD && ((left | right) & TYPE_OF(STRING)))
            diagnostic_help(checker->diagnostics, diagnostic,
                            "splice it into the text: \"...${x}\"");
    }
    text_release(&left_text);
    text_release(&right_text);
}

/* Does the right side make a division fail whatever the left side is? */
static bool divides_by_zero(const struct ast_expression *expression)
{
    enum ast_operator which = expression->as.operation.operator;
    if (which != OPERATOR_DIVIDE && which != OPERATOR_FLOOR_DIVIDE) return false;
    struct bamboo_value right = bamboo_missing();
    if (fold_expression(expression->as.operation.right, &right, NULL) != FOLD_VALUE) return false;
    return (right.type == BAMBOO_INTEGER && right.as.integer == 0) ||
           (right.type == BAMBOO_FLOAT && right.as.number == 0.0);
}

/* Arithmetic on what is written out is tried at once. Only the innermost failure is told. */
static void check_constant(struct checker *checker, const struct ast_expression *expression)
{
    const struct ast_expression *left = expression->as.operation.left;
    const struct ast_expression *right = expression->as.operation.right;
    struct bamboo_value value = bamboo_missing();
    struct bamboo_error error = {0};
    if (divides_by_zero(expression)) {
        diagnostics_add(checker->diagnostics, DIAGNOSTIC_CONSTANT_FAILS, expression->span,
                        "this divides by zero");
        return;
    }
    if (fold_expression(left, &value, NULL) != FOLD_VALUE) return;
    if (right != NULL && fold_expression(right, &value, NULL) != FOLD_VALUE) return;
    if (fold_expression(expression, &value, &error) == FOLD_FAILS)
        diagnostics_add(checker->diagnostics, DIAGNOSTIC_CONSTANT_FAILS, expression->span,
                        "this always fails: %s", error.message);
}

static type_set check_operation(struct checker *checker, const struct ast_expression *expression)
{
    type_set left = check_expression(checker, expression->as.operation.left);
    type_set right = TYPE_ANY;
    if (expression->kind == EXPRESSION_BINARY)
        right = check_expression(checker, expression->as.operation.right);
    type_set type = type_of_operation(expression->as.operation.operator, left, right);
    if (type == 0) {
        report_operation(checker, expression, left, right);
        return TYPE_ANY;
    }
    check_constant(checker, expression);
    return type;
}

static void check_all(struct checker *checker, const struct ast_expression *expressions)
{
    for (const struct ast_expression *each = expressions; each != NULL; each = each->next)
        (void)check_expression(checker, each);
}

static void report_duplicate_key(struct checker *checker, const struct ast_expression *map,
                                 uint32_t first, const struct ast_expression *key)
{
    const struct ast_expression *other = map->as.map.entries;
    while (first-- > 0)
        other = other->next->next;
    struct diagnostic *diagnostic = diagnostics_add(checker->diagnostics, DIAGNOSTIC_DUPLICATE_KEY,
                                                    key->span, "the key \"%.80s\" is given twice",
                                                    bamboo_string_bytes(key->as.literal, NULL));
    diagnostic_relate(checker->diagnostics, diagnostic, other->span, "the first one is here");
    diagnostic_help(checker->diagnostics, diagnostic, "take one of them out");
}

static void check_map(struct checker *checker, const struct ast_expression *expression)
{
    struct name_table seen = {0};
    uint32_t index = 0;
    const struct ast_expression *key = expression->as.map.entries;
    for (; key != NULL && key->next != NULL; key = key->next->next, index++) {
        type_set type = check_expression(checker, key);
        if (!(type & TYPE_OF(STRING)))
            report_type(checker, key->span, "a key of a map", TYPE_OF(STRING), type);
        (void)check_expression(checker, key->next);
        if (key->kind != EXPRESSION_LITERAL || key->as.literal.type != BAMBOO_STRING) continue;
        size_t size = 0;
        const char *name = bamboo_string_bytes(key->as.literal, &size);
        if (strlen(name) < size) continue; /* a NUL in it */
        uint32_t first = name_table_find(&seen, name);
        if (first != NAME_TABLE_NONE)
            report_duplicate_key(checker, expression, first, key);
        else
            compilation_name(checker->compilation, &seen, name, index);
    }
}

static void check_local_name(struct checker *checker, const struct ast_name *name)
{
    const struct symbol *symbol = graph_symbol(checker->pipeline, name->bytes);
    const struct checker_local *local = checker->locals;
    while (local != NULL && strcmp(local->name, name->bytes) != 0)
        local = local->outer;
    if (symbol == NULL && local == NULL) return;
    struct diagnostic *diagnostic =
        diagnostics_add(checker->diagnostics, DIAGNOSTIC_NAME_CLASH, name->span,
                        "'%s' means something else here already", name->bytes);
    if (symbol != NULL)
        diagnostic_relate(checker->diagnostics, diagnostic, symbol->span, "'%s' is defined here",
                          name->bytes);
    diagnostic_help(checker->diagnostics, diagnostic, "choose another name for the element");
}

static type_set element_type(type_set iterable)
{
    return (iterable & TYPE_OF(LIST)) ? TYPE_ANY : TYPE_OF(STRING);
}

static type_set check_comprehension(struct checker *checker,
                                    const struct ast_expression *expression)
{
    const type_set wanted = TYPE_OF(LIST) | TYPE_OF(MAP) | TYPE_OF(STRING);
    const struct ast_expression *iterable = expression->as.comprehension.iterable;
    const struct ast_name *variable = &expression->as.comprehension.variable;
    type_set type = check_expression(checker, iterable);
    if (!type_may_be(type, wanted)) report_type(checker, iterable->span, "'for'", wanted, type);
    if ((checker->local_depth + 1) * LOCALS_A_COMPREHENSION > LOCAL_COUNT_MAX) {
        diagnostics_add(checker->diagnostics, DIAGNOSTIC_TOO_DEEP, expression->span,
                        "comprehensions are nested too deeply; at most %d are allowed",
                        LOCAL_COUNT_MAX / LOCALS_A_COMPREHENSION);
        return TYPE_OF(LIST);
    }
    check_local_name(checker, variable);
    const struct checker_local local = {variable->bytes, element_type(type), checker->locals};
    checker->locals = &local;
    checker->local_depth++;
    if (expression->as.comprehension.condition != NULL)
        check_condition(checker, expression->as.comprehension.condition);
    (void)check_expression(checker, expression->as.comprehension.element);
    checker->locals = local.outer;
    checker->local_depth--;
    return TYPE_OF(LIST);
}

static type_set check_conditional(struct checker *checker, const struct ast_expression *expression)
{
    check_condition(checker, expression->as.conditional.condition);
    type_set type = check_expression(checker, expression->as.conditional.then);
    return type | check_expression(checker, expression->as.conditional.otherwise);
}

/* t"..." and b"..." are rendered with the variables of a context. */
static void check_has_context(struct checker *checker, const struct ast_expression *expression)
{
    const struct ast_pipeline *tree = checker->pipeline->tree;
    if (tree != NULL && tree->context != NULL) return;
    struct diagnostic *diagnostic =
        diagnostics_add(checker->diagnostics, DIAGNOSTIC_MISPLACED, expression->span,
                        "a template stands in a pipeline with a context only");
    diagnostic_help(checker->diagnostics, diagnostic,
                    tree != NULL
                        ? "write \"...\" or an expression, or begin the body with context { }"
                        : "write the text alone, with option -t or -b");
}

/* Integers beyond 64 bits are data of trees; whoever computes has mistyped. */
static type_set check_literal(struct checker *checker, const struct ast_expression *expression)
{
    const struct ast_pipeline *tree = checker->pipeline->tree;
    bool has_context = tree != NULL && tree->context != NULL;
    if (expression->as.literal.type != BAMBOO_BIG_INTEGER || has_context)
        return type_of_value(expression->as.literal);
    diagnostics_add(checker->diagnostics, DIAGNOSTIC_INVALID_NUMBER, expression->span,
                    "an integer lies between -9223372036854775808 and 9223372036854775807");
    return TYPE_ANY;
}

type_set check_expression(struct checker *checker, const struct ast_expression *expression)
{
    switch (expression->kind) {
    case EXPRESSION_LITERAL: return check_literal(checker, expression);
    case EXPRESSION_TEXT: check_all(checker, expression->as.text.parts); return TYPE_OF(STRING);
    case EXPRESSION_NAME:
    case EXPRESSION_FIELD:
    case EXPRESSION_INDEX:
    case EXPRESSION_SLICE: return check_access(checker, expression);
    case EXPRESSION_CALL:
    case EXPRESSION_METHOD: return check_function(checker, expression);
    case EXPRESSION_UNARY:
    case EXPRESSION_BINARY: return check_operation(checker, expression);
    case EXPRESSION_CONDITIONAL: return check_conditional(checker, expression);
    case EXPRESSION_LIST: check_all(checker, expression->as.list.elements); return TYPE_OF(LIST);
    case EXPRESSION_MAP: check_map(checker, expression); return TYPE_OF(MAP);
    case EXPRESSION_COMPREHENSION: return check_comprehension(checker, expression);
    case EXPRESSION_RULE: check_has_context(checker, expression); return TYPE_OF(BOOL);
    case EXPRESSION_TEMPLATE: check_has_context(checker, expression); break;
    case EXPRESSION_ERROR:
    case EXPRESSION_KIND_COUNT: break;
    }
    return TYPE_ANY;
}
