/* A source that wants to exhaust the parser gets one clear diagnostic, quickly. */
#include "tests/unit/grammar/support.h"

#include <time.h>

#include "base/limits.h"

struct repetition {
    const char *promise;
    const char *before;
    const char *unit; /* again and again, for SIZE bytes */
    const char *after;
    const char *code; /* of the only diagnostic, or NULL: the source is right */
};

#define SIZE (4u << 20)

static const struct repetition REPETITIONS[] = {
    {"parentheses", "pipeline p { x = ", "(", "", "E0108"},
    {"brackets", "pipeline p { x = ", "[", "", "E0108"},
    {"maps", "pipeline p { x = ", "{a:", "", "E0108"},
    {"blocks", "pipeline p { ", "parallel { { ", "", "E0108"},
    {"splices", "pipeline p { x = ", "\"${", "", "E0108"},
    {"minus", "pipeline p { x = ", "-", "", "E0108"},
    {"not", "pipeline p { x = ", "not ", "", "E0108"},
    {"sums", "pipeline p { x = 1", " + 1", "", "E0108"},
    {"fields", "pipeline p { x = a", ".b", "", "E0108"},
    {"indexes", "pipeline p { x = a", "[0]", "", "E0108"},
    {"conditionals", "pipeline p { x = ", "1 if 2 else ", "", "E0108"},
    {"conditionals of maps", "pipeline p { x = ", "{} if {} else ", "", "E0108"},
    {"if in if", "pipeline p { ", "if a {\n", "", "E0108"},
    {"braces of nothing", "", "{", "", NULL},
    {"an if with many arms", "pipeline p { if a { }", " else if a { }", "\n}", NULL},
    {"many statements", "pipeline p {\n", "x = f(a: 1)\n", "}", NULL},
    {"a long list", "pipeline p { x = [", "1, ", "] }", NULL},
    {"many arguments", "pipeline p { f(", "1, ", ") }", NULL},
    {"a long text", "pipeline p { x = \"", "text \\n ${1} ", "\" }", NULL},
    {"a text of many lines", "pipeline p { x = \"\"\"\n", "   line\n", "\"\"\" }", NULL},
    {"a long comment", "#", "comment ", "\npipeline p { }", NULL},
};

/* `unit` as often as it fits; the caller releases it. */
static struct text repeated(const struct repetition *row)
{
    struct text source = {0};
    text_append_string(&source, row->before);
    while (source.size < SIZE)
        text_append_string(&source, row->unit);
    text_append_string(&source, row->after);
    assert_false(source.failed);
    return source;
}

static struct bamboo_value diagnostics_of(enum source_kind kind, const struct text *source)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct arena *arena = arena_create();
    struct ast_file *file;
    struct ast_expression *expression;
    struct bamboo_value list;
    assert_true(diagnostics && arena);
    uint32_t index = diagnostics_add_source(diagnostics, "test", source->bytes, source->size);
    enum bamboo_status status =
        kind == SOURCE_FILE ? parse_file(diagnostics, index, arena, &file, NULL)
                            : parse_expression(diagnostics, index, arena, &expression, NULL);
    assert_int_equal(status, BAMBOO_OK);
    assert_int_equal(diagnostics_to_value(diagnostics, &list, NULL), BAMBOO_OK);
    arena_destroy(arena);
    diagnostics_destroy(diagnostics);
    return list;
}

static void depth_is_bounded(void **state)
{
    const struct repetition *row = *state;
    struct text source = repeated(row);
    clock_t begin = clock();
    struct bamboo_value list = diagnostics_of(SOURCE_FILE, &source);
    assert_true((clock() - begin) / CLOCKS_PER_SEC < 60);
    if (row->code) {
        assert_int_equal(bamboo_list_count(list), 1);
        assert_string_equal(text_of(bamboo_list_at(list, 0), "code"), row->code);
    }
    bamboo_value_release(list);
    text_release(&source);
}

/* `count` times `open`, then `middle`, then `count` times `close`. */
static struct text nested(unsigned count, const char *open, const char *middle, const char *close)
{
    struct text source = {0};
    for (unsigned i = 0; i < count; i++)
        text_append_string(&source, open);
    text_append_string(&source, middle);
    for (unsigned i = 0; i < count; i++)
        text_append_string(&source, close);
    assert_false(source.failed);
    return source;
}

static size_t mistakes_of(enum source_kind kind, struct text source)
{
    struct bamboo_value list = diagnostics_of(kind, &source);
    size_t count = bamboo_list_count(list);
    bamboo_value_release(list);
    text_release(&source);
    return count;
}

static void the_deepest_source_is_right_and_one_level_more_is_not(void **state)
{
    (void)state;
    unsigned most = SOURCE_DEPTH_MAX;
    assert_int_equal(mistakes_of(SOURCE_EXPRESSION, nested(most, "(", "1", ")")), 0);
    assert_int_equal(mistakes_of(SOURCE_EXPRESSION, nested(most + 1, "(", "1", ")")), 1);
    assert_int_equal(mistakes_of(SOURCE_EXPRESSION, nested(most - 1, "-", "1", "")), 0);
    assert_int_equal(mistakes_of(SOURCE_EXPRESSION, nested(most, "-", "1", "")), 1);
    assert_int_equal(mistakes_of(SOURCE_EXPRESSION, nested(most - 1, "[", "1", "]")), 0);
    assert_int_equal(mistakes_of(SOURCE_EXPRESSION, nested(most, "[", "1", "]")), 1);
    assert_int_equal(mistakes_of(SOURCE_EXPRESSION, nested(most - 1, "1+", "1", "")), 0);
    assert_int_equal(mistakes_of(SOURCE_EXPRESSION, nested(most, "1+", "1", "")), 1);
    assert_int_equal(
        mistakes_of(SOURCE_EXPRESSION, nested(30, "1 or 1 and (1 < 1 + 1 * -(", "1", "))")), 0);
}

static void a_name_has_a_largest_size(void **state)
{
    (void)state;
    assert_int_equal(mistakes_of(SOURCE_EXPRESSION, nested(NAME_SIZE_MAX, "a", "", "")), 0);
    assert_int_equal(mistakes_of(SOURCE_EXPRESSION, nested(NAME_SIZE_MAX + 1, "a", "", "")), 1);
}

static void a_text_has_a_largest_size(void **state)
{
    (void)state;
    struct text source = nested(VALUE_SIZE_MAX / 16 + 1, "0123456789abcdef", "", "");
    struct text quoted = {0};
    text_append_string(&quoted, "\"");
    text_append(&quoted, source.bytes, source.size);
    text_append_string(&quoted, "\"");
    text_release(&source);
    assert_int_equal(mistakes_of(SOURCE_EXPRESSION, quoted), 1);
}

static void bytes_that_are_no_text_are_reported(void **state)
{
    (void)state;
    struct text out = {0};
    static const char NUL[] = "1 +\n \0 2";
    assert_int_equal(append_parsed(SOURCE_EXPRESSION, "a\n  \xff", 5, &out), BAMBOO_OK);
    assert_int_equal(append_parsed(SOURCE_EXPRESSION, NUL, sizeof NUL - 1, &out), BAMBOO_OK);
    assert_string_equal(text_string(&out), "<error>\n"
                                           "2:3-4 E0101 byte 0xff is not UTF-8 here\n"
                                           "<error>\n"
                                           "2:2-3 E0102 a NUL byte has no place in a source\n");
    text_release(&out);
}

static void a_source_full_of_mistakes_ends_early(void **state)
{
    (void)state;
    static const struct repetition ROW = {"", "pipeline p {\n", "x = = 1\n", "}", NULL};
    struct text source = repeated(&ROW);
    assert_int_equal(mistakes_of(SOURCE_FILE, source), DIAGNOSTIC_COUNT_MAX);
}

static int run_repetitions(void)
{
    size_t count = sizeof REPETITIONS / sizeof REPETITIONS[0];
    struct CMUnitTest tests[sizeof REPETITIONS / sizeof REPETITIONS[0]];
    for (size_t i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){.name = REPETITIONS[i].promise,
                                       .test_func = depth_is_bounded,
                                       .initial_state = (void *)(uintptr_t)&REPETITIONS[i]};
    return _cmocka_run_group_tests("repetitions", tests, count, NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_deepest_source_is_right_and_one_level_more_is_not),
        cmocka_unit_test(a_name_has_a_largest_size),
        cmocka_unit_test(a_text_has_a_largest_size),
        cmocka_unit_test(bytes_that_are_no_text_are_reported),
        cmocka_unit_test(a_source_full_of_mistakes_ends_early),
    };
    int failed = run_repetitions();
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
