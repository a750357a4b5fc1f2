#include "template/filter.h"

#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"

static const struct entity {
    uint32_t character;
    const char *name;
} ENTITIES[] = {
#define ENTITY(character, name) {character, name},
#include "template/entities.def"
#undef ENTITY
};

static const char *entity_name(uint32_t character)
{
    size_t from = 0, to = sizeof ENTITIES / sizeof ENTITIES[0];
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (ENTITIES[middle].character < character)
            from = middle + 1;
        else
            to = middle;
    }
    bool is_found = from < sizeof ENTITIES / sizeof ENTITIES[0];
    return is_found && ENTITIES[from].character == character ? ENTITIES[from].name : NULL;
}

static const char *markup_escape(char character)
{
    switch (character) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&#34;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

static void append_markup(struct text *out, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const char *escape = markup_escape(bytes[i]);
        if (escape)
            text_append_string(out, escape);
        else
            text_append_character(out, bytes[i]);
    }
}

static void append_url(struct text *out, const char *bytes, size_t size)
{
    static const char SAFE[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-~";
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == ' ')
            text_append_character(out, '+');
        else if (bytes[i] != '\0' && strchr(SAFE, bytes[i]))
            text_append_character(out, bytes[i]);
        else
            text_append_format(out, "%%%02X", (unsigned char)bytes[i]);
    }
}

static void append_entities(struct text *out, const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        uint32_t character = 0;
        size_t width = utf8_decode(bytes + at, size - at, &character);
        const char *name = entity_name(character);
        if (name)
            text_append_format(out, "&%s;", name);
        else
            text_append(out, bytes + at, width);
        at += width > 0 ? width : 1;
    }
}

static bool is_blank(char character)
{
    return character == ' ' || (character >= '\t' && character <= '\r') ||
           (character >= 0x1c && character <= 0x1f);
}

static void append_trimmed(struct text *out, const char *bytes, size_t size)
{
    while (size > 0 && is_blank(bytes[0]))
        bytes++, size--;
    while (size > 0 && is_blank(bytes[size - 1]))
        size--;
    text_append(out, bytes, size);
}

enum bamboo_status filter_append(struct evaluation *evaluation, enum filter filter,
                                 const char *bytes, size_t size, struct text *out)
{
    switch (filter) {
    case FILTER_HTML:
    case FILTER_XML: append_markup(out, bytes, size); break;
    case FILTER_URL: append_url(out, bytes, size); break;
    case FILTER_TRIM: append_trimmed(out, bytes, size); break;
    case FILTER_ENTITY: append_entities(out, bytes, size); break;
    case FILTER_UNICODE:
    case FILTER_STR:
    case FILTER_COUNT: text_append(out, bytes, size); break;
    }
    if (out->failed) return evaluation->status = fail_memory(evaluation->error);
    if (out->size > VALUE_SIZE_MAX) return evaluation_refuse_size(evaluation, "a text");
    return evaluation_pay(evaluation, 1 + size / STEP_BYTES);
}
