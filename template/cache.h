/* What texts were parsed to, kept for the next time. */
#ifndef TEMPLATE_CACHE_H
#define TEMPLATE_CACHE_H

#include "base/error.h"
#include "base/function.h"

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

#endif
