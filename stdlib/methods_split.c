/* Methods of strings that search, split and replace. */
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "stdlib/function_bodies.h"

static void append_part(struct bamboo_list_builder *builder, const char *bytes, size_t size)
{
    struct bamboo_value part;
    enum bamboo_status status = bamboo_string_create(bytes, size, &part, NULL);
    if (status == BAMBOO_OK)
        bamboo_list_builder_append_take(builder, part);
    else
        builder->failed = status;
}

static enum bamboo_status maximum_of(const struct bamboo_value *arguments, size_t count,
                                     size_t index, int64_t *out, struct bamboo_error *error)
{
    *out = INT64_MAX;
    if (count <= index) return BAMBOO_OK;
    if (arguments[index].type != BAMBOO_INTEGER)
        return fail(error, BAMBOO_E_EVALUATION, "how often is a whole number, not %s",
                    value_type_phrase(arguments[index].type));
    if (arguments[index].as.integer >= 0) *out = arguments[index].as.integer;
    return BAMBOO_OK;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void split_at_space(struct bamboo_list_builder *builder, const char *bytes, size_t size,
                           int64_t maximum)
{
    size_t at = 0;
    for (;;) {
        while (at < size && is_space(bytes[at]))
            at++;
        if (at == size) return;
        size_t end = at;
        while (end < size && !is_space(bytes[end]))
            end++;
        if (maximum-- == 0) { /* the rest as it is, but for white space at its end */
            end = size;
            while (is_space(bytes[end - 1]))
                end--;
        }
        append_part(builder, bytes + at, end - at);
        at = end;
        if (maximum < 0) return;
    }
}

BODY(method_STRING_split)
{
    size_t size, separator_size;
    int64_t maximum;
    const char *bytes = bamboo_string_bytes(arguments[0], &size);
    enum bamboo_status status = maximum_of(arguments, count, 2, &maximum, error);
    if (status != BAMBOO_OK) return status;
    struct bamboo_list_builder builder;
    if (count == 1 || arguments[1].type == BAMBOO_NULL) {
        bamboo_list_builder_init(&builder);
        split_at_space(&builder, bytes, size, maximum);
        return bamboo_list_builder_finish(&builder, out, error);
    }
    const char *separator = string_argument(arguments[1], "split", &separator_size, error);
    if (!separator) return BAMBOO_E_EVALUATION;
    if (separator_size == 0)
        return fail(error, BAMBOO_E_EVALUATION, "split() wants a separator that is not empty");
    bamboo_list_builder_init(&builder);
    const char *end = bytes + size, *found;
    while (maximum-- > 0 &&
           (found = memmem(bytes, (size_t)(end - bytes), separator, separator_size)) != NULL) {
        append_part(&builder, bytes, (size_t)(found - bytes));
        bytes = found + separator_size;
    }
    append_part(&builder, bytes, (size_t)(end - bytes));
    return bamboo_list_builder_finish(&builder, out, error);
}

/* Where `part` last occurs before `size`; SIZE_MAX if it does not. */
static size_t find_last(const char *bytes, size_t size, const char *part, size_t part_size)
{
    for (size_t at = size >= part_size ? size - part_size + 1 : 0; at > 0; at--)
        if (memcmp(bytes + at - 1, part, part_size) == 0) return at - 1;
    return SIZE_MAX;
}

BODY(method_STRING_rsplit)
{
    size_t size, separator_size;
    int64_t maximum;
    const char *bytes = bamboo_string_bytes(arguments[0], &size);
    enum bamboo_status status = maximum_of(arguments, count, 2, &maximum, error);
    if (status != BAMBOO_OK) return status;
    const char *separator = string_argument(arguments[1], "rsplit", &separator_size, error);
    if (!separator) return BAMBOO_E_EVALUATION;
    if (separator_size == 0)
        return fail(error, BAMBOO_E_EVALUATION, "rsplit() wants a separator that is not empty");
    struct bamboo_list_builder builder;
    struct bamboo_value backwards;
    bamboo_list_builder_init(&builder);
    size_t found;
    while (maximum-- > 0 &&
           (found = find_last(bytes, size, separator, separator_size)) != SIZE_MAX) {
        append_part(&builder, bytes + found + separator_size, size - found - separator_size);
        size = found;
    }
    append_part(&builder, bytes, size);
    if ((status = bamboo_list_builder_finish(&builder, &backwards, error)) != BAMBOO_OK)
        return status;
    status = function_reversed(&backwards, 1, out, error);
    bamboo_value_release(backwards);
    return status;
}

BODY(method_STRING_splitlines)
{
    (void)count;
    size_t size;
    const char *bytes = bamboo_string_bytes(arguments[0], &size), *end = bytes + size;
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    while (bytes < end) {
        const char *stop = bytes;
        while (stop < end && *stop != '\n' && *stop != '\r')
            stop++;
        append_part(&builder, bytes, (size_t)(stop - bytes));
        if (stop < end && *stop == '\r' && stop + 1 < end && stop[1] == '\n') stop++;
        bytes = stop + 1;
    }
    return bamboo_list_builder_finish(&builder, out, error);
}

BODY(method_STRING_partition)
{
    (void)count;
    size_t size, separator_size;
    const char *bytes = bamboo_string_bytes(arguments[0], &size);
    const char *separator = string_argument(arguments[1], "partition", &separator_size, error);
    if (!separator) return BAMBOO_E_EVALUATION;
    if (separator_size == 0)
        return fail(error, BAMBOO_E_EVALUATION, "partition() wants a separator that is not empty");
    const char *found = memmem(bytes, size, separator, separator_size);
    size_t before = found ? (size_t)(found - bytes) : size;
    size_t behind = found ? before + separator_size : size;
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    append_part(&builder, bytes, before);
    append_part(&builder, found ? separator : "", found ? separator_size : 0);
    append_part(&builder, bytes + behind, size - behind);
    return bamboo_list_builder_finish(&builder, out, error);
}

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
    size_t size, part_size;
    const char *bytes = bamboo_string_bytes(arguments[0], &size);
    const char *part = string_argument(arguments[1], "rfind", &part_size, error);
    if (!part) return BAMBOO_E_EVALUATION;
    *out = position_of(bytes, part_size ? find_last(bytes, size, part, part_size) : size);
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

BODY(method_STRING_replace)
{
    size_t size, old_size, new_size;
    int64_t maximum;
    const char *bytes = bamboo_string_bytes(arguments[0], &size), *end = bytes + size, *found;
    const char *old = string_argument(arguments[1], "replace", &old_size, error);
    const char *new = old ? string_argument(arguments[2], "replace", &new_size, error) : NULL;
    if (!new) return BAMBOO_E_EVALUATION;
    if (old_size == 0)
        return fail(error, BAMBOO_E_EVALUATION,
                    "replace() wants a text to replace that is not empty");
    enum bamboo_status status = maximum_of(arguments, count, 3, &maximum, error);
    if (status != BAMBOO_OK) return status;
    struct text text = {0};
    while (maximum-- > 0 && text.size <= VALUE_SIZE_MAX &&
           (found = memmem(bytes, (size_t)(end - bytes), old, old_size)) != NULL) {
        text_append(&text, bytes, (size_t)(found - bytes));
        text_append(&text, new, new_size);
        bytes = found + old_size;
    }
    text_append(&text, bytes, (size_t)(end - bytes));
    return take_text(&text, out, error);
}
