#include "base/utf8.h"
#include "base/value.h"

static enum bamboo_status characters_of(struct bamboo_value string, struct bamboo_value *out,
                                        struct bamboo_error *error)
{
    size_t size;
    const char *bytes = bamboo_string_bytes(string, &size);
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    for (size_t at = 0; at < size && builder.failed == BAMBOO_OK;) {
        uint32_t code_point;
        size_t width = utf8_decode(bytes + at, size - at, &code_point);
        struct bamboo_value character;
        enum bamboo_status status = bamboo_string_create(bytes + at, width, &character, error);
        if (status != BAMBOO_OK) {
            bamboo_list_builder_release(&builder);
            return status;
        }
        bamboo_list_builder_append_take(&builder, character);
        at += width;
    }
    return bamboo_list_builder_finish(&builder, out, error);
}

static enum bamboo_status keys_of(struct bamboo_value map, struct bamboo_value *out,
                                  struct bamboo_error *error)
{
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    for (size_t i = 0; i < bamboo_map_count(map); i++)
        bamboo_list_builder_append_take(&builder, bamboo_value_retain(bamboo_map_key_at(map, i)));
    return bamboo_list_builder_finish(&builder, out, error);
}

enum bamboo_status value_elements(struct bamboo_value value, struct bamboo_value *out,
                                  struct bamboo_error *error)
{
    if (value.type == BAMBOO_STRING) return characters_of(value, out, error);
    if (value.type == BAMBOO_MAP) return keys_of(value, out, error);
    if (value.type != BAMBOO_LIST)
        return fail(error, BAMBOO_E_EVALUATION,
                    "only a list, a string or a map can be gone through, not %s",
                    value_type_phrase(value.type));
    *out = bamboo_value_retain(value);
    return BAMBOO_OK;
}
