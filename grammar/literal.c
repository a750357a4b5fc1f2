#include "grammar/literal.h"

#include <math.h>
#include <string.h>

#include "base/duration.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "base/value.h"
#include "grammar/ast_build.h"

static void report_number(struct parser *parser, struct span span, const char *wrong)
{
    diagnostics_add(parser->diagnostics, DIAGNOSTIC_INVALID_NUMBER, span, "%s", wrong);
}

static void report_overflow(struct parser *parser, struct span span)
{
    report_number(parser, span,
                  "an integer lies between -9223372036854775808 and "
                  "9223372036854775807");
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* -1: no digit */
static int digit_value(char byte)
{
    if (is_digit(byte)) return byte - '0';
    if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
    return -1;
}

enum reading { READ, MALFORMED, OVERFLOWN };

/* Digits of `base` with single _ between them. */
static enum reading read_digits(const char *bytes, size_t size, int base, uint64_t *out)
{
    uint64_t number = 0;
    bool overflown = false;
    if (size == 0) return MALFORMED;
    for (size_t i = 0; i < size; i++) {
        int digit = digit_value(bytes[i]);
        bool is_separator = bytes[i] == '_' && i > 0 && i + 1 < size && bytes[i - 1] != '_';
        if (is_separator) continue;
        if (digit < 0 || digit >= base) return MALFORMED;
        overflown = __builtin_mul_overflow(number, (uint64_t)base, &number) || overflown;
        overflown = __builtin_add_overflow(number, (uint64_t)digit, &number) || overflown;
    }
    *out = number;
    return overflown ? OVERFLOWN : READ;
}

static bool is_hexadecimal(const char *bytes, size_t size)
{
    return size > 1 && (bytes[1] == 'x' || bytes[1] == 'X');
}

/* Reports what is malformed; what is OVERFLOWN, or above INT64_MAX, is up to the caller. */
static enum reading read_integer(struct parser *parser, struct span span, uint64_t *out)
{
    const char *bytes = parser_bytes(parser, span);
    bool is_hex = is_hexadecimal(bytes, span.size);
    size_t prefix = is_hex ? 2 : 0;
    if (!is_hex && span.size > 1 && bytes[0] == '0') {
        report_number(parser, span, "a number does not begin with 0");
        return MALFORMED;
    }
    enum reading reading = read_digits(bytes + prefix, span.size - prefix, is_hex ? 16 : 10, out);
    if (reading == MALFORMED)
        report_number(parser, span,
                      is_hex ? "after 0x stand hexadecimal digits, with single _ between them"
                             : "_ stands between digits only, one at a time");
    return reading == READ && *out > INT64_MAX ? OVERFLOWN : reading;
}

/* The digits behind `sign`, without _, as an integer of any size. */
static struct ast_expression *any_integer(struct parser *parser, struct span span, const char *sign,
                                          const char *digits, size_t size)
{
    struct bamboo_value integer = bamboo_missing();
    struct bamboo_error error;
    struct text text = {0};
    text_append_string(&text, sign);
    for (size_t i = 0; i < size; i++)
        if (digits[i] != '_') text_append_character(&text, digits[i]);
    enum bamboo_status status = BAMBOO_E_MEMORY;
    if (!text.failed)
        status = value_integer_from_digits(text_string(&text), text.size, &integer, &error);
    text_release(&text);
    if (status == BAMBOO_OK) return ast_literal(parser, span, integer);
    if (status == BAMBOO_E_MEMORY)
        parser_out_of_memory(parser);
    else
        report_number(parser, span, error.message);
    return ast_error(parser, span);
}

struct ast_expression *literal_integer(struct parser *parser, struct span span)
{
    uint64_t number = 0;
    const char *bytes = parser_bytes(parser, span);
    switch (read_integer(parser, span, &number)) {
    case READ: return ast_literal(parser, span, bamboo_integer((int64_t)number));
    case OVERFLOWN:
        if (!is_hexadecimal(bytes, span.size))
            return any_integer(parser, span, "", bytes, span.size);
        report_overflow(parser, span);
        break;
    case MALFORMED: break;
    }
    return ast_error(parser, span);
}

/* Beyond 64 bits, and without a sign. */
static bool is_big_number(struct bamboo_value value)
{
    return value.type == BAMBOO_BIG_INTEGER && *bamboo_string_bytes(value, NULL) != '-';
}

struct ast_expression *literal_negated(struct parser *parser, struct span span, struct span minus,
                                       struct ast_expression *operand)
{
    size_t size;
    bool is_big = operand->kind == EXPRESSION_LITERAL && is_big_number(operand->as.literal);
    if (!is_big) return ast_unary(parser, span, OPERATOR_NEGATE, minus, operand);
    const char *digits = bamboo_string_bytes(operand->as.literal, &size);
    return any_integer(parser, span, "-", digits, size);
}

int64_t literal_plain_integer(struct parser *parser, struct span span)
{
    uint64_t number = 0;
    enum reading reading = read_integer(parser, span, &number);
    if (reading == OVERFLOWN) report_overflow(parser, span);
    return reading == READ ? (int64_t)number : -1;
}

int64_t literal_count(struct parser *parser, struct span span)
{
    int64_t count = literal_plain_integer(parser, span);
    if (count == 0) report_number(parser, span, "at least once: write 1 or more");
    if (count > LITERAL_COUNT_MAX) report_number(parser, span, "at most 1000000000 times");
    return count > 0 && count <= LITERAL_COUNT_MAX ? count : 1;
}

/* Without _, NUL-terminated; NULL if there is no memory. */
static char *copy_digits(const char *bytes, size_t size)
{
    char *digits = memory_copy_text(bytes, size);
    size_t kept = 0;
    for (size_t i = 0; digits && i < size; i++)
        if (bytes[i] != '_') digits[kept++] = bytes[i];
    if (digits) digits[kept] = '\0';
    return digits;
}

/* False if there is no memory. */
static bool read_float(const char *bytes, size_t size, double *out)
{
    char *digits = copy_digits(bytes, size);
    bool is_read = digits && number_read(digits, NULL, out);
    memory_free(digits);
    return is_read;
}

/* Is each _ between two digits? */
static bool has_good_separators(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] == '_' &&
            (i == 0 || i + 1 == size || !is_digit(bytes[i - 1]) || !is_digit(bytes[i + 1])))
            return false;
    return true;
}

struct ast_expression *literal_float(struct parser *parser, struct span span)
{
    const char *bytes = parser_bytes(parser, span);
    double number = 0;
    if (!has_good_separators(bytes, span.size)) {
        report_number(parser, span, "_ stands between digits only, one at a time");
        return ast_error(parser, span);
    }
    if (bytes[0] == '0' && span.size > 1 && is_digit(bytes[1])) {
        report_number(parser, span, "a number does not begin with 0");
        return ast_error(parser, span);
    }
    if (!read_float(bytes, span.size, &number)) {
        parser_out_of_memory(parser);
        return ast_error(parser, span);
    }
    if (isfinite(number)) return ast_literal(parser, span, bamboo_float(number));
    report_number(parser, span, "this number is too large for a float");
    return ast_error(parser, span);
}

/* False if it was reported. */
static bool read_duration(struct parser *parser, struct span span, int64_t *out)
{
    const char *bytes = parser_bytes(parser, span);
    struct bamboo_error error;
    if (duration_parse(bytes, span.size, out, &error) == BAMBOO_OK) return true;
    diagnostics_add(parser->diagnostics, DIAGNOSTIC_INVALID_DURATION, span, "%s", error.message);
    return false;
}

struct ast_expression *literal_duration(struct parser *parser, struct span span)
{
    int64_t milliseconds = 0;
    if (!read_duration(parser, span, &milliseconds)) return ast_error(parser, span);
    return ast_literal(parser, span, bamboo_duration(milliseconds));
}

int64_t literal_milliseconds(struct parser *parser, struct span span)
{
    int64_t milliseconds = 0;
    if (read_duration(parser, span, &milliseconds) && milliseconds == 0)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_INVALID_DURATION, span,
                        "a duration above zero is wanted here");
    return milliseconds > 0 ? milliseconds : 1;
}
