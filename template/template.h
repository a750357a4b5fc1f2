/* Templates as bamboo-engine has them: values whose texts contain ${...}, rendered against names. A
 * piece is `${`, one or more characters other than `$ { } #`, and `}`. What stands in it is an
 * expression of Python, of which template/ knows what can be useful there; its result goes into the
 * text as Python's str() writes it. A piece that does not parse, is not allowed, or fails stays as
 * it is written. */
#ifndef TEMPLATE_TEMPLATE_H
#define TEMPLATE_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "template/cache.h"
#include "template/names.h"

/* Renders `value` (borrowed): lists and the values of maps deeply, keys never. A text that is
 * exactly one piece with a known name gives the value of that name as it is; any other text gives a
 * text. *out is the caller's. Never fails because of what a template says. Errors: LIMIT (the
 * result is larger than a value may be), MEMORY. */
MUST_CHECK enum bamboo_status template_render(struct template_cache *cache,
                                              struct bamboo_value value,
                                              const struct template_names *names,
                                              struct bamboo_value *out, struct bamboo_error *error);

/* Calls visit() for every name that the pieces in `value` refer to: names in their expressions that
 * no comprehension or lambda binds, those of functions too (`len`). Pieces that do not parse have
 * none. A name may be visited more than once; its bytes end with the call. The first status other
 * than OK that visit() returns ends the walk and is returned. Errors: MEMORY, or visit()'s. */
typedef enum bamboo_status (*template_visit)(void *context, const char *name, size_t size,
                                             struct bamboo_error *error);
MUST_CHECK enum bamboo_status template_references(struct template_cache *cache,
                                                  struct bamboo_value value, template_visit visit,
                                                  void *context, struct bamboo_error *error);

/* Calls visit() with every `${...}` in `value` that stays as it is written, whatever the names
 * mean: it is no piece, does not parse, asks for what is not allowed, or has no names and fails. A
 * `${` that nothing closes is visited alone. *steps: the work (EVALUATION_STEPS_MAX for one value)
 * that pieces without names may still cost; those that it does not suffice for are not visited.
 * Otherwise as template_references(). */
MUST_CHECK enum bamboo_status template_unreadable(struct template_cache *cache,
                                                  struct bamboo_value value, uint64_t *steps,
                                                  template_visit visit, void *context,
                                                  struct bamboo_error *error);

#endif
