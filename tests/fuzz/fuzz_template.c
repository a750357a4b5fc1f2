/* Templates of bamboo-engine: any text is rendered, in bounded time and memory. */
#include <string.h>

#include "base/value.h"
#include "stdlib/functions.h"
#include "template/template.h"
#include "tests/fuzz/fuzz.h"

static const char NAMES[] =
    "{\"a\": 1, \"b\": \"text\", \"s\": \"Hello, World\", \"n\": -7, \"f\": 2.5, \"t\": true, "
    "\"fl\": false,"
    " \"big\": 12345678901234567890, \"none\": null, \"l\": [3, 1, 2], \"ls\": [\"x\", \"y\"], "
    "\"e\": \"\","
    " \"d\": {\"k\": \"v\", \"n\": {\"m\": [10]}}, \"zh\": \"\\u4f60\\u597d\"}";

static bool find(void *context, const char *name, size_t size, struct bamboo_value *value)
{
    *value = value_map_get(*(struct bamboo_value *)context, name, size);
    return value->type != BAMBOO_MISSING;
}

static enum bamboo_status count(void *context, const char *name, size_t size,
                                struct bamboo_error *error)
{
    (void)name, (void)error;
    *(size_t *)context += size;
    return BAMBOO_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct template_cache *cache = NULL;
    struct bamboo_value context = bamboo_missing(), template = bamboo_missing();
    struct bamboo_value result = bamboo_missing(), text = bamboo_missing();
    size_t total = 0;
    const struct template_names names = {find, &context};
    if (bamboo_string_create((const char *)bytes, size, &template, NULL) == BAMBOO_OK &&
        bamboo_json_parse(NAMES, sizeof NAMES - 1, &context, NULL) == BAMBOO_OK &&
        template_cache_create(stdlib_functions(), &cache, NULL) == BAMBOO_OK &&
        template_references(cache, template, count, &total, NULL) == BAMBOO_OK &&
        template_render(cache, template, &names, &result, NULL) == BAMBOO_OK &&
        bamboo_json_print(result, 0, &text, NULL) == BAMBOO_OK)
        bamboo_value_release(text);
    bamboo_value_release(result);
    template_cache_destroy(cache);
    bamboo_value_release(context);
    bamboo_value_release(template);
    return 0;
}
