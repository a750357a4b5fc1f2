/* Each conversion is done by base/value_format.h, which knows flags, width and precision; here an
 * object becomes the value that it wants. */
#include "template/format.h"

#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "base/value.h"
#include "base/value_format.h"
#include "template/convert.h"
#include "template/integer.h"
#include "template/map.h"
#include "template/print.h"

struct formatting {
    struct evaluation *evaluation;
    const char *at; /* in the format */
    const char *end;
    struct object arguments;
    size_t used; /* arguments that have been taken in order */
    bool is_named;
    struct text result;
};

/* The next argument in order: of a tuple, or the only one. */
static enum bamboo_status next_argument(struct formatting *formatting, struct object *out)
{
    bool is_tuple = formatting->arguments.kind == OBJECT_TUPLE;
    size_t count = is_tuple ? formatting->arguments.as.list->count : 1;
    if (formatting->used >= count)
        return evaluation_refuse(formatting->evaluation, "not enough arguments for the format");
    *out =
        is_tuple ? formatting->arguments.as.list->items[formatting->used] : formatting->arguments;
    formatting->used++;
    return BAMBOO_OK;
}

static enum bamboo_status named_argument(struct formatting *formatting, const char *name,
                                         size_t size, struct object *out)
{
    struct object key = object_none();
    struct map_entry *entry = NULL;
    if (formatting->arguments.kind != OBJECT_MAP)
        return evaluation_refuse(formatting->evaluation, "the format needs a map");
    enum bamboo_status status = object_borrow_text(formatting->evaluation, name, size, &key);
    if (status == BAMBOO_OK)
        status = map_find(formatting->evaluation, formatting->arguments.as.map, key, &entry);
    if (status != BAMBOO_OK) return status;
    if (!entry)
        return evaluation_refuse(formatting->evaluation, "the format's map has no %.*s", (int)size,
                                 name);
    *out = entry->value;
    formatting->is_named = true;
    return BAMBOO_OK;
}

/* --- arguments as values --- */

/* ASCII, as ascii() writes it: of what str or repr gave. */
static void append_ascii(struct text *out, const struct text *text)
{
    for (size_t at = 0; at < text->size;) {
        uint32_t character = 0;
        at += utf8_decode(text->bytes + at, text->size - at, &character);
        if (character < 0x80)
            text_append_character(out, (char)character);
        else
            text_append_format(out,
                               character < 0x100     ? "\\x%02x"
                               : character < 0x10000 ? "\\u%04x"
                                                     : "\\U%08x",
                               (unsigned)character);
    }
}

/* What str(), repr() or ascii() give, by the letter. */
static enum bamboo_status text_value(struct evaluation *evaluation, struct object object,
                                     char letter, struct bamboo_value *out)
{
    struct text text = {0}, ascii = {0};
    bool is_repr = letter == 'r' || letter == 'a';
    enum bamboo_status status = is_repr ? object_append_repr(evaluation, &text, object)
                                        : object_append_str(evaluation, &text, object);
    if (letter == 'a') append_ascii(&ascii, &text);
    if (status == BAMBOO_OK) {
        status = value_from_text(letter == 'a' ? &ascii : &text, out, evaluation->error);
        evaluation->status = status;
    }
    text_release(&ascii);
    text_release(&text);
    return status;
}

static bool is_whole(char letter)
{
    return strchr("diuxXo", letter) != NULL;
}

/* The integer or float that the conversion wants. */
static enum bamboo_status number_object(struct evaluation *evaluation, struct object object,
                                        char letter, struct object *out)
{
    bool wants_float = strchr("eEfFgG", letter) != NULL;
    bool takes_float = wants_float || strchr("diu", letter) != NULL;
    if (!object_is_number(object) || (object.kind == OBJECT_FLOAT && !takes_float))
        return evaluation_refuse(evaluation, "%%%c needs a number, not %s", letter,
                                 object_type(object));
    return wants_float ? object_to_float(evaluation, object, out)
                       : object_to_integer(evaluation, object, 10, out);
}

static enum bamboo_status number_value(struct evaluation *evaluation, struct object object,
                                       char letter, struct bamboo_value *out)
{
    struct object number = object_none();
    enum bamboo_status status = number_object(evaluation, object, letter, &number);
    if (status != BAMBOO_OK) return status;
    if (number.kind == OBJECT_BIG)
        return evaluation_refuse(evaluation, "the number is too large for %%%c", letter);
    *out = number.kind == OBJECT_FLOAT ? bamboo_float(number.as.number)
                                       : bamboo_integer(number.as.integer);
    return BAMBOO_OK;
}

static enum bamboo_status argument_value(struct evaluation *evaluation, struct object object,
                                         char letter, struct bamboo_value *out)
{
    if (strchr("sra", letter)) return text_value(evaluation, object, letter, out);
    if (letter == 'c' && object.kind == OBJECT_TEXT)
        return text_value(evaluation, object, letter, out);
    return number_value(evaluation, object, letter, out);
}

/* --- conversions --- */

/* Appends `specification` (from its % to its letter) applied to a value. */
static enum bamboo_status append_converted(struct formatting *formatting,
                                           const struct text *specification,
                                           struct bamboo_value value)
{
    struct evaluation *evaluation = formatting->evaluation;
    struct bamboo_value format = bamboo_missing(), arguments = bamboo_missing();
    struct bamboo_value result = bamboo_missing();
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    bamboo_list_builder_append_take(&builder, bamboo_value_retain(value));
    enum bamboo_status status = bamboo_list_builder_finish(&builder, &arguments, evaluation->error);
    if (status == BAMBOO_OK) status = value_from_text(specification, &format, evaluation->error);
    if (status == BAMBOO_OK) status = value_format(format, arguments, &result, evaluation->error);
    if (status == BAMBOO_OK) {
        size_t size;
        const char *bytes = bamboo_string_bytes(result, &size);
        text_append(&formatting->result, bytes, size);
    }
    bamboo_value_release(format);
    bamboo_value_release(arguments);
    bamboo_value_release(result);
    return evaluation->status = status;
}

/* --- integers beyond 64 bits --- */

/* What stands between % and the letter. */
struct layout {
    bool is_left, has_plus, has_blank, has_zeros, has_prefix;
    size_t width, precision;
};

/* Digits at *at as a number; SIZE_MAX: larger than any text. */
static size_t read_size(const char **at)
{
    size_t size = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++)
        size = size > VALUE_SIZE_MAX ? SIZE_MAX : size * 10 + (size_t)(**at - '0');
    return size;
}

static struct layout read_layout(const struct text *specification)
{
    struct layout layout = {.width = 0};
    const char *at = specification->bytes + 1;
    for (; strchr("-+ 0#", *at); at++) {
        layout.is_left |= *at == '-';
        layout.has_plus |= *at == '+';
        layout.has_blank |= *at == ' ';
        layout.has_zeros |= *at == '0';
        layout.has_prefix |= *at == '#';
    }
    layout.width = read_size(&at);
    if (*at == '.') at++, layout.precision = read_size(&at);
    return layout;
}

static void append_times(struct text *out, char character, size_t times)
{
    for (size_t i = 0; i < times; i++)
        text_append_character(out, character);
}

static void append_laid_out(struct text *out, const struct layout *layout, const char *sign,
                            const char *digits, size_t count)
{
    size_t zeros = layout->precision > count ? layout->precision - count : 0;
    size_t size = strlen(sign) + zeros + count;
    size_t fill = layout->width > size ? layout->width - size : 0;
    bool has_zeros = layout->has_zeros && !layout->is_left;
    if (!has_zeros && !layout->is_left) append_times(out, ' ', fill);
    text_append_string(out, sign);
    append_times(out, '0', has_zeros ? zeros + fill : zeros);
    text_append(out, digits, count);
    if (layout->is_left) append_times(out, ' ', fill);
}

static enum bamboo_status append_big(struct formatting *formatting,
                                     const struct text *specification, struct object number)
{
    struct layout layout = read_layout(specification);
    struct text digits = {0}, sign = {0};
    char letter = specification->bytes[specification->size - 1];
    int base = letter == 'x' || letter == 'X' ? 16 : (letter == 'o' ? 8 : 10);
    if (layout.width > VALUE_SIZE_MAX || layout.precision > VALUE_SIZE_MAX)
        return evaluation_refuse_size(formatting->evaluation, "a text");
    enum bamboo_status status = integer_append(formatting->evaluation, &digits, number, base);
    const char *first = text_string(&digits);
    bool is_negative = *first == '-';
    text_append_string(&sign, is_negative        ? "-"
                              : layout.has_plus  ? "+"
                              : layout.has_blank ? " "
                                                 : "");
    if (layout.has_prefix && base != 10) text_append_format(&sign, "0%c", letter);
    for (size_t i = 0; letter == 'X' && i < digits.size; i++)
        if (digits.bytes[i] >= 'a') digits.bytes[i] = (char)(digits.bytes[i] - 'a' + 'A');
    if (sign.failed || digits.failed)
        status = formatting->evaluation->status = fail_memory(formatting->evaluation->error);
    if (status == BAMBOO_OK)
        append_laid_out(&formatting->result, &layout, text_string(&sign), first + is_negative,
                        digits.size - is_negative);
    text_release(&sign);
    text_release(&digits);
    return status;
}

/* --- one conversion --- */

static enum bamboo_status convert(struct formatting *formatting, struct object argument,
                                  struct text *specification)
{
    struct evaluation *evaluation = formatting->evaluation;
    struct bamboo_value value = bamboo_missing();
    struct object number = object_none();
    enum bamboo_status status = BAMBOO_OK;
    if (specification->failed) return fail_memory(evaluation->error);
    char *letter = &specification->bytes[specification->size - 1];
    if (is_whole(*letter)) status = number_object(evaluation, argument, *letter, &number);
    if (status != BAMBOO_OK) return status;
    if (number.kind == OBJECT_BIG) return append_big(formatting, specification, number);
    status = argument_value(evaluation, argument, *letter, &value);
    if (strchr("ra", *letter)) *letter = 's'; /* it is quoted already */
    if (status == BAMBOO_OK) status = append_converted(formatting, specification, value);
    bamboo_value_release(value);
    return status;
}

/* Copies flags, width and precision; a `*` takes its number from the arguments. */
static enum bamboo_status read_specification(struct formatting *formatting, struct text *out)
{
    while (formatting->at < formatting->end && strchr("-+ #0123456789.*hlL", *formatting->at)) {
        char character = *formatting->at++;
        struct object number = object_none();
        if (character == 'h' || character == 'l' || character == 'L') continue;
        if (character != '*') {
            text_append_character(out, character);
            continue;
        }
        enum bamboo_status status = next_argument(formatting, &number);
        if (status != BAMBOO_OK) return status;
        if (number.kind != OBJECT_INTEGER)
            return evaluation_refuse(formatting->evaluation, "* in a format needs an integer");
        text_append_format(out, "%lld", (long long)number.as.integer);
    }
    return BAMBOO_OK;
}

/* One conversion; formatting->at is behind its %. */
static enum bamboo_status format_one(struct formatting *formatting)
{
    struct text specification = {0};
    struct object argument = object_none();
    const char *name = NULL, *close = NULL;
    enum bamboo_status status = BAMBOO_OK;
    if (formatting->at < formatting->end && *formatting->at == '(') {
        name = formatting->at + 1;
        close = memchr(name, ')', (size_t)(formatting->end - name));
        formatting->at = close ? close + 1 : formatting->end;
    }
    text_append_character(&specification, '%');
    status = read_specification(formatting, &specification);
    if (status == BAMBOO_OK && (formatting->at == formatting->end || *formatting->at == '\0'))
        status = evaluation_refuse(formatting->evaluation, "the format ends inside a '%%'");
    if (status != BAMBOO_OK) goto done;
    char letter = *formatting->at++;
    text_append_character(&specification, letter);
    if (letter == '%' && specification.size == 2 && !name) {
        text_append_character(&formatting->result, '%');
    } else if (!strchr("diuxXoeEfFgGsrac", letter)) {
        status = evaluation_refuse(formatting->evaluation, "unknown conversion in a format");
    } else {
        status = name ? named_argument(formatting, name, (size_t)(close - name), &argument)
                      : next_argument(formatting, &argument);
        if (status == BAMBOO_OK) status = convert(formatting, argument, &specification);
    }
done:
    text_release(&specification);
    return status;
}

/* Arguments that are left over are an error, but for a map. */
static enum bamboo_status check_used(const struct formatting *formatting)
{
    struct object arguments = formatting->arguments;
    bool is_tuple = arguments.kind == OBJECT_TUPLE;
    size_t count = is_tuple ? arguments.as.list->count : 1;
    bool may_be_left =
        formatting->is_named || arguments.kind == OBJECT_MAP || arguments.kind == OBJECT_LIST;
    if (formatting->used >= count || may_be_left) return BAMBOO_OK;
    return evaluation_refuse(formatting->evaluation, "not all arguments are used by the format");
}

enum bamboo_status text_format(struct evaluation *evaluation, const struct text_object *format,
                               struct object arguments, struct object *out)
{
    struct formatting formatting = {.evaluation = evaluation,
                                    .at = format->bytes,
                                    .end = format->bytes + format->size,
                                    .arguments = arguments};
    enum bamboo_status status = BAMBOO_OK;
    while (status == BAMBOO_OK && formatting.at < formatting.end) {
        const char *percent = memchr(formatting.at, '%', (size_t)(formatting.end - formatting.at));
        const char *plain_end = percent ? percent : formatting.end;
        text_append(&formatting.result, formatting.at, (size_t)(plain_end - formatting.at));
        formatting.at = plain_end;
        if (percent) {
            formatting.at++;
            status = evaluation_pay(evaluation, CALL_STEPS);
            if (status == BAMBOO_OK) status = format_one(&formatting);
        }
        if (formatting.result.size > VALUE_SIZE_MAX)
            status = evaluation_refuse_size(evaluation, "a text");
    }
    if (status == BAMBOO_OK) status = check_used(&formatting);
    if (status == BAMBOO_OK) return object_take_text(evaluation, &formatting.result, out);
    text_release(&formatting.result);
    return status;
}
