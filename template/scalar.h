/* Comparison of objects that have no elements, as Python compares. */
#ifndef TEMPLATE_SCALAR_H
#define TEMPLATE_SCALAR_H

#include "template/object.h"

/* What a comparison of two numbers may say beside -1, 0 and 1: one of them is not a number. */
#define UNORDERED 2

/* By value, whatever their type, exactly. *out: -1, 0, 1 or UNORDERED. Errors: LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status numbers_compare(struct evaluation *evaluation, struct object left,
                                              struct object right, int *out);

/* By characters: -1, 0 or 1. */
int texts_compare(const struct text_object *left, const struct text_object *right);

/* `is`: the same object. Equal small integers and texts count as the same. */
bool object_is(struct object left, struct object right);

/* == of objects that are no lists, tuples, maps and sets (those are equal if they are the same).
 * Errors: LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status scalar_equal(struct evaluation *evaluation, struct object left,
                                           struct object right, bool *out);

/* == and a hash of what can be a key: scalars and tuples of them. What is equal has the same hash.
 * Errors: EVALUATION (a list, map or set cannot be a key), LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status key_equal(struct evaluation *evaluation, struct object left,
                                        struct object right, bool *out);
MUST_CHECK enum bamboo_status key_hash(struct evaluation *evaluation, struct object key,
                                       uint64_t *out);

#endif
