/* int() and float(). */
#ifndef TEMPLATE_CONVERT_H
#define TEMPLATE_CONVERT_H

#include "template/object.h"

/* The whole number that a number has, or that a text spells in a base (2 to 36; 0: as in a source,
 * 0x1f). Errors: EVALUATION (it has or spells none), LIMIT. */
MUST_CHECK enum bamboo_status object_to_integer(struct evaluation *evaluation, struct object object,
                                                int base, struct object *out);

/* The number as a float, or the one that a text spells. Errors: EVALUATION. */
MUST_CHECK enum bamboo_status object_to_float(struct evaluation *evaluation, struct object object,
                                              struct object *out);

/* A number of Python source (an integer with any prefix, or a float; `_` between digits). Errors:
 * EVALUATION (not a number), LIMIT. */
MUST_CHECK enum bamboo_status number_from_source(struct evaluation *evaluation, const char *bytes,
                                                 size_t size, struct object *out);

#endif
