/* The quotient of two integers as a float, rounded once. */
#include <math.h>

#include "template/integer.h"

/* Bits that the whole quotient is given: more than a float keeps, so that a last bit for the rest
 * decides ties. */
#define QUOTIENT_BITS 66

static int64_t bits_of(struct object integer)
{
    int exponent;
    if (integer.kind == OBJECT_BIG)
        return (int64_t)integer.as.big->count * 64 -
               __builtin_clzll(integer.as.big->limbs[integer.as.big->count - 1]);
    frexp((double)object_small(integer), &exponent);
    return exponent;
}

static enum bamboo_status magnitude(struct evaluation *evaluation, struct object integer,
                                    struct object *out)
{
    *out = integer;
    if (!integer_is_negative(integer)) return BAMBOO_OK;
    return integer_subtract(evaluation, object_integer(0), integer, out);
}

/* The quotient of two integers above 0, times 2 to the power of `shift`, its last bit set if there
 * is a rest. */
static enum bamboo_status scaled_quotient(struct evaluation *evaluation, struct object left,
                                          struct object right, int64_t shift, struct object *out)
{
    struct object rest = object_none();
    struct object *scaled = shift >= 0 ? &left : &right;
    struct object distance = object_integer(shift >= 0 ? shift : -shift);
    enum bamboo_status status = integer_shift_left(evaluation, *scaled, distance, scaled);
    if (status == BAMBOO_OK) status = integer_floor_divide(evaluation, left, right, out);
    if (status == BAMBOO_OK) status = integer_modulo(evaluation, left, right, &rest);
    if (status != BAMBOO_OK) return status;
    bool is_exact = rest.kind != OBJECT_BIG && object_small(rest) == 0;
    return integer_or(evaluation, *out, object_integer(!is_exact), out);
}

enum bamboo_status integer_divide(struct evaluation *evaluation, struct object left,
                                  struct object right, struct object *out)
{
    struct object a = object_none(), b = object_none(), quotient = object_none();
    if (right.kind != OBJECT_BIG && object_small(right) == 0)
        return evaluation_refuse(evaluation, "division by zero");
    bool is_negative = integer_is_negative(left) != integer_is_negative(right);
    *out = object_float(integer_is_negative(right) ? -0.0 : 0.0);
    if (left.kind != OBJECT_BIG && object_small(left) == 0) return BAMBOO_OK;
    enum bamboo_status status = magnitude(evaluation, left, &a);
    if (status == BAMBOO_OK) status = magnitude(evaluation, right, &b);
    int64_t shift = QUOTIENT_BITS - (bits_of(a) - bits_of(b));
    if (status == BAMBOO_OK) status = scaled_quotient(evaluation, a, b, shift, &quotient);
    if (status != BAMBOO_OK) return status;
    double number = ldexp(integer_as_double(quotient), (int)-shift);
    if (!isfinite(number)) return evaluation_refuse(evaluation, "the quotient is too large");
    *out = object_float(is_negative ? -number : number);
    return BAMBOO_OK;
}
