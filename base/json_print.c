#include <inttypes.h>

#include "base/duration.h"
#include "base/json.h"
#include "base/number.h"
#include "base/value.h"
#include "base/value_layout.h"

static void append_escape(struct text *text, unsigned char byte)
{
    static const char SHORT[] = {['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r',
                                 ['\t'] = 't', ['"'] = '"',  ['\\'] = '\\'};
    if (byte < sizeof SHORT && SHORT[byte])
        text_append_format(text, "\\%c", SHORT[byte]);
    else
        text_append_format(text, "\\u%04x", byte);
}

void json_append_string(struct text *text, const char *bytes, size_t size)
{
    size_t plain = 0; /* what is before has been appended */
    text_append_character(text, '"');
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7F) continue;
        text_append(text, bytes + plain, i - plain);
        append_escape(text, byte);
        plain = i + 1;
    }
    if (size) text_append(text, bytes + plain, size - plain);
    text_append_character(text, '"');
}

struct layout {
    unsigned indent; /* 0: one line */
    unsigned level;
};

static void begin_item(struct text *text, struct layout layout, size_t index)
{
    if (index > 0) text_append_string(text, layout.indent ? "," : ", ");
    if (layout.indent) text_append_format(text, "\n%*s", (int)(layout.indent * layout.level), "");
}

static void append_value(struct text *text, struct bamboo_value value, struct layout layout);

static void append_list(struct text *text, const struct bamboo_list *list, struct layout layout)
{
    struct layout inside = {layout.indent, layout.level + 1};
    text_append_character(text, '[');
    for (size_t i = 0; i < list->count; i++) {
        begin_item(text, inside, i);
        append_value(text, list->items[i], inside);
    }
    if (list->count) begin_item(text, layout, 0);
    text_append_character(text, ']');
}

static void append_map(struct text *text, const struct bamboo_map *map, struct layout layout)
{
    struct layout inside = {layout.indent, layout.level + 1};
    text_append_character(text, '{');
    for (size_t i = 0; i < map->count; i++) {
        begin_item(text, inside, i);
        json_append_string(text, map->entries[i].key->bytes, map->entries[i].key->size);
        text_append_string(text, ": ");
        append_value(text, map->entries[i].value, inside);
    }
    if (map->count) begin_item(text, layout, 0);
    text_append_character(text, '}');
}

static void append_value(struct text *text, struct bamboo_value value, struct layout layout)
{
    switch (value.type) {
    case BAMBOO_MISSING:
    case BAMBOO_NULL:
    case BAMBOO_TYPE_COUNT: text_append_string(text, "null"); break;
    case BAMBOO_BOOL: text_append_string(text, value.as.boolean ? "true" : "false"); break;
    case BAMBOO_INTEGER: text_append_format(text, "%" PRId64, value.as.integer); break;
    case BAMBOO_FLOAT: number_append(text, value.as.number); break;
    case BAMBOO_DURATION:
        text_append_character(text, '"');
        duration_append(text, value.as.integer);
        text_append_character(text, '"');
        break;
    case BAMBOO_BIG_INTEGER:
        text_append(text, value.as.string->bytes, value.as.string->size);
        break;
    case BAMBOO_STRING:
        json_append_string(text, value.as.string->bytes, value.as.string->size);
        break;
    case BAMBOO_LIST: append_list(text, value.as.list, layout); break;
    case BAMBOO_MAP: append_map(text, value.as.map, layout); break;
    }
}

void json_append(struct text *text, struct bamboo_value value, unsigned indent)
{
    append_value(text, value, (struct layout){indent < 16 ? indent : 16, 0});
}

enum bamboo_status bamboo_json_print(struct bamboo_value value, unsigned indent,
                                     struct bamboo_value *out, struct bamboo_error *error)
{
    struct text text = {0};
    json_append(&text, value, indent);
    enum bamboo_status status = value_from_text(&text, out, error);
    text_release(&text);
    return status;
}
