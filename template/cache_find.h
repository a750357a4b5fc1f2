/* Texts and what they were parsed to. A text that does not parse is kept as such. */
#ifndef TEMPLATE_CACHE_FIND_H
#define TEMPLATE_CACHE_FIND_H

#include "template/rule_tree.h"
#include "base/function.h"
#include "template/tree.h"

struct template_cache;

/* The parsed condition. What these two find lives until the next call of one of them. Errors: as of
 * rule_parse_text(). */
MUST_CHECK enum bamboo_status cache_find_rule(struct template_cache *cache, const char *text,
                                              size_t size, const struct rule_item **out,
                                              struct bamboo_error *error);

/* The expression in a piece of a template, between `${` and `}`; *out is NULL if it is none.
 * Errors: MEMORY. */
MUST_CHECK enum bamboo_status cache_find_piece(struct template_cache *cache, const char *text,
                                               size_t size, const struct piece **out,
                                               struct bamboo_error *error);

/* The functions that the cache was created with. */
const struct function_set *cache_functions(const struct template_cache *cache);

#endif
