#include "base/value_format.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/number.h"
#include "base/utf8.h"

#define PRECISION_MAX   1000 /* digits; nobody reads more, and printf is slow with them */
#define NO_PRECISION    SIZE_MAX
#define UNKNOWN_LETTERS "use d i u x X o e E f F g G s r c or %%"

/* %(key)-+ 0#width.precision letter */
struct conversion {
    const char *key; /* NULL: the next argument */
    size_t key_size;
    bool left;
    bool plus;
    bool space;
    bool zero;
    bool alternative;
    size_t width;
    size_t precision; /* or NO_PRECISION */
    char letter;
};

struct formatting {
    const char *at; /* in the format */
    const char *end;
    struct bamboo_value arguments;
    size_t used; /* arguments that have been taken in order */
    struct text result;
};

/* A converted argument: the sign or prefix stays before the zeros that fill a number. */
struct piece {
    char sign[4];
    struct text body;
    bool is_number;
};

/* --- reading a conversion --- */

static enum bamboo_status ends_early(struct bamboo_error *error)
{
    return fail(error, BAMBOO_E_EVALUATION, "the format ends inside a '%%': write %%%% for one");
}

static char peek(const struct formatting *formatting)
{
    if (formatting->at < formatting->end) return *formatting->at;
    return '\0';
}

static enum bamboo_status read_key(struct formatting *formatting, struct conversion *conversion,
                                   struct bamboo_error *error)
{
    if (peek(formatting) != '(') return BAMBOO_OK;
    size_t rest = (size_t)(formatting->end - formatting->at);
    const char *close = memchr(formatting->at, ')', rest);
    if (!close) return ends_early(error);
    conversion->key = formatting->at + 1;
    conversion->key_size = (size_t)(close - conversion->key);
    formatting->at = close + 1;
    return BAMBOO_OK;
}

static void read_flags(struct formatting *formatting, struct conversion *conversion)
{
    for (;; formatting->at++) {
        switch (peek(formatting)) {
        case '-': conversion->left = true; break;
        case '+': conversion->plus = true; break;
        case ' ': conversion->space = true; break;
        case '0': conversion->zero = true; break;
        case '#': conversion->alternative = true; break;
        default: return;
        }
    }
}

static enum bamboo_status read_number(struct formatting *formatting, size_t limit, size_t *out,
                                      struct bamboo_error *error)
{
    *out = 0;
    for (; peek(formatting) >= '0' && peek(formatting) <= '9'; formatting->at++) {
        *out = *out * 10 + (size_t)(peek(formatting) - '0');
        if (*out > limit)
            return fail(error, BAMBOO_E_LIMIT, "a width or precision is above the limit of %zu",
                        limit);
    }
    return BAMBOO_OK;
}

/* `formatting` stands behind the '%'. */
static enum bamboo_status read_conversion(struct formatting *formatting,
                                          struct conversion *conversion, struct bamboo_error *error)
{
    enum bamboo_status status;
    *conversion = (struct conversion){.precision = NO_PRECISION};
    if ((status = read_key(formatting, conversion, error)) != BAMBOO_OK) return status;
    read_flags(formatting, conversion);
    status = read_number(formatting, VALUE_SIZE_MAX, &conversion->width, error);
    if (status) return status;
    if (peek(formatting) == '.') {
        formatting->at++;
        status = read_number(formatting, PRECISION_MAX, &conversion->precision, error);
        if (status) return status;
    }
    while (peek(formatting) == 'l' || peek(formatting) == 'h' || peek(formatting) == 'L')
        formatting->at++; /* sizes of C, which Python accepts and ignores */
    if (formatting->at == formatting->end) return ends_early(error);
    conversion->letter = *formatting->at++;
    return BAMBOO_OK;
}

/* --- arguments --- */

static enum bamboo_status find_named(const struct formatting *formatting,
                                     const struct conversion *conversion, struct bamboo_value *out,
                                     struct bamboo_error *error)
{
    struct bamboo_value key;
    if (formatting->arguments.type != BAMBOO_MAP)
        return fail(error, BAMBOO_E_EVALUATION, "%%(%.*s) needs a map after '%%', not %s",
                    (int)conversion->key_size, conversion->key,
                    value_type_phrase(formatting->arguments.type));
    enum bamboo_status status =
        bamboo_string_create(conversion->key, conversion->key_size, &key, error);
    if (status) return status;
    *out = bamboo_map_find(formatting->arguments, key);
    bamboo_value_release(key);
    if (out->type == BAMBOO_MISSING)
        return fail(error, BAMBOO_E_EVALUATION, "the map has no key '%.*s' for the format",
                    (int)conversion->key_size, conversion->key);
    return BAMBOO_OK;
}

/* The argument of a conversion, borrowed. */
static enum bamboo_status take_argument(struct formatting *formatting,
                                        const struct conversion *conversion,
                                        struct bamboo_value *out, struct bamboo_error *error)
{
    if (conversion->key) return find_named(formatting, conversion, out, error);
    bool is_list = formatting->arguments.type == BAMBOO_LIST;
    size_t count = is_list ? bamboo_list_count(formatting->arguments) : 1;
    if (formatting->used >= count)
        return fail(error, BAMBOO_E_EVALUATION,
                    "the format has more conversions than the %zu argument%s after '%%'", count,
                    count == 1 ? "" : "s");
    *out =
        is_list ? bamboo_list_at(formatting->arguments, formatting->used) : formatting->arguments;
    formatting->used++;
    return BAMBOO_OK;
}

/* --- converting --- */

static enum bamboo_status wants(const struct conversion *conversion, const char *wanted,
                                struct bamboo_value value, struct bamboo_error *error)
{
    return fail(error, BAMBOO_E_EVALUATION, "%%%c needs %s, not %s", conversion->letter, wanted,
                value_type_phrase(value.type));
}

static void set_sign(const struct conversion *conversion, bool negative, struct piece *piece)
{
    piece->is_number = true;
    if (negative)
        piece->sign[0] = '-';
    else if (conversion->plus)
        piece->sign[0] = '+';
    else if (conversion->space)
        piece->sign[0] = ' ';
}

static enum bamboo_status integer_of(const struct conversion *conversion, struct bamboo_value value,
                                     int64_t *out, struct bamboo_error *error)
{
    bool decimal = strchr("diu", conversion->letter) != NULL;
    if (value.type == BAMBOO_INTEGER) {
        *out = value.as.integer;
        return BAMBOO_OK;
    }
    if (!decimal || value.type != BAMBOO_FLOAT)
        return wants(conversion, decimal ? "a number" : "an int", value, error);
    if (!(fabs(value.as.number) < 9223372036854775808.0))
        return fail(error, BAMBOO_E_EVALUATION, "%%%c: the float is too large for an int",
                    conversion->letter);
    *out = (int64_t)value.as.number;
    return BAMBOO_OK;
}

static enum bamboo_status convert_integer(const struct conversion *conversion,
                                          struct bamboo_value value, struct piece *piece,
                                          struct bamboo_error *error)
{
    int64_t integer = 0;
    enum bamboo_status status = integer_of(conversion, value, &integer, error);
    if (status) return status;
    uint64_t magnitude = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer;
    int digits = conversion->precision == NO_PRECISION ? 1 : (int)conversion->precision;
    set_sign(conversion, integer < 0, piece);
    bool decimal = strchr("diu", conversion->letter) != NULL;
    if (conversion->alternative && !decimal) {
        size_t at = strlen(piece->sign);
        piece->sign[at] = '0';
        piece->sign[at + 1] = conversion->letter;
    }
    if (decimal)
        text_append_format(&piece->body, "%.*" PRIu64, digits, magnitude);
    else if (conversion->letter == 'x')
        text_append_format(&piece->body, "%.*" PRIx64, digits, magnitude);
    else if (conversion->letter == 'X')
        text_append_format(&piece->body, "%.*" PRIX64, digits, magnitude);
    else
        text_append_format(&piece->body, "%.*" PRIo64, digits, magnitude);
    return BAMBOO_OK;
}

static enum bamboo_status convert_float(const struct conversion *conversion,
                                        struct bamboo_value value, struct piece *piece,
                                        struct bamboo_error *error)
{
    if (value.type != BAMBOO_INTEGER && value.type != BAMBOO_FLOAT)
        return wants(conversion, "a number", value, error);
    if (conversion->alternative)
        return fail(error, BAMBOO_E_EVALUATION, "'#' does not go with %%%c", conversion->letter);
    double number = value.type == BAMBOO_FLOAT ? value.as.number : (double)value.as.integer;
    double magnitude = fabs(number);
    int digits = conversion->precision == NO_PRECISION ? 6 : (int)conversion->precision;
    set_sign(conversion, signbit(number), piece);
    number_append_digits(&piece->body, conversion->letter, digits, magnitude);
    return BAMBOO_OK;
}

static enum bamboo_status convert_text(const struct conversion *conversion,
                                       struct bamboo_value value, struct piece *piece,
                                       struct bamboo_error *error)
{
    if (value.type == BAMBOO_MISSING) return wants(conversion, "a value", value, error);
    if (conversion->letter == 'r' && value.type == BAMBOO_STRING)
        json_append(&piece->body, value, 0);
    else
        value_append_text(&piece->body, value);
    struct text *body = &piece->body;
    if (!body->failed && conversion->precision != NO_PRECISION &&
        conversion->precision < utf8_count(text_string(body), body->size)) {
        body->size = utf8_offset(text_string(body), body->size, conversion->precision);
        if (body->bytes) body->bytes[body->size] = '\0';
    }
    return BAMBOO_OK;
}

static enum bamboo_status convert_character(const struct conversion *conversion,
                                            struct bamboo_value value, struct piece *piece,
                                            struct bamboo_error *error)
{
    char bytes[4];
    if (value.type == BAMBOO_STRING && value_string_count(value) == 1) {
        value_append_text(&piece->body, value);
        return BAMBOO_OK;
    }
    if (value.type != BAMBOO_INTEGER)
        return wants(conversion, "an int or one character", value, error);
    bool in_range = value.as.integer >= 0 && value.as.integer <= 0x10FFFF;
    size_t size = in_range ? utf8_encode((uint32_t)value.as.integer, bytes) : 0;
    if (!size)
        return fail(error, BAMBOO_E_EVALUATION, "%%c: %" PRId64 " is not a character",
                    value.as.integer);
    text_append(&piece->body, bytes, size);
    return BAMBOO_OK;
}

static enum bamboo_status convert(const struct conversion *conversion, struct bamboo_value value,
                                  struct piece *piece, struct bamboo_error *error)
{
    switch (conversion->letter) {
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o': return convert_integer(conversion, value, piece, error);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': return convert_float(conversion, value, piece, error);
    case 's':
    case 'r': return convert_text(conversion, value, piece, error);
    case 'c': return convert_character(conversion, value, piece, error);
    default: break;
    }
    return fail(error, BAMBOO_E_EVALUATION,
                "unknown conversion '%%%c' in a format: " UNKNOWN_LETTERS, conversion->letter);
}

/* --- putting it together --- */

static void append_padding(struct text *text, size_t count, char character)
{
    for (; count > 0 && !text->failed; count--)
        text_append_character(text, character);
}

static void append_piece(struct text *text, const struct conversion *conversion,
                         const struct piece *piece)
{
    size_t width = strlen(piece->sign) + utf8_count(text_string(&piece->body), piece->body.size);
    size_t padding = conversion->width > width ? conversion->width - width : 0;
    bool zeros = conversion->zero && piece->is_number && !conversion->left;
    if (!conversion->left && !zeros) append_padding(text, padding, ' ');
    text_append_string(text, piece->sign);
    if (zeros) append_padding(text, padding, '0');
    text_append(text, text_string(&piece->body), piece->body.size);
    if (conversion->left) append_padding(text, padding, ' ');
    text->failed = text->failed || piece->body.failed;
}

static enum bamboo_status format_conversion(struct formatting *formatting,
                                            struct bamboo_error *error)
{
    struct conversion conversion;
    struct bamboo_value argument = bamboo_missing();
    struct piece piece = {.sign = ""};
    enum bamboo_status status = read_conversion(formatting, &conversion, error);
    if (status) return status;
    if (conversion.letter == '%') {
        text_append_character(&formatting->result, '%');
        return BAMBOO_OK;
    }
    status = take_argument(formatting, &conversion, &argument, error);
    if (status == BAMBOO_OK) status = convert(&conversion, argument, &piece, error);
    if (status == BAMBOO_OK) append_piece(&formatting->result, &conversion, &piece);
    text_release(&piece.body);
    if (status == BAMBOO_OK && formatting->result.size > VALUE_SIZE_MAX)
        return fail(error, BAMBOO_E_LIMIT, "the formatted string is longer than the limit of %u",
                    VALUE_SIZE_MAX);
    return status;
}

static enum bamboo_status all_are_used(const struct formatting *formatting,
                                       struct bamboo_error *error)
{
    enum bamboo_type type = formatting->arguments.type;
    size_t count = type == BAMBOO_LIST  ? bamboo_list_count(formatting->arguments)
                   : type == BAMBOO_MAP ? 0
                                        : 1;
    if (formatting->used >= count) return BAMBOO_OK;
    return fail(error, BAMBOO_E_EVALUATION, "the format uses %zu of the %zu argument%s after '%%'",
                formatting->used, count, count == 1 ? "" : "s");
}

enum bamboo_status value_format(struct bamboo_value format, struct bamboo_value arguments,
                                struct bamboo_value *out, struct bamboo_error *error)
{
    size_t size;
    enum bamboo_status status = BAMBOO_OK;
    const char *bytes = bamboo_string_bytes(format, &size);
    struct formatting formatting = {.at = bytes, .end = bytes + size, .arguments = arguments};
    while (formatting.at < formatting.end && !status) {
        size_t rest = (size_t)(formatting.end - formatting.at);
        const char *percent = memchr(formatting.at, '%', rest);
        size_t plain = percent ? (size_t)(percent - formatting.at) : rest;
        text_append(&formatting.result, formatting.at, plain);
        formatting.at += plain;
        if (!percent) break;
        formatting.at++;
        status = format_conversion(&formatting, error);
    }
    if (status == BAMBOO_OK) status = all_are_used(&formatting, error);
    if (status == BAMBOO_OK) status = value_from_text(&formatting.result, out, error);
    text_release(&formatting.result);
    return status;
}
