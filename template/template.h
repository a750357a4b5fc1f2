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
#include "base/function.h"
#include "include/bamboo_value.h"

/* What templates and rules have been parsed to, so that the same text is parsed once, and the
 * methods of texts that they may call. Bounded: a full cache forgets. Not thread-safe. */
struct template_cache;

/* `functions` (stdlib_functions()) must outlive the cache. Ends with template_cache_destroy().
 * Errors: MEMORY. */
MUST_CHECK enum bamboo_status template_cache_create(const struct function_set *functions,
                                                    struct template_cache **out,
                                                    struct bamboo_error *error);
/* NULL is accepted. */
void template_cache_destroy(struct template_cache *cache);

/* Where the names in templates get their values from. `find` says whether there is a value for the
 * bare name (`a`, not `${a}`), and lends it in *value until the rendering ends. */
struct template_names {
    bool (*find)(void *context, const char *name, size_t size, struct bamboo_value *value);
    void *context;
};

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
 * mean: it is no piece, does not parse, or asks for what is not allowed. A `${` that nothing closes
 * is visited alone. Otherwise as template_references(). */
MUST_CHECK enum bamboo_status template_unreadable(struct template_cache *cache,
                                                  struct bamboo_value value, template_visit visit,
                                                  void *context, struct bamboo_error *error);

#endif
