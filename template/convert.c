#include "template/convert.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "template/integer.h"

#define FLOAT_SIZE_MAX 512 /* characters of a float as text: more digits change nothing */

static bool is_blank(char character)
{
    return character == ' ' || (character >= '\t' && character <= '\r');
}

static int digit_of(char character)
{
    if (character >= '0' && character <= '9') return character - '0';
    if (character >= 'a' && character <= 'z') return character - 'a' + 10;
    if (character >= 'A' && character <= 'Z') return character - 'A' + 10;
    return 36;
}

/* --- whole numbers --- */

struct spelling {
    const char *at;
    const char *end;
    bool is_negative;
};

static struct spelling trim(const char *bytes, size_t size)
{
    struct spelling spelling = {bytes, bytes + size, false};
    while (spelling.at < spelling.end && is_blank(spelling.at[0]))
        spelling.at++;
    while (spelling.at < spelling.end && is_blank(spelling.end[-1]))
        spelling.end--;
    return spelling;
}

/* The base that 0x, 0o or 0b stands for, or 0. */
static int prefix_base(const struct spelling *spelling)
{
    if (spelling->end - spelling->at < 2 || spelling->at[0] != '0') return 0;
    switch (spelling->at[1]) {
    case 'x':
    case 'X': return 16;
    case 'o':
    case 'O': return 8;
    case 'b':
    case 'B': return 2;
    default: return 0;
    }
}

/* Digits without the `_` that may stand between them; 0 if they are not digits of the base. */
static size_t copy_digits(const struct spelling *spelling, int base, bool may_begin_with_line,
                          char *out)
{
    size_t size = 0;
    bool may_be_line = may_begin_with_line;
    for (const char *at = spelling->at; at < spelling->end; at++) {
        bool is_line = *at == '_';
        if (is_line ? !may_be_line : digit_of(*at) >= base) return 0;
        if (!is_line) out[size++] = *at;
        may_be_line = !is_line;
    }
    return may_be_line ? size : 0; /* the last one is a digit */
}

static bool has_leading_zero(const char *digits, size_t size)
{
    return size > 1 && digits[0] == '0' && strspn(digits, "0") < size;
}

static enum bamboo_status integer_from_text(struct evaluation *evaluation, const char *bytes,
                                            size_t size, int base, struct object *out)
{
    struct spelling spelling = trim(bytes, size);
    char *digits = evaluation_allocate(evaluation, size + 1, 1);
    if (!digits) return evaluation->status;
    if (spelling.at < spelling.end && (*spelling.at == '-' || *spelling.at == '+'))
        spelling.is_negative = *spelling.at++ == '-';
    int prefix = prefix_base(&spelling);
    bool has_prefix = prefix != 0 && (base == 0 || base == prefix);
    if (has_prefix) spelling.at += 2;
    int real_base = base != 0 ? base : (prefix != 0 ? prefix : 10);
    size_t count = copy_digits(&spelling, real_base, has_prefix, digits);
    if (count == 0 || (base == 0 && !has_prefix && has_leading_zero(digits, count)))
        return evaluation_refuse(evaluation, "not a whole number: '%.*s'",
                                 (int)(size > 100 ? 100 : size), bytes);
    return integer_from_digits(evaluation, digits, count, real_base, spelling.is_negative, out);
}

enum bamboo_status object_to_integer(struct evaluation *evaluation, struct object object, int base,
                                     struct object *out)
{
    if (object.kind == OBJECT_TEXT)
        return integer_from_text(evaluation, object.as.text->bytes, object.as.text->size, base,
                                 out);
    if (object.kind == OBJECT_FLOAT) return integer_from_double(evaluation, object.as.number, out);
    if (!object_is_integer(object))
        return evaluation_refuse(evaluation, "a %s is not a whole number", object_type(object));
    *out = object.kind == OBJECT_BOOL ? object_integer(object.as.boolean) : object;
    return BAMBOO_OK;
}

/* --- floats --- */

static bool is_word(const struct spelling *spelling, const char *word)
{
    size_t size = strlen(word);
    return (size_t)(spelling->end - spelling->at) == size &&
           strncasecmp(spelling->at, word, size) == 0;
}

/* Copies digits[.digits][e[+-]digits] without the `_` between digits; false if it is not that. */
static bool copy_float(const struct spelling *spelling, char *out)
{
    size_t size = 0, digits = 0;
    bool has_point = false, has_exponent = false;
    for (const char *at = spelling->at; at < spelling->end; at++) {
        bool is_digit = *at >= '0' && *at <= '9';
        bool is_between = at > spelling->at && at + 1 < spelling->end && digit_of(at[-1]) < 10 &&
                          digit_of(at[1]) < 10;
        if (*at == '_' && is_between) continue;
        if (*at == '.' && !has_point && !has_exponent) {
            has_point = true;
        } else if ((*at == 'e' || *at == 'E') && !has_exponent && digits > 0) {
            has_exponent = true;
            digits = 0;
        } else if (!is_digit && !((*at == '+' || *at == '-') && has_exponent && digits == 0 &&
                                  (at[-1] == 'e' || at[-1] == 'E'))) {
            return false;
        }
        digits += is_digit;
        if (size >= FLOAT_SIZE_MAX) return false;
        out[size++] = *at;
    }
    out[size] = '\0';
    return digits > 0;
}

static enum bamboo_status float_from_text(struct evaluation *evaluation, const char *bytes,
                                          size_t size, struct object *out)
{
    char copy[FLOAT_SIZE_MAX + 1];
    struct spelling spelling = trim(bytes, size);
    double number;
    if (spelling.at < spelling.end && (*spelling.at == '-' || *spelling.at == '+'))
        spelling.is_negative = *spelling.at++ == '-';
    if (is_word(&spelling, "inf") || is_word(&spelling, "infinity"))
        number = INFINITY;
    else if (is_word(&spelling, "nan"))
        number = NAN;
    else if (!copy_float(&spelling, copy))
        return evaluation_refuse(evaluation, "not a number: '%.*s'", (int)(size > 100 ? 100 : size),
                                 bytes);
    else if (!number_read(copy, NULL, &number))
        return evaluation->status = fail_memory(evaluation->error);
    *out = object_float(spelling.is_negative ? -number : number);
    return BAMBOO_OK;
}

enum bamboo_status object_to_float(struct evaluation *evaluation, struct object object,
                                   struct object *out)
{
    if (object.kind == OBJECT_TEXT)
        return float_from_text(evaluation, object.as.text->bytes, object.as.text->size, out);
    if (object.kind == OBJECT_FLOAT) {
        *out = object;
        return BAMBOO_OK;
    }
    if (!object_is_integer(object))
        return evaluation_refuse(evaluation, "a %s is not a number", object_type(object));
    double number = integer_as_double(object);
    if (!isfinite(number))
        return evaluation_refuse(evaluation, "int too large to convert to float");
    *out = object_float(number);
    return BAMBOO_OK;
}

enum bamboo_status number_from_source(struct evaluation *evaluation, const char *bytes, size_t size,
                                      struct object *out)
{
    struct spelling all = {bytes, bytes + size, false};
    bool is_float =
        prefix_base(&all) == 0 &&
        (memchr(bytes, '.', size) || memchr(bytes, 'e', size) || memchr(bytes, 'E', size));
    if (is_float) return float_from_text(evaluation, bytes, size, out);
    return integer_from_text(evaluation, bytes, size, 0, out);
}
