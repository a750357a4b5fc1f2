/* "%s of %d" % (..): Python's formatting by '%'. */
#ifndef TEMPLATE_FORMAT_H
#define TEMPLATE_FORMAT_H

#include "template/object.h"

/* A tuple gives one argument after the other, a map those that are named as in %(name)s, any other
 * object is the only one. Errors: EVALUATION, LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status text_format(struct evaluation *evaluation,
                                          const struct text_object *format, struct object arguments,
                                          struct object *out);

#endif
