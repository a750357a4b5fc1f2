/* The bodies of methods.def. */
#ifndef TEMPLATE_METHOD_BODIES_H
#define TEMPLATE_METHOD_BODIES_H

#include "template/arguments.h"
#include "template/object.h"

#define METHOD_BODY(kind, name) \
    enum bamboo_status object_##kind##_##name( \
        struct evaluation *evaluation, struct object receiver, const struct arguments *arguments, \
        struct object *out)
#define METHOD(kind, name, ...) METHOD_BODY(kind, name);
#include "template/methods.def"
#undef METHOD

#endif
