#include "compiler/document.h"

#include <assert.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "base/value.h"

/* Bytes of a key that a pointer shows. */
#define POINTER_KEY_MAX 80

bool document_is_json(const char *text, size_t size)
{
    size_t at = size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < size && strchr(" \t\r\n", text[at]) != NULL && text[at] != '\0')
        at++;
    return at < size && (text[at] == '{' || text[at] == '[');
}

/* --- Looking --- */

const struct document_node *document_get(const struct document *document,
                                         const struct document_node *map, const char *key)
{
    if (map == NULL || map->kind != DOCUMENT_MAP) return NULL;
    if (map->names.count > 0) {
        uint32_t index = name_table_find(&map->names, key);
        return index == NAME_TABLE_NONE ? NULL : document->entries[index];
    }
    for (const struct document_node *entry = map->first; entry != NULL; entry = entry->next)
        if (strcmp(entry->key->text, key) == 0) return entry;
    return NULL;
}

bool document_is_text(const struct document_node *node, const char *text)
{
    return node != NULL && node->kind == DOCUMENT_STRING && strlen(text) == node->size &&
           memcmp(node->text, text, node->size) == 0;
}

const char *document_kind_phrase(enum document_kind kind)
{
    switch (kind) {
    case DOCUMENT_NULL: return "null";
    case DOCUMENT_BOOL: return "true or false";
    case DOCUMENT_INTEGER: return "a whole number";
    case DOCUMENT_FLOAT: return "a number";
    case DOCUMENT_STRING: return "a text";
    case DOCUMENT_LIST: return "a list";
    case DOCUMENT_MAP: return "a map";
    }
    return "";
}

/* --- Pointers --- */

static void append_key(struct text *out, const char *key, size_t size)
{
    size_t shown = size;
    if (size > POINTER_KEY_MAX)
        for (shown = POINTER_KEY_MAX; shown > 0 && (key[shown] & 0xC0) == 0x80;)
            shown--;
    for (size_t i = 0; i < shown; i++) {
        if (key[i] == '~')
            text_append_string(out, "~0");
        else if (key[i] == '/')
            text_append_string(out, "~1");
        else
            text_append_character(out, key[i]);
    }
    if (shown < size) text_append_string(out, "...");
}

void document_pointer(const struct document_node *node, struct text *out)
{
    const struct document_node *path[DOCUMENT_DEPTH_MAX + 1];
    size_t depth = 0;
    for (; node->parent != NULL && depth < DOCUMENT_DEPTH_MAX + 1; node = node->parent)
        path[depth++] = node;
    while (depth > 0) {
        const struct document_node *step = path[--depth];
        text_append_character(out, '/');
        if (step->key != NULL)
            append_key(out, step->key->text, step->key->size);
        else
            text_append_format(out, "%u", step->index);
    }
}

static bool is_within(struct span inner, struct span outer)
{
    return inner.offset >= outer.offset &&
           (size_t)inner.offset + inner.size <= (size_t)outer.offset + outer.size;
}

/* The innermost value whose text, with its key, is around `span`. */
static void append_pointer_at(const void *context, struct span span, struct text *out)
{
    const struct document *document = context;
    const struct document_node *node = document->root;
    if (node == NULL) return;
    for (const struct document_node *child = node->first; child != NULL;) {
        struct span around = child->key != NULL && child->key->span.offset < child->span.offset
                                 ? span_join(child->key->span, child->span)
                                 : child->span;
        if (is_within(span, around)) {
            node = child;
            child = child->first;
        } else {
            child = child->next;
        }
    }
    document_pointer(node, out);
}

void document_tell_pointers(const struct document *document)
{
    diagnostics_set_pointers(document->diagnostics, document->source, append_pointer_at, document);
}

/* --- Values --- */

static enum bamboo_status list_value(const struct document_node *node, struct bamboo_value *out,
                                     struct bamboo_error *error)
{
    struct bamboo_list_builder list;
    bamboo_list_builder_init(&list);
    for (const struct document_node *child = node->first; child != NULL; child = child->next) {
        struct bamboo_value value = bamboo_missing();
        enum bamboo_status status = document_value(child, &value, error);
        if (status != BAMBOO_OK) {
            bamboo_list_builder_release(&list);
            return status;
        }
        bamboo_list_builder_append_take(&list, value);
    }
    return bamboo_list_builder_finish(&list, out, error);
}

static enum bamboo_status map_value(const struct document_node *node, struct bamboo_value *out,
                                    struct bamboo_error *error)
{
    struct bamboo_map_builder map;
    bamboo_map_builder_init(&map);
    for (const struct document_node *child = node->first; child != NULL; child = child->next) {
        struct bamboo_value value = bamboo_missing();
        enum bamboo_status status = document_value(child, &value, error);
        if (status != BAMBOO_OK) {
            bamboo_map_builder_release(&map);
            return status;
        }
        bamboo_map_builder_set_take(&map, child->key->text, value);
    }
    return bamboo_map_builder_finish(&map, out, error);
}

/* Digits as YAML has them, "+0012", as those of an integer. */
static enum bamboo_status big_value(const struct document_node *node, struct bamboo_value *out,
                                    struct bamboo_error *error)
{
    const char *digits = node->text + (node->text[0] == '+' ? 1 : 0);
    const char *first = digits + (digits[0] == '-' ? 1 : 0);
    if (first[0] == '0')
        return fail(
            error, BAMBOO_E_EVALUATION,
            "an int beyond 64 bits is written in decimal digits, without zeros before them");
    return value_integer_from_digits(digits, node->size - (size_t)(digits - node->text), out,
                                     error);
}

enum bamboo_status document_value(const struct document_node *node, struct bamboo_value *out,
                                  struct bamboo_error *error)
{
    switch (node->kind) {
    case DOCUMENT_NULL: *out = bamboo_null(); return BAMBOO_OK;
    case DOCUMENT_BOOL: *out = bamboo_bool(node->as.boolean); return BAMBOO_OK;
    case DOCUMENT_INTEGER:
        if (node->is_big) return big_value(node, out, error);
        *out = bamboo_integer(node->as.integer);
        return BAMBOO_OK;
    case DOCUMENT_FLOAT: *out = bamboo_float(node->as.number); return BAMBOO_OK;
    case DOCUMENT_STRING: return bamboo_string_create(node->text, node->size, out, error);
    case DOCUMENT_LIST: return list_value(node, out, error);
    case DOCUMENT_MAP: return map_value(node, out, error);
    }
    return BAMBOO_OK;
}
