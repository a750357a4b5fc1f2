/* Conditions of bamboo-engine: any text is tested or refused, in bounded time and memory. The first
 * byte says whether names have values. */
#include <string.h>

#include "stdlib/functions.h"
#include "template/rule.h"
#include "tests/fuzz/fuzz.h"

static const char NAMES[] =
    "{\"${n}\": 7, \"${f}\": 2.5, \"${s}\": \"abc\", \"${l}\": [\"a\", \"b\", 3],"
    " \"${d}\": {\"k\": {\"x\": \"y\"}}, \"none\": null, \"t\": true}";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct template_cache *cache = NULL;
    struct bamboo_value names = bamboo_missing();
    struct bamboo_error error;
    bool result, again;
    if (size == 0) return 0;
    if (bytes[0] == 'n' && bamboo_json_parse(NAMES, sizeof NAMES - 1, &names, NULL) != BAMBOO_OK)
        return 0;
    if (template_cache_create(stdlib_functions(), &cache, NULL) == BAMBOO_OK) {
        const char *text = (const char *)bytes + 1;
        enum bamboo_status status = rule_test(cache, text, size - 1, names, &result, &error);
        if (rule_test(cache, text, size - 1, names, &again, &error) != status)
            __builtin_trap(); /* what was parsed is what is kept */
        if (status == BAMBOO_OK && result != again) __builtin_trap();
    }
    template_cache_destroy(cache);
    bamboo_value_release(names);
    return 0;
}
