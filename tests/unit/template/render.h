/* Templates over a JSON map. */
#ifndef TESTS_UNIT_TEMPLATE_RENDER_H
#define TESTS_UNIT_TEMPLATE_RENDER_H

#include "stdlib/functions.h"
#include "template/template.h"

static inline bool find_in_map(void *context, const char *name, size_t size,
                               struct bamboo_value *value)
{
    struct bamboo_value key;
    if (bamboo_string_create(name, size, &key, NULL) != BAMBOO_OK) return false;
    *value = bamboo_map_find(*(struct bamboo_value *)context, key);
    bamboo_value_release(key);
    return value->type != BAMBOO_MISSING;
}

/* `value` rendered with the entries of the map `context`. */
static inline enum bamboo_status render(struct template_cache *cache, struct bamboo_value value,
                                        struct bamboo_value context, struct bamboo_value *out,
                                        struct bamboo_error *error)
{
    const struct template_names names = {find_in_map, &context};
    return template_render(cache, value, &names, out, error);
}

#endif
