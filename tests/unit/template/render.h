/* Templates over a JSON map. */
#ifndef TESTS_UNIT_TEMPLATE_RENDER_H
#define TESTS_UNIT_TEMPLATE_RENDER_H

#include "base/value.h"
#include "stdlib/functions.h"
#include "template/template.h"

/* The context of the cases that were recorded, and of those that Python answered. */
static const char CONTEXT[] =
    "{\"a\": 1, \"b\": \"text\", \"s\": \"Hello, World\", \"n\": -7, \"f\": 2.5, \"big\": "
    "12345678901234567"
    "890, \"t\": true, \"fl\": false, \"none\": null, \"l\": [3, 1, 2], \"ls\": [\"x\", \"y\", "
    "\"z\"], \"d\":"
    " {\"k\": \"v\", \"n\": {\"m\": [10, 20]}}, \"csv\": \"a, b ,c\", \"multi\": \"l1\\nl2\\nl3\", "
    "\"zh\": \"\\u4"
    "f60\\u597d\\u4e16\\u754c\", \"e\": \"\", \"num\": \"42\", \"neg\": \"-5\", \"fl2\": \"3.7\", "
    "\"ip\": \"10.0.0"
    ".1\", \"ver\": \"1.2.3\", \"q\": \"it's \\\"q\\\"\", \"html\": \"<b>&</b>\"}";

static inline bool find_in_map(void *context, const char *name, size_t size,
                               struct bamboo_value *value)
{
    *value = value_map_get(*(struct bamboo_value *)context, name, size);
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
