/* / // and %, with Python's rules: // and % round towards minus infinity, so that the remainder has
 * the divisor's sign. */
#include <math.h>

#include "base/value_format.h"
#include "base/value_operators.h"
#include "base/value_operands.h"

static const struct operator_name DIVIDE = {"/", "divide", "by", false};
static const struct operator_name FLOOR_DIVIDE = {"//", "divide", "by", false};
static const struct operator_name MODULO = {"%", "take the remainder of", "by", false};

/* Of a number or a duration. */
static bool is_zero(struct bamboo_value value)
{
    return value.type == BAMBOO_FLOAT ? fpclassify(value.as.number) == FP_ZERO
                                      : value.as.integer == 0;
}

static enum bamboo_status finish_duration(double milliseconds, struct bamboo_value *out,
                                          struct bamboo_error *error)
{
    if (!(fabs(milliseconds) < 9223372036854775808.0))
        return refuse_overflow(BAMBOO_DURATION, error);
    *out = bamboo_duration(llround(milliseconds));
    return BAMBOO_OK;
}

/* As Python has it: an int beside a float becomes one first, and two ints (or milliseconds) are
 * divided exactly, as far as a long double is longer than they are. */
static double divide(struct bamboo_value left, struct bamboo_value right)
{
    if (left.type == BAMBOO_FLOAT || right.type == BAMBOO_FLOAT)
        return value_as_double(left) / value_as_double(right);
    return (double)((long double)left.as.integer / (long double)right.as.integer);
}

enum bamboo_status value_divide(struct bamboo_value left, struct bamboo_value right,
                                struct bamboo_value *out, struct bamboo_error *error)
{
    bool of_numbers = value_is_number(left) && value_is_number(right);
    bool of_durations = both_are(left, right, BAMBOO_DURATION);
    bool of_duration = left.type == BAMBOO_DURATION && value_is_number(right);
    if (!of_numbers && !of_durations && !of_duration)
        return refuse_operands(&DIVIDE, left, right, NULL, error);
    if (is_zero(right)) return refuse_zero(error);
    double quotient = divide(left, right);
    if (of_duration) return finish_duration(quotient, out, error);
    return finish_float(quotient, out, error);
}

/* The quotient rounded down, and the remainder that belongs to it; `divisor` is not 0. Returns
 * false if the quotient overflows. */
static bool divide_down(int64_t dividend, int64_t divisor, int64_t *quotient, int64_t *remainder)
{
    *remainder = 0;
    if (divisor == -1) return !__builtin_sub_overflow(0, dividend, quotient);
    *quotient = dividend / divisor;
    *remainder = dividend % divisor;
    if (*remainder != 0 && (*remainder < 0) != (divisor < 0)) {
        --*quotient;
        *remainder += divisor;
    }
    return true;
}

static double remainder_down(double dividend, double divisor)
{
    double remainder = fmod(dividend, divisor);
    if (fpclassify(remainder) == FP_ZERO) return copysign(0.0, divisor);
    return (remainder < 0) != (divisor < 0) ? remainder + divisor : remainder;
}

/* Not floor(dividend / divisor), whose division may round up over a whole number. */
static double quotient_down(double dividend, double divisor)
{
    double remainder = fmod(dividend, divisor);
    double quotient = (dividend - remainder) / divisor;
    if (fpclassify(remainder) != FP_ZERO && (remainder < 0) != (divisor < 0)) quotient -= 1;
    if (fpclassify(quotient) == FP_ZERO) return copysign(0.0, dividend / divisor);
    double whole = floor(quotient);
    return quotient - whole > 0.5 ? whole + 1 : whole;
}

static enum bamboo_status floor_divide_integers(struct bamboo_value left, struct bamboo_value right,
                                                struct bamboo_value *out,
                                                struct bamboo_error *error)
{
    int64_t quotient;
    int64_t remainder;
    bool keeps_duration = left.type == BAMBOO_DURATION && right.type == BAMBOO_INTEGER;
    enum bamboo_type type = keeps_duration ? BAMBOO_DURATION : BAMBOO_INTEGER;
    if (!divide_down(left.as.integer, right.as.integer, &quotient, &remainder))
        return refuse_overflow(type, error);
    *out = (struct bamboo_value){.type = type, .as = {.integer = quotient}};
    return BAMBOO_OK;
}

enum bamboo_status value_floor_divide(struct bamboo_value left, struct bamboo_value right,
                                      struct bamboo_value *out, struct bamboo_error *error)
{
    bool of_numbers = value_is_number(left) && value_is_number(right);
    bool of_durations = both_are(left, right, BAMBOO_DURATION);
    bool of_duration = left.type == BAMBOO_DURATION && value_is_number(right);
    if (!of_numbers && !of_durations && !of_duration)
        return refuse_operands(&FLOOR_DIVIDE, left, right, NULL, error);
    if (is_zero(right)) return refuse_zero(error);
    if (left.type != BAMBOO_FLOAT && right.type != BAMBOO_FLOAT)
        return floor_divide_integers(left, right, out, error);
    double quotient = quotient_down(value_as_double(left), value_as_double(right));
    if (of_duration) return finish_duration(quotient, out, error);
    return finish_float(quotient, out, error);
}

enum bamboo_status value_modulo(struct bamboo_value left, struct bamboo_value right,
                                struct bamboo_value *out, struct bamboo_error *error)
{
    int64_t quotient;
    int64_t remainder;
    bool of_numbers = value_is_number(left) && value_is_number(right);
    if (left.type == BAMBOO_STRING) return value_format(left, right, out, error);
    if (!of_numbers && !both_are(left, right, BAMBOO_DURATION))
        return refuse_operands(&MODULO, left, right, NULL, error);
    if (is_zero(right)) return refuse_zero(error);
    if (left.type == BAMBOO_FLOAT || right.type == BAMBOO_FLOAT)
        return finish_float(remainder_down(value_as_double(left), value_as_double(right)), out,
                            error);
    divide_down(left.as.integer, right.as.integer, &quotient, &remainder);
    *out = (struct bamboo_value){.type = left.type, .as = {.integer = remainder}};
    return BAMBOO_OK;
}
