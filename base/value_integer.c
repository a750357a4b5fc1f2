/* Integers from their digits. */
#include <string.h>

#include "base/limits.h"
#include "base/value.h"
#include "base/value_layout.h"

/* Digits of the largest integer of 64 bits. */
#define SMALL_DIGITS 19

static bool is_beyond_64_bits(const char *digits, size_t count, bool is_negative)
{
    const char *limit = is_negative ? "9223372036854775808" : "9223372036854775807";
    return count > SMALL_DIGITS || (count == SMALL_DIGITS && memcmp(digits, limit, count) > 0);
}

static int64_t small_integer(const char *digits, size_t count, bool is_negative)
{
    uint64_t integer = 0;
    for (size_t i = 0; i < count; i++)
        integer = integer * 10 + (uint64_t)(digits[i] - '0');
    return (int64_t)(is_negative ? 0 - integer : integer);
}

enum bamboo_status value_integer_from_digits(const char *digits, size_t size,
                                             struct bamboo_value *out, struct bamboo_error *error)
{
    bool is_negative = size > 0 && digits[0] == '-';
    const char *first = digits + is_negative;
    size_t count = size - is_negative;
    bool are_digits = count > 0 && (first[0] != '0' || count == 1);
    for (size_t i = 0; i < count; i++)
        are_digits = are_digits && first[i] >= '0' && first[i] <= '9';
    if (!are_digits)
        return fail(error, BAMBOO_E_EVALUATION, "these are not the digits of an integer");
    if (count > INTEGER_DIGITS_MAX)
        return fail(error, BAMBOO_E_LIMIT, "an integer has more than %d digits",
                    INTEGER_DIGITS_MAX);
    if (!is_beyond_64_bits(first, count, is_negative)) {
        *out = bamboo_integer(small_integer(first, count, is_negative));
        return BAMBOO_OK;
    }
    enum bamboo_status status = bamboo_string_create(digits, size, out, error);
    if (status == BAMBOO_OK) out->type = BAMBOO_BIG_INTEGER;
    return status;
}
