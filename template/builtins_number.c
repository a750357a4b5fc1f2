/* Builtins that make numbers. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "template/arguments.h"
#include "template/builtin_bodies.h"
#include "template/convert.h"
#include "template/integer.h"
#include "template/iterate.h"
#include "template/operators.h"

BODY(abs)
{
    struct object number = arguments->items[0];
    if (number.kind == OBJECT_FLOAT) {
        *out = object_float(fabs(number.as.number));
        return BAMBOO_OK;
    }
    if (!object_is_integer(number))
        return evaluation_refuse(evaluation, "abs() wants a number, not %s", object_type(number));
    return object_unary(evaluation, integer_is_negative(number) ? UNARY_MINUS : UNARY_PLUS, number,
                        out);
}

BODY(bool)
{
    (void)evaluation;
    *out = object_bool(arguments->count > 0 && object_is_true(arguments->items[0]));
    return BAMBOO_OK;
}

BODY(int)
{
    const struct object *base_argument = argument_at(arguments, 1, "base");
    int64_t base = 10;
    *out = object_integer(0);
    if (arguments->count == 0 && !base_argument) return BAMBOO_OK;
    if (!base_argument) return object_to_integer(evaluation, arguments->items[0], 10, out);
    if (arguments->count == 0 || arguments->items[0].kind != OBJECT_TEXT)
        return evaluation_refuse(evaluation, "int() takes a base with a text only");
    enum bamboo_status status = argument_integer(evaluation, base_argument, 10, &base);
    if (status != BAMBOO_OK) return status;
    if (base_argument->kind == OBJECT_NONE || base < 0 || base == 1 || base > 36)
        return evaluation_refuse(evaluation, "the base of int() is 0 or 2 to 36");
    return object_to_integer(evaluation, arguments->items[0], (int)base, out);
}

BODY(float)
{
    *out = object_float(0.0);
    if (arguments->count == 0) return BAMBOO_OK;
    return object_to_float(evaluation, arguments->items[0], out);
}

BODY(len)
{
    int64_t length = object_length(arguments->items[0]);
    if (length < 0)
        return evaluation_refuse(evaluation, "a %s has no length",
                                 object_type(arguments->items[0]));
    *out = object_integer(length);
    return BAMBOO_OK;
}

/* Powers modulo a number: the exponent's bits from the lowest. */
static enum bamboo_status modular_power(struct evaluation *evaluation, struct object base,
                                        uint64_t exponent, struct object modulus,
                                        struct object *out)
{
    enum bamboo_status status = integer_modulo(evaluation, object_integer(1), modulus, out);
    for (; status == BAMBOO_OK && exponent > 0; exponent >>= 1) {
        if (exponent & 1) {
            status = integer_multiply(evaluation, *out, base, out);
            if (status == BAMBOO_OK) status = integer_modulo(evaluation, *out, modulus, out);
        }
        if (status == BAMBOO_OK) status = integer_multiply(evaluation, base, base, &base);
        if (status == BAMBOO_OK) status = integer_modulo(evaluation, base, modulus, &base);
    }
    return status;
}

/* One step of Euclid: the first pair becomes the second, and the second what is left. */
static enum bamboo_status subtract_times(struct evaluation *evaluation, struct object quotient,
                                         struct object pair[2])
{
    struct object product = object_none(), rest = object_none();
    enum bamboo_status status = integer_multiply(evaluation, quotient, pair[1], &product);
    if (status == BAMBOO_OK) status = integer_subtract(evaluation, pair[0], product, &rest);
    pair[0] = pair[1];
    pair[1] = rest;
    return status;
}

static bool is_small(struct object integer, int64_t number)
{
    return integer.kind != OBJECT_BIG && object_small(integer) == number;
}

/* What times `base` is 1, modulo the modulus. */
static enum bamboo_status modular_inverse(struct evaluation *evaluation, struct object base,
                                          struct object modulus, struct object *out)
{
    struct object rests[2] = {modulus, object_none()}, quotient = object_none();
    struct object factors[2] = {object_integer(0), object_integer(1)};
    enum bamboo_status status = integer_modulo(evaluation, base, modulus, &rests[1]);
    while (status == BAMBOO_OK && !is_small(rests[1], 0)) {
        status = integer_floor_divide(evaluation, rests[0], rests[1], &quotient);
        if (status == BAMBOO_OK) status = subtract_times(evaluation, quotient, rests);
        if (status == BAMBOO_OK) status = subtract_times(evaluation, quotient, factors);
    }
    if (status == BAMBOO_OK && is_small(rests[0], -1))
        status = integer_subtract(evaluation, object_integer(0), factors[0], &factors[0]);
    else if (status == BAMBOO_OK && !is_small(rests[0], 1))
        status = evaluation_refuse(evaluation, "base is not invertible for the given modulus");
    return status == BAMBOO_OK ? integer_modulo(evaluation, factors[0], modulus, out) : status;
}

BODY(pow)
{
    const struct object *base = argument_at(arguments, 0, "base");
    const struct object *exponent = argument_at(arguments, 1, "exp");
    const struct object *modulus = argument_at(arguments, 2, "mod");
    if (!base || !exponent) return evaluation_refuse(evaluation, "pow() needs two numbers");
    if (!modulus || modulus->kind == OBJECT_NONE)
        return object_binary(evaluation, BINARY_POWER, *base, *exponent, out);
    bool are_integers = object_is_integer(*base) && object_is_integer(*exponent) &&
                        object_is_integer(*modulus) && exponent->kind != OBJECT_BIG;
    if (!are_integers) return evaluation_refuse(evaluation, "pow() with a modulus wants integers");
    int64_t times = object_small(*exponent);
    struct object factor = *base;
    if (times < 0) {
        enum bamboo_status status = modular_inverse(evaluation, *base, *modulus, &factor);
        if (status != BAMBOO_OK) return status;
    }
    return modular_power(evaluation, factor, times < 0 ? -(uint64_t)times : (uint64_t)times,
                         *modulus, out);
}

/* --- round --- */

/* Digits behind which rounding a float changes nothing, and before which nothing is left. */
#define ROUND_DIGITS_MAX 323

/* An integer to tens, hundreds, ...; halves go to the even one. */
static enum bamboo_status round_integer(struct evaluation *evaluation, struct object number,
                                        int64_t digits, struct object *out)
{
    struct object unit = object_none(), rest = object_none(), twice = object_none();
    struct object quotient = object_none();
    *out = number.kind == OBJECT_BOOL ? object_integer(number.as.boolean) : number;
    if (digits >= 0) return BAMBOO_OK;
    if (digits < -INTEGER_DIGITS_MAX) {
        *out = object_integer(0);
        return BAMBOO_OK;
    }
    enum bamboo_status status =
        integer_power(evaluation, object_integer(10), object_integer(-digits), &unit);
    if (status == BAMBOO_OK) status = integer_floor_divide(evaluation, number, unit, &quotient);
    if (status == BAMBOO_OK) status = integer_modulo(evaluation, number, unit, &rest);
    if (status == BAMBOO_OK) status = integer_add(evaluation, rest, rest, &twice);
    if (status != BAMBOO_OK) return status;
    int order = integer_compare(twice, unit);
    struct object odd = object_none();
    status = integer_and(evaluation, quotient, object_integer(1), &odd);
    bool goes_up = order > 0 || (order == 0 && object_small(odd) == 1);
    if (status == BAMBOO_OK && goes_up)
        status = integer_add(evaluation, quotient, object_integer(1), &quotient);
    return status == BAMBOO_OK ? integer_multiply(evaluation, quotient, unit, out) : status;
}

/* To tens, hundreds, ...: printf rounds the exact number, halves to the even digit. */
static double round_whole_digits(double number, int digits)
{
    char text[320];
    double magnitude = fabs(number);
    int kept = snprintf(text, sizeof text, "%.0f", floor(magnitude)) + digits;
    if (kept > 0) {
        snprintf(text, sizeof text, "%.*e", kept - 1, number);
        return strtod(text, NULL);
    }
    double unit = pow(10.0, (double)-digits);
    return copysign(kept == 0 && magnitude > unit / 2 ? unit : 0.0, number);
}

static double round_float(double number, int64_t digits)
{
    char text[800]; /* 309 digits before the point, 323 behind it */
    if (!isfinite(number) || digits > ROUND_DIGITS_MAX) return number;
    if (digits < -308) return copysign(0.0, number);
    if (digits < 0) return round_whole_digits(number, (int)digits);
    snprintf(text, sizeof text, "%.*f", (int)digits, number);
    return strtod(text, NULL);
}

BODY(round)
{
    const struct object *number = argument_at(arguments, 0, "number");
    const struct object *digits_argument = argument_at(arguments, 1, "ndigits");
    int64_t digits = 0;
    if (!number || !object_is_number(*number))
        return evaluation_refuse(evaluation, "round() wants a number");
    enum bamboo_status status = argument_integer(evaluation, digits_argument, 0, &digits);
    if (status != BAMBOO_OK) return status;
    if (number->kind != OBJECT_FLOAT) return round_integer(evaluation, *number, digits, out);
    if (!digits_argument || digits_argument->kind == OBJECT_NONE)
        return integer_from_double(evaluation, rint(number->as.number), out);
    *out = object_float(round_float(number->as.number, digits));
    if (!isfinite(out->as.number) && isfinite(number->as.number))
        return evaluation_refuse(evaluation, "the rounded number is too large for a float");
    return BAMBOO_OK;
}

BODY(sum)
{
    const struct object *start = argument_at(arguments, 1, "start");
    struct list_object *items = NULL;
    if (arguments->count == 0) return evaluation_refuse(evaluation, "sum() needs a list");
    *out = start ? *start : object_integer(0);
    if (out->kind == OBJECT_TEXT) return evaluation_refuse(evaluation, "sum() adds no texts");
    enum bamboo_status status = object_items(evaluation, arguments->items[0], &items);
    for (size_t i = 0; status == BAMBOO_OK && i < items->count; i++)
        status = object_binary(evaluation, BINARY_ADD, *out, items->items[i], out);
    return status;
}
