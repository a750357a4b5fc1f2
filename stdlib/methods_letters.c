/* Methods of strings that look at letters or change them. */
#include "base/utf8.h"
#include "stdlib/function_bodies.h"
#include "stdlib/letters.h"

static bool is_cased(uint32_t code_point)
{
    return letter_upper(code_point) != code_point || letter_lower(code_point) != code_point;
}

/* What a letter becomes; `before` is the code point before it, 0 at the beginning. */
typedef uint32_t (*letter_change)(uint32_t code_point, uint32_t before, bool is_first);

static uint32_t to_upper(uint32_t code_point, uint32_t before, bool is_first)
{
    (void)before, (void)is_first;
    return letter_upper(code_point);
}

static uint32_t to_lower(uint32_t code_point, uint32_t before, bool is_first)
{
    (void)before, (void)is_first;
    return letter_lower(code_point);
}

static uint32_t to_capital(uint32_t code_point, uint32_t before, bool is_first)
{
    (void)before;
    return is_first ? letter_upper(code_point) : letter_lower(code_point);
}

static uint32_t to_title(uint32_t code_point, uint32_t before, bool is_first)
{
    return is_first || !is_cased(before) ? letter_upper(code_point) : letter_lower(code_point);
}

static enum bamboo_status change_letters(struct bamboo_value string, letter_change change,
                                         struct bamboo_value *out, struct bamboo_error *error)
{
    size_t size;
    const char *bytes = bamboo_string_bytes(string, &size);
    struct text text = {0};
    uint32_t before = 0;
    for (size_t at = 0; at < size;) {
        char encoded[4];
        uint32_t code_point;
        size_t width = utf8_decode(bytes + at, size - at, &code_point);
        uint32_t changed = change(code_point, before, at == 0);
        if (changed < 0x80)
            text_append_character(&text, (char)changed);
        else
            text_append(&text, encoded, utf8_encode(changed, encoded));
        before = code_point;
        at += width;
    }
    return take_text(&text, out, error);
}

BODY(method_STRING_upper)
{
    (void)count;
    return change_letters(arguments[0], to_upper, out, error);
}

BODY(method_STRING_lower)
{
    (void)count;
    return change_letters(arguments[0], to_lower, out, error);
}

BODY(method_STRING_capitalize)
{
    (void)count;
    return change_letters(arguments[0], to_capital, out, error);
}

BODY(method_STRING_title)
{
    (void)count;
    return change_letters(arguments[0], to_title, out, error);
}

/* Is there a character, and are all of them so? */
static bool all_are(struct bamboo_value string, bool (*test)(uint32_t code_point))
{
    size_t size;
    const char *bytes = bamboo_string_bytes(string, &size);
    for (size_t at = 0; at < size;) {
        uint32_t code_point;
        size_t width = utf8_decode(bytes + at, size - at, &code_point);
        if (!test(code_point)) return false;
        at += width;
    }
    return size > 0;
}

BODY(method_STRING_isdigit)
{
    (void)count, (void)error;
    *out = bamboo_bool(all_are(arguments[0], letter_is_digit));
    return BAMBOO_OK;
}

BODY(method_STRING_isalpha)
{
    (void)count, (void)error;
    *out = bamboo_bool(all_are(arguments[0], letter_is_alphabetic));
    return BAMBOO_OK;
}

BODY(method_STRING_isspace)
{
    (void)count, (void)error;
    *out = bamboo_bool(all_are(arguments[0], letter_is_space));
    return BAMBOO_OK;
}
