#include "template/filter.h"

#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"

/* Bytes that a filter goes through in a step. */
#define FILTER_STEP_BYTES 16

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

static void append_percent(struct text *out, unsigned char byte)
{
    static const char DIGITS[] = "0123456789ABCDEF";
    const char code[] = {'%', DIGITS[byte >> 4], DIGITS[byte & 15]};
    text_append(out, code, sizeof code);
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
            append_percent(out, (unsigned char)bytes[i]);
    }
}

static void append_entities(struct text *out, const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        uint32_t character = 0;
        size_t width = utf8_decode(bytes + at, size - at, &character);
        const char *name = entity_name(character);
        if (name) {
            text_append_character(out, '&');
            text_append_string(out, name);
            text_append_character(out, ';');
        } else {
            text_append(out, bytes + at, width);
        }
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

static void append_changed(enum filter filter, const char *bytes, size_t size, struct text *out)
{
    switch (filter) {
    case FILTER_HTML:
    case FILTER_XML: append_markup(out, bytes, size); break;
    case FILTER_URL: append_url(out, bytes, size); break;
    case FILTER_TRIM: append_trimmed(out, bytes, size); break;
    case FILTER_ENTITY: append_entities(out, bytes, size); break;
    case FILTER_UNICODE:
    case FILTER_STR:
    case FILTER_DECODE:
    case FILTER_COUNT: text_append(out, bytes, size); break;
    }
}

enum bamboo_status filter_apply(struct evaluation *evaluation, enum filter filter,
                                struct filtered *filtered)
{
    bool wants_text = filter == FILTER_XML || filter == FILTER_URL || filter == FILTER_TRIM;
    if (!filtered->is_text && wants_text)
        return evaluation_refuse(evaluation, "the filter wants a text");
    filtered->is_text = true;
    if (filter == FILTER_HTML && filtered->is_escaped) return BAMBOO_OK;
    bool keeps = filter == FILTER_TRIM || filter == FILTER_DECODE;
    filtered->is_escaped = filter == FILTER_HTML || (keeps && filtered->is_escaped);
    size_t size = filtered->text.size;
    enum bamboo_status status = evaluation_pay(evaluation, 1 + size / FILTER_STEP_BYTES);
    if (status != BAMBOO_OK) return status;
    struct text out = {0};
    append_changed(filter, text_string(&filtered->text), size, &out);
    text_release(&filtered->text);
    filtered->text = out;
    if (out.failed) return evaluation->status = fail_memory(evaluation->error);
    return out.size > VALUE_SIZE_MAX ? evaluation_refuse_size(evaluation, "a text") : BAMBOO_OK;
}
