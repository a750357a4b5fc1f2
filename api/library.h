/* What stands behind the public names: a library of components and functions, and a flow that was
 * compiled or loaded with it. */
#ifndef API_LIBRARY_H
#define API_LIBRARY_H

#include "base/function.h"
#include "include/bamboo.h"
#include "vm/run/link.h"

/* Constant once it is made. */
struct bamboo_library {
    struct bamboo_component_set components;  /* standard ones and those of plugins */
    const struct bamboo_component **storage; /* owned: the array behind `components` */
    struct function_set functions;
    void **plugins; /* owned: handles of dlopen() */
    size_t plugin_count;
};

/* The component of this code; NULL, with NOT_FOUND and the nearest code, if there is none. */
const struct bamboo_component *library_component(const struct bamboo_library *library,
                                                 const char *code, struct bamboo_error *error);

struct bamboo_flow {
    struct linked_program *linked; /* owned */
    char *name;                    /* owned: of the first pipeline */
};

#endif
