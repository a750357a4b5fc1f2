#include "tests/unit/base/support.h"

#include <float.h>

#include "base/number.h"

struct rendering {
    const char *promise;
    const char *value;
    const char *text;
};

static const struct rendering RENDERINGS[] = {
    {"a string as it is", "\"a 'b'\"", "a 'b'"},
    {"an int", "-5", "-5"},
    {"a whole float keeps its point", "1.0", "1.0"},
    {"true", "true", "true"},
    {"null", "null", "null"},
    {"a duration as in a flow", "@90m", "1h30m"},
    {"a list as JSON", "[1, \"a\", null]", "[1, \"a\", null]"},
    {"a map as JSON", "{\"a\": [true]}", "{\"a\": [true]}"},
    {"missing is visible", "missing", "missing"},
};

static void value_renders_as_promised(void **state)
{
    const struct rendering *row = *state;
    struct text text = {0};
    struct bamboo_value value = value_of(row->value);
    value_append_text(&text, value);
    assert_string_equal(text_string(&text), row->text);
    bamboo_value_release(value);
    text_release(&text);
}

struct quoting {
    const char *promise;
    const char *value;
    const char *words; /* NULL: refused */
    const char *refusal;
};

static const struct quoting QUOTINGS[] = {
    {"a plain word is quoted", "\"web-1.example.org:/srv\"", "'web-1.example.org:/srv'", NULL},
    {"nothing is a word too", "\"\"", "''", NULL},
    {"a space is quoted", "\"a b\"", "'a b'", NULL},
    {"a quote is quoted", "\"it's\"", "'it'\\''s'", NULL},
    {"a command is only text", "\"$(rm -rf /); `x` & | > <\"", "'$(rm -rf /); `x` & | > <'", NULL},
    {"a newline is quoted", "\"a\\nb\"", "'a\nb'", NULL},
    {"a pattern is quoted", "\"*.c\"", "'*.c'", NULL},
    {"a home directory is quoted", "\"~root\"", "'~root'", NULL},
    {"an assignment is quoted", "\"PATH=/tmp\"", "'PATH=/tmp'", NULL},
    {"a keyword is quoted", "\"if\"", "'if'", NULL},
    {"a comment is quoted", "\"#x\"", "'#x'", NULL},
    {"digits cannot number a redirection", "2", "'2'", NULL},
    {"text beyond ASCII is quoted", "\"\xc3\xa4\"", "'\xc3\xa4'", NULL},
    {"a float", "1.5", "'1.5'", NULL},
    {"a duration", "@90s", "'1m30s'", NULL},
    {"null and true", "[null, true]", "'null' 'true'", NULL},
    {"a list is several words", "[\"a\", \"b c\", 1.0]", "'a' 'b c' '1.0'", NULL},
    {"an empty list is no word", "[]", "", NULL},
    {"a NUL is refused", "\"a\\u0000b\"", NULL, "a word of a shell command cannot contain a NUL"},
    {"a map is refused", "{}", NULL,
     "a map cannot become a word of a shell command: use json() or name a part of it"},
    {"a list in a list is refused", "[[1]]", NULL,
     "a list in a list cannot become a word of a shell command: use json() or name a part of it"},
    {"missing is refused", "missing", NULL,
     "a missing value cannot become a word of a shell command: use json() or name a part of it"},
};

static void value_is_quoted_as_promised(void **state)
{
    const struct quoting *row = *state;
    struct text text = {0};
    struct bamboo_error error = {0};
    struct bamboo_value value = value_of(row->value);
    enum bamboo_status status = value_append_shell(&text, value, &error);
    if (row->words) {
        assert_int_equal(status, BAMBOO_OK);
        assert_string_equal(text_string(&text), row->words);
    } else {
        assert_int_equal(status, BAMBOO_E_EVALUATION);
        assert_string_equal(error.message, row->refusal);
    }
    bamboo_value_release(value);
    text_release(&text);
}

struct number_case {
    const char *promise;
    double number;
    const char *text;
};

static const struct number_case NUMBERS[] = {
    {"zero", 0.0, "0.0"},
    {"minus zero", -0.0, "-0.0"},
    {"one", 1.0, "1.0"},
    {"a tenth", 0.1, "0.1"},
    {"a sum that is not exact", 0.1 + 0.2, "0.30000000000000004"},
    {"a third", 1.0 / 3, "0.3333333333333333"},
    {"negative", -2.5, "-2.5"},
    {"large but plain", 1e15, "1000000000000000.0"},
    {"the first with an exponent", 1e16, "1e+16"},
    {"an exponent and digits", 1.25e100, "1.25e+100"},
    {"small but plain", 0.0001, "0.0001"},
    {"the first small one with an exponent", 0.00001, "1e-05"},
    {"the largest", DBL_MAX, "1.7976931348623157e+308"},
    {"the smallest", 4.9406564584124654e-324, "5e-324"},
    {"the smallest normal one", DBL_MIN, "2.2250738585072014e-308"},
    {"2 to the 53", 9007199254740992.0, "9007199254740992.0"},
    {"123456.789", 123456.789, "123456.789"},
    {"a hundred", 100.0, "100.0"},
};

static void number_is_short_and_reads_back(void **state)
{
    const struct number_case *row = *state;
    struct text text = {0};
    number_append(&text, row->number);
    assert_string_equal(text_string(&text), row->text);
    assert_true(strtod(text_string(&text), NULL) == row->number);
    text_release(&text);
}

static void numbers_of_all_sizes_read_back(void **state)
{
    (void)state;
    uint64_t bits = 1;
    struct text text = {0};
    for (int i = 0; i < 5000; i++) {
        double number;
        bits = bits * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        memcpy(&number, &bits, sizeof number);
        if (number - number != 0) continue; /* not finite */
        text_clear(&text);
        number_append(&text, number);
        assert_true(strtod(text_string(&text), NULL) == number);
        assert_non_null(strpbrk(text_string(&text), ".e"));
    }
    text_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_of_all_sizes_read_back)};
    return RUN_ROWS(RENDERINGS, value_renders_as_promised) +
           RUN_ROWS(QUOTINGS, value_is_quoted_as_promised) +
           RUN_ROWS(NUMBERS, number_is_short_and_reads_back) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
