#include <string.h>

#include "base/limits.h"
#include "compiler/tree_reader.h"

struct span tree_place(const struct document_node *node)
{
    if (node->key != NULL) return node->key->span;
    if (node->kind != DOCUMENT_MAP && node->kind != DOCUMENT_LIST) return node->span;
    return (struct span){node->span.source, node->span.offset, 1};
}

struct ast_name tree_name(const struct document_node *node)
{
    return (struct ast_name){.bytes = node->text, .span = node->span, .quoted = true};
}

/* "a list or a text" */
static void append_kinds(struct text *out, unsigned kinds)
{
    static const enum document_kind all[] = {DOCUMENT_MAP,     DOCUMENT_LIST,  DOCUMENT_STRING,
                                             DOCUMENT_INTEGER, DOCUMENT_FLOAT, DOCUMENT_BOOL,
                                             DOCUMENT_NULL};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if ((kinds & (1u << all[i])) == 0) continue;
        if (out->size > 0) text_append_string(out, " or ");
        text_append_string(out, document_kind_phrase(all[i]));
    }
}

static struct span place_of_value(const struct document_node *node)
{
    if (node->kind != DOCUMENT_MAP && node->kind != DOCUMENT_LIST) return node->span;
    return (struct span){node->span.source, node->span.offset, 1};
}

bool tree_is(struct tree_reader *reader, const struct document_node *node, unsigned kinds,
             const char *what)
{
    if ((kinds & (1u << node->kind)) != 0) return true;
    struct text wanted = {0};
    append_kinds(&wanted, kinds);
    if (wanted.failed) reader->compilation->out_of_memory = true;
    diagnostics_add(reader->diagnostics, DIAGNOSTIC_DOCUMENT_TYPE, place_of_value(node),
                    "%.80s has to be %s, this is %s", what, text_string(&wanted),
                    document_kind_phrase(node->kind));
    text_release(&wanted);
    return false;
}

bool tree_is_name(struct tree_reader *reader, const struct document_node *node, const char *what)
{
    if (!tree_is(reader, node, DOCUMENT_KIND(STRING), what)) return false;
    const char *wrong = NULL;
    if (node->size == 0)
        wrong = "is empty";
    else if (node->size > NAME_SIZE_MAX)
        wrong = "is longer than 16,384 bytes";
    else if (strlen(node->text) != node->size)
        wrong = "has a NUL in it";
    if (wrong == NULL) return true;
    diagnostics_add(reader->diagnostics, DIAGNOSTIC_DOCUMENT_TYPE, node->span, "%.80s %s", what,
                    wrong);
    return false;
}

/* A key that is nearly the one that is missing. */
static const char *key_at(const void *context, size_t index)
{
    const struct document_node *entry = context;
    while (index-- > 0)
        entry = entry->next;
    return entry->key->text;
}

static void report_missing(struct tree_reader *reader, const struct document_node *map,
                           const char *key)
{
    struct diagnostic *diagnostic =
        diagnostics_add(reader->diagnostics, DIAGNOSTIC_MISSING_KEY, tree_place(map),
                        "there is no \"%s\" here", key);
    /* Looking at a list by index is slow, so only maps of a node's size are looked at. */
    const char *nearest =
        map->count <= 64 ? nearest_name(key, map->count, key_at, map->first) : NULL;
    if (nearest != NULL)
        diagnostic_help(reader->diagnostics, diagnostic, "is \"%.60s\" meant to be it?", nearest);
    else
        diagnostic_help(reader->diagnostics, diagnostic, "add \"%s\"", key);
}

const struct document_node *tree_get(struct tree_reader *reader, const struct document_node *map,
                                     const char *key, unsigned kinds, bool required)
{
    if (map == NULL) return NULL;
    const struct document_node *node = document_get(reader->document, map, key);
    if (node == NULL) {
        if (required) report_missing(reader, map, key);
        return NULL;
    }
    if (node->kind == DOCUMENT_NULL && !required && (kinds & DOCUMENT_KIND(NULL)) == 0) return NULL;
    char what[80];
    size_t size = strlen(key);
    if (size > sizeof what - 3) size = sizeof what - 3;
    what[0] = what[size + 1] = '"';
    memcpy(what + 1, key, size);
    what[size + 2] = '\0';
    return tree_is(reader, node, kinds, what) ? node : NULL;
}

const struct document_node *tree_get_name(struct tree_reader *reader,
                                          const struct document_node *map, const char *key,
                                          bool required)
{
    const struct document_node *node = tree_get(reader, map, key, DOCUMENT_KIND(STRING), required);
    if (node == NULL || !tree_is_name(reader, node, key)) return NULL;
    return node;
}

bool tree_get_bool(struct tree_reader *reader, const struct document_node *map, const char *key,
                   bool otherwise)
{
    const struct document_node *node = tree_get(reader, map, key, DOCUMENT_KIND(BOOL), false);
    return node != NULL ? node->as.boolean : otherwise;
}
