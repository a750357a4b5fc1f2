#include "template/print.h"

#include <math.h>
#include <string.h>

#include "base/limits.h"
#include "base/number.h"
#include "base/utf8.h"
#include "template/integer.h"
#include "template/iterate.h"
#include "template/map.h"

/* --- texts --- */

/* Characters above ASCII that Python writes as escapes: controls, formats, blanks, private ones. */
static bool is_hidden(uint32_t character)
{
    static const uint32_t RANGES[][2] = {
        {0x80, 0xa0},       {0xad, 0xad},       {0x600, 0x605},     {0x61c, 0x61c},
        {0x6dd, 0x6dd},     {0x70f, 0x70f},     {0x890, 0x891},     {0x8e2, 0x8e2},
        {0x1680, 0x1680},   {0x180e, 0x180e},   {0x2000, 0x200f},   {0x2028, 0x202f},
        {0x205f, 0x206f},   {0x3000, 0x3000},   {0xe000, 0xf8ff},   {0xfeff, 0xfeff},
        {0xfff9, 0xfffb},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd}, {0x13430, 0x13438},
        {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0001, 0xe0001}, {0xe0020, 0xe007f},
        {0xf0000, 0x10ffff}};
    for (size_t i = 0; i < sizeof RANGES / sizeof RANGES[0]; i++)
        if (character >= RANGES[i][0] && character <= RANGES[i][1]) return true;
    return false;
}

bool character_is_printable(uint32_t character)
{
    return character >= 0x20 && character != 0x7f && !is_hidden(character);
}

static void append_escaped(struct text *text, uint32_t character)
{
    if (character < 0x100)
        text_append_format(text, "\\x%02x", character);
    else if (character < 0x10000)
        text_append_format(text, "\\u%04x", character);
    else
        text_append_format(text, "\\U%08x", character);
}

static void append_quoted(struct text *text, const struct text_object *object)
{
    bool has_single = memchr(object->bytes, '\'', object->size) != NULL;
    bool has_double = memchr(object->bytes, '"', object->size) != NULL;
    char quote = has_single && !has_double ? '"' : '\'';
    text_append_character(text, quote);
    for (size_t at = 0; at < object->size;) {
        uint32_t character = 0;
        size_t size = utf8_decode(object->bytes + at, object->size - at, &character);
        if (character == (unsigned char)quote || character == '\\')
            text_append_format(text, "\\%c", (char)character);
        else if (character == '\n')
            text_append_string(text, "\\n");
        else if (character == '\r')
            text_append_string(text, "\\r");
        else if (character == '\t')
            text_append_string(text, "\\t");
        else if (!character_is_printable(character))
            append_escaped(text, character);
        else
            text_append(text, object->bytes + at, size);
        at += size > 0 ? size : 1;
    }
    text_append_character(text, quote);
}

/* --- numbers and names --- */

static void append_float(struct text *text, double number)
{
    if (isfinite(number))
        number_append(text, number);
    else
        text_append_string(text, isnan(number) ? "nan" : (number > 0 ? "inf" : "-inf"));
}

static void append_range(struct text *text, const struct range_object *range)
{
    text_append_format(text, "range(%lld, %lld", (long long)range->start, (long long)range->stop);
    if (range->step != 1) text_append_format(text, ", %lld", (long long)range->step);
    text_append_character(text, ')');
}

static void append_builtin(struct text *text, const struct builtin *builtin)
{
    text_append_format(text, builtin->is_type ? "<class '%s'>" : "<built-in function %s>",
                       builtin->name);
}

/* --- what has elements --- */

static enum bamboo_status append_elements(struct evaluation *evaluation, struct text *text,
                                          const struct list_object *list)
{
    enum bamboo_status status = BAMBOO_OK;
    for (size_t i = 0; status == BAMBOO_OK && i < list->count; i++) {
        if (i > 0) text_append_string(text, ", ");
        status = object_append_repr(evaluation, text, list->items[i]);
    }
    return status;
}

static enum bamboo_status append_between(struct evaluation *evaluation, struct text *text,
                                         const char *open, struct object object, const char *close)
{
    struct list_object *items = NULL;
    enum bamboo_status status = object_items(evaluation, object, &items);
    if (status != BAMBOO_OK) return status;
    text_append_string(text, open);
    status = append_elements(evaluation, text, items);
    text_append_string(text, close);
    return status;
}

static enum bamboo_status append_map(struct evaluation *evaluation, struct text *text,
                                     struct map_object *map)
{
    enum bamboo_status status = BAMBOO_OK;
    size_t at = 0;
    const char *separator = "{";
    for (const struct map_entry *entry; status == BAMBOO_OK && (entry = map_next(map, &at));) {
        text_append_string(text, separator);
        separator = ", ";
        status = object_append_repr(evaluation, text, entry->key);
        text_append_string(text, ": ");
        if (status == BAMBOO_OK) status = object_append_repr(evaluation, text, entry->value);
    }
    text_append_string(text, map->count > 0 ? "}" : "{}");
    return status;
}

static enum bamboo_status append_view(struct evaluation *evaluation, struct text *text,
                                      struct object view)
{
    static const char *const OPEN[] = {"dict_keys([", "dict_values([", "dict_items(["};
    return append_between(evaluation, text, OPEN[view.as.view->kind], view, "])");
}

/* --- all --- */

static enum bamboo_status append_contents(struct evaluation *evaluation, struct text *text,
                                          struct object object)
{
    switch (object.kind) {
    case OBJECT_LIST: return append_between(evaluation, text, "[", object, "]");
    case OBJECT_TUPLE:
        return append_between(evaluation, text, "(", object,
                              object.as.list->count == 1 ? ",)" : ")");
    case OBJECT_MAP: return append_map(evaluation, text, object.as.map);
    case OBJECT_SET:
        if (object.as.map->count > 0) return append_between(evaluation, text, "{", object, "}");
        text_append_string(text, "set()");
        return BAMBOO_OK;
    case OBJECT_VIEW: return append_view(evaluation, text, object);
    case OBJECT_BIG: return integer_append(evaluation, text, object, 10);
    case OBJECT_RANGE: append_range(text, object.as.range); return BAMBOO_OK;
    case OBJECT_BUILTIN: append_builtin(text, object.as.builtin); return BAMBOO_OK;
    case OBJECT_NONE: text_append_string(text, "None"); return BAMBOO_OK;
    case OBJECT_BOOL:
        text_append_string(text, object.as.boolean ? "True" : "False");
        return BAMBOO_OK;
    case OBJECT_INTEGER:
        text_append_format(text, "%lld", (long long)object.as.integer);
        return BAMBOO_OK;
    case OBJECT_FLOAT: append_float(text, object.as.number); return BAMBOO_OK;
    case OBJECT_TEXT: append_quoted(text, object.as.text); return BAMBOO_OK;
    case OBJECT_UNDEFINED: return evaluation_refuse(evaluation, "the name has no value");
    case OBJECT_ITERATOR:
    case OBJECT_METHOD:
    case OBJECT_LAMBDA:
    case OBJECT_KIND_COUNT: break;
    }
    return evaluation_refuse(evaluation, "a %s has no text", object_type(object));
}

enum bamboo_status object_append_repr(struct evaluation *evaluation, struct text *text,
                                      struct object object)
{
    size_t before = text->size;
    enum bamboo_status status = evaluation_descend(evaluation);
    if (status != BAMBOO_OK) return status;
    status = append_contents(evaluation, text, object);
    evaluation_ascend(evaluation);
    if (status != BAMBOO_OK) return status;
    if (text->failed) return evaluation->status = fail_memory(evaluation->error);
    if (text->size > VALUE_SIZE_MAX) return evaluation_refuse_size(evaluation, "a text");
    return evaluation_pay(evaluation, 1 + (text->size - before) / STEP_BYTES);
}

enum bamboo_status object_append_str(struct evaluation *evaluation, struct text *text,
                                     struct object object)
{
    if (object.kind != OBJECT_TEXT) return object_append_repr(evaluation, text, object);
    text_append(text, object.as.text->bytes, object.as.text->size);
    if (text->failed) return evaluation->status = fail_memory(evaluation->error);
    return evaluation_pay(evaluation, 1 + object.as.text->size / STEP_BYTES);
}

enum bamboo_status object_take_text(struct evaluation *evaluation, struct text *text,
                                    struct object *out)
{
    enum bamboo_status status =
        text->failed ? (evaluation->status = fail_memory(evaluation->error))
                     : object_copy_text(evaluation, text_string(text), text->size, out);
    text_release(text);
    return status;
}

enum bamboo_status object_str(struct evaluation *evaluation, struct object object,
                              struct object *out)
{
    if (object.kind == OBJECT_TEXT) {
        *out = object;
        return BAMBOO_OK;
    }
    struct text text = {0};
    enum bamboo_status status = object_append_str(evaluation, &text, object);
    if (status == BAMBOO_OK) return object_take_text(evaluation, &text, out);
    text_release(&text);
    return status;
}
