/* The functions of Python that expressions may call. */
#ifndef TEMPLATE_BUILTIN_H
#define TEMPLATE_BUILTIN_H

#include "template/object.h"

/* NULL if there is none of this name. */
const struct builtin *builtin_find(const char *name, size_t size);

#endif
