/* The methods of texts that flows have too: the functions of the set that the cache was given. */
#ifndef TEMPLATE_TEXT_METHOD_H
#define TEMPLATE_TEXT_METHOD_H

#include "template/object.h"

bool text_method_exists(const struct evaluation *evaluation, const char *name);

/* Calls one with objects: texts, integers, None, and lists or tuples of texts. Errors: EVALUATION
 * (no such method, or it refuses), LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status text_method_call(struct evaluation *evaluation,
                                               struct object receiver, const char *name,
                                               const struct arguments *arguments,
                                               struct object *out);

#endif
