/* Methods of strings that take them apart. */
#include <string.h>

#include "base/utf8.h"
#include "stdlib/find.h"
#include "stdlib/function_bodies.h"
#include "stdlib/letters.h"

static void append_part(struct bamboo_list_builder *builder, const char *bytes, size_t size)
{
    struct bamboo_value part;
    if (builder->failed != BAMBOO_OK) return;
    enum bamboo_status status = bamboo_string_create(bytes, size, &part, NULL);
    if (status == BAMBOO_OK)
        bamboo_list_builder_append_take(builder, part);
    else
        builder->failed = status;
}

static enum bamboo_status separator_argument(struct bamboo_value argument, const char *name,
                                             const char **bytes, size_t *size,
                                             struct bamboo_error *error)
{
    *bytes = string_argument(argument, name, size, error);
    if (!*bytes) return BAMBOO_E_EVALUATION;
    if (*size > 0) return BAMBOO_OK;
    return fail(error, BAMBOO_E_EVALUATION, "%s() wants a separator that is not empty", name);
}

/* --- At white space --- */

/* The first place from `at` on where there is (or is no) white space. */
static size_t skip_while_space(const char *bytes, size_t size, size_t at, bool is_space)
{
    while (at < size) {
        uint32_t code_point;
        size_t width = utf8_decode(bytes + at, size - at, &code_point);
        if (letter_is_space(code_point) != is_space) break;
        at += width;
    }
    return at;
}

/* The same backwards: the first place before which there is no (or is) white space. */
static size_t skip_back_while_space(const char *bytes, size_t end, bool is_space)
{
    while (end > 0) {
        size_t at = end - 1;
        uint32_t code_point;
        while (at > 0 && ((unsigned char)bytes[at] & 0xC0) == 0x80)
            at--;
        (void)utf8_decode(bytes + at, end - at, &code_point);
        if (letter_is_space(code_point) != is_space) break;
        end = at;
    }
    return end;
}

static void split_at_space(struct bamboo_list_builder *builder, const char *bytes, size_t size,
                           uint64_t maximum)
{
    size_t at = skip_while_space(bytes, size, 0, true);
    while (at < size && builder->failed == BAMBOO_OK) {
        /* What is behind the last separator stays as it is, white space at its end too. */
        size_t end = maximum-- == 0 ? size : skip_while_space(bytes, size, at, false);
        append_part(builder, bytes + at, end - at);
        at = skip_while_space(bytes, size, end, true);
    }
}

/* The parts come from the last to the first. */
static void split_back_at_space(struct bamboo_list_builder *builder, const char *bytes, size_t size,
                                uint64_t maximum)
{
    size_t end = skip_back_while_space(bytes, size, true);
    while (end > 0 && builder->failed == BAMBOO_OK) {
        size_t at = maximum-- == 0 ? 0 : skip_back_while_space(bytes, end, false);
        append_part(builder, bytes + at, end - at);
        end = skip_back_while_space(bytes, at, true);
    }
}

/* --- At separators --- */

static enum bamboo_status split_at(struct bamboo_list_builder *builder, struct bamboo_value string,
                                   struct bamboo_value separator, uint64_t maximum,
                                   struct bamboo_error *error)
{
    size_t size, separator_size;
    const char *bytes = bamboo_string_bytes(string, &size), *end = bytes + size, *part, *found;
    enum bamboo_status status =
        separator_argument(separator, "split", &part, &separator_size, error);
    if (status != BAMBOO_OK) return status;
    while (maximum-- > 0 && builder->failed == BAMBOO_OK &&
           (found = memmem(bytes, (size_t)(end - bytes), part, separator_size)) != NULL) {
        append_part(builder, bytes, (size_t)(found - bytes));
        bytes = found + separator_size;
    }
    append_part(builder, bytes, (size_t)(end - bytes));
    return BAMBOO_OK;
}

static enum bamboo_status split_back_at(struct bamboo_list_builder *builder,
                                        struct bamboo_value string, struct bamboo_value separator,
                                        uint64_t maximum, struct bamboo_error *error)
{
    size_t size, separator_size, found;
    const char *bytes = bamboo_string_bytes(string, &size), *part;
    struct backward_search search;
    enum bamboo_status status =
        separator_argument(separator, "rsplit", &part, &separator_size, error);
    if (status != BAMBOO_OK) return status;
    if (!backward_search_begin(&search, bytes, size, part, separator_size))
        return fail_memory(error);
    while (maximum-- > 0 && builder->failed == BAMBOO_OK &&
           (found = backward_search_next(&search, size)) != SIZE_MAX) {
        size_t behind = found + separator_size;
        append_part(builder, bytes + behind, size - behind);
        size = found;
    }
    backward_search_end(&search);
    append_part(builder, bytes, size);
    return BAMBOO_OK;
}

BODY(method_STRING_split)
{
    size_t size;
    uint64_t maximum;
    const char *bytes = bamboo_string_bytes(arguments[0], &size);
    enum bamboo_status status = times_argument("split", arguments, count, 2, &maximum, error);
    if (status != BAMBOO_OK) return status;
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    if (count == 1 || arguments[1].type == BAMBOO_NULL)
        split_at_space(&builder, bytes, size, maximum);
    else
        status = split_at(&builder, arguments[0], arguments[1], maximum, error);
    if (status == BAMBOO_OK) return bamboo_list_builder_finish(&builder, out, error);
    bamboo_list_builder_release(&builder);
    return status;
}

BODY(method_STRING_rsplit)
{
    size_t size;
    uint64_t maximum;
    struct bamboo_value backwards;
    const char *bytes = bamboo_string_bytes(arguments[0], &size);
    enum bamboo_status status = times_argument("rsplit", arguments, count, 2, &maximum, error);
    if (status != BAMBOO_OK) return status;
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    if (count == 1 || arguments[1].type == BAMBOO_NULL)
        split_back_at_space(&builder, bytes, size, maximum);
    else
        status = split_back_at(&builder, arguments[0], arguments[1], maximum, error);
    if (status != BAMBOO_OK) {
        bamboo_list_builder_release(&builder);
        return status;
    }
    if ((status = bamboo_list_builder_finish(&builder, &backwards, error)) != BAMBOO_OK)
        return status;
    status = function_reversed(&backwards, 1, out, error);
    bamboo_value_release(backwards);
    return status;
}

BODY(method_STRING_splitlines)
{
    (void)count;
    size_t size, start = 0;
    const char *bytes = bamboo_string_bytes(arguments[0], &size);
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    for (size_t at = 0; at < size && builder.failed == BAMBOO_OK;) {
        uint32_t code_point;
        size_t end = at;
        at += utf8_decode(bytes + at, size - at, &code_point);
        if (!letter_ends_line(code_point)) continue;
        if (code_point == '\r' && at < size && bytes[at] == '\n') at++;
        append_part(&builder, bytes + start, end - start);
        start = at;
    }
    if (start < size) append_part(&builder, bytes + start, size - start);
    return bamboo_list_builder_finish(&builder, out, error);
}

BODY(method_STRING_partition)
{
    (void)count;
    size_t size, separator_size;
    const char *bytes = bamboo_string_bytes(arguments[0], &size), *separator;
    enum bamboo_status status =
        separator_argument(arguments[1], "partition", &separator, &separator_size, error);
    if (status != BAMBOO_OK) return status;
    const char *found = memmem(bytes, size, separator, separator_size);
    size_t before = found ? (size_t)(found - bytes) : size;
    size_t behind = found ? before + separator_size : size;
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    append_part(&builder, bytes, before);
    append_part(&builder, separator, found ? separator_size : 0);
    append_part(&builder, bytes + behind, size - behind);
    return bamboo_list_builder_finish(&builder, out, error);
}
