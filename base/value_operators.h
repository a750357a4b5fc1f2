/* What the operators of expressions do: a small, total Python. Each gives a new value or an error
 * EVALUATION (wrong types, overflow, division by zero, missing operand), LIMIT (a result too large,
 * before its memory is taken) or MEMORY.
 * Operands are borrowed. The rules are in docs/language.md, "Expressions". */
#ifndef BASE_VALUE_OPERATORS_H
#define BASE_VALUE_OPERATORS_H

#include "base/value.h"

typedef enum bamboo_status (*value_operator)(struct bamboo_value left, struct bamboo_value right,
                                             struct bamboo_value *out, struct bamboo_error *error);

/* + : numbers, durations, strings, lists, maps (right wins). */
MUST_CHECK enum bamboo_status value_add(struct bamboo_value, struct bamboo_value,
                                        struct bamboo_value *, struct bamboo_error *);
MUST_CHECK enum bamboo_status value_subtract(struct bamboo_value, struct bamboo_value,
                                             struct bamboo_value *, struct bamboo_error *);
/* * : numbers, duration by number, string or list by integer. */
MUST_CHECK enum bamboo_status value_multiply(struct bamboo_value, struct bamboo_value,
                                             struct bamboo_value *, struct bamboo_error *);
/* / : always a float, except duration / number = duration. */
MUST_CHECK enum bamboo_status value_divide(struct bamboo_value, struct bamboo_value,
                                           struct bamboo_value *, struct bamboo_error *);
/* // and % round towards minus infinity, as Python's. % formats when left is a string. */
MUST_CHECK enum bamboo_status value_floor_divide(struct bamboo_value, struct bamboo_value,
                                                 struct bamboo_value *, struct bamboo_error *);
MUST_CHECK enum bamboo_status value_modulo(struct bamboo_value, struct bamboo_value,
                                           struct bamboo_value *, struct bamboo_error *);
/* < : numbers, strings, durations, lists. Others, and mixed types, are an error. *out is less than,
 * equal to or greater than 0. */
MUST_CHECK enum bamboo_status value_order(struct bamboo_value left, struct bamboo_value right,
                                          int *out, struct bamboo_error *error);
/* left in right: element of a list, key of a map, part of a string. */
MUST_CHECK enum bamboo_status value_in(struct bamboo_value, struct bamboo_value,
                                       struct bamboo_value *, struct bamboo_error *);
/* list[int], string[int], map[key]; negative indices count from the end. Out of range: error. */
MUST_CHECK enum bamboo_status value_index(struct bamboo_value, struct bamboo_value,
                                          struct bamboo_value *, struct bamboo_error *);
/* container[from:to:step]; null or missing for what is left out. */
MUST_CHECK enum bamboo_status value_slice(struct bamboo_value container,
                                          const struct bamboo_value bounds[3],
                                          struct bamboo_value *out, struct bamboo_error *error);
MUST_CHECK enum bamboo_status value_negate(struct bamboo_value operand, struct bamboo_value *out,
                                           struct bamboo_error *error);

#endif
