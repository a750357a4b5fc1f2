/* What templates refer to. */
#ifndef TEMPLATE_NAMES_H
#define TEMPLATE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "include/bamboo_value.h"

/* Where the names in templates get their values from. `find` says whether there is a value for the
 * bare name (`a`, not `${a}`), and lends it in *value until the rendering ends. */
struct template_names {
    bool (*find)(void *context, const char *name, size_t size, struct bamboo_value *value);
    void *context;
};

#endif
