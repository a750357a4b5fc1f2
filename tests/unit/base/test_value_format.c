#include "tests/unit/base/support.h"

#include "base/value_format.h"

struct formatting_case {
    const char *promise;
    const char *format;
    const char *arguments;
    const char *result; /* NULL: refused */
    const char *refusal;
};

static const struct formatting_case CASES[] = {
    {"no conversions", "plain", "[]", "plain", NULL},
    {"text", "%s", "\"a\"", "a", NULL},
    {"a list gives one after the other", "%s-%s", "[1, [2]]", "1-[2]", NULL},
    {"a map gives by name", "%(a)s%(b)03d", "{\"a\": \"x\", \"b\": 7}", "x007", NULL},
    {"a map can be the argument itself", "%s", "{\"a\": 1}", "{\"a\": 1}", NULL},
    {"a percent sign", "100%%", "[]", "100%", NULL},
    {"an int", "%d|%i|%u", "[1, -2, 3]", "1|-2|3", NULL},
    {"a float is cut to an int", "%d", "-2.9", "-2", NULL},
    {"width", "%5d|%-5d|%05d", "[1, 2, -3]", "    1|2    |-0003", NULL},
    {"signs", "%+d|% d|%+.1f", "[1, 2, 3]", "+1| 2|+3.0", NULL},
    {"precision of ints", "%.3d", "7", "007", NULL},
    {"hexadecimal and octal", "%x|%X|%#x|%o|%#o", "[255, 255, 255, 8, 8]", "ff|FF|0xff|10|0o10",
     NULL},
    {"negative hexadecimal", "%#06x", "-10", "-0x00a", NULL},
    {"the smallest int", "%d", "-9223372036854775808", "-9223372036854775808", NULL},
    {"floats", "%f|%.2f|%e|%g|%G", "[1.5, 2, 1e10, 1e10, 1e-10]",
     "1.500000|2.00|1.000000e+10|1e+10|1E-10", NULL},
    {"text is cut to characters", "%.2s|%5s|%-4s|",
     "[\"\xc3\xa4\xc3\xb6\xc3\xbc\", \"\xc3\xa4\", \"b\"]", "\xc3\xa4\xc3\xb6|    \xc3\xa4|b   |",
     NULL},
    {"repr puts text in quotes", "%r %r", "[\"a\\\"\", 1.0]", "\"a\\\"\" 1.0", NULL},
    {"a character", "%c%c", "[97, \"\xe2\x82\xac\"]", "a\xe2\x82\xac", NULL},
    {"sizes of C are ignored", "%ld", "5", "5", NULL},
    {"durations as text", "%s", "@90s", "1m30s", NULL},
    {"too few arguments", "%s %s", "[1]", NULL,
     "the format has more conversions than the 1 argument after '%'"},
    {"too many arguments", "%s", "[1, 2]", NULL, "the format uses 1 of the 2 arguments after '%'"},
    {"an unused argument", "x", "1", NULL, "the format uses 0 of the 1 argument after '%'"},
    {"an unknown conversion", "%y", "1", NULL,
     "unknown conversion '%y' in a format: use d i u x X o e E f F g G s r c or %"},
    {"an end too early", "50%", "[]", NULL, "the format ends inside a '%': write %% for one"},
    {"an end inside a name", "%(a", "{}", NULL, "the format ends inside a '%': write %% for one"},
    {"an unknown name", "%(b)s", "{\"a\": 1}", NULL, "the map has no key 'b' for the format"},
    {"names need a map", "%(b)s", "[1]", NULL, "%(b) needs a map after '%', not a list"},
    {"%d of text", "%d", "\"1\"", NULL, "%d needs a number, not a string"},
    {"%x of a float", "%x", "1.0", NULL, "%x needs an int, not a float"},
    {"%f of a list", "%f", "[[]]", NULL, "%f needs a number, not a list"},
    {"%d of a huge float", "%d", "1e300", NULL, "%d: the float is too large for an int"},
    {"%c of a surrogate", "%c", "55296", NULL, "%c: 55296 is not a character"},
    {"a width beyond the limit", "%999999999999999999999d", "1", NULL,
     "a width or precision is above the limit of 16777216"},
    {"a precision beyond the limit", "%.1001f", "1", NULL,
     "a width or precision is above the limit of 1000"},
    {"a result beyond the limit", "%10000000d%10000000d", "[1, 2]", NULL,
     "the formatted string is longer than the limit of 16777216"},
};

static void format_is_as_promised(void **state)
{
    const struct formatting_case *row = *state;
    struct bamboo_error error = {0};
    struct bamboo_value format = bamboo_missing();
    struct bamboo_value result = bamboo_missing();
    struct bamboo_value arguments = value_of(row->arguments);
    assert_int_equal(value_from_string(row->format, &format, &error), BAMBOO_OK);
    enum bamboo_status status = value_format(format, arguments, &result, &error);
    if (row->result) {
        if (status) fail_msg("refused: %s", error.message);
        assert_string_equal(bamboo_string_bytes(result, NULL), row->result);
    } else {
        assert_true(status == BAMBOO_E_EVALUATION || status == BAMBOO_E_LIMIT);
        assert_string_equal(error.message, row->refusal);
    }
    bamboo_value_release(result);
    bamboo_value_release(format);
    bamboo_value_release(arguments);
}

int main(void)
{
    return RUN_ROWS(CASES, format_is_as_promised);
}
