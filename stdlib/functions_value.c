/* Functions of any value: conversions. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "stdlib/function_bodies.h"

BODY(function_len)
{
    (void)count;
    struct bamboo_value value = arguments[0];
    size_t length;
    switch (value.type) {
    case BAMBOO_STRING: length = value_string_count(value); break;
    case BAMBOO_LIST: length = bamboo_list_count(value); break;
    case BAMBOO_MAP: length = bamboo_map_count(value); break;
    case BAMBOO_MISSING:
    case BAMBOO_NULL:
    case BAMBOO_BOOL:
    case BAMBOO_INTEGER:
    case BAMBOO_FLOAT:
    case BAMBOO_DURATION:
    case BAMBOO_BIG_INTEGER:
    case BAMBOO_TYPE_COUNT:
    default: return refuse_type(error, "len", "a string, a list or a map", value);
    }
    *out = bamboo_integer((int64_t)length);
    return BAMBOO_OK;
}

BODY(function_str)
{
    (void)count;
    struct text text = {0};
    value_append_text(&text, arguments[0]);
    return take_text(&text, out, error);
}

/* White space around a number is allowed, as in Python. */
static const char *skip_space(const char *text)
{
    return text + strspn(text, " \t\r\n\v\f");
}

static enum bamboo_status int_of_text(struct bamboo_value value, struct bamboo_value *out,
                                      struct bamboo_error *error)
{
    size_t size;
    char *end;
    const char *bytes = bamboo_string_bytes(value, &size), *start = skip_space(bytes);
    errno = 0;
    long long number = strtoll(start, &end, 10);
    if (end == start || *skip_space(end) != '\0' || strlen(bytes) != size)
        return fail(error, BAMBOO_E_EVALUATION, "'%s' is not a whole number", bytes);
    if (errno == ERANGE)
        return fail(error, BAMBOO_E_EVALUATION, "%s does not fit into 64 bits", bytes);
    *out = bamboo_integer(number);
    return BAMBOO_OK;
}

BODY(function_int)
{
    (void)count;
    struct bamboo_value value = arguments[0];
    if (value.type == BAMBOO_STRING) return int_of_text(value, out, error);
    if (value.type == BAMBOO_INTEGER || value.type == BAMBOO_BOOL) {
        *out = bamboo_integer(value.type == BAMBOO_BOOL ? value.as.boolean : value.as.integer);
        return BAMBOO_OK;
    }
    if (value.type != BAMBOO_FLOAT)
        return refuse_type(error, "int", "a number, a bool or a string", value);
    double whole = trunc(value.as.number);
    if (whole < -9223372036854775808.0 || whole >= 9223372036854775808.0)
        return fail(error, BAMBOO_E_EVALUATION, "the number does not fit into 64 bits");
    *out = bamboo_integer((int64_t)whole);
    return BAMBOO_OK;
}

/* Reads a decimal number; neither "0x10" nor "inf" is one. */
static enum bamboo_status float_of_text(struct bamboo_value value, double *out,
                                        struct bamboo_error *error)
{
    size_t size;
    const char *end;
    const char *bytes = bamboo_string_bytes(value, &size), *start = skip_space(bytes);
    size_t length = strspn(start, "0123456789+-.eE");
    bool is_alone = (size_t)(skip_space(start + length) - bytes) == size;
    if (!number_read(start, &end, out)) return fail_memory(error);
    if (!is_alone || length == 0 || end != start + length || !isfinite(*out))
        return fail(error, BAMBOO_E_EVALUATION, "'%s' is not a finite number", bytes);
    return BAMBOO_OK;
}

BODY(function_float)
{
    (void)count;
    struct bamboo_value value = arguments[0];
    double number = 0;
    if (value.type == BAMBOO_STRING) {
        enum bamboo_status status = float_of_text(value, &number, error);
        if (status != BAMBOO_OK) return status;
    } else if (value_is_number(value)) {
        number = value_as_double(value);
    } else if (value.type == BAMBOO_BOOL) {
        number = value.as.boolean;
    } else {
        return refuse_type(error, "float", "a number, a bool or a string", value);
    }
    *out = bamboo_float(number);
    return BAMBOO_OK;
}

BODY(function_bool)
{
    (void)count, (void)error;
    *out = bamboo_bool(value_is_true(arguments[0]));
    return BAMBOO_OK;
}

BODY(function_type)
{
    (void)count;
    return value_from_string(bamboo_type_name(arguments[0].type), out, error);
}

BODY(function_json)
{
    int64_t indent = 0;
    if (count == 2) {
        if (arguments[1].type != BAMBOO_INTEGER || arguments[1].as.integer < 0 ||
            arguments[1].as.integer > 16)
            return fail(error, BAMBOO_E_EVALUATION, "json() indents by 0 to 16 spaces");
        indent = arguments[1].as.integer;
    }
    return bamboo_json_print(arguments[0], (unsigned)indent, out, error);
}

BODY(function_parse_json)
{
    (void)count;
    size_t size;
    struct bamboo_error why = {0};
    const char *bytes = string_argument(arguments[0], "parse_json", &size, error);
    if (!bytes) return BAMBOO_E_EVALUATION;
    enum bamboo_status status = bamboo_json_parse(bytes, size, out, &why);
    if (status == BAMBOO_OK || status == BAMBOO_E_MEMORY)
        return status == BAMBOO_OK ? status : fail_memory(error);
    return fail(error, BAMBOO_E_EVALUATION, "this is not JSON (line %u, column %u): %s", why.line,
                why.column, why.message);
}
