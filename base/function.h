/* The functions and methods that expressions may call: pure, total, bounded. stdlib/ has them in
 * one table; the compiler checks calls against it, the machine calls through it. */
#ifndef BASE_FUNCTION_H
#define BASE_FUNCTION_H

#include "base/error.h"
#include "include/bamboo_value.h"

/* `arguments` are borrowed and never missing; for a method arguments[0] is the receiver. The number
 * is within the limits of the descriptor. Errors: EVALUATION, MEMORY, LIMIT. */
typedef enum bamboo_status (*function_body)(const struct bamboo_value *arguments, size_t count,
                                            struct bamboo_value *out, struct bamboo_error *error);

struct function {
    const char *name;
    enum bamboo_type receiver; /* BAMBOO_MISSING: a plain function; else a method of that type */
    unsigned argument_min;     /* both without the receiver */
    unsigned argument_max;
    const char *result;        /* its type: "string", "list", "any", ... */
    const char *signature;     /* "split(separator?, max?)" */
    const char *documentation; /* a sentence */
    function_body body;
};

struct function_set {
    const struct function *items;
    size_t count;
};

#endif
