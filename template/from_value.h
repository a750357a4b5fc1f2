/* From values of flows to objects. */
#ifndef TEMPLATE_FROM_VALUE_H
#define TEMPLATE_FROM_VALUE_H

#include "template/object.h"

/* A value as an object. Texts in it are lent by the value; a duration becomes a text. Errors:
 * LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status object_from_value(struct evaluation *evaluation,
                                                struct bamboo_value value, struct object *out);

#endif
