#include "template/integer.h"

#include <assert.h>
#include <gmp.h>
#include <math.h>
#include <string.h>

#include "base/limits.h"

static_assert(sizeof(mp_limb_t) == sizeof(uint64_t), "a limb has 64 bits");

#define LIMB_BITS 64
/* Of the largest integer, and of what an operation with two of them makes. */
#define LIMBS_MAX (INTEGER_BITS_MAX / LIMB_BITS)
/* Of the largest float. */
#define DOUBLE_LIMBS (1024 / LIMB_BITS + 1)

/* An integer as sign and limbs; zero has none. */
struct operand {
    bool is_negative;
    size_t count;
    const mp_limb_t *limbs;
    mp_limb_t small;
};

static void read_small(struct operand *operand, int64_t integer)
{
    operand->is_negative = integer < 0;
    operand->small = integer < 0 ? 0 - (mp_limb_t)integer : (mp_limb_t)integer;
    operand->limbs = &operand->small;
    operand->count = integer != 0;
}

static void read(struct operand *operand, struct object object)
{
    assert(object_is_integer(object));
    if (object.kind != OBJECT_BIG) {
        read_small(operand, object_small(object));
        return;
    }
    operand->is_negative = object.as.big->is_negative;
    operand->count = object.as.big->count;
    operand->limbs = (const mp_limb_t *)object.as.big->limbs;
}

static mp_limb_t *allocate(struct evaluation *evaluation, size_t count)
{
    return evaluation_allocate(evaluation, count > 0 ? count : 1, sizeof(mp_limb_t));
}

enum bamboo_status integer_from_limbs(struct evaluation *evaluation, bool is_negative,
                                      const uint64_t *limbs, size_t count, struct object *out)
{
    while (count > 0 && limbs[count - 1] == 0)
        count--;
    if (count > LIMBS_MAX) return evaluation_refuse_size(evaluation, "an integer");
    uint64_t limit = (uint64_t)INT64_MAX + is_negative;
    if (count == 0 || (count == 1 && limbs[0] <= limit)) {
        uint64_t bits = count == 0 ? 0 : limbs[0];
        *out = object_integer((int64_t)(is_negative ? 0 - bits : bits));
        return BAMBOO_OK;
    }
    struct big_object *big = evaluation_allocate(evaluation, 1, sizeof *big);
    if (!big) return evaluation->status;
    *big = (struct big_object){.is_negative = is_negative, .count = count, .limbs = limbs};
    *out = (struct object){.kind = OBJECT_BIG, .as = {.big = big}};
    return evaluation_pay(evaluation, 1 + count);
}

static enum bamboo_status make(struct evaluation *evaluation, bool is_negative,
                               const mp_limb_t *limbs, size_t count, struct object *out)
{
    return integer_from_limbs(evaluation, is_negative, (const uint64_t *)limbs, count, out);
}

/* --- comparison --- */

static int compare_limbs(const struct operand *left, const struct operand *right)
{
    if (left->count != right->count) return left->count < right->count ? -1 : 1;
    return left->count == 0 ? 0 : mpn_cmp(left->limbs, right->limbs, (mp_size_t)left->count);
}

static int compare(const struct operand *left, const struct operand *right)
{
    bool left_below = left->is_negative && left->count > 0;
    bool right_below = right->is_negative && right->count > 0;
    if (left_below != right_below) return left_below ? -1 : 1;
    int order = compare_limbs(left, right);
    return left_below ? -order : order;
}

int integer_compare(struct object left, struct object right)
{
    struct operand a, b;
    read(&a, left);
    read(&b, right);
    return compare(&a, &b);
}

bool integer_is_negative(struct object integer)
{
    return integer.kind == OBJECT_BIG ? integer.as.big->is_negative : object_small(integer) < 0;
}

/* --- sums --- */

static enum bamboo_status add_limbs(struct evaluation *evaluation, bool is_negative,
                                    const struct operand *long_one, const struct operand *short_one,
                                    struct object *out)
{
    mp_limb_t *sum = allocate(evaluation, long_one->count + 1);
    if (!sum) return evaluation->status;
    if (short_one->count == 0) {
        memcpy(sum, long_one->limbs, long_one->count * sizeof *sum);
    } else {
        sum[long_one->count] = mpn_add(sum, long_one->limbs, (mp_size_t)long_one->count,
                                       short_one->limbs, (mp_size_t)short_one->count);
    }
    return make(evaluation, is_negative, sum, long_one->count + 1, out);
}

static enum bamboo_status subtract_limbs(struct evaluation *evaluation, bool is_negative,
                                         const struct operand *large, const struct operand *small,
                                         struct object *out)
{
    mp_limb_t *difference = allocate(evaluation, large->count);
    if (!difference) return evaluation->status;
    if (small->count == 0)
        memcpy(difference, large->limbs, large->count * sizeof *difference);
    else
        mpn_sub(difference, large->limbs, (mp_size_t)large->count, small->limbs,
                (mp_size_t)small->count);
    return make(evaluation, is_negative, difference, large->count, out);
}

static enum bamboo_status add(struct evaluation *evaluation, const struct operand *left,
                              const struct operand *right, struct object *out)
{
    bool left_is_larger = compare_limbs(left, right) >= 0;
    const struct operand *large = left_is_larger ? left : right;
    const struct operand *small = left_is_larger ? right : left;
    if (left->is_negative == right->is_negative)
        return add_limbs(evaluation, left->is_negative, large, small, out);
    return subtract_limbs(evaluation, large->is_negative, large, small, out);
}

enum bamboo_status integer_add(struct evaluation *evaluation, struct object left,
                               struct object right, struct object *out)
{
    int64_t sum;
    if (left.kind != OBJECT_BIG && right.kind != OBJECT_BIG &&
        !__builtin_add_overflow(object_small(left), object_small(right), &sum)) {
        *out = object_integer(sum);
        return BAMBOO_OK;
    }
    struct operand a, b;
    read(&a, left);
    read(&b, right);
    return add(evaluation, &a, &b, out);
}

enum bamboo_status integer_subtract(struct evaluation *evaluation, struct object left,
                                    struct object right, struct object *out)
{
    struct operand a, b;
    read(&a, left);
    read(&b, right);
    b.is_negative = !b.is_negative;
    return add(evaluation, &a, &b, out);
}

/* --- products --- */

enum bamboo_status integer_multiply(struct evaluation *evaluation, struct object left,
                                    struct object right, struct object *out)
{
    int64_t small;
    if (left.kind != OBJECT_BIG && right.kind != OBJECT_BIG &&
        !__builtin_mul_overflow(object_small(left), object_small(right), &small)) {
        *out = object_integer(small);
        return BAMBOO_OK;
    }
    struct operand a, b;
    read(&a, left);
    read(&b, right);
    size_t count = a.count + b.count;
    if (a.count == 0 || b.count == 0) {
        *out = object_integer(0);
        return BAMBOO_OK;
    }
    if (count > LIMBS_MAX + 1) return evaluation_refuse_size(evaluation, "an integer");
    enum bamboo_status status = evaluation_pay(evaluation, 1 + a.count * b.count / 16);
    mp_limb_t *product = allocate(evaluation, count);
    if (status != BAMBOO_OK || !product) return evaluation->status;
    if (a.count >= b.count)
        mpn_mul(product, a.limbs, (mp_size_t)a.count, b.limbs, (mp_size_t)b.count);
    else
        mpn_mul(product, b.limbs, (mp_size_t)b.count, a.limbs, (mp_size_t)a.count);
    return make(evaluation, a.is_negative != b.is_negative, product, count, out);
}

enum bamboo_status integer_power(struct evaluation *evaluation, struct object base,
                                 struct object exponent, struct object *out)
{
    *out = object_integer(1);
    if (base.kind != OBJECT_BIG && object_small(base) >= -1 && object_small(base) <= 1) {
        bool is_odd = exponent.kind == OBJECT_BIG ? exponent.as.big->limbs[0] & 1
                                                  : object_small(exponent) & 1;
        bool is_one = exponent.kind != OBJECT_BIG && object_small(exponent) == 0;
        int64_t small = object_small(base);
        if (!is_one) *out = object_integer(small >= 0 || is_odd ? small : 1);
        return BAMBOO_OK;
    }
    if (exponent.kind == OBJECT_BIG || object_small(exponent) > INTEGER_BITS_MAX)
        return evaluation_refuse_size(evaluation, "an integer");
    enum bamboo_status status = BAMBOO_OK;
    for (uint64_t left = (uint64_t)object_small(exponent); left > 0; left >>= 1) {
        if (left & 1) status = integer_multiply(evaluation, *out, base, out);
        if (status == BAMBOO_OK && left > 1)
            status = integer_multiply(evaluation, base, base, &base);
        if (status != BAMBOO_OK) return status;
    }
    return BAMBOO_OK;
}

/* --- division --- */

static enum bamboo_status divide(struct evaluation *evaluation, const struct operand *left,
                                 const struct operand *right, struct object *quotient,
                                 struct object *rest)
{
    enum bamboo_status status = BAMBOO_OK;
    bool is_negative = left->is_negative != right->is_negative;
    if (left->count < right->count) {
        *quotient = object_integer(0);
        status = make(evaluation, left->is_negative, left->limbs, left->count, rest);
    } else {
        size_t count = left->count - right->count + 1;
        mp_limb_t *q = allocate(evaluation, count), *r = allocate(evaluation, right->count);
        status = evaluation_pay(evaluation, 1 + count * right->count / 16);
        if (!q || !r || status != BAMBOO_OK) return evaluation->status;
        mpn_tdiv_qr(q, r, 0, left->limbs, (mp_size_t)left->count, right->limbs,
                    (mp_size_t)right->count);
        status = make(evaluation, is_negative, q, count, quotient);
        if (status == BAMBOO_OK)
            status = make(evaluation, left->is_negative, r, right->count, rest);
    }
    return status;
}

/* Quotient rounded towards minus infinity, and the rest, which has the divisor's sign. */
static enum bamboo_status floor_divide(struct evaluation *evaluation, struct object left,
                                       struct object right, struct object *quotient,
                                       struct object *rest)
{
    struct operand a, b;
    read(&a, left);
    read(&b, right);
    if (b.count == 0) return evaluation_refuse(evaluation, "integer division or modulo by zero");
    /* make() keeps the limbs of a big dividend, never those of a small one. */
    enum bamboo_status status = divide(evaluation, &a, &b, quotient, rest);
    bool is_exact = rest->kind != OBJECT_BIG && object_small(*rest) == 0;
    if (status != BAMBOO_OK || is_exact || a.is_negative == b.is_negative) return status;
    status = integer_subtract(evaluation, *quotient, object_integer(1), quotient);
    if (status == BAMBOO_OK) status = integer_add(evaluation, *rest, right, rest);
    return status;
}

enum bamboo_status integer_floor_divide(struct evaluation *evaluation, struct object left,
                                        struct object right, struct object *out)
{
    struct object rest = object_none();
    return floor_divide(evaluation, left, right, out, &rest);
}

enum bamboo_status integer_modulo(struct evaluation *evaluation, struct object left,
                                  struct object right, struct object *out)
{
    struct object quotient = object_none();
    return floor_divide(evaluation, left, right, &quotient, out);
}

/* --- floats --- */

double integer_as_double(struct object integer)
{
    if (integer.kind != OBJECT_BIG) return (double)object_small(integer);
    const struct big_object *big = integer.as.big;
    uint64_t top = big->limbs[big->count - 1];
    int shift = __builtin_clzll(top);
    uint64_t bits = top << shift;
    bool has_rest = false;
    if (big->count > 1) {
        uint64_t next = big->limbs[big->count - 2];
        if (shift > 0) bits |= next >> (LIMB_BITS - shift);
        has_rest = shift > 0 ? next << shift != 0 : next != 0;
    }
    for (size_t i = 0; i + 2 < big->count; i++)
        has_rest |= big->limbs[i] != 0;
    /* Bits below the first 64 only decide ties. */
    double magnitude =
        ldexp((double)(bits | has_rest), (int)(big->count * LIMB_BITS) - LIMB_BITS - shift);
    return big->is_negative ? -magnitude : magnitude;
}

enum bamboo_status integer_from_double(struct evaluation *evaluation, double number,
                                       struct object *out)
{
    if (!isfinite(number))
        return evaluation_refuse(evaluation, "cannot convert float %s to integer",
                                 isnan(number) ? "NaN" : "infinity");
    if (number > -9e18 && number < 9e18) {
        *out = object_integer((int64_t)number);
        return BAMBOO_OK;
    }
    int exponent;
    double fraction = frexp(fabs(number), &exponent); /* 0.5 <= fraction < 1 */
    mp_limb_t *limbs = allocate(evaluation, DOUBLE_LIMBS);
    if (!limbs) return evaluation->status;
    mp_limb_t bits = (mp_limb_t)ldexp(fraction, LIMB_BITS); /* exact: 53 bits and zeros */
    size_t low = (size_t)(exponent - LIMB_BITS > 0 ? exponent - LIMB_BITS : 0);
    if (exponent < LIMB_BITS) bits >>= LIMB_BITS - exponent;
    size_t limb = low / LIMB_BITS, shift = low % LIMB_BITS;
    limbs[limb] = bits << shift;
    if (shift > 0) limbs[limb + 1] = bits >> (LIMB_BITS - shift);
    return make(evaluation, number < 0, limbs, DOUBLE_LIMBS, out);
}

/* --- digits --- */

enum bamboo_status integer_from_digits(struct evaluation *evaluation, const char *digits,
                                       size_t size, int base, bool is_negative, struct object *out)
{
    assert(size > 0);
    while (size > 1 && digits[0] == '0')
        digits++, size--;
    if (size > INTEGER_DIGITS_MAX) return evaluation_refuse_size(evaluation, "an integer");
    unsigned char *values = evaluation_allocate(evaluation, size, 1);
    mp_limb_t *limbs =
        allocate(evaluation, size * 6 / LIMB_BITS + 2); /* 36 needs 5.2 bits a digit */
    enum bamboo_status status = evaluation_pay(evaluation, 1 + size * size / 256);
    if (!values || !limbs || status != BAMBOO_OK) return evaluation->status;
    for (size_t i = 0; i < size; i++) {
        int digit = digits[i] >= 'a' ? digits[i] - 'a' + 10
                                     : (digits[i] >= 'A' ? digits[i] - 'A' + 10 : digits[i] - '0');
        assert(digit >= 0 && digit < base);
        values[i] = (unsigned char)digit;
    }
    mp_size_t count = mpn_set_str(limbs, values, size, base);
    return make(evaluation, is_negative, limbs, (size_t)count, out);
}

enum bamboo_status integer_append(struct evaluation *evaluation, struct text *text,
                                  struct object integer, int base)
{
    static const char DIGITS[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    struct operand operand;
    read(&operand, integer);
    size_t size = operand.count * LIMB_BITS + 1;
    unsigned char *digits = evaluation_allocate(evaluation, size, 1);
    mp_limb_t *limbs = allocate(evaluation, operand.count + 1); /* mpn_get_str() writes on them */
    enum bamboo_status status = evaluation_pay(evaluation, 1 + size * operand.count / 64);
    if (!digits || !limbs || status != BAMBOO_OK) return evaluation->status;
    memcpy(limbs, operand.limbs, operand.count * sizeof *limbs);
    size_t count = 1;
    if (operand.count > 0) count = mpn_get_str(digits, base, limbs, (mp_size_t)operand.count);
    size_t zeros = 0;
    while (zeros + 1 < count && digits[zeros] == 0)
        zeros++;
    if (count - zeros > INTEGER_DIGITS_MAX && (base & (base - 1)) != 0)
        return evaluation_refuse_size(evaluation, "an integer as text");
    if (operand.is_negative) text_append_character(text, '-');
    for (size_t i = zeros; i < count; i++)
        text_append_character(text, DIGITS[digits[i]]);
    return BAMBOO_OK;
}
