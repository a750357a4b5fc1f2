/* "{} of {0:>8.2f}".format(...): a part of Python's str.format. A specification is
 * [[fill]align][sign][0][width][.precision][type]; it is turned into one of '%'
 * (base/value_format), but for the alignment. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "base/value_format.h"
#include "stdlib/function_bodies.h"

struct specification {
    char fill[5];
    char align; /* '<', '>', '^', or 0 */
    int64_t width;
    char conversion[16]; /* for '%': "%+.2f" */
};

/* Reads digits; -1 if there are none, and no more than seven are taken. */
static int64_t read_number(const char **at, const char *end)
{
    int64_t number = -1;
    for (int digits = 0; *at < end && **at >= '0' && **at <= '9' && digits < 7; digits++, (*at)++)
        number = (number < 0 ? 0 : number) * 10 + (**at - '0');
    return number;
}

static bool is_align(char c)
{
    return c == '<' || c == '>' || c == '^';
}

static bool read_specification(const char *at, const char *end, struct specification *out)
{
    *out = (struct specification){.fill = " "};
    uint32_t code_point;
    size_t width = at < end ? utf8_decode(at, (size_t)(end - at), &code_point) : 0;
    if (width && at + width < end && is_align(at[width])) {
        memcpy(out->fill, at, width);
        out->fill[width] = '\0';
        out->align = at[width];
        at += width + 1;
    } else if (at < end && is_align(*at)) {
        out->align = *at++;
    }
    size_t used = 0;
    out->conversion[used++] = '%';
    if (at < end && (*at == '+' || *at == ' '))
        out->conversion[used++] = *at++;
    else if (at < end && *at == '-')
        at++;
    bool zero = at < end && *at == '0';
    int64_t columns = read_number(&at, end);
    out->width = columns < 0 ? 0 : columns;
    if (zero && !out->align) { /* "%08d": the width belongs to the conversion */
        if (out->width > 9999) return false;
        used += (size_t)snprintf(out->conversion + used, sizeof out->conversion - used, "0%d",
                                 (int)out->width);
        out->width = 0;
    }
    if (at < end && *at == '.') {
        at++;
        int64_t precision = read_number(&at, end);
        if (precision < 0 || precision > 99) return false;
        used += (size_t)snprintf(out->conversion + used, sizeof out->conversion - used, ".%d",
                                 (int)precision);
    }
    char type = 's';
    if (at < end && strchr("dxXoeEfgGs", *at)) type = *at++;
    out->conversion[used++] = type;
    return at == end;
}

/* A number stands at the right unless it is told otherwise, everything else at the left. */
static enum bamboo_status append_formatted(struct text *text, struct bamboo_value value,
                                           const struct specification *specification,
                                           struct bamboo_error *error)
{
    struct bamboo_value conversion, formatted, list = value_empty_list();
    enum bamboo_status status = value_from_string(specification->conversion, &conversion, error);
    if (status != BAMBOO_OK) return status;
    /* One value in a list, so that a list or map is formatted as a whole. */
    status = value_list_append_take(&list, bamboo_value_retain(value), error);
    if (status == BAMBOO_OK) status = value_format(conversion, list, &formatted, error);
    bamboo_value_release(conversion);
    bamboo_value_release(list);
    if (status != BAMBOO_OK) return status;
    size_t size;
    const char *bytes = bamboo_string_bytes(formatted, &size);
    int64_t missing = specification->width - (int64_t)value_string_count(formatted);
    missing = missing < 0 ? 0 : missing;
    char align = specification->align ? specification->align : value_is_number(value) ? '>' : '<';
    int64_t left = align == '<' ? 0 : align == '>' ? missing : missing / 2;
    for (int64_t i = 0; i < left; i++)
        text_append_string(text, specification->fill);
    text_append(text, bytes, size);
    for (int64_t i = left; i < missing; i++)
        text_append_string(text, specification->fill);
    bamboo_value_release(formatted);
    return BAMBOO_OK;
}

/* One replacement field, between its braces. */
static enum bamboo_status append_field(struct text *text, const char *at, const char *end,
                                       const struct bamboo_value *values, size_t count,
                                       size_t *next, struct bamboo_error *error)
{
    int64_t index = read_number(&at, end);
    if (index < 0) index = (int64_t)(*next)++;
    if ((size_t)index >= count)
        return fail(error, BAMBOO_E_EVALUATION, "format() has no value number %lld",
                    (long long)index);
    struct specification specification;
    if (at < end && *at != ':')
        return fail(error, BAMBOO_E_EVALUATION, "format() takes {}, {0} and {0:spec}");
    if (at < end) at++;
    if (!read_specification(at, end, &specification))
        return fail(error, BAMBOO_E_EVALUATION, "format() does not know the specification '%.*s'",
                    (int)(end - at), at);
    return append_formatted(text, values[index], &specification, error);
}

static enum bamboo_status format(struct text *text, struct bamboo_value string,
                                 const struct bamboo_value *values, size_t count,
                                 struct bamboo_error *error)
{
    size_t size, next = 0;
    const char *at = bamboo_string_bytes(string, &size), *end = at + size;
    enum bamboo_status status = BAMBOO_OK;
    while (at < end && status == BAMBOO_OK && text->size <= VALUE_SIZE_MAX) {
        if ((*at == '{' || *at == '}') && at + 1 < end && at[1] == *at) {
            text_append_character(text, *at);
            at += 2;
        } else if (*at == '{') {
            const char *close = memchr(at, '}', (size_t)(end - at));
            if (!close) return fail(error, BAMBOO_E_EVALUATION, "format(): a '{' without its '}'");
            status = append_field(text, at + 1, close, values, count, &next, error);
            at = close + 1;
        } else if (*at == '}') {
            return fail(error, BAMBOO_E_EVALUATION, "format(): a '}' without its '{'");
        } else {
            text_append_character(text, *at++);
        }
    }
    return status;
}

BODY(method_STRING_format)
{
    struct text text = {0};
    enum bamboo_status status = format(&text, arguments[0], arguments + 1, count - 1, error);
    if (status == BAMBOO_OK) return take_text(&text, out, error);
    text_release(&text);
    return status;
}
