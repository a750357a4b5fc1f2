/* Stable sorting. */
#ifndef TEMPLATE_SORT_H
#define TEMPLATE_SORT_H

#include "template/object.h"

/* The function whose results are compared instead of the elements; NULL or None: there is none. */
struct sort_key {
    const struct object *function;
};

MUST_CHECK enum bamboo_status sort_key_of(struct evaluation *evaluation, const struct sort_key *key,
                                          struct object element, struct object *out);

/* Sorts in place, equal elements in their order even if descending. Errors: EVALUATION (there is no
 * order between two of them, or the function fails), LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status list_sort(struct evaluation *evaluation, struct list_object *list,
                                        const struct sort_key *key, bool is_descending);

#endif
