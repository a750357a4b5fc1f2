/* PROVISIONAL, until template.c is pushed: only names are rendered. */
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/value.h"
#include "template/rule.h"

enum bamboo_status template_references(struct template_cache *cache, struct bamboo_value value,
                                       template_visit visit, void *context,
                                       struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_OK;
    if (value.type == BAMBOO_LIST)
        for (size_t i = 0; i < bamboo_list_count(value) && status == BAMBOO_OK; i++)
            status = template_references(cache, bamboo_list_at(value, i), visit, context, error);
    if (value.type == BAMBOO_MAP)
        for (size_t i = 0; i < bamboo_map_count(value) && status == BAMBOO_OK; i++)
            status =
                template_references(cache, bamboo_map_value_at(value, i), visit, context, error);
    if (value.type != BAMBOO_STRING) return status;
    const char *at = bamboo_string_bytes(value, NULL);
    while (status == BAMBOO_OK && (at = strstr(at, "${"))) {
        const char *end = strchr(at, '}');
        if (!end) break;
        status = visit(context, at + 2, (size_t)(end - at - 2), error);
        at = end;
    }
    return status;
}

static enum bamboo_status render_text(struct bamboo_value value, const struct template_names *names,
                                      struct bamboo_value *out, struct bamboo_error *error)
{
    struct text text = {0};
    size_t size;
    const char *bytes = bamboo_string_bytes(value, &size), *at = bytes, *piece;
    while ((piece = strstr(at, "${"))) {
        const char *end = strchr(piece, '}');
        struct bamboo_value found = bamboo_missing();
        if (!end) break;
        bool known = names->find(names->context, piece + 2, (size_t)(end - piece - 2), &found);
        if (known && piece == bytes && end + 1 == bytes + size) {
            *out = bamboo_value_retain(found);
            text_release(&text);
            return BAMBOO_OK;
        }
        text_append(&text, at, (size_t)(piece - at));
        if (known)
            value_append_text(&text, found);
        else
            text_append(&text, piece, (size_t)(end + 1 - piece));
        at = end + 1;
    }
    text_append_string(&text, at);
    enum bamboo_status status = bamboo_string_create(text_string(&text), text.size, out, error);
    text_release(&text);
    return status;
}

enum bamboo_status template_render(struct template_cache *cache, struct bamboo_value value,
                                   const struct template_names *names, struct bamboo_value *out,
                                   struct bamboo_error *error)
{
    if (value.type == BAMBOO_STRING) return render_text(value, names, out, error);
    if (value.type == BAMBOO_MAP) {
        struct bamboo_map_builder map;
        bamboo_map_builder_init(&map);
        for (size_t i = 0; i < bamboo_map_count(value); i++) {
            struct bamboo_value part;
            enum bamboo_status status =
                template_render(cache, bamboo_map_value_at(value, i), names, &part, error);
            if (status != BAMBOO_OK) return status;
            bamboo_map_builder_put_take(&map, bamboo_map_key_at(value, i), part);
        }
        return bamboo_map_builder_finish(&map, out, error);
    }
    *out = bamboo_value_retain(value);
    return BAMBOO_OK;
}
