/* Methods of strings that look for a part of them. */
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "stdlib/find.h"
#include "stdlib/function_bodies.h"

/* Positions are told in characters. */
static struct bamboo_value position_of(const char *bytes, size_t offset)
{
    return bamboo_integer(offset == SIZE_MAX ? -1 : (int64_t)utf8_count(bytes, offset));
}

BODY(method_STRING_find)
{
    (void)count;
    size_t size, part_size;
    const char *bytes = bamboo_string_bytes(arguments[0], &size);
    const char *part = string_argument(arguments[1], "find", &part_size, error);
    if (!part) return BAMBOO_E_EVALUATION;
    const char *found = part_size ? memmem(bytes, size, part, part_size) : bytes;
    *out = position_of(bytes, found ? (size_t)(found - bytes) : SIZE_MAX);
    return BAMBOO_OK;
}

BODY(method_STRING_rfind)
{
    (void)count;
    size_t size, part_size, found;
    struct backward_search search;
    const char *bytes = bamboo_string_bytes(arguments[0], &size);
    const char *part = string_argument(arguments[1], "rfind", &part_size, error);
    if (!part) return BAMBOO_E_EVALUATION;
    found = size;
    if (part_size > 0) {
        if (!backward_search_begin(&search, bytes, size, part, part_size))
            return fail_memory(error);
        found = backward_search_next(&search, size);
        backward_search_end(&search);
    }
    *out = position_of(bytes, found);
    return BAMBOO_OK;
}

BODY(method_STRING_count)
{
    (void)count;
    size_t size, part_size;
    const char *bytes = bamboo_string_bytes(arguments[0], &size), *end = bytes + size;
    const char *part = string_argument(arguments[1], "count", &part_size, error);
    if (!part) return BAMBOO_E_EVALUATION;
    int64_t found = 0;
    if (part_size == 0) found = (int64_t)value_string_count(arguments[0]) + 1;
    while (part_size && (bytes = memmem(bytes, (size_t)(end - bytes), part, part_size)) != NULL) {
        found++;
        bytes += part_size;
    }
    *out = bamboo_integer(found);
    return BAMBOO_OK;
}

/* An empty text stands before each character and at the end. */
static void insert_between(struct text *text, const char *bytes, size_t size, const char *new,
                           size_t new_size, uint64_t maximum)
{
    size_t at = 0;
    while (maximum-- > 0 && text->size <= VALUE_SIZE_MAX) {
        uint32_t code_point;
        text_append(text, new, new_size);
        if (at == size) break;
        size_t width = utf8_decode(bytes + at, size - at, &code_point);
        text_append(text, bytes + at, width);
        at += width;
    }
    text_append(text, bytes + at, size - at);
}

BODY(method_STRING_replace)
{
    size_t size, old_size, new_size;
    uint64_t maximum;
    const char *bytes = bamboo_string_bytes(arguments[0], &size), *end = bytes + size, *found;
    const char *old = string_argument(arguments[1], "replace", &old_size, error);
    const char *new = old ? string_argument(arguments[2], "replace", &new_size, error) : NULL;
    if (!new) return BAMBOO_E_EVALUATION;
    enum bamboo_status status = times_argument("replace", arguments, count, 3, &maximum, error);
    if (status != BAMBOO_OK) return status;
    struct text text = {0};
    if (old_size == 0) {
        insert_between(&text, bytes, size, new, new_size, maximum);
        return take_text(&text, out, error);
    }
    while (maximum-- > 0 && text.size <= VALUE_SIZE_MAX &&
           (found = memmem(bytes, (size_t)(end - bytes), old, old_size)) != NULL) {
        text_append(&text, bytes, (size_t)(found - bytes));
        text_append(&text, new, new_size);
        bytes = found + old_size;
    }
    text_append(&text, bytes, (size_t)(end - bytes));
    return take_text(&text, out, error);
}
