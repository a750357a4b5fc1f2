#include "tests/unit/base/support.h"

#include "base/value_operators.h"

struct operation {
    const char *promise;
    value_operator apply;
    const char *left;
    const char *right;
    const char *result;  /* NULL: it is refused */
    const char *refusal; /* with this sentence */
};

static const struct operation OPERATIONS[] = {
    {"ints add", value_add, "1", "2", "3", NULL},
    {"the largest int can be reached", value_add, "9223372036854775806", "1", "9223372036854775807",
     NULL},
    {"ints that overflow are refused", value_add, "9223372036854775807", "1", NULL,
     "the result is too large for an int of 64 bits"},
    {"an int and a float make a float", value_add, "1", "0.5", "1.5", NULL},
    {"floats that overflow are refused", value_add, "1.7e308", "1.7e308", NULL,
     "the result is too large for a float"},
    {"durations add", value_add, "@1h", "@30m", "@1h30m", NULL},
    {"durations that overflow are refused", value_add, "@9223372036854775807ms", "@1ms", NULL,
     "the result is too large for a duration of 64 bits"},
    {"strings join", value_add, "\"ab\"", "\"cd\"", "\"abcd\"", NULL},
    {"empty strings join", value_add, "\"\"", "\"\"", "\"\"", NULL},
    {"lists join", value_add, "[1]", "[2, 3]", "[1, 2, 3]", NULL},
    {"the right map wins", value_add, "{\"a\": 1, \"b\": 2}", "{\"a\": 3}", "{\"a\": 3, \"b\": 2}",
     NULL},
    {"a list and an int do not add", value_add, "[1]", "1", NULL,
     "cannot add a list and an int: use str() or [..]"},
    {"a string and an int do not add", value_add, "\"a\"", "1", NULL,
     "cannot add a string and an int: use str() or \"${..}\""},
    {"a bool is no number", value_add, "true", "1", NULL, "cannot add a bool and an int"},
    {"a missing operand says how to go on", value_add, "1", "missing", NULL,
     "the right side of '+' is missing: use '?\?' to give a default"},

    {"ints subtract", value_subtract, "1", "3", "-2", NULL},
    {"subtraction that overflows is refused", value_subtract, "-9223372036854775808", "1", NULL,
     "the result is too large for an int of 64 bits"},
    {"durations subtract", value_subtract, "@1h", "@90m", "@-30m", NULL},
    {"strings do not subtract", value_subtract, "\"a\"", "1", NULL,
     "cannot subtract an int from a string"},

    {"ints multiply", value_multiply, "-3", "7", "-21", NULL},
    {"products that overflow are refused", value_multiply, "4611686018427387904", "2", NULL,
     "the result is too large for an int of 64 bits"},
    {"a duration is scaled", value_multiply, "@30s", "3", "@90s", NULL},
    {"a duration is scaled from the left", value_multiply, "1.5", "@1m", "@90s", NULL},
    {"a duration scaled too far is refused", value_multiply, "@1w", "1e300", NULL,
     "the result is too large for a duration of 64 bits"},
    {"a string repeats", value_multiply, "\"ab\"", "3", "\"ababab\"", NULL},
    {"a string repeats from the left", value_multiply, "2", "\"ab\"", "\"abab\"", NULL},
    {"a string repeated -1 times is empty", value_multiply, "\"ab\"", "-1", "\"\"", NULL},
    {"an empty string repeats at once", value_multiply, "\"\"", "9223372036854775807", "\"\"",
     NULL},
    {"a string too long fails before the memory is taken", value_multiply, "\"a\"", "1000000000",
     NULL, "a string of 1000000000 bytes is longer than the limit of 16777216"},
    {"a string whose size overflows fails", value_multiply, "\"abc\"", "9223372036854775807", NULL,
     "a string of 18446744073709551615 bytes is longer than the limit of 16777216"},
    {"a list repeats", value_multiply, "[1, 2]", "2", "[1, 2, 1, 2]", NULL},
    {"an empty list repeats at once", value_multiply, "[]", "9223372036854775807", "[]", NULL},
    {"a list too long fails at once", value_multiply, "[1]", "1048577", NULL,
     "a list has more than 1048576 elements"},
    {"two strings do not multiply", value_multiply, "\"a\"", "\"b\"", NULL,
     "cannot multiply a string by a string"},
    {"a string does not repeat 1.5 times", value_multiply, "\"a\"", "1.5", NULL,
     "cannot multiply a string by a float"},

    {"division always makes a float", value_divide, "4", "2", "2.0", NULL},
    {"large ints divide exactly", value_divide, "-9007199254740993", "-3", "3002399751580331.0",
     NULL},
    {"division by zero is refused", value_divide, "1", "0", NULL, "division by zero"},
    {"division by 0.0 is refused", value_divide, "1", "0.0", NULL, "division by zero"},
    {"a duration by a number is a duration", value_divide, "@1m", "4", "@15s", NULL},
    {"a duration by a duration is a float", value_divide, "@1m", "@40s", "1.5", NULL},
    {"a number by a duration is refused", value_divide, "1", "@1s", NULL,
     "cannot divide an int by a duration"},

    {"// rounds down", value_floor_divide, "7", "2", "3", NULL},
    {"// rounds down below zero", value_floor_divide, "-7", "2", "-4", NULL},
    {"// rounds down with a negative divisor", value_floor_divide, "7", "-2", "-4", NULL},
    {"// of floats is a whole float", value_floor_divide, "7.5", "2", "3.0", NULL},
    {"// of floats rounds down", value_floor_divide, "-7.5", "2", "-4.0", NULL},
    {"// of the smallest int by -1 overflows", value_floor_divide, "-9223372036854775808", "-1",
     NULL, "the result is too large for an int of 64 bits"},
    {"// by zero is refused", value_floor_divide, "1", "0", NULL, "division by zero"},
    {"// of durations counts", value_floor_divide, "@1h", "@25m", "2", NULL},
    {"// of a duration by an int is one", value_floor_divide, "@10ms", "3", "@3ms", NULL},
    {"// of a duration by a float is one", value_floor_divide, "@10ms", "2.5", "@4ms", NULL},

    {"% has the divisor's sign", value_modulo, "-7", "3", "2", NULL},
    {"% has a negative divisor's sign", value_modulo, "7", "-3", "-2", NULL},
    {"% of the smallest int by -1 is 0", value_modulo, "-9223372036854775808", "-1", "0", NULL},
    {"% of floats has the divisor's sign", value_modulo, "-1.0", "0.75", "0.5", NULL},
    {"% of durations is a duration", value_modulo, "@1h", "@25m", "@10m", NULL},
    {"% by zero is refused", value_modulo, "1", "0", NULL, "division by zero"},
    {"% of a list is refused", value_modulo, "[1]", "1", NULL,
     "cannot take the remainder of a list by an int"},
    {"% of a string formats", value_modulo, "\"%d of %s\"", "[3, \"x\"]", "\"3 of x\"", NULL},

    {"an element is in a list", value_in, "1.0", "[3, 1]", "true", NULL},
    {"null is in no list without it", value_in, "null", "[3]", "false", NULL},
    {"a key is in a map", value_in, "\"a\"", "{\"a\": null}", "true", NULL},
    {"a value is not in a map", value_in, "\"x\"", "{\"a\": \"x\"}", "false", NULL},
    {"a part is in a string", value_in, "\"bc\"", "\"abcd\"", "true", NULL},
    {"the empty string is in every string", value_in, "\"\"", "\"\"", "true", NULL},
    {"a number is in no string", value_in, "1", "\"1\"", NULL,
     "cannot look for an int in a string"},
    {"nothing is in a number", value_in, "1", "1", NULL, "cannot look for an int in an int"},
    {"a missing list says how to go on", value_in, "1", "missing", NULL,
     "the right side of 'in' is missing: use '?\?' to give a default"},

    {"a list is indexed from 0", value_index, "[1, 2]", "0", "1", NULL},
    {"a negative index counts from the end", value_index, "[1, 2]", "-1", "2", NULL},
    {"an index beyond the end is refused", value_index, "[1, 2]", "2", NULL,
     "index 2 is out of range: the list has 2 elements"},
    {"an index before the start is refused", value_index, "[1]", "-2", NULL,
     "index -2 is out of range: the list has 1 element"},
    {"the smallest index is refused", value_index, "[1]", "-9223372036854775808", NULL,
     "index -9223372036854775808 is out of range: the list has 1 element"},
    {"a list is not indexed by text", value_index, "[1]", "\"a\"", NULL,
     "a list is indexed by an int, not by a string"},
    {"a string is indexed by characters", value_index, "\"a\xc3\xa4\xf0\x9f\x98\x80z\"", "2",
     "\"\xf0\x9f\x98\x80\"", NULL},
    {"a string is indexed from its end", value_index, "\"abc\"", "-3", "\"a\"", NULL},
    {"a string's index beyond its end is refused", value_index, "\"abc\"", "3", NULL,
     "index 3 is out of range: the string has 3 characters"},
    {"a map is indexed by its keys", value_index, "{\"a\": [1]}", "\"a\"", "[1]", NULL},
    {"an unknown key is refused", value_index, "{\"a\": 1}", "\"b\"", NULL,
     "the map has no key 'b'"},
    {"a map is not indexed by a number", value_index, "{\"a\": 1}", "0", NULL,
     "a map is indexed by a string, not by an int"},
    {"a number is not indexed", value_index, "1", "0", NULL,
     "an int has no elements to be indexed"},
};

static void operator_does_as_promised(void **state)
{
    const struct operation *row = *state;
    struct bamboo_error error = {0};
    struct bamboo_value left = value_of(row->left);
    struct bamboo_value right = value_of(row->right);
    struct bamboo_value result = bamboo_missing();
    enum bamboo_status status = row->apply(left, right, &result, &error);
    if (row->result) {
        if (status) fail_msg("refused: %s", error.message);
        assert_value(result, row->result);
    } else {
        assert_true(status == BAMBOO_E_EVALUATION || status == BAMBOO_E_LIMIT);
        assert_string_equal(error.message, row->refusal);
    }
    bamboo_value_release(result);
    bamboo_value_release(left);
    bamboo_value_release(right);
}

struct ordering {
    const char *promise;
    const char *left;
    const char *right;
    int order; /* 2: refused */
};

static const struct ordering ORDERINGS[] = {
    {"ints", "1", "2", -1},
    {"an int and a float", "2", "1.5", 1},
    {"an int that no double holds is more than the one below", "9007199254740993",
     "9007199254740992.0", 1},
    {"the largest int is less than 2 to the 63", "9223372036854775807", "9223372036854775808.0",
     -1},
    {"the smallest int is minus 2 to the 63", "-9223372036854775808", "-9223372036854775808.0", 0},
    {"every int is more than -1e300", "-9223372036854775808", "-1e300", 1},
    {"negative fractions", "-1", "-1.5", 1},
    {"strings by their characters", "\"Z\"", "\"a\"", -1},
    {"a shorter string first", "\"a\"", "\"ab\"", -1},
    {"strings beyond ASCII by code point", "\"\xef\xbf\xbd\"", "\"\xf0\x9f\x98\x80\"", -1},
    {"durations", "@1m", "@59s", 1},
    {"lists by the first that differs", "[1, 3]", "[1, 2, 9]", 1},
    {"a shorter list first", "[1]", "[1, 0]", -1},
    {"equal lists", "[1, \"a\"]", "[1.0, \"a\"]", 0},
    {"lists of mixed types do not order", "[1]", "[\"a\"]", 2},
    {"a string and a number do not order", "\"1\"", "1", 2},
    {"maps do not order", "{}", "{}", 2},
    {"bools do not order", "true", "false", 2},
    {"a duration and an int do not order", "@1s", "1", 2},
    {"null does not order", "null", "null", 2},
};

static void values_order_as_promised(void **state)
{
    const struct ordering *row = *state;
    struct bamboo_error error = {0};
    struct bamboo_value left = value_of(row->left);
    struct bamboo_value right = value_of(row->right);
    int order = 0;
    enum bamboo_status status = value_order(left, right, &order, &error);
    assert_int_equal(status, row->order == 2 ? BAMBOO_E_EVALUATION : BAMBOO_OK);
    if (status == BAMBOO_OK) {
        assert_int_equal((order > 0) - (order < 0), row->order);
        assert_int_equal(value_order(right, left, &order, NULL), BAMBOO_OK);
        assert_int_equal((order > 0) - (order < 0), -row->order);
        assert_int_equal(bamboo_value_equal(left, right), row->order == 0);
    }
    bamboo_value_release(left);
    bamboo_value_release(right);
}

struct slicing {
    const char *promise;
    const char *container;
    const char *bounds; /* a list of three */
    const char *result; /* NULL: refused */
};

static const struct slicing SLICINGS[] = {
    {"from and to", "[0, 1, 2, 3]", "[1, 3, null]", "[1, 2]"},
    {"nothing left out", "[0, 1]", "[null, null, null]", "[0, 1]"},
    {"negative bounds", "[0, 1, 2, 3]", "[-3, -1, null]", "[1, 2]"},
    {"bounds beyond the ends", "[0, 1]", "[-9, 9, null]", "[0, 1]"},
    {"from after to", "[0, 1]", "[1, 0, null]", "[]"},
    {"every second", "[0, 1, 2, 3, 4]", "[null, null, 2]", "[0, 2, 4]"},
    {"backwards", "[0, 1, 2]", "[null, null, -1]", "[2, 1, 0]"},
    {"backwards from and to", "[0, 1, 2, 3, 4]", "[3, 0, -2]", "[3, 1]"},
    {"a huge step", "[0, 1, 2]", "[null, null, 9223372036854775807]", "[0]"},
    {"a huge negative step", "[0, 1, 2]", "[null, null, -9223372036854775808]", "[2]"},
    {"huge bounds", "[0, 1]", "[-9223372036854775808, 9223372036854775807, 1]", "[0, 1]"},
    {"an empty list", "[]", "[null, null, -1]", "[]"},
    {"a step of zero is refused", "[0]", "[null, null, 0]", NULL},
    {"a bound of text is refused", "[0]", "[\"a\", null, null]", NULL},
    {"a map is refused", "{}", "[null, null, null]", NULL},
    {"ASCII text", "\"abcdef\"", "[1, 4, null]", "\"bcd\""},
    {"ASCII text backwards", "\"abcdef\"", "[null, null, -2]", "\"fdb\""},
    {"characters of text",
     "\"\xc3\xa4"
     "b\xe2\x82\xac"
     "d\"",
     "[0, 3, null]",
     "\"\xc3\xa4"
     "b\xe2\x82\xac\""},
    {"characters of text backwards",
     "\"\xc3\xa4"
     "b\xe2\x82\xac\"",
     "[null, null, -1]",
     "\"\xe2\x82\xac"
     "b\xc3\xa4\""},
    {"every second character",
     "\"\xc3\xa4"
     "b\xe2\x82\xac"
     "d\"",
     "[null, null, 2]", "\"\xc3\xa4\xe2\x82\xac\""},
    {"empty text", "\"\"", "[0, 5, null]", "\"\""},
    {"nothing of text", "\"\xc3\xa4\"", "[1, null, null]", "\"\""},
};

static void slices_are_as_promised(void **state)
{
    const struct slicing *row = *state;
    struct bamboo_error error = {0};
    struct bamboo_value container = value_of(row->container);
    struct bamboo_value list = value_of(row->bounds);
    struct bamboo_value bounds[3] = {bamboo_list_at(list, 0), bamboo_list_at(list, 1),
                                     bamboo_list_at(list, 2)};
    struct bamboo_value result = bamboo_missing();
    enum bamboo_status status = value_slice(container, bounds, &result, &error);
    assert_int_equal(status, row->result ? BAMBOO_OK : BAMBOO_E_EVALUATION);
    if (row->result) assert_value(result, row->result);
    bamboo_value_release(result);
    bamboo_value_release(list);
    bamboo_value_release(container);
}

static void negation_refuses_what_has_no_opposite(void **state)
{
    (void)state;
    struct bamboo_error error = {0};
    struct bamboo_value result;
    assert_int_equal(value_negate(bamboo_integer(5), &result, &error), BAMBOO_OK);
    assert_value(result, "-5");
    assert_int_equal(value_negate(bamboo_duration(5000), &result, &error), BAMBOO_OK);
    assert_value(result, "@-5s");
    assert_int_equal(value_negate(bamboo_float(0.5), &result, &error), BAMBOO_OK);
    assert_value(result, "-0.5");
    assert_int_equal(value_negate(bamboo_integer(INT64_MIN), &result, &error), BAMBOO_E_EVALUATION);
    assert_int_equal(value_negate(bamboo_bool(true), &result, &error), BAMBOO_E_EVALUATION);
    assert_string_equal(error.message, "cannot negate a bool");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(negation_refuses_what_has_no_opposite),
    };
    return RUN_ROWS(OPERATIONS, operator_does_as_promised) +
           RUN_ROWS(ORDERINGS, values_order_as_promised) +
           RUN_ROWS(SLICINGS, slices_are_as_promised) + cmocka_run_group_tests(tests, NULL, NULL);
}
