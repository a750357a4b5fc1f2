/* Methods of texts that look for parts of them, also between two positions. */
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "template/method_bodies.h"
#include "template/subscript.h"
#include "template/text_method.h"

/* The part of a text between the second and third argument (left out: all of it). *offset is where
 * it begins, in characters; -1 if it begins behind its end, where not even "" is. */
static enum bamboo_status part_between(struct evaluation *evaluation, struct object text,
                                       const struct arguments *arguments, struct object *out,
                                       int64_t *offset)
{
    struct object bounds[3] = {object_none(), object_none(), object_none()};
    int64_t count = object_length(text), from = 0, to = count;
    if (arguments->count > 1) bounds[0] = arguments->items[1];
    if (arguments->count > 2) bounds[1] = arguments->items[2];
    enum bamboo_status status = argument_integer(evaluation, &bounds[0], 0, &from);
    if (status == BAMBOO_OK) status = argument_integer(evaluation, &bounds[1], count, &to);
    if (status == BAMBOO_OK) status = object_slice(evaluation, text, bounds, out);
    if (from < 0) from = from < -count ? 0 : from + count;
    if (to < 0) to = to < -count ? 0 : to + count;
    *offset = from > count || from > to ? -1 : from;
    return status;
}

/* A method of flows' strings applied to that part, with the first argument. */
static enum bamboo_status call_on_part(struct evaluation *evaluation, struct object text,
                                       const char *name, const struct arguments *arguments,
                                       struct object *out, int64_t *offset)
{
    struct object part = text;
    struct arguments first = {.items = arguments->items, .count = 1};
    enum bamboo_status status = BAMBOO_OK;
    *offset = 0;
    if (arguments->count > 1) status = part_between(evaluation, text, arguments, &part, offset);
    return status == BAMBOO_OK ? text_method_call(evaluation, part, name, &first, out) : status;
}

/* The position that find() or rfind() gives. */
static enum bamboo_status position(struct evaluation *evaluation, struct object text,
                                   const char *name, const struct arguments *arguments,
                                   struct object *out)
{
    int64_t offset = 0;
    const struct text_object *part = NULL;
    enum bamboo_status status = argument_text(evaluation, &arguments->items[0], &part);
    if (status == BAMBOO_OK) status = call_on_part(evaluation, text, name, arguments, out, &offset);
    if (status != BAMBOO_OK) return status;
    bool is_there = offset >= 0 && out->as.integer >= 0;
    *out = object_integer(is_there ? out->as.integer + offset : -1);
    return BAMBOO_OK;
}

static enum bamboo_status position_or_error(struct evaluation *evaluation, struct object text,
                                            const char *name, const struct arguments *arguments,
                                            struct object *out)
{
    enum bamboo_status status = position(evaluation, text, name, arguments, out);
    if (status == BAMBOO_OK && out->as.integer < 0)
        return evaluation_refuse(evaluation, "the part is not there");
    return status;
}

METHOD_BODY(TEXT, find)
{
    return position(evaluation, receiver, "find", arguments, out);
}

METHOD_BODY(TEXT, rfind)
{
    return position(evaluation, receiver, "rfind", arguments, out);
}

METHOD_BODY(TEXT, index)
{
    return position_or_error(evaluation, receiver, "find", arguments, out);
}

METHOD_BODY(TEXT, rindex)
{
    return position_or_error(evaluation, receiver, "rfind", arguments, out);
}

METHOD_BODY(TEXT, count)
{
    int64_t offset = 0;
    const struct text_object *part = NULL;
    enum bamboo_status status = argument_text(evaluation, &arguments->items[0], &part);
    if (status == BAMBOO_OK)
        status = call_on_part(evaluation, receiver, "count", arguments, out, &offset);
    if (status == BAMBOO_OK && offset < 0) *out = object_integer(0);
    return status;
}

/* A tuple means any of its texts; a list is none of Python's arguments here. */
static enum bamboo_status borders(struct evaluation *evaluation, struct object text,
                                  const char *name, const struct arguments *arguments,
                                  struct object *out)
{
    int64_t offset = 0;
    if (arguments->items[0].kind != OBJECT_TEXT && arguments->items[0].kind != OBJECT_TUPLE)
        return evaluation_refuse(evaluation, "%s() wants a text or a tuple of texts", name);
    enum bamboo_status status = call_on_part(evaluation, text, name, arguments, out, &offset);
    if (status == BAMBOO_OK && offset < 0) *out = object_bool(false);
    return status;
}

METHOD_BODY(TEXT, startswith)
{
    return borders(evaluation, receiver, "startswith", arguments, out);
}

METHOD_BODY(TEXT, endswith)
{
    return borders(evaluation, receiver, "endswith", arguments, out);
}

/* --- splitting and joining --- */

/* Bytes for each part while a text is split: a value of flows and an object. */
#define PART_BYTES 48

/* How many parts there are at most: as many as first bytes of the separator, and one; without a
 * separator, one for each blank behind another character. */
static size_t part_count(const struct text_object *text, const struct object *separator)
{
    size_t count = 1;
    bool is_blank = separator->kind != OBJECT_TEXT;
    size_t size = is_blank ? 1 : separator->as.text->size;
    if (size == 0) return 1;
    for (size_t i = 0; i < text->size; i++) {
        bool is_first = is_blank ? i > 0 && (unsigned char)text->bytes[i] <= ' ' &&
                                       (unsigned char)text->bytes[i - 1] > ' '
                                 : text->bytes[i] == separator->as.text->bytes[0];
        count += is_first;
    }
    size_t most = text->size / size + 1;
    return count < most ? count : most;
}

static enum bamboo_status split(struct evaluation *evaluation, struct object text, const char *name,
                                const struct arguments *arguments, struct object *out)
{
    const struct object *separator = argument_at(arguments, 0, "sep");
    const struct object *maximum = argument_at(arguments, 1, "maxsplit");
    struct object items[2] = {separator ? *separator : object_none(),
                              maximum ? *maximum : object_integer(-1)};
    struct arguments both = {.items = items, .count = 2};
    if (part_count(text.as.text, &items[0]) > evaluation->memory / PART_BYTES)
        return evaluation_refuse_size(evaluation, "a list");
    if (items[1].kind == OBJECT_NONE)
        return evaluation_refuse(evaluation, "maxsplit is an integer, not None");
    return text_method_call(evaluation, text, name, &both, out);
}

METHOD_BODY(TEXT, split)
{
    return split(evaluation, receiver, "split", arguments, out);
}

METHOD_BODY(TEXT, rsplit)
{
    return split(evaluation, receiver, "rsplit", arguments, out);
}

METHOD_BODY(TEXT, partition)
{
    enum bamboo_status status = text_method_call(evaluation, receiver, "partition", arguments, out);
    if (status == BAMBOO_OK) out->kind = OBJECT_TUPLE;
    return status;
}

/* Three texts: before the last separator, it, and behind it. */
METHOD_BODY(TEXT, rpartition)
{
    struct object found = object_none(), item = object_none();
    const struct text_object *text = receiver.as.text, *separator = NULL;
    enum bamboo_status status = argument_text(evaluation, &arguments->items[0], &separator);
    if (status == BAMBOO_OK && separator->size == 0)
        status = evaluation_refuse(evaluation, "the separator is empty");
    if (status == BAMBOO_OK)
        status = text_method_call(evaluation, receiver, "rfind", arguments, &found);
    if (status == BAMBOO_OK) status = object_list(evaluation, OBJECT_TUPLE, 3, out);
    if (status != BAMBOO_OK) return status;
    bool is_there = found.as.integer >= 0;
    size_t start = is_there ? utf8_offset(text->bytes, text->size, (size_t)found.as.integer) : 0;
    size_t end = is_there ? start + separator->size : 0;
    const size_t bounds[4] = {0, start, end, text->size};
    for (size_t i = 0; status == BAMBOO_OK && i < 3; i++) {
        status = object_borrow_text(evaluation, text->bytes + bounds[i], bounds[i + 1] - bounds[i],
                                    &item);
        if (status == BAMBOO_OK) status = list_append(evaluation, out->as.list, item);
    }
    return status;
}

/* The size of the line that begins at `at`, with its end; *end_size is that of the end. */
static size_t line_size(const struct text_object *text, size_t at, size_t *end_size)
{
    for (size_t i = at; i < text->size;) {
        uint32_t character = 0;
        size_t size = utf8_decode(text->bytes + i, text->size - i, &character);
        bool is_pair = character == '\r' && i + 1 < text->size && text->bytes[i + 1] == '\n';
        bool ends = (character >= '\n' && character <= '\r') ||
                    (character >= 0x1c && character <= 0x1e) || character == 0x85 ||
                    character == 0x2028 || character == 0x2029;
        *end_size = is_pair ? 2 : size;
        if (ends) return i + *end_size - at;
        i += size;
    }
    *end_size = 0;
    return text->size - at;
}

METHOD_BODY(TEXT, splitlines)
{
    const struct text_object *text = receiver.as.text;
    int64_t keeps = 0;
    enum bamboo_status status =
        argument_count(evaluation, argument_at(arguments, 0, "keepends"), 0, &keeps);
    if (status == BAMBOO_OK) status = object_list(evaluation, OBJECT_LIST, 0, out);
    for (size_t at = 0; status == BAMBOO_OK && at < text->size;) {
        struct object line = object_none();
        size_t end_size = 0, size = line_size(text, at, &end_size);
        status =
            object_borrow_text(evaluation, text->bytes + at, keeps ? size : size - end_size, &line);
        if (status == BAMBOO_OK) status = list_append(evaluation, out->as.list, line);
        at += size;
    }
    return status;
}
