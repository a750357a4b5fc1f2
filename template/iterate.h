/* Going through objects. */
#ifndef TEMPLATE_ITERATE_H
#define TEMPLATE_ITERATE_H

#include "template/object.h"

/* What going through an object meets, as a list that is only to be read: the elements, the
 * characters of a text, the keys of a map. It uses an iterator up. Errors: EVALUATION (another
 * type, or the iterator fails), LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status object_items(struct evaluation *evaluation, struct object object,
                                           struct list_object **out);

/* The next thing that an iterator gives: *found says whether there is one. Errors: its failure. */
MUST_CHECK enum bamboo_status iterator_next(struct evaluation *evaluation,
                                            struct iterator_object *iterator, bool *found,
                                            struct object *out);

/* The range from `start` to (without) `stop`; `step` is not 0. */
MUST_CHECK enum bamboo_status object_range(struct evaluation *evaluation, int64_t start,
                                           int64_t stop, int64_t step, struct object *out);

/* One character of a text as a text; `at` is its offset, *at becomes that of the next. */
MUST_CHECK enum bamboo_status text_character(struct evaluation *evaluation,
                                             const struct text_object *text, size_t *at,
                                             struct object *out);

#endif
