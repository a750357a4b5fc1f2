/* container[index] and container[from:to:step]. */
#ifndef TEMPLATE_SUBSCRIPT_H
#define TEMPLATE_SUBSCRIPT_H

#include "template/object.h"

/* Element of a list, tuple, text or range (negative: from the end), or value of a map. Errors:
 * EVALUATION (there is none). */
MUST_CHECK enum bamboo_status object_index(struct evaluation *evaluation, struct object container,
                                           struct object index, struct object *out);

/* Part of a list, tuple or text; None for a bound that is left out. Errors: EVALUATION. */
MUST_CHECK enum bamboo_status object_slice(struct evaluation *evaluation, struct object container,
                                           const struct object bounds[3], struct object *out);

#endif
