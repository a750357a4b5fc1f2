/* Operations on the bits of integers, as if negative ones had endless ones in front. */
#include <assert.h>
#include <string.h>

#include "template/integer.h"

#define LIMB_BITS 64

static size_t limb_count(struct object integer)
{
    return integer.kind == OBJECT_BIG ? integer.as.big->count : 1;
}

/* Two's complement, in place. */
static void negate(uint64_t *limbs, size_t count)
{
    bool carry = true;
    for (size_t i = 0; i < count; i++) {
        limbs[i] = ~limbs[i] + carry;
        carry = carry && limbs[i] == 0;
    }
}

/* The integer as `count` limbs of two's complement; NULL if there is no memory. */
static uint64_t *spread(struct evaluation *evaluation, struct object integer, size_t count)
{
    uint64_t *limbs = evaluation_allocate(evaluation, count, sizeof *limbs);
    if (!limbs) return NULL;
    if (integer.kind == OBJECT_BIG) {
        memcpy(limbs, integer.as.big->limbs, integer.as.big->count * sizeof *limbs);
        if (integer.as.big->is_negative) negate(limbs, count);
        return limbs;
    }
    limbs[0] = (uint64_t)object_small(integer);
    for (size_t i = 1; i < count; i++)
        limbs[i] = object_small(integer) < 0 ? UINT64_MAX : 0;
    return limbs;
}

/* The integer that `count` limbs of two's complement are; they are used up. */
static enum bamboo_status gather(struct evaluation *evaluation, uint64_t *limbs, size_t count,
                                 struct object *out)
{
    bool is_negative = limbs[count - 1] >> (LIMB_BITS - 1);
    if (is_negative) negate(limbs, count);
    return integer_from_limbs(evaluation, is_negative, limbs, count, out);
}

static uint64_t bits_and(uint64_t left, uint64_t right)
{
    return left & right;
}

static uint64_t bits_or(uint64_t left, uint64_t right)
{
    return left | right;
}

static uint64_t bits_xor(uint64_t left, uint64_t right)
{
    return left ^ right;
}

static enum bamboo_status combine(struct evaluation *evaluation, struct object left,
                                  struct object right, uint64_t (*operation)(uint64_t, uint64_t),
                                  struct object *out)
{
    size_t count = limb_count(left) > limb_count(right) ? limb_count(left) : limb_count(right);
    count++; /* for the sign */
    uint64_t *a = spread(evaluation, left, count), *b = spread(evaluation, right, count);
    enum bamboo_status status = evaluation_pay(evaluation, count);
    if (!a || !b || status != BAMBOO_OK) return evaluation->status;
    for (size_t i = 0; i < count; i++)
        a[i] = operation(a[i], b[i]);
    return gather(evaluation, a, count, out);
}

enum bamboo_status integer_and(struct evaluation *evaluation, struct object left,
                               struct object right, struct object *out)
{
    return combine(evaluation, left, right, bits_and, out);
}

enum bamboo_status integer_or(struct evaluation *evaluation, struct object left,
                              struct object right, struct object *out)
{
    return combine(evaluation, left, right, bits_or, out);
}

enum bamboo_status integer_xor(struct evaluation *evaluation, struct object left,
                               struct object right, struct object *out)
{
    return combine(evaluation, left, right, bits_xor, out);
}

enum bamboo_status integer_shift_left(struct evaluation *evaluation, struct object left,
                                      struct object right, struct object *out)
{
    if (integer_is_negative(right)) return evaluation_refuse(evaluation, "negative shift count");
    struct object factor = object_none();
    *out = object_integer(0);
    if (left.kind != OBJECT_BIG && object_small(left) == 0) return BAMBOO_OK;
    enum bamboo_status status = integer_power(evaluation, object_integer(2), right, &factor);
    if (status == BAMBOO_OK) status = integer_multiply(evaluation, left, factor, out);
    return status;
}

enum bamboo_status integer_shift_right(struct evaluation *evaluation, struct object left,
                                       struct object right, struct object *out)
{
    if (integer_is_negative(right)) return evaluation_refuse(evaluation, "negative shift count");
    struct object divisor = object_none();
    if (right.kind == OBJECT_BIG || object_small(right) >= INTEGER_BITS_MAX) {
        *out = object_integer(integer_is_negative(left) ? -1 : 0);
        return BAMBOO_OK;
    }
    enum bamboo_status status = integer_power(evaluation, object_integer(2), right, &divisor);
    if (status == BAMBOO_OK) status = integer_floor_divide(evaluation, left, divisor, out);
    return status;
}
