/* Integers keep all their digits, however many there are. */
#include "tests/unit/base/support.h"

#include "base/limits.h"
#include "base/value_operators.h"

static const struct reading {
    const char *promise, *digits;
    enum bamboo_status status;
    enum bamboo_type type;
} READINGS[] = {
    {"zero", "0", BAMBOO_OK, BAMBOO_INTEGER},
    {"the largest of 64 bits", "9223372036854775807", BAMBOO_OK, BAMBOO_INTEGER},
    {"one beyond", "9223372036854775808", BAMBOO_OK, BAMBOO_BIG_INTEGER},
    {"the smallest of 64 bits", "-9223372036854775808", BAMBOO_OK, BAMBOO_INTEGER},
    {"one below", "-9223372036854775809", BAMBOO_OK, BAMBOO_BIG_INTEGER},
    {"more digits", "10000000000000000000000", BAMBOO_OK, BAMBOO_BIG_INTEGER},
    {"no digits", "", BAMBOO_E_EVALUATION, BAMBOO_MISSING},
    {"only a sign", "-", BAMBOO_E_EVALUATION, BAMBOO_MISSING},
    {"a zero before others", "01", BAMBOO_E_EVALUATION, BAMBOO_MISSING},
    {"a letter", "12a", BAMBOO_E_EVALUATION, BAMBOO_MISSING},
};

static void is_read(void **state)
{
    const struct reading *row = *state;
    struct bamboo_value value = bamboo_missing();
    struct text text = {0};
    assert_int_equal(value_integer_from_digits(row->digits, strlen(row->digits), &value, NULL),
                     row->status);
    assert_int_equal(value.type, row->type);
    if (row->status == BAMBOO_OK) {
        value_append_text(&text, value);
        assert_string_equal(text_string(&text), row->digits);
    }
    text_release(&text);
    bamboo_value_release(value);
}

static void digits_are_bounded(void **state)
{
    (void)state;
    static char digits[INTEGER_DIGITS_MAX + 1];
    struct bamboo_value value = bamboo_missing();
    memset(digits, '7', sizeof digits);
    assert_int_equal(value_integer_from_digits(digits, INTEGER_DIGITS_MAX, &value, NULL),
                     BAMBOO_OK);
    bamboo_value_release(value);
    assert_int_equal(value_integer_from_digits(digits, INTEGER_DIGITS_MAX + 1, &value, NULL),
                     BAMBOO_E_LIMIT);
}

static const struct pair {
    const char *promise, *left, *right; /* JSON */
    bool are_equal;
} PAIRS[] = {
    {"the same digits", "12345678901234567890", "12345678901234567890", true},
    {"other digits", "12345678901234567890", "12345678901234567891", false},
    {"another sign", "12345678901234567890", "-12345678901234567890", false},
    {"a float of the same value", "18446744073709551616", "18446744073709551616.0", true},
    {"a float beside it", "18446744073709551617", "18446744073709551616.0", false},
    {"a float first", "-18446744073709551616.0", "-18446744073709551616", true},
    {"a small one", "12345678901234567890", "1", false},
    {"a text of the same digits", "12345678901234567890", "\"12345678901234567890\"", false},
};

static void is_compared(void **state)
{
    const struct pair *row = *state;
    struct bamboo_value left = value_of(row->left), right = value_of(row->right);
    assert_int_equal(bamboo_value_equal(left, right), row->are_equal);
    assert_int_equal(bamboo_value_equal(right, left), row->are_equal);
    bamboo_value_release(left);
    bamboo_value_release(right);
}

static void flows_do_not_compute_with_it(void **state)
{
    (void)state;
    struct bamboo_value large = value_of("12345678901234567890"), sum;
    struct bamboo_error error;
    assert_int_equal(value_add(large, bamboo_integer(1), &sum, &error), BAMBOO_E_EVALUATION);
    assert_non_null(strstr(error.message, "an int beyond 64 bits"));
    assert_true(value_is_true(large));
    assert_true(value_has_type(large, "any"));
    assert_false(value_has_type(large, "int"));
    bamboo_value_release(large);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(digits_are_bounded),
        cmocka_unit_test(flows_do_not_compute_with_it),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL) + RUN_ROWS(READINGS, is_read) +
           RUN_ROWS(PAIRS, is_compared);
}
