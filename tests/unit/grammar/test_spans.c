/* The place of every part of the tree is exactly what was written. */
#include "tests/unit/grammar/support.h"

/* A source with its tree; ends with forget(). */
struct parsed {
    struct diagnostics *diagnostics;
    struct arena *arena;
    struct ast_file *file;
    struct ast_expression *expression;
    const char *source;
};

static struct parsed parse(enum source_kind kind, const char *source)
{
    struct parsed parsed = {diagnostics_create(), arena_create(), NULL, NULL, source};
    struct bamboo_error error = {0};
    enum bamboo_status status;
    assert_non_null(parsed.diagnostics);
    assert_non_null(parsed.arena);
    uint32_t index =
        diagnostics_add_source(parsed.diagnostics, "test.bamboo", source, strlen(source));
    if (kind == SOURCE_FILE)
        status = parse_file(parsed.diagnostics, index, parsed.arena, &parsed.file, &error);
    else
        status =
            parse_expression(parsed.diagnostics, index, parsed.arena, &parsed.expression, &error);
    assert_int_equal(status, BAMBOO_OK);
    assert_int_equal(diagnostics_error_count(parsed.diagnostics), 0);
    return parsed;
}

static void forget(struct parsed *parsed)
{
    arena_destroy(parsed->arena);
    diagnostics_destroy(parsed->diagnostics);
}

static void assert_span(const struct parsed *parsed, struct span span, const char *expected)
{
    char text[200] = "";
    assert_true(span.size < sizeof text);
    memcpy(text, parsed->source + span.offset, span.size);
    assert_string_equal(text, expected);
}

static void an_operation_spans_its_operands(void **state)
{
    (void)state;
    struct parsed parsed = parse(SOURCE_EXPRESSION, "  (a + b) * -c.d[1:2]  ");
    const struct ast_expression *product = parsed.expression;
    const struct ast_expression *sum = product->as.operation.left;
    const struct ast_expression *minus = product->as.operation.right;
    const struct ast_expression *slice = minus->as.operation.left;
    assert_span(&parsed, product->span, "(a + b) * -c.d[1:2]");
    assert_span(&parsed, product->as.operation.operator_span, "*");
    assert_span(&parsed, sum->span, "(a + b)");
    assert_span(&parsed, sum->as.operation.operator_span, "+");
    assert_span(&parsed, sum->as.operation.right->span, "b");
    assert_span(&parsed, minus->span, "-c.d[1:2]");
    assert_span(&parsed, slice->span, "c.d[1:2]");
    assert_span(&parsed, slice->as.slice.object->span, "c.d");
    assert_span(&parsed, slice->as.slice.object->as.field.name.span, "d");
    assert_span(&parsed, slice->as.slice.to->span, "2");
    forget(&parsed);
}

static void two_words_are_one_operator(void **state)
{
    (void)state;
    struct parsed parsed = parse(SOURCE_EXPRESSION, "a not  in b");
    assert_span(&parsed, parsed.expression->as.operation.operator_span, "not  in");
    forget(&parsed);
}

static void calls_span_their_parentheses(void **state)
{
    (void)state;
    struct parsed parsed = parse(SOURCE_EXPRESSION, "a.b( c, d ) ");
    const struct ast_expression *call = parsed.expression;
    assert_int_equal(call->kind, EXPRESSION_METHOD);
    assert_span(&parsed, call->span, "a.b( c, d )");
    assert_span(&parsed, call->as.call.object->span, "a");
    assert_span(&parsed, call->as.call.name.span, "b");
    assert_span(&parsed, call->as.call.arguments->next->span, "d");
    forget(&parsed);
}

static void splices_have_places_in_the_source(void **state)
{
    (void)state;
    struct parsed parsed = parse(SOURCE_EXPRESSION, "\"ä${x}b${f(\"y${z}\")}\"");
    const struct ast_expression *part = parsed.expression->as.text.parts;
    assert_span(&parsed, parsed.expression->span, "\"ä${x}b${f(\"y${z}\")}\"");
    assert_span(&parsed, part->span, "ä");
    part = part->next;
    assert_span(&parsed, part->span, "x");
    part = part->next->next;
    assert_span(&parsed, part->span, "f(\"y${z}\")");
    assert_span(&parsed, part->as.call.arguments->span, "\"y${z}\"");
    assert_span(&parsed, part->as.call.arguments->as.text.parts->next->span, "z");
    forget(&parsed);
}

#define FLOW \
    "bamboo 1\n" \
    "import \"a\"\n" \
    "pipeline p(a: int = 1) -> b\n" \
    "{\n" \
    "    c = d(e: f) { timeout 1m then skip\n" \
    "        once }\n" \
    "    if g { h = 1 } else { }\n" \
    "    repeat i up to 3 times { } until j # k\n" \
    "    parallel { l() }\n" \
    "}\n"

static void statements_have_no_newline_in_them(void **state)
{
    (void)state;
    struct parsed parsed = parse(SOURCE_FILE, FLOW);
    const struct ast_statement *statement = parsed.file->pipelines->block->statements;
    const struct ast_policies *policies = &statement->as.call.policies;
    assert_span(&parsed, statement->span, "c = d(e: f) { timeout 1m then skip\n        once }");
    assert_span(&parsed, statement->name.span, "c");
    assert_span(&parsed, statement->as.call.callee.span, "d");
    assert_span(&parsed, statement->as.call.arguments->span, "e: f");
    assert_span(&parsed, statement->as.call.arguments->name.span, "e");
    assert_span(&parsed, policies->span, "{ timeout 1m then skip\n        once }");
    assert_span(&parsed, policies->timeout_span, "timeout 1m then skip");
    assert_span(&parsed, policies->once_span, "once");
    assert_int_equal(policies->retry_span.size, 0);
    statement = statement->next;
    assert_span(&parsed, statement->span, "if g { h = 1 } else { }");
    assert_span(&parsed, statement->as.branches->span, "if g { h = 1 }");
    assert_span(&parsed, statement->as.branches->block->span, "{ h = 1 }");
    assert_span(&parsed, statement->as.branches->next->span, "else { }");
    statement = statement->next;
    assert_span(&parsed, statement->span, "repeat i up to 3 times { } until j");
    assert_span(&parsed, statement->as.repeat.count_span, "3");
    statement = statement->next;
    assert_span(&parsed, statement->as.branches->block->span, "l()");
    forget(&parsed);
}

static void heads_have_places(void **state)
{
    (void)state;
    struct parsed parsed = parse(SOURCE_FILE, FLOW);
    const struct ast_pipeline *pipeline = parsed.file->pipelines;
    assert_span(&parsed, parsed.file->edition_span, "bamboo 1");
    assert_span(&parsed, parsed.file->imports->span, "import \"a\"");
    assert_span(&parsed, parsed.file->imports->path.span, "\"a\"");
    assert_span(&parsed, pipeline->name.span, "p");
    assert_span(&parsed, pipeline->parameters->span, "a: int = 1");
    assert_span(&parsed, pipeline->parameters->type.span, "int");
    assert_span(&parsed, pipeline->parameters->default_value->span, "1");
    assert_span(&parsed, pipeline->outputs->name.span, "b");
    forget(&parsed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_operation_spans_its_operands),
        cmocka_unit_test(two_words_are_one_operator),
        cmocka_unit_test(calls_span_their_parentheses),
        cmocka_unit_test(splices_have_places_in_the_source),
        cmocka_unit_test(statements_have_no_newline_in_them),
        cmocka_unit_test(heads_have_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
