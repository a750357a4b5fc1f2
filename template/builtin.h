/* The functions of Python that expressions may call. */
#ifndef TEMPLATE_BUILTIN_H
#define TEMPLATE_BUILTIN_H

#include "template/object.h"

/* NULL if there is none of this name. */
const struct builtin *builtin_find(const char *name, size_t size);

/* Calls it. Errors: EVALUATION (wrong arguments, or it fails), LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status builtin_call(struct evaluation *evaluation,
                                           const struct builtin *builtin,
                                           const struct arguments *arguments, struct object *out);

#endif
