/* Methods of strings that look at their ends or fill them up. */
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "stdlib/function_bodies.h"
#include "stdlib/letters.h"

/* --- Stripping --- */

#define SET_SIZE (0x110000 / 8)

/* The characters of a text as a bit each: looking each one up in the text would take quadratic
 * time. NULL if there is no memory. */
static uint8_t *make_set(const char *bytes, size_t size)
{
    uint8_t *set = memory_allocate_zeroed(SET_SIZE, 1);
    for (size_t at = 0; set && at < size;) {
        uint32_t code_point;
        size_t width = utf8_decode(bytes + at, size - at, &code_point);
        set[code_point / 8] |= (uint8_t)(1u << code_point % 8);
        at += width;
    }
    return set;
}

/* Does the character at `at` belong to the set (NULL: white space)? */
static bool is_stripped(const char *at, size_t size, const uint8_t *set, size_t *width)
{
    uint32_t code_point = 0;
    *width = utf8_decode(at, size, &code_point);
    return set ? set[code_point / 8] >> code_point % 8 & 1 : letter_is_space(code_point);
}

/* Where the last character before `end` begins. */
static size_t character_before(const char *bytes, size_t end)
{
    size_t at = end - 1;
    while (at > 0 && ((unsigned char)bytes[at] & 0xC0) == 0x80)
        at--;
    return at;
}

enum side { SIDE_LEFT = 1, SIDE_RIGHT = 2, SIDE_BOTH = 3 };

static enum bamboo_status strip(const char *name, const struct bamboo_value *arguments,
                                size_t count, enum side side, struct bamboo_value *out,
                                struct bamboo_error *error)
{
    size_t end, set_size, width, start = 0;
    uint8_t *set = NULL;
    const char *bytes = bamboo_string_bytes(arguments[0], &end);
    if (count == 2 && arguments[1].type != BAMBOO_NULL) {
        const char *characters = string_argument(arguments[1], name, &set_size, error);
        if (!characters) return BAMBOO_E_EVALUATION;
        if (!(set = make_set(characters, set_size))) return fail_memory(error);
    }
    while ((side & SIDE_LEFT) && start < end &&
           is_stripped(bytes + start, end - start, set, &width))
        start += width;
    while ((side & SIDE_RIGHT) && end > start) {
        size_t last = character_before(bytes, end);
        if (!is_stripped(bytes + last, end - last, set, &width)) break;
        end = last;
    }
    memory_free(set);
    return bamboo_string_create(bytes + start, end - start, out, error);
}

BODY(method_STRING_strip)
{
    return strip("strip", arguments, count, SIDE_BOTH, out, error);
}

BODY(method_STRING_lstrip)
{
    return strip("lstrip", arguments, count, SIDE_LEFT, out, error);
}

BODY(method_STRING_rstrip)
{
    return strip("rstrip", arguments, count, SIDE_RIGHT, out, error);
}

/* --- Prefixes and suffixes --- */

typedef bool (*affix_test)(const char *bytes, size_t size, const char *part, size_t part_size);

static bool begins_with(const char *bytes, size_t size, const char *part, size_t part_size)
{
    return part_size <= size && memcmp(bytes, part, part_size) == 0;
}

static bool ends_with(const char *bytes, size_t size, const char *part, size_t part_size)
{
    return part_size <= size && memcmp(bytes + size - part_size, part, part_size) == 0;
}

/* Does the test hold for the text, or for one of a list of texts? */
static enum bamboo_status test_affix(const char *name, const struct bamboo_value *arguments,
                                     affix_test test, struct bamboo_value *out,
                                     struct bamboo_error *error)
{
    size_t size, part_size;
    const char *bytes = bamboo_string_bytes(arguments[0], &size);
    bool found = false, is_list = arguments[1].type == BAMBOO_LIST;
    size_t total = is_list ? bamboo_list_count(arguments[1]) : 1;
    for (size_t i = 0; i < total; i++) {
        struct bamboo_value part = is_list ? bamboo_list_at(arguments[1], i) : arguments[1];
        const char *part_bytes = string_argument(part, name, &part_size, error);
        if (!part_bytes) return BAMBOO_E_EVALUATION;
        found = found || test(bytes, size, part_bytes, part_size);
    }
    *out = bamboo_bool(found);
    return BAMBOO_OK;
}

BODY(method_STRING_startswith)
{
    (void)count;
    return test_affix("startswith", arguments, begins_with, out, error);
}

BODY(method_STRING_endswith)
{
    (void)count;
    return test_affix("endswith", arguments, ends_with, out, error);
}

BODY(method_STRING_removeprefix)
{
    (void)count;
    size_t size, part_size;
    const char *bytes = bamboo_string_bytes(arguments[0], &size);
    const char *part = string_argument(arguments[1], "removeprefix", &part_size, error);
    if (!part) return BAMBOO_E_EVALUATION;
    size_t cut = begins_with(bytes, size, part, part_size) ? part_size : 0;
    return bamboo_string_create(bytes + cut, size - cut, out, error);
}

BODY(method_STRING_removesuffix)
{
    (void)count;
    size_t size, part_size;
    const char *bytes = bamboo_string_bytes(arguments[0], &size);
    const char *part = string_argument(arguments[1], "removesuffix", &part_size, error);
    if (!part) return BAMBOO_E_EVALUATION;
    size_t cut = ends_with(bytes, size, part, part_size) ? part_size : 0;
    return bamboo_string_create(bytes, size - cut, out, error);
}

/* --- Filling up --- */

/* How many characters are missing to the width in arguments[1]. */
static enum bamboo_status missing_width(const char *name, const struct bamboo_value *arguments,
                                        size_t fill_size, size_t *out, struct bamboo_error *error)
{
    *out = 0;
    if (arguments[1].type != BAMBOO_INTEGER)
        return refuse_type(error, name, "a width in characters", arguments[1]);
    size_t present = value_string_count(arguments[0]);
    if (arguments[1].as.integer <= (int64_t)present) return BAMBOO_OK;
    size_t size, missing = (size_t)arguments[1].as.integer - present;
    (void)bamboo_string_bytes(arguments[0], &size);
    if (missing > (VALUE_SIZE_MAX - size) / fill_size)
        return fail(error, BAMBOO_E_LIMIT, "%s() would make a text of more than %u MiB", name,
                    VALUE_SIZE_MAX >> 20);
    *out = missing;
    return BAMBOO_OK;
}

static void append_times(struct text *text, const char *bytes, size_t size, size_t times)
{
    for (size_t i = 0; i < times; i++)
        text_append(text, bytes, size);
}

/* SIDE_LEFT: fills at the left. */
static enum bamboo_status fill(const char *name, const struct bamboo_value *arguments, size_t count,
                               enum side side, struct bamboo_value *out, struct bamboo_error *error)
{
    size_t size, missing, with_size = 1;
    const char *bytes = bamboo_string_bytes(arguments[0], &size), *with = " ";
    if (count == 3 && !(with = string_argument(arguments[2], name, &with_size, error)))
        return BAMBOO_E_EVALUATION;
    if (utf8_count(with, with_size) != 1)
        return fail(error, BAMBOO_E_EVALUATION, "%s() fills with one character, not with '%s'",
                    name, with);
    enum bamboo_status status = missing_width(name, arguments, with_size, &missing, error);
    if (status != BAMBOO_OK) return status;
    size_t left = side == SIDE_LEFT ? missing : 0;
    /* The odd one stands at the left if the width is odd too, as in Python. */
    if (side == SIDE_BOTH) left = missing / 2 + (missing & (size_t)arguments[1].as.integer & 1);
    struct text text = {0};
    append_times(&text, with, with_size, left);
    text_append(&text, bytes, size);
    append_times(&text, with, with_size, missing - left);
    return take_text(&text, out, error);
}

BODY(method_STRING_ljust)
{
    return fill("ljust", arguments, count, SIDE_RIGHT, out, error);
}

BODY(method_STRING_rjust)
{
    return fill("rjust", arguments, count, SIDE_LEFT, out, error);
}

BODY(method_STRING_center)
{
    return fill("center", arguments, count, SIDE_BOTH, out, error);
}

BODY(method_STRING_zfill)
{
    (void)count;
    size_t size, missing;
    const char *bytes = bamboo_string_bytes(arguments[0], &size);
    enum bamboo_status status = missing_width("zfill", arguments, 1, &missing, error);
    if (status != BAMBOO_OK) return status;
    size_t sign = size > 0 && (*bytes == '-' || *bytes == '+');
    struct text text = {0};
    text_append(&text, bytes, sign);
    append_times(&text, "0", 1, missing);
    text_append(&text, bytes + sign, size - sign);
    return take_text(&text, out, error);
}
