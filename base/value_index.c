/* `in` and indexing. */
#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"
#include "base/value_layout.h"
#include "base/value_operators.h"
#include "base/value_operands.h"

static const struct operator_name CONTAINS = {"in", "look for", "in", false};

enum bamboo_status value_in(struct bamboo_value left, struct bamboo_value right,
                            struct bamboo_value *out, struct bamboo_error *error)
{
    bool found = false;
    if (right.type == BAMBOO_LIST && left.type != BAMBOO_MISSING) {
        for (uint32_t i = 0; i < right.as.list->count && !found; i++)
            found = bamboo_value_equal(left, right.as.list->items[i]);
    } else if (right.type == BAMBOO_MAP && left.type == BAMBOO_STRING) {
        found = bamboo_map_find(right, left).type != BAMBOO_MISSING;
    } else if (right.type == BAMBOO_STRING && left.type == BAMBOO_STRING) {
        const struct bamboo_string *part = left.as.string;
        const struct bamboo_string *whole = right.as.string;
        found = part->size == 0 || memmem(whole->bytes, whole->size, part->bytes, part->size);
    } else {
        return refuse_operands(&CONTAINS, left, right, NULL, error);
    }
    *out = bamboo_bool(found);
    return BAMBOO_OK;
}

/* The place that an index means, where negative ones count from the end. */
static enum bamboo_status resolve(struct bamboo_value container, struct bamboo_value index,
                                  size_t count, size_t *out, struct bamboo_error *error)
{
    if (index.type != BAMBOO_INTEGER)
        return fail(error, BAMBOO_E_EVALUATION, "%s is indexed by an int, not by %s",
                    value_type_phrase(container.type), value_type_phrase(index.type));
    int64_t at = index.as.integer < 0 ? index.as.integer + (int64_t)count : index.as.integer;
    if (at < 0 || (uint64_t)at >= count)
        return fail(error, BAMBOO_E_EVALUATION,
                    "index %" PRId64 " is out of range: the %s has %zu %s%s", index.as.integer,
                    bamboo_type_name(container.type), count,
                    container.type == BAMBOO_LIST ? "element" : "character", count == 1 ? "" : "s");
    *out = (size_t)at;
    return BAMBOO_OK;
}

static enum bamboo_status index_list(struct bamboo_value list, struct bamboo_value index,
                                     struct bamboo_value *out, struct bamboo_error *error)
{
    size_t at = 0;
    enum bamboo_status status = resolve(list, index, list.as.list->count, &at, error);
    if (status == BAMBOO_OK) *out = bamboo_value_retain(list.as.list->items[at]);
    return status;
}

static enum bamboo_status index_string(struct bamboo_value string, struct bamboo_value index,
                                       struct bamboo_value *out, struct bamboo_error *error)
{
    size_t at = 0;
    size_t size = string.as.string->size;
    const char *bytes = string.as.string->bytes;
    size_t count = value_string_count(string);
    enum bamboo_status status = resolve(string, index, count, &at, error);
    if (status) return status;
    if (count == size) return bamboo_string_create(bytes + at, 1, out, error);
    size_t start = utf8_offset(bytes, size, at);
    size_t end = start + utf8_offset(bytes + start, size - start, 1);
    return bamboo_string_create(bytes + start, end - start, out, error);
}

static enum bamboo_status index_map(struct bamboo_value map, struct bamboo_value key,
                                    struct bamboo_value *out, struct bamboo_error *error)
{
    if (key.type != BAMBOO_STRING)
        return fail(error, BAMBOO_E_EVALUATION, "a map is indexed by a string, not by %s",
                    value_type_phrase(key.type));
    struct bamboo_value found = bamboo_map_find(map, key);
    if (found.type == BAMBOO_MISSING)
        return fail(error, BAMBOO_E_EVALUATION, "the map has no key '%.100s'",
                    bamboo_string_bytes(key, NULL));
    *out = bamboo_value_retain(found);
    return BAMBOO_OK;
}

enum bamboo_status value_index(struct bamboo_value container, struct bamboo_value index,
                               struct bamboo_value *out, struct bamboo_error *error)
{
    if (container.type == BAMBOO_LIST) return index_list(container, index, out, error);
    if (container.type == BAMBOO_STRING) return index_string(container, index, out, error);
    if (container.type == BAMBOO_MAP) return index_map(container, index, out, error);
    return fail(error, BAMBOO_E_EVALUATION, "%s has no elements to be indexed",
                value_type_phrase(container.type));
}
