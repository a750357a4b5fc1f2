/* The arguments of a call, as the functions and methods ask for them. */
#ifndef TEMPLATE_ARGUMENTS_H
#define TEMPLATE_ARGUMENTS_H

#include "template/object.h"

/* The argument at a position, or the one of that name (NULL: it has none); NULL if it is not given.
 */
const struct object *argument_at(const struct arguments *arguments, size_t position,
                                 const char *name);

/* Are there at least `minimum` and at most `maximum`, and have all names one of `keywords` ("a b",
 * or
 * "*" for any)? Errors: EVALUATION. */
MUST_CHECK enum bamboo_status arguments_fit(struct evaluation *evaluation, const char *function,
                                            const struct arguments *arguments, size_t minimum,
                                            size_t maximum, const char *keywords);

/* The 64 bits of an argument that is to be an integer; `otherwise` if it is not given or None. What
 * is larger becomes the largest. Errors: EVALUATION. */
MUST_CHECK enum bamboo_status argument_integer(struct evaluation *evaluation,
                                               const struct object *argument, int64_t otherwise,
                                               int64_t *out);

/* The same of one that may be left out, but not None. */
MUST_CHECK enum bamboo_status argument_count(struct evaluation *evaluation,
                                             const struct object *argument, int64_t otherwise,
                                             int64_t *out);

/* The text of an argument. Errors: EVALUATION (not given, or another type). */
MUST_CHECK enum bamboo_status argument_text(struct evaluation *evaluation,
                                            const struct object *argument,
                                            const struct text_object **out);

#endif
