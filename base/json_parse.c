#include <errno.h>
#include <json-c/json.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/json_scan.h"
#include "base/limits.h"
#include "base/span.h"
#include "base/value.h"

static enum bamboo_status fail_at(const char *text, size_t size, size_t offset, const char *wrong,
                                  struct bamboo_error *error)
{
    struct source source = {"", text, size};
    struct place place = source_place(&source, (uint32_t)offset);
    fail(error, BAMBOO_E_PARAMETER, "this is not JSON, at line %u, column %u: %s", place.line,
         place.column, wrong);
    if (error) {
        error->line = place.line;
        error->column = place.column;
    }
    return BAMBOO_E_PARAMETER;
}

/* --- from json-c's tree, whose depth the tokener has bounded --- */

/* `values` counts them, those within others as well. */
static enum bamboo_status convert(struct json_object *object, size_t *values,
                                  struct bamboo_value *out, struct bamboo_error *error);

static enum bamboo_status convert_list(struct json_object *object, size_t *values,
                                       struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    size_t count = json_object_array_length(object);
    for (size_t i = 0; i < count && !builder.failed; i++) {
        struct bamboo_value item = bamboo_missing();
        enum bamboo_status status =
            convert(json_object_array_get_idx(object, i), values, &item, error);
        if (status) {
            bamboo_list_builder_release(&builder);
            return status;
        }
        bamboo_list_builder_append_take(&builder, item);
    }
    return bamboo_list_builder_finish(&builder, out, error);
}

static enum bamboo_status convert_map(struct json_object *object, size_t *values,
                                      struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_map_builder builder;
    bamboo_map_builder_init(&builder);
    struct json_object_iterator at = json_object_iter_begin(object);
    struct json_object_iterator end = json_object_iter_end(object);
    for (; !json_object_iter_equal(&at, &end) && !builder.failed; json_object_iter_next(&at)) {
        struct bamboo_value value = bamboo_missing();
        enum bamboo_status status =
            convert(json_object_iter_peek_value(&at), values, &value, error);
        if (status) {
            bamboo_map_builder_release(&builder);
            return status;
        }
        bamboo_map_builder_set_take(&builder, json_object_iter_peek_name(&at), value);
    }
    return bamboo_map_builder_finish(&builder, out, error);
}

static enum bamboo_status convert_float(struct json_object *object, struct bamboo_value *out,
                                        struct bamboo_error *error)
{
    size_t size, mark = sizeof JSON_BIG_MARK - 1;
    const char *text = json_object_to_json_string_length(object, JSON_C_TO_STRING_PLAIN, &size);
    if (size > mark && memcmp(text + size - mark, JSON_BIG_MARK, mark) == 0)
        return value_integer_from_digits(text, size - mark, out, error);
    double number = json_object_get_double(object);
    if (!isfinite(number)) return fail(error, BAMBOO_E_PARAMETER, "a number is too large");
    *out = bamboo_float(number);
    return BAMBOO_OK;
}

static enum bamboo_status convert(struct json_object *object, size_t *values,
                                  struct bamboo_value *out, struct bamboo_error *error)
{
    ++*values;
    switch (json_object_get_type(object)) {
    case json_type_null: *out = bamboo_null(); return BAMBOO_OK;
    case json_type_boolean: *out = bamboo_bool(json_object_get_boolean(object)); return BAMBOO_OK;
    case json_type_int: *out = bamboo_integer(json_object_get_int64(object)); return BAMBOO_OK;
    case json_type_double: return convert_float(object, out, error);
    case json_type_string:
        return bamboo_string_create(json_object_get_string(object),
                                    (size_t)json_object_get_string_len(object), out, error);
    case json_type_array: return convert_list(object, values, out, error);
    case json_type_object: return convert_map(object, values, out, error);
    }
    return fail(error, BAMBOO_E_INTERNAL, "json-c gave an unknown type");
}

/* --- the parse --- */

struct parse {
    struct json_tokener *tokener;
    const char *text;
    size_t size;
    bool is_careful; /* a character at a time, and nothing that json-c does without memory passes */
    size_t values;   /* in the text */
    struct json_object *root; /* once it is complete; NULL stands for null too */
};

static enum bamboo_status explain(const struct parse *parse, size_t offset,
                                  struct bamboo_error *error)
{
    enum json_tokener_error wrong = json_tokener_get_error(parse->tokener);
    if (wrong == json_tokener_error_depth)
        return fail(error, BAMBOO_E_LIMIT, "JSON is nested deeper than %d levels", VALUE_DEPTH_MAX);
    return fail_at(parse->text, parse->size, offset, json_tokener_error_desc(wrong), error);
}

/* Without memory json-c leaves out what it would have made, and goes on: errno says so, until the
 * next number. */
static enum bamboo_status feed_piece(struct parse *parse, const char *bytes, size_t size,
                                     size_t offset, struct bamboo_error *error)
{
    errno = 0;
    parse->root = json_tokener_parse_ex(parse->tokener, bytes, (int)size);
    if (errno == ENOMEM) return fail_memory(error);
    enum json_tokener_error state = json_tokener_get_error(parse->tokener);
    if (state == json_tokener_success || state == json_tokener_continue) return BAMBOO_OK;
    return explain(parse, offset + json_tokener_get_parse_end(parse->tokener), error);
}

/* Gives json-c some bytes that stand at, or are slipped in at, an offset of the text. */
static enum bamboo_status feed(struct parse *parse, const char *bytes, size_t size, size_t offset,
                               struct bamboo_error *error)
{
    if (!parse->is_careful) return feed_piece(parse, bytes, size, offset, error);
    enum bamboo_status status = BAMBOO_OK;
    for (size_t at = 0, next; at < size && !status; at = next) {
        for (next = at + 1; next < size && ((uint8_t)bytes[next] & 0xC0u) == 0x80u;)
            next++; /* it does not know half a character again */
        status = feed_piece(parse, bytes + at, next - at, offset + at, error);
    }
    return status;
}

/* json-c gets the text in pieces, between which it reads what the scan gives instead; a NUL says
 * that nothing more comes. */
static enum bamboo_status parse_pieces(struct parse *parse, struct bamboo_error *error)
{
    struct json_scan scan = {.text = parse->text, .size = parse->size};
    enum bamboo_status status = BAMBOO_OK;
    bool more = true;
    while (more && !status) {
        size_t start = scan.at;
        more = json_scan_next(&scan);
        if (scan.wrong) return fail_at(parse->text, parse->size, scan.at, scan.wrong, error);
        if (scan.at > start)
            status = feed(parse, parse->text + start, scan.at - start, start, error);
        if (!more || status) break;
        status = feed(parse, scan.instead, scan.instead_size, scan.at, error);
        scan.at += scan.skipped;
    }
    parse->values = scan.values;
    bool is_open =
        parse->size == 0 || json_tokener_get_error(parse->tokener) == json_tokener_continue;
    if (!status && is_open) status = feed(parse, "", 1, parse->size, error);
    return status;
}

/* A scalar may stand inside the deepest list or map, hence one level more for json-c. */
static enum bamboo_status parse_text(struct parse *parse, size_t *values, struct bamboo_value *out,
                                     struct bamboo_error *error)
{
    parse->tokener = json_tokener_new_ex(VALUE_DEPTH_MAX + 1);
    if (!parse->tokener) return fail_memory(error);
    json_tokener_set_flags(parse->tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    enum bamboo_status status = parse_pieces(parse, error);
    if (status == BAMBOO_OK) status = convert(parse->root, values, out, error);
    json_object_put(parse->root);
    json_tokener_free(parse->tokener);
    return status;
}

enum bamboo_status bamboo_json_parse(const char *text, size_t size, struct bamboo_value *out,
                                     struct bamboo_error *error)
{
    struct parse parse = {.text = text, .size = size};
    size_t values = 0;
    if (size > INT_MAX)
        return fail(error, BAMBOO_E_LIMIT, "JSON of %zu bytes is longer than 2 GiB", size);
    enum bamboo_status status = parse_text(&parse, &values, out, error);
    if (status != BAMBOO_OK || values == parse.values) return status;
    /* A key stands there twice, or there was no memory for it. */
    bamboo_value_release(*out);
    parse.is_careful = true;
    return parse_text(&parse, &values, out, error);
}
