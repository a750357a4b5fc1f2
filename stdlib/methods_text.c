/* Methods of strings that look at or change characters. Letters are those of ASCII; bytes beyond it
 * stay as they are, so that a text never depends on a locale. */
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "stdlib/function_bodies.h"

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}
static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}
static bool is_letter(char c)
{
    return is_upper(c) || is_lower(c) || (c & 0x80);
}
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}
static char to_upper(char c)
{
    return is_lower(c) ? (char)(c - 'a' + 'A') : c;
}
static char to_lower(char c)
{
    return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

/* The string with each byte changed by `change`, which sees the byte before it (0: none). */
static enum bamboo_status change_letters(struct bamboo_value string, char (*change)(char, char),
                                         struct bamboo_value *out, struct bamboo_error *error)
{
    size_t size;
    char *changed;
    const char *bytes = bamboo_string_bytes(string, &size);
    enum bamboo_status status = value_string_reserve(size, out, &changed, error);
    if (status != BAMBOO_OK) return status;
    for (size_t i = 0; i < size; i++)
        changed[i] = change(bytes[i], i > 0 ? bytes[i - 1] : '\0');
    return BAMBOO_OK;
}

static char upper_of(char c, char before)
{
    (void)before;
    return to_upper(c);
}
static char lower_of(char c, char before)
{
    (void)before;
    return to_lower(c);
}
static char capital_of(char c, char before)
{
    return before == '\0' ? to_upper(c) : to_lower(c);
}
static char title_of(char c, char before)
{
    return is_letter(before) ? to_lower(c) : to_upper(c);
}

BODY(method_STRING_upper)
{
    (void)count;
    return change_letters(arguments[0], upper_of, out, error);
}
BODY(method_STRING_lower)
{
    (void)count;
    return change_letters(arguments[0], lower_of, out, error);
}
BODY(method_STRING_capitalize)
{
    (void)count;
    return change_letters(arguments[0], capital_of, out, error);
}
BODY(method_STRING_title)
{
    (void)count;
    return change_letters(arguments[0], title_of, out, error);
}

/* --- Stripping --- */

/* Is the character at `at` (of `width` bytes) one of `set` (NULL: white space)? */
static bool in_set(const char *at, size_t width, const char *set, size_t set_size)
{
    if (!set) return width == 1 && is_space(*at);
    for (size_t i = 0; i < set_size;) {
        uint32_t code_point;
        size_t step = utf8_decode(set + i, set_size - i, &code_point);
        if (step == width && memcmp(set + i, at, width) == 0) return true;
        i += step;
    }
    return false;
}

static enum bamboo_status strip(const struct bamboo_value *arguments, size_t count, bool left,
                                bool right, struct bamboo_value *out, struct bamboo_error *error)
{
    size_t size, set_size = 0, start = 0;
    const char *bytes = bamboo_string_bytes(arguments[0], &size), *set = NULL;
    if (count == 2 && !(set = string_argument(arguments[1], "strip", &set_size, error)))
        return BAMBOO_E_EVALUATION;
    while (left && start < size) {
        uint32_t code_point;
        size_t width = utf8_decode(bytes + start, size - start, &code_point);
        if (!in_set(bytes + start, width, set, set_size)) break;
        start += width;
    }
    while (right && size > start) {
        size_t width = 1;
        while (width < 4 && (bytes[size - width] & 0xC0) == 0x80)
            width++;
        if (!in_set(bytes + size - width, width, set, set_size)) break;
        size -= width;
    }
    return bamboo_string_create(bytes + start, size - start, out, error);
}

BODY(method_STRING_strip)
{
    return strip(arguments, count, true, true, out, error);
}
BODY(method_STRING_lstrip)
{
    return strip(arguments, count, true, false, out, error);
}
BODY(method_STRING_rstrip)
{
    return strip(arguments, count, false, true, out, error);
}

static bool begins_with(const char *bytes, size_t size, const char *part, size_t part_size)
{
    return part_size <= size && memcmp(bytes, part, part_size) == 0;
}

static bool ends_with(const char *bytes, size_t size, const char *part, size_t part_size)
{
    return part_size <= size && memcmp(bytes + size - part_size, part, part_size) == 0;
}

typedef bool (*affix_test)(const char *bytes, size_t size, const char *part, size_t part_size);

static enum bamboo_status test_affix(const struct bamboo_value *arguments, const char *name,
                                     affix_test test, struct bamboo_value *out,
                                     struct bamboo_error *error)
{
    size_t size, part_size;
    const char *bytes = bamboo_string_bytes(arguments[0], &size);
    bool found = false, one = arguments[1].type != BAMBOO_LIST;
    size_t total = one ? 1 : bamboo_list_count(arguments[1]);
    for (size_t i = 0; i < total; i++) {
        struct bamboo_value part = one ? arguments[1] : bamboo_list_at(arguments[1], i);
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
    return test_affix(arguments, "startswith", begins_with, out, error);
}
BODY(method_STRING_endswith)
{
    (void)count;
    return test_affix(arguments, "endswith", ends_with, out, error);
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

static enum bamboo_status fill(const struct bamboo_value *arguments, size_t count, int side,
                               struct bamboo_value *out, struct bamboo_error *error)
{
    size_t size, fill_size = 1;
    const char *bytes = bamboo_string_bytes(arguments[0], &size), *with = " ";
    if (arguments[1].type != BAMBOO_INTEGER)
        return refuse_type(error, "ljust, rjust and center", "a width", arguments[1]);
    if (count == 3 &&
        (!(with = string_argument(arguments[2], "ljust, rjust and center", &fill_size, error)) ||
         utf8_count(with, fill_size) != 1))
        return fail(error, BAMBOO_E_EVALUATION, "the fill is one character");
    int64_t missing = arguments[1].as.integer - (int64_t)value_string_count(arguments[0]);
    if (missing > (int64_t)(VALUE_SIZE_MAX / 4))
        return fail(error, BAMBOO_E_LIMIT, "the text would be longer than %u MiB",
                    VALUE_SIZE_MAX >> 20);
    if (missing < 0) missing = 0;
    /* Python's center puts the odd one to the left if the width is odd. */
    int64_t left = side < 0   ? 0
                   : side > 0 ? missing
                              : missing / 2 + (missing & arguments[1].as.integer & 1);
    struct text text = {0};
    for (int64_t i = 0; i < left; i++)
        text_append(&text, with, fill_size);
    text_append(&text, bytes, size);
    for (int64_t i = left; i < missing; i++)
        text_append(&text, with, fill_size);
    return take_text(&text, out, error);
}

BODY(method_STRING_ljust)
{
    return fill(arguments, count, -1, out, error);
}
BODY(method_STRING_rjust)
{
    return fill(arguments, count, 1, out, error);
}
BODY(method_STRING_center)
{
    return fill(arguments, count, 0, out, error);
}

BODY(method_STRING_zfill)
{
    (void)count;
    size_t size;
    const char *bytes = bamboo_string_bytes(arguments[0], &size);
    if (arguments[1].type != BAMBOO_INTEGER || arguments[1].as.integer > (int64_t)VALUE_SIZE_MAX)
        return fail(error, BAMBOO_E_EVALUATION, "zfill() wants a width of at most %u",
                    VALUE_SIZE_MAX);
    int64_t missing = arguments[1].as.integer - (int64_t)value_string_count(arguments[0]);
    size_t sign = size > 0 && (*bytes == '-' || *bytes == '+');
    struct text text = {0};
    text_append(&text, bytes, sign);
    for (int64_t i = 0; i < missing; i++)
        text_append_character(&text, '0');
    text_append(&text, bytes + sign, size - sign);
    return take_text(&text, out, error);
}

/* --- Questions --- */

static bool all_are(struct bamboo_value string, bool (*test)(char))
{
    size_t size;
    const char *bytes = bamboo_string_bytes(string, &size);
    for (size_t i = 0; i < size; i++)
        if (!test(bytes[i])) return false;
    return size > 0;
}

BODY(method_STRING_isdigit)
{
    (void)count, (void)error;
    *out = bamboo_bool(all_are(arguments[0], is_digit));
    return BAMBOO_OK;
}
BODY(method_STRING_isalpha)
{
    (void)count, (void)error;
    *out = bamboo_bool(all_are(arguments[0], is_letter));
    return BAMBOO_OK;
}
BODY(method_STRING_isspace)
{
    (void)count, (void)error;
    *out = bamboo_bool(all_are(arguments[0], is_space));
    return BAMBOO_OK;
}
