/* Comparison of objects, as Python compares. */
#ifndef TEMPLATE_COMPARE_H
#define TEMPLATE_COMPARE_H

#include "template/object.h"

enum order { ORDER_LESS, ORDER_LESS_EQUAL, ORDER_GREATER, ORDER_GREATER_EQUAL };

/* == : numbers by value, whatever their type; lists, tuples, maps and sets by content. Errors of
 * all: LIMIT. */
MUST_CHECK enum bamboo_status object_equal(struct evaluation *evaluation, struct object left,
                                           struct object right, bool *out);

/* < <= > >= of numbers, texts, lists, tuples and (being contained in) sets. Other types are an
 * error EVALUATION. */
MUST_CHECK enum bamboo_status object_ordered(struct evaluation *evaluation, struct object left,
                                             enum order order, struct object right, bool *out);

/* Is `item` an element of a list, a key of a map, a part of a text, ...? Errors: EVALUATION. */
MUST_CHECK enum bamboo_status object_contains(struct evaluation *evaluation,
                                              struct object container, struct object item,
                                              bool *out);

/* Are all elements of set `right` in set `left`? */
MUST_CHECK enum bamboo_status set_contains(struct evaluation *evaluation, struct map_object *left,
                                           struct map_object *right, bool *out);

#endif
