#include "tests/unit/base/support.h"

#include <errno.h>
#include <stdio.h>

#include "base/limits.h"

struct reading {
    const char *promise;
    const char *text;
    const char *printed; /* on one line; NULL: refused */
    const char *refusal; /* after "this is not JSON, at " */
};

static const struct reading READINGS[] = {
    {"null", "null", "null", NULL},
    {"space around", " \t\r\n true \n", "true", NULL},
    {"ints keep 64 bits", "[9223372036854775807, -9223372036854775808]",
     "[9223372036854775807, -9223372036854775808]", NULL},
    {"larger ints keep their digits", "[9223372036854775808, -9223372036854775809, 1]",
     "[9223372036854775808, -9223372036854775809, 1]", NULL},
    {"a larger int alone", "99999999999999999999999", "99999999999999999999999", NULL},
    {"a larger int with a fraction is a float", "[99999999999999999999999.0]", "[1e+23]", NULL},
    {"floats stay floats", "[1.0, 1e2, -0.0, 2.5E-3]", "[1.0, 100.0, -0.0, 0.0025]", NULL},
    {"minus zero is an int", "-0", "0", NULL},
    {"escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\ud83d\\ude00\"",
     "\"\\\"\\\\/\\b\\f\\n\\r\\t\xc3\xa4\xf0\x9f\x98\x80\"", NULL},
    {"escaped pairs of all planes", "[\"\\ud836\\ude00\", \"\\ud876\\udc00\", \"\\udbff\\udfff\"]",
     "[\"\xf0\x9d\xa8\x80\", \"\xf0\xad\xa0\x80\", \"\xf4\x8f\xbf\xbf\"]", NULL},
    {"a pair in a key", "{\"a\\ud836\\ude00b\": 1}",
     "{\"a\xf0\x9d\xa8\x80"
     "b\": 1}",
     NULL},
    {"a backslash before what looks like a pair", "\"\\\\ud836\\\\ude00\"",
     "\"\\\\ud836\\\\ude00\"", NULL},
    {"a NUL in a text", "\"a\\u0000b\"", "\"a\\u0000b\"", NULL},
    {"half a surrogate becomes a replacement", "\"\\ud800\"", "\"\xef\xbf\xbd\"", NULL},
    {"the last of equal keys wins, at the first's place", "{\"a\": 1, \"b\": 2, \"a\": 3}",
     "{\"a\": 3, \"b\": 2}", NULL},
    {"equal keys beside other characters and large numbers",
     "{\"\xc3\xa4\": \"\xe2\x82\xac\\ud836\\ude00\", \"b\": [1], \"b\": [99999999999999999999, "
     "1.5]}",
     "{\"\xc3\xa4\": \"\xe2\x82\xac\xf0\x9d\xa8\x80\", \"b\": [99999999999999999999, 1.5]}", NULL},
    {"nested", "{\"a\":[{\"b\":[]},{}]}", "{\"a\": [{\"b\": []}, {}]}", NULL},
    {"the empty key", "{\"\":1}", "{\"\": 1}", NULL},

    {"nothing", "", NULL, "line 1, column 1: unexpected end of data"},
    {"only space", " \n ", NULL, "line 2, column 2: unexpected end of data"},
    {"an open list", "[1", NULL, "line 1, column 3: unexpected end of data"},
    {"an open text", "\"abc", NULL, "line 1, column 5: unexpected end of data"},
    {"a comma too many", "[1,\n 2,]", NULL, "line 2, column 4: unexpected character"},
    {"columns are characters", "[\"\xc3\xa4\xc3\xa4\" 1]", NULL,
     "line 1, column 7: array value separator ',' expected"},
    {"something after the value", "{} x", NULL, "line 1, column 4: unexpected character"},
    {"two values", "1 2", NULL, "line 1, column 3: unexpected character"},
    {"a large int after the value", "1 99999999999999999999", NULL,
     "line 1, column 3: unexpected character"},
    {"capitals", "TRUE", NULL, "line 1, column 1: boolean expected"},
    {"a word cut short", "tru", NULL, "line 1, column 4: unexpected end of data"},
    {"single quotes", "'a'", NULL, "line 1, column 1: unexpected character"},
    {"a comment", "/* x */ 1", NULL, "line 1, column 1: unexpected character"},
    {"a key without quotes", "{a: 1}", NULL,
     "line 1, column 2: quoted object property name expected"},
    {"NaN", "[NaN]", NULL, "line 1, column 2: there is no NaN and no Infinity in JSON"},
    {"Infinity", "Infinity", NULL, "line 1, column 1: there is no NaN and no Infinity in JSON"},
    {"minus Infinity", "-Infinity", NULL, "line 1, column 1: a number needs digits after its '-'"},
    {"a number too large", "[1, 1e999]", NULL, "line 1, column 5: a number is too large"},
    {"a zero first", "007", NULL, "line 1, column 1: a number begins with a zero"},
    {"a point last", "[1.]", NULL, "line 1, column 2: a number needs digits after its '.'"},
    {"a point first", ".5", NULL, "line 1, column 1: unexpected character"},
    {"an exponent without digits", "1e+", NULL,
     "line 1, column 1: a number needs digits after its 'e'"},
    {"a newline in a text", "\"a\nb\"", NULL,
     "line 1, column 3: a control character in a text must be escaped"},
    {"a control character outside", "[1,\x01]", NULL,
     "line 1, column 4: an unexpected control character"},
    {"an unknown escape", "\"\\x41\"", NULL, "line 1, column 3: invalid string sequence"},
    {"a pair and a NUL in a key", "{\"\\ud836\\ude00\\u0000\":1}", NULL,
     "line 1, column 2: a key must not contain a NUL"},
    {"a NUL in a key", "{\"a\\u0000b\" : 1}", NULL,
     "line 1, column 2: a key must not contain a NUL"},
    {"not UTF-8", "\"\xff\"", NULL, "line 1, column 2: invalid utf-8 string"},
};

static void json_is_read_as_promised(void **state)
{
    const struct reading *row = *state;
    struct bamboo_error error = {0};
    struct bamboo_value value;
    struct bamboo_value printed;
    /* From memory of exactly its size: nothing relies on a NUL after the text. */
    size_t size = strlen(row->text);
    char *copy = malloc(size ? size : 1);
    assert_non_null(copy);
    memcpy(copy, row->text, size);
    enum bamboo_status status = bamboo_json_parse(copy, size, &value, &error);
    free(copy);
    if (!row->printed) {
        char place[64];
        assert_int_equal(status, BAMBOO_E_PARAMETER);
        assert_memory_equal(error.message, "this is not JSON, at ", 21);
        assert_string_equal(error.message + 21, row->refusal);
        snprintf(place, sizeof place, "line %u, column %u:", error.line, error.column);
        assert_memory_equal(row->refusal, place, strlen(place));
        return;
    }
    if (status) fail_msg("refused: %s", error.message);
    assert_int_equal(bamboo_json_print(value, 0, &printed, &error), BAMBOO_OK);
    assert_string_equal(bamboo_string_bytes(printed, NULL), row->printed);
    bamboo_value_release(printed);
    bamboo_value_release(value);
}

static void a_nul_byte_does_not_end_the_text(void **state)
{
    (void)state;
    struct bamboo_value value;
    struct bamboo_error error;
    assert_int_equal(bamboo_json_parse("1\0garbage", 9, &value, &error), BAMBOO_E_PARAMETER);
    assert_int_equal(error.column, 2);
}

static void json_is_printed_with_an_indent(void **state)
{
    (void)state;
    struct bamboo_value value = value_of("{\"a\": [1, {\"b\": null}], \"c\": [], \"d\": {}}");
    struct bamboo_value printed;
    assert_int_equal(bamboo_json_print(value, 2, &printed, NULL), BAMBOO_OK);
    assert_string_equal(bamboo_string_bytes(printed, NULL), "{\n"
                                                            "  \"a\": [\n"
                                                            "    1,\n"
                                                            "    {\n"
                                                            "      \"b\": null\n"
                                                            "    }\n"
                                                            "  ],\n"
                                                            "  \"c\": [],\n"
                                                            "  \"d\": {}\n"
                                                            "}");
    bamboo_value_release(printed);
    bamboo_value_release(value);
}

static void durations_are_texts_and_missing_is_null(void **state)
{
    (void)state;
    struct bamboo_list_builder builder;
    struct bamboo_value list;
    struct bamboo_value printed;
    bamboo_list_builder_init(&builder);
    bamboo_list_builder_append_take(&builder, bamboo_duration(5400000));
    bamboo_list_builder_append_take(&builder, bamboo_missing());
    assert_int_equal(bamboo_list_builder_finish(&builder, &list, NULL), BAMBOO_OK);
    assert_int_equal(bamboo_json_print(list, 0, &printed, NULL), BAMBOO_OK);
    assert_string_equal(bamboo_string_bytes(printed, NULL), "[\"1h30m\", null]");
    bamboo_value_release(printed);
    bamboo_value_release(list);
}

static enum bamboo_status parse_nested(size_t levels, const char *inside)
{
    struct text text = {0};
    struct bamboo_value value;
    for (size_t i = 0; i < levels; i++)
        text_append_character(&text, '[');
    text_append_string(&text, inside);
    for (size_t i = 0; i < levels; i++)
        text_append_character(&text, ']');
    enum bamboo_status status = bamboo_json_parse(text.bytes, text.size, &value, NULL);
    if (status == BAMBOO_OK) bamboo_value_release(value);
    text_release(&text);
    return status;
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    assert_int_equal(parse_nested(VALUE_DEPTH_MAX, ""), BAMBOO_OK);
    assert_int_equal(parse_nested(VALUE_DEPTH_MAX, "1"), BAMBOO_OK);
    assert_int_equal(parse_nested(VALUE_DEPTH_MAX + 1, ""), BAMBOO_E_LIMIT);
    assert_int_equal(parse_nested(VALUE_DEPTH_MAX + 1, "1"), BAMBOO_E_LIMIT);
    assert_int_equal(parse_nested(100000, ""), BAMBOO_E_LIMIT);
}

static void a_text_beyond_the_limit_is_not_printed(void **state)
{
    (void)state;
    struct bamboo_value value;
    struct bamboo_value printed;
    char *bytes = NULL;
    assert_int_equal(value_string_reserve(VALUE_SIZE_MAX, &value, &bytes, NULL), BAMBOO_OK);
    memset(bytes, 'x', VALUE_SIZE_MAX);
    assert_int_equal(bamboo_json_print(value, 0, &printed, NULL), BAMBOO_E_LIMIT);
    bamboo_value_release(value);
}

/* --- without memory --- */

/* json-c copies a key when it has read it, and again when it puts it into its map. The second,
 * which it does without when there is no memory, and says nothing, fails here. */
static struct {
    unsigned count, first, last; /* that fail */
} copies;

__attribute__((visibility("default"))) char *strdup(const char *text)
{
    bool fails =
        ++copies.count % 2 == 0 && copies.count >= copies.first && copies.count <= copies.last;
    char *copy = fails ? NULL : malloc(strlen(text) + 1);
    if (copy) return strcpy(copy, text);
    errno = ENOMEM;
    return NULL;
}

/* Nor does it free what it has not put there. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libjson-c";
}

static void no_key_is_lost_without_memory(void **state)
{
    static const char TEXT[] = "{\"a\": 1, \"b\": [2, \"x\"], \"c\": {}, \"d\": 4}";
    struct bamboo_value value;
    (void)state;
    for (unsigned first = 2; first <= 8; first += 2)
        for (unsigned last = first; last <= 100; last += 98) {
            copies.first = first;
            copies.last = last;
            copies.count = 0;
            enum bamboo_status status = bamboo_json_parse(TEXT, sizeof TEXT - 1, &value, NULL);
            assert_true(copies.count >= first);
            copies.last = 0;
            if (status == BAMBOO_OK) {
                assert_value(value, TEXT);
                bamboo_value_release(value);
            } else {
                assert_int_equal(status, BAMBOO_E_MEMORY);
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_nul_byte_does_not_end_the_text),
        cmocka_unit_test(json_is_printed_with_an_indent),
        cmocka_unit_test(durations_are_texts_and_missing_is_null),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(a_text_beyond_the_limit_is_not_printed),
        cmocka_unit_test(no_key_is_lost_without_memory),
    };
    return RUN_ROWS(READINGS, json_is_read_as_promised) + cmocka_run_group_tests(tests, NULL, NULL);
}
