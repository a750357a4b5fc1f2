/* "{} of {0:>8.2f}".format(...): a part of Python's str.format. A field is {} or {number}, with a
 * specification behind a colon: [[fill]align][sign][#][0][width][.precision][type]. The value is
 * converted by '%' (base/value_format) and then filled up here. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "base/value_format.h"
#include "stdlib/function_bodies.h"

/* A width is refused by its size in bytes; a number with more digits is meaningless. */
#define NUMBER_DIGITS_MAX 7
#define PRECISION_MAX     99

struct specification {
    char fill[5]; /* a character */
    char align;   /* '<', '>', '^', '=' (behind the sign), or 0: as the type has it */
    char sign;    /* '+', ' ', or 0 */
    bool alternative;
    int64_t width;
    int64_t precision; /* -1: none */
    char type;         /* 0: none */
};

/* Where a format is read, and which values it takes. */
struct format_reader {
    const char *at;
    const char *end;
    const struct bamboo_value *values;
    size_t count;
    size_t next;                  /* of the values, for {} */
    bool is_counted, is_numbered; /* has there been a {}, a {0}? */
};

static char peek(const struct format_reader *reader)
{
    if (reader->at == reader->end) return '\0';
    return *reader->at;
}

/* -1: no digit here. More digits than there may be stay where they are. */
static int64_t read_number(struct format_reader *reader)
{
    int64_t number = -1;
    for (int i = 0; i < NUMBER_DIGITS_MAX && peek(reader) >= '0' && peek(reader) <= '9'; i++)
        number = (number < 0 ? 0 : number) * 10 + (*reader->at++ - '0');
    return number;
}

static bool is_one_of(char character, const char *set)
{
    return character != '\0' && strchr(set, character) != NULL;
}

static void read_align(struct format_reader *reader, struct specification *out)
{
    uint32_t code_point;
    size_t rest = (size_t)(reader->end - reader->at);
    size_t width = rest > 0 ? utf8_decode(reader->at, rest, &code_point) : 0;
    if (width > 0 && width < rest && is_one_of(reader->at[width], "<>^=")) {
        memcpy(out->fill, reader->at, width);
        out->fill[width] = '\0';
        out->align = reader->at[width];
        reader->at += width + 1;
    } else if (is_one_of(peek(reader), "<>^=")) {
        out->align = *reader->at++;
    }
}

/* Reads up to the end; false if it is no specification. */
static bool read_specification(struct format_reader *reader, struct specification *out)
{
    *out = (struct specification){.precision = -1};
    read_align(reader, out);
    if (is_one_of(peek(reader), "+- ")) {
        out->sign = *reader->at++;
        if (out->sign == '-') out->sign = '\0';
    }
    if (peek(reader) == '#') {
        out->alternative = true;
        reader->at++;
    }
    if (peek(reader) == '0') { /* "08": zeros behind the sign, unless it says otherwise */
        if (!out->fill[0]) out->fill[0] = '0';
        if (!out->align) out->align = '0';
    }
    int64_t width = read_number(reader);
    out->width = width < 0 ? 0 : width;
    if (peek(reader) == '.') {
        reader->at++;
        out->precision = read_number(reader);
        if (out->precision < 0 || out->precision > PRECISION_MAX) return false;
    }
    if (is_one_of(peek(reader), "dxXoeEfFgGs")) out->type = *reader->at++;
    if (!out->fill[0]) out->fill[0] = ' ';
    return reader->at == reader->end;
}

/* --- Converting --- */

static bool type_fits(const struct specification *specification, struct bamboo_value value)
{
    bool is_text = !value_is_number(value);
    if (specification->type == 's' || is_text)
        return is_text && !specification->sign && !specification->alternative &&
               specification->align != '=' && (!specification->type || specification->type == 's');
    if (is_one_of(specification->type, "dxXo") || !specification->type)
        if (value.type == BAMBOO_INTEGER) return specification->precision < 0;
    return !is_one_of(specification->type, "dxXo");
}

/* The conversion of '%' that does the same: "%+.2f". */
static void append_conversion(struct text *text, const struct specification *specification,
                              struct bamboo_value value)
{
    char type = specification->type;
    /* A float without a type keeps what makes it a float, unless a precision rounds it. */
    if (!type && value.type == BAMBOO_INTEGER) type = 'd';
    if (!type && value_is_number(value) && specification->precision >= 0) type = 'g';
    text_append_character(text, '%');
    if (specification->sign) text_append_character(text, specification->sign);
    if (specification->alternative) text_append_character(text, '#');
    if (specification->precision >= 0)
        text_append_format(text, ".%d", (int)specification->precision);
    if (!type) type = 's';
    text_append_character(text, type);
}

static enum bamboo_status convert(const struct specification *specification,
                                  struct bamboo_value value, struct bamboo_value *out,
                                  struct bamboo_error *error)
{
    struct text text = {0};
    struct bamboo_value conversion, list = value_empty_list();
    append_conversion(&text, specification, value);
    enum bamboo_status status = take_text(&text, &conversion, error);
    if (status != BAMBOO_OK) return status;
    /* One value in a list, so that a list or a map is formatted as a whole. */
    status = value_list_append_take(&list, bamboo_value_retain(value), error);
    if (status == BAMBOO_OK) status = value_format(conversion, list, out, error);
    bamboo_value_release(conversion);
    bamboo_value_release(list);
    return status;
}

/* A sign, and 0x or 0o, stay before what is filled in behind them. */
static size_t sign_size(const char *bytes, size_t size)
{
    size_t sign = size > 0 && is_one_of(bytes[0], "+- ");
    bool has_base = size >= sign + 2 && bytes[sign] == '0' && is_one_of(bytes[sign + 1], "xXo");
    return has_base ? sign + 2 : sign;
}

static void append_filled(struct text *text, const struct specification *specification,
                          bool is_number, struct bamboo_value converted)
{
    size_t size, sign = 0;
    const char *bytes = bamboo_string_bytes(converted, &size);
    int64_t missing = specification->width - (int64_t)value_string_count(converted);
    int64_t left = missing;
    char align = specification->align;
    if (align == '0') align = is_number ? '=' : '<';
    if (!align) align = is_number ? '>' : '<';
    if (align == '<') left = 0;
    if (align == '^') left = missing / 2;
    if (align == '=') sign = sign_size(bytes, size);
    text_append(text, bytes, sign);
    for (int64_t i = 0; i < left; i++)
        text_append_string(text, specification->fill);
    text_append(text, bytes + sign, size - sign);
    for (int64_t i = left; i < missing; i++)
        text_append_string(text, specification->fill);
}

static enum bamboo_status append_value(struct text *text, const struct specification *specification,
                                       struct bamboo_value value, struct bamboo_error *error)
{
    struct bamboo_value converted;
    if (!type_fits(specification, value))
        return fail(error, BAMBOO_E_EVALUATION, "format() cannot format %s like this",
                    value_type_phrase(value.type));
    if ((uint64_t)specification->width > VALUE_SIZE_MAX / strlen(specification->fill))
        return fail(error, BAMBOO_E_LIMIT, "format() would make a text of more than %u MiB",
                    VALUE_SIZE_MAX >> 20);
    enum bamboo_status status = convert(specification, value, &converted, error);
    if (status != BAMBOO_OK) return status;
    append_filled(text, specification, value_is_number(value), converted);
    bamboo_value_release(converted);
    return BAMBOO_OK;
}

/* --- Reading a format --- */

static enum bamboo_status choose_value(struct format_reader *reader, struct bamboo_value *out,
                                       struct bamboo_error *error)
{
    int64_t index = read_number(reader);
    reader->is_numbered = reader->is_numbered || index >= 0;
    reader->is_counted = reader->is_counted || index < 0;
    if (reader->is_numbered && reader->is_counted)
        return fail(error, BAMBOO_E_EVALUATION, "format() takes either {} or {0}, not both");
    size_t place = index < 0 ? reader->next++ : (size_t)index;
    if (place >= reader->count)
        return fail(error, BAMBOO_E_EVALUATION, "format() has no value number %zu", place);
    *out = reader->values[place];
    return BAMBOO_OK;
}

/* One replacement field; `field` ends before its '}'. */
static enum bamboo_status append_field(struct text *text, struct format_reader *field,
                                       struct bamboo_error *error)
{
    struct bamboo_value value = bamboo_missing();
    struct specification specification;
    enum bamboo_status status = choose_value(field, &value, error);
    if (status != BAMBOO_OK) return status;
    if (field->at < field->end && *field->at++ != ':')
        return fail(error, BAMBOO_E_EVALUATION, "format() takes {}, {0} and {0:specification}");
    const char *start = field->at;
    if (!read_specification(field, &specification))
        return fail(error, BAMBOO_E_EVALUATION, "format() does not know the specification '%.*s'",
                    (int)(field->end - start), start);
    return append_value(text, &specification, value, error);
}

static enum bamboo_status read_format(struct text *text, struct format_reader *reader,
                                      struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_OK;
    const char *end = reader->end;
    while (reader->at < end && status == BAMBOO_OK && text->size <= VALUE_SIZE_MAX) {
        char character = *reader->at++;
        bool is_doubled = peek(reader) == character;
        if (!is_one_of(character, "{}")) {
            text_append_character(text, character);
        } else if (is_doubled) {
            text_append_character(text, *reader->at++);
        } else if (character == '}') {
            return fail(error, BAMBOO_E_EVALUATION, "format(): a '}' without its '{'");
        } else {
            const char *close = memchr(reader->at, '}', (size_t)(end - reader->at));
            if (!close) return fail(error, BAMBOO_E_EVALUATION, "format(): a '{' without its '}'");
            reader->end = close;
            status = append_field(text, reader, error);
            reader->end = end;
            reader->at = close + 1;
        }
    }
    return status;
}

BODY(method_STRING_format)
{
    size_t size;
    struct text text = {0};
    const char *bytes = bamboo_string_bytes(arguments[0], &size);
    struct format_reader reader = {
        .at = bytes, .end = bytes + size, .values = arguments + 1, .count = count - 1};
    enum bamboo_status status = read_format(&text, &reader, error);
    if (status == BAMBOO_OK) return take_text(&text, out, error);
    text_release(&text);
    return status;
}
