/* Integers of any size, up to INTEGER_BITS_MAX: what Python's int does. Operands are bools or
 * integers, small or big; a result that fits 64 bits is a small one. */
#ifndef TEMPLATE_INTEGER_H
#define TEMPLATE_INTEGER_H

#include "base/limits.h"
#include "base/text.h"
#include "template/object.h"

/* Bits of one integer: some 20,000 digits, more than anybody computes with in a text. */
#define INTEGER_BITS_MAX (64u << 10)

typedef enum bamboo_status (*integer_operator)(struct evaluation *evaluation, struct object left,
                                               struct object right, struct object *out);

MUST_CHECK enum bamboo_status integer_add(struct evaluation *, struct object, struct object,
                                          struct object *);
MUST_CHECK enum bamboo_status integer_subtract(struct evaluation *, struct object, struct object,
                                               struct object *);
MUST_CHECK enum bamboo_status integer_multiply(struct evaluation *, struct object, struct object,
                                               struct object *);
/* Both round towards minus infinity. Errors: EVALUATION (division by zero). */
MUST_CHECK enum bamboo_status integer_floor_divide(struct evaluation *, struct object,
                                                   struct object, struct object *);
MUST_CHECK enum bamboo_status integer_modulo(struct evaluation *, struct object, struct object,
                                             struct object *);
/* The quotient as a float. Errors: EVALUATION (division by zero, or too large). */
MUST_CHECK enum bamboo_status integer_divide(struct evaluation *, struct object, struct object,
                                             struct object *);
/* The exponent is not negative. */
MUST_CHECK enum bamboo_status integer_power(struct evaluation *, struct object, struct object,
                                            struct object *);
/* Bits, as of an endless two's complement. Errors of shifts: EVALUATION (a negative count). */
MUST_CHECK enum bamboo_status integer_and(struct evaluation *, struct object, struct object,
                                          struct object *);
MUST_CHECK enum bamboo_status integer_or(struct evaluation *, struct object, struct object,
                                         struct object *);
MUST_CHECK enum bamboo_status integer_xor(struct evaluation *, struct object, struct object,
                                          struct object *);
MUST_CHECK enum bamboo_status integer_shift_left(struct evaluation *, struct object, struct object,
                                                 struct object *);
MUST_CHECK enum bamboo_status integer_shift_right(struct evaluation *, struct object, struct object,
                                                  struct object *);

/* Less than, equal to or greater than 0. */
int integer_compare(struct object left, struct object right);
bool integer_is_negative(struct object integer);
double integer_as_double(struct object integer);

/* The integer part of a finite number. */
MUST_CHECK enum bamboo_status integer_from_double(struct evaluation *evaluation, double number,
                                                  struct object *out);

/* From limbs, the least first, which then belong to the integer. Errors: LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status integer_from_limbs(struct evaluation *evaluation, bool is_negative,
                                                 const uint64_t *limbs, size_t count,
                                                 struct object *out);

/* From digits of a base (2 to 36, no sign, at least one digit, letters in any case). Errors: LIMIT.
 */
MUST_CHECK enum bamboo_status integer_from_digits(struct evaluation *evaluation, const char *digits,
                                                  size_t size, int base, bool is_negative,
                                                  struct object *out);

/* Writes the digits in a base from 2 to 36, small letters, with a '-'. Errors: LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status integer_append(struct evaluation *evaluation, struct text *text,
                                             struct object integer, int base);

#endif
