/* The bodies of builtins.def. */
#ifndef TEMPLATE_BUILTIN_BODIES_H
#define TEMPLATE_BUILTIN_BODIES_H

#include "template/object.h"

#define BODY(name) \
    enum bamboo_status builtin_##name(struct evaluation *evaluation, \
                                      const struct arguments *arguments, struct object *out)
/* `bool` is a macro: no name may go through another one. */
#define FUNCTION(name, ...) \
    enum bamboo_status builtin_##name(struct evaluation *evaluation, \
                                      const struct arguments *arguments, struct object *out);
#define TYPE FUNCTION
#include "template/builtins.def"
#undef FUNCTION
#undef TYPE

#endif
