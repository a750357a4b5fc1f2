/* The methods of objects. */
#ifndef TEMPLATE_METHOD_H
#define TEMPLATE_METHOD_H

#include "template/object.h"

typedef enum bamboo_status (*method_body)(struct evaluation *evaluation, struct object receiver,
                                          const struct arguments *arguments, struct object *out);

/* Is there a method of this name for this kind? */
bool method_exists(const struct evaluation *evaluation, enum object_kind kind, const char *name);

/* Calls a method. Errors: EVALUATION (no such method, or it fails), LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status method_call(struct evaluation *evaluation, struct object receiver,
                                          const char *name, const struct arguments *arguments,
                                          struct object *out);

#endif
