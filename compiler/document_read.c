/* Documents from libyaml's events. Its marks count characters, ours bytes; and of JSON it reads a
 * rewritten text, so every mark goes through two maps. The tree is built with a stack of its own:
 * the open list or map, and its parents. */
#include <assert.h>
#include <string.h>
#include <yaml.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "compiler/document.h"
#include "compiler/document_json.h"
#include "compiler/document_scalar.h"
#include "compiler/document_tree.h"

struct reader {
    struct document *document;
    struct document_rewritten rewritten;
    const char *text; /* what libyaml reads */
    size_t size;
    size_t base;            /* bytes of the source before it */
    size_t character, byte; /* a place in `text`, in characters and in bytes */
    yaml_parser_t parser;
    struct document_node *open; /* the list or map that is being read */
    struct document_node *key;  /* of `open`: the key whose value comes next */
    unsigned depth;
    struct name_table anchors; /* -> anchored */
    struct document_node **anchored;
    size_t anchor_count, anchor_capacity;
    uint32_t copied; /* nodes that aliases made */
    bool stopped;    /* a mistake after which nothing can be read */
    bool out_of_memory;
};

/* --- Places --- */

static size_t byte_of_character(struct reader *reader, size_t character)
{
    while (reader->character < character && reader->byte < reader->size) {
        do
            reader->byte++;
        while (reader->byte < reader->size && (reader->text[reader->byte] & 0xC0) == 0x80);
        reader->character++;
    }
    while (reader->character > character && reader->byte > 0) {
        do
            reader->byte--;
        while (reader->byte > 0 && (reader->text[reader->byte] & 0xC0) == 0x80);
        reader->character--;
    }
    return reader->byte;
}

static uint32_t place_of(struct reader *reader, const yaml_mark_t *mark)
{
    size_t byte = byte_of_character(reader, mark->index);
    if (reader->document->is_json) byte = document_rewritten_source(&reader->rewritten, byte);
    return (uint32_t)(reader->base + byte);
}

static struct span span_of(struct reader *reader, const yaml_mark_t *start, const yaml_mark_t *end)
{
    uint32_t offset = place_of(reader, start);
    uint32_t stop = place_of(reader, end);
    return (struct span){reader->document->source, offset, stop > offset ? stop - offset : 0};
}

/* --- Mistakes --- */

static struct diagnostic *report(struct reader *reader, enum diagnostic_code code, struct span span,
                                 const char *message)
{
    return diagnostics_add(reader->document->diagnostics, code, span, "%s", message);
}

static void stop_with(struct reader *reader, enum diagnostic_code code, struct span span,
                      const char *message)
{
    reader->stopped = true;
    report(reader, code, span, message);
}

static void report_syntax(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    reader->stopped = true;
    if (parser->error == YAML_MEMORY_ERROR) {
        reader->out_of_memory = true;
        return;
    }
    struct span span = span_of(reader, &parser->problem_mark, &parser->problem_mark);
    if (parser->error == YAML_READER_ERROR) {
        size_t byte = parser->problem_offset;
        if (reader->document->is_json) byte = document_rewritten_source(&reader->rewritten, byte);
        span = (struct span){reader->document->source, (uint32_t)(reader->base + byte), 1};
    }
    const char *problem = parser->problem != NULL ? parser->problem : "it cannot be read";
    if (strstr(problem, "recursion") != NULL || strstr(problem, "nesting") != NULL) {
        diagnostics_add(reader->document->diagnostics, DIAGNOSTIC_TOO_DEEP, span,
                        "lists and maps are nested more than %d deep", DOCUMENT_DEPTH_MAX);
        return;
    }
    struct diagnostic *diagnostic =
        diagnostics_add(reader->document->diagnostics, DIAGNOSTIC_DOCUMENT_SYNTAX, span,
                        "this is not %s: %s", reader->document->is_json ? "JSON" : "YAML", problem);
    if (parser->context == NULL || parser->error == YAML_READER_ERROR) return;
    struct span context = span_of(reader, &parser->context_mark, &parser->context_mark);
    if (context.offset != span.offset)
        diagnostic_relate(reader->document->diagnostics, diagnostic, context,
                          "%s, which began here", parser->context);
}

/* --- Building --- */

static struct document_node *new_node(struct reader *reader, enum document_kind kind,
                                      struct span span)
{
    if (reader->document->node_count == DOCUMENT_NODE_MAX) {
        diagnostics_add(reader->document->diagnostics, DIAGNOSTIC_TOO_LARGE, span,
                        "a document has at most %d values", DOCUMENT_NODE_MAX);
        reader->stopped = true;
        return NULL;
    }
    struct document_node *node = arena_allocate(reader->document->arena, sizeof *node);
    if (node == NULL) {
        reader->stopped = reader->out_of_memory = true;
        return NULL;
    }
    reader->document->node_count++;
    node->kind = kind;
    node->span = span;
    return node;
}

static void report_duplicate(struct reader *reader, const struct document_node *key)
{
    const struct document_node *first = document_get(reader->document, reader->open, key->text);
    struct diagnostics *diagnostics = reader->document->diagnostics;
    struct diagnostic *diagnostic =
        diagnostics_add(diagnostics, DIAGNOSTIC_DUPLICATE_KEY, key->span,
                        "the key \"%.80s\" is given twice", key->text);
    diagnostic_help(diagnostics, diagnostic, "take one of them out");
    diagnostic_relate(diagnostics, diagnostic, first->key->span, "the first one is here");
}

/* Puts a finished scalar, or a list or map that begins, where it belongs. */
static void place_node(struct reader *reader, struct document_node *node)
{
    if (reader->open == NULL) {
        reader->document->root = node;
        return;
    }
    if (reader->open->kind == DOCUMENT_MAP) {
        assert(reader->key != NULL);
        node->key = reader->key;
        reader->key = NULL;
        if (document_get(reader->document, reader->open, node->key->text) != NULL) {
            report_duplicate(reader, node->key);
            node->parent = reader->open; /* it is read, and not in the map */
            return;
        }
    }
    if (!document_append(reader->document, reader->open, node))
        reader->stopped = reader->out_of_memory = true;
}

static bool expects_key(const struct reader *reader)
{
    return reader->open != NULL && reader->open->kind == DOCUMENT_MAP && reader->key == NULL;
}

static bool set_anchor(struct reader *reader, const yaml_char_t *anchor, struct document_node *node)
{
    if (anchor == NULL) return true;
    struct arena *arena = reader->document->arena;
    const char *name = arena_copy_text(arena, (const char *)anchor, strlen((const char *)anchor));
    if (name == NULL ||
        !document_grow(arena, (void **)&reader->anchored, &reader->anchor_capacity,
                       reader->anchor_count, sizeof(struct document_node *)) ||
        !name_table_set(&reader->anchors, arena, name, (uint32_t)reader->anchor_count)) {
        reader->stopped = reader->out_of_memory = true;
        return false;
    }
    reader->anchored[reader->anchor_count++] = node;
    return true;
}

/* --- Scalars --- */

static bool is_tag(const yaml_char_t *tag, const char *name)
{
    return tag != NULL && strcmp((const char *)tag, name) == 0;
}

static void check_tag(struct reader *reader, const yaml_char_t *tag, struct span span,
                      const char *fitting)
{
    if (tag == NULL || is_tag(tag, fitting) || is_tag(tag, "!")) return;
    struct diagnostic *diagnostic =
        diagnostics_add(reader->document->diagnostics, DIAGNOSTIC_DOCUMENT_SYNTAX, span,
                        "the tag %.80s is not known here", (const char *)tag);
    diagnostic_help(reader->document->diagnostics, diagnostic, "leave it out");
}

/* A bare word in JSON; or a number with something behind it that a comma should part from it. */
static void report_bare(struct reader *reader, const struct document_node *node)
{
    struct diagnostics *diagnostics = reader->document->diagnostics;
    size_t size = strcspn(node->text, " \t\"");
    if (size < node->size) {
        diagnostics_add(diagnostics, DIAGNOSTIC_DOCUMENT_SYNTAX, node->span,
                        "this is not JSON: a comma is missing behind %.*s",
                        (int)(size < 80 ? size : 80), node->text);
        return;
    }
    struct diagnostic *diagnostic = diagnostics_add(
        diagnostics, DIAGNOSTIC_DOCUMENT_SYNTAX, node->span,
        "this is not JSON: %.80s is neither a number nor true, false or null", node->text);
    diagnostic_help(diagnostics, diagnostic, "a text stands in quotes");
}

/* What a scalar is that has no quotes. */
static void resolve_plain(struct reader *reader, struct document_node *node)
{
    const char *wrong = document_scalar_resolve(node);
    if (wrong != NULL) {
        report(reader, DIAGNOSTIC_INVALID_NUMBER, node->span, wrong);
        node->kind = DOCUMENT_NULL;
    } else if (node->kind == DOCUMENT_STRING && reader->document->is_json) {
        report_bare(reader, node);
    }
}

static void take_key(struct reader *reader, struct document_node *node)
{
    if (strlen(node->text) != node->size)
        stop_with(reader, DIAGNOSTIC_DOCUMENT_SYNTAX, node->span, "a key must not contain a NUL");
    else if (node->size > NAME_SIZE_MAX)
        stop_with(reader, DIAGNOSTIC_TOO_LARGE, node->span, "a key has at most 16,384 bytes");
    else
        reader->key = node;
}

static void read_scalar(struct reader *reader, const yaml_event_t *event)
{
    struct span span = span_of(reader, &event->start_mark, &event->end_mark);
    struct document_node *node = new_node(reader, DOCUMENT_STRING, span);
    if (node == NULL) return;
    const yaml_char_t *tag = event->data.scalar.tag;
    node->text = arena_copy_text(reader->document->arena, (const char *)event->data.scalar.value,
                                 event->data.scalar.length);
    node->size = event->data.scalar.length;
    if (node->text == NULL) {
        reader->stopped = reader->out_of_memory = true;
        return;
    }
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE ||
                   is_tag(tag, YAML_STR_TAG) || is_tag(tag, "!");
    check_tag(reader, tag, span, YAML_STR_TAG);
    bool is_key = expects_key(reader);
    if (!node->quoted && !is_key) resolve_plain(reader, node);
    if (!set_anchor(reader, event->data.scalar.anchor, node)) return;
    if (is_key)
        take_key(reader, node);
    else
        place_node(reader, node);
}

/* --- Lists and maps --- */

static void begin_children(struct reader *reader, const yaml_event_t *event)
{
    bool is_map = event->type == YAML_MAPPING_START_EVENT;
    struct span span = span_of(reader, &event->start_mark, &event->end_mark);
    const yaml_char_t *tag =
        is_map ? event->data.mapping_start.tag : event->data.sequence_start.tag;
    const yaml_char_t *anchor =
        is_map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    check_tag(reader, tag, span, is_map ? YAML_MAP_TAG : YAML_SEQ_TAG);
    if (expects_key(reader)) {
        stop_with(reader, DIAGNOSTIC_DOCUMENT_SYNTAX, span, "a key has to be a text");
        return;
    }
    if (++reader->depth > DOCUMENT_DEPTH_MAX) {
        reader->stopped = true;
        diagnostics_add(reader->document->diagnostics, DIAGNOSTIC_TOO_DEEP, span,
                        "lists and maps are nested more than %d deep", DOCUMENT_DEPTH_MAX);
        return;
    }
    struct document_node *node = new_node(reader, is_map ? DOCUMENT_MAP : DOCUMENT_LIST, span);
    if (node == NULL || !set_anchor(reader, anchor, node)) return;
    place_node(reader, node);
    reader->open = node;
}

static void end_children(struct reader *reader, const yaml_event_t *event)
{
    struct document_node *node = reader->open;
    const char *last = reader->text + byte_of_character(reader, event->end_mark.index);
    bool is_bracket = last > reader->text && (last[-1] == '}' || last[-1] == ']') &&
                      event->start_mark.index != event->end_mark.index;
    uint32_t end = node->span.offset + node->span.size;
    if (is_bracket)
        end = place_of(reader, &event->end_mark);
    else if (node->last != NULL)
        end = node->last->span.offset + node->last->span.size;
    if (end > node->span.offset) node->span.size = end - node->span.offset;
    reader->open = (struct document_node *)node->parent;
    reader->depth--;
}

/* --- Aliases --- */

/* A copy of `node` without its place in a tree; NULL when stopped. Recursion is bounded by the
 * depth of documents. */
static struct document_node *copy_node(struct reader *reader, const struct document_node *node,
                                       struct span alias, unsigned depth)
{
    if (depth > DOCUMENT_DEPTH_MAX || ++reader->copied > DOCUMENT_ALIAS_MAX) {
        reader->stopped = true;
        diagnostics_add(reader->document->diagnostics,
                        depth > DOCUMENT_DEPTH_MAX ? DIAGNOSTIC_TOO_DEEP : DIAGNOSTIC_TOO_LARGE,
                        alias, "the aliases of a document stand for at most %d values, %d deep",
                        DOCUMENT_ALIAS_MAX, DOCUMENT_DEPTH_MAX);
        return NULL;
    }
    struct document_node *copy = new_node(reader, node->kind, node->span);
    if (copy == NULL) return NULL;
    *copy = *node;
    copy->parent = copy->key = NULL;
    copy->next = copy->first = copy->last = NULL;
    copy->count = 0;
    copy->names = (struct name_table){0};
    for (const struct document_node *child = node->first; child != NULL; child = child->next) {
        struct document_node *child_copy = copy_node(reader, child, alias, depth + 1);
        if (child_copy == NULL) return NULL;
        child_copy->key = child->key;
        if (!document_append(reader->document, copy, child_copy)) {
            reader->stopped = reader->out_of_memory = true;
            return NULL;
        }
    }
    return copy;
}

static bool is_around(const struct document_node *node, const struct document_node *inner)
{
    while (inner != NULL && inner != node)
        inner = inner->parent;
    return inner != NULL;
}

static void read_alias(struct reader *reader, const yaml_event_t *event)
{
    struct span span = span_of(reader, &event->start_mark, &event->end_mark);
    uint32_t index = name_table_find(&reader->anchors, (const char *)event->data.alias.anchor);
    if (index == NAME_TABLE_NONE) {
        diagnostics_add(reader->document->diagnostics, DIAGNOSTIC_DOCUMENT_SYNTAX, span,
                        "there is no anchor &%.80s before this",
                        (const char *)event->data.alias.anchor);
        reader->stopped = true;
        return;
    }
    const struct document_node *node = reader->anchored[index];
    if (is_around(node, reader->open)) {
        stop_with(reader, DIAGNOSTIC_DOCUMENT_SYNTAX, span,
                  "this alias is inside what it stands for");
        return;
    }
    bool is_scalar = node->kind != DOCUMENT_LIST && node->kind != DOCUMENT_MAP;
    if (expects_key(reader) && !is_scalar) {
        stop_with(reader, DIAGNOSTIC_DOCUMENT_SYNTAX, span, "a key has to be a text");
        return;
    }
    struct document_node *copy = copy_node(reader, node, span, reader->depth + 1);
    if (copy == NULL) return;
    copy->span = span;
    if (expects_key(reader))
        take_key(reader, copy);
    else
        place_node(reader, copy);
}

/* --- Events --- */

static void read_event(struct reader *reader, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT: read_scalar(reader, event); break;
    case YAML_ALIAS_EVENT: read_alias(reader, event); break;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT: begin_children(reader, event); break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: end_children(reader, event); break;
    case YAML_DOCUMENT_START_EVENT:
        if (reader->document->root != NULL)
            stop_with(reader, DIAGNOSTIC_DOCUMENT_SYNTAX,
                      span_of(reader, &event->start_mark, &event->end_mark),
                      "a second document begins here; one is wanted");
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT: break;
    }
}

static void read_events(struct reader *reader)
{
    bool is_end = false;
    if (!yaml_parser_initialize(&reader->parser)) {
        reader->stopped = reader->out_of_memory = true;
        return;
    }
    yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader->parser, (const unsigned char *)reader->text,
                                 reader->size);
    while (!is_end && !reader->stopped) {
        yaml_event_t event;
        if (!yaml_parser_parse(&reader->parser, &event)) {
            report_syntax(reader);
            break;
        }
        is_end = event.type == YAML_STREAM_END_EVENT;
        read_event(reader, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&reader->parser);
}

static bool check_utf8(struct reader *reader, const struct source *source)
{
    if (utf8_is_valid(source->bytes, source->size)) return true;
    size_t at = 0;
    uint32_t character = 0;
    for (size_t step; (step = utf8_decode(source->bytes + at, source->size - at, &character)) != 0;)
        at += step;
    report(reader, DIAGNOSTIC_INVALID_UTF8,
           (struct span){reader->document->source, (uint32_t)at, 1}, "this byte is not UTF-8");
    return false;
}

/* Sets what libyaml is to read: without what stands before the document, and rewritten if JSON. */
static void prepare(struct reader *reader, const struct source *source)
{
    static const char mark[] = "\xEF\xBB\xBF";
    if (source->size >= 3 && memcmp(source->bytes, mark, 3) == 0) reader->base = 3;
    if (reader->document->is_json) reader->base += strspn(source->bytes + reader->base, " \t\r\n");
    reader->text = source->bytes + reader->base;
    reader->size = source->size - reader->base;
    if (!reader->document->is_json) return;
    if (!document_rewrite_json(reader->text, reader->size, &reader->rewritten))
        reader->stopped = reader->out_of_memory = true;
    reader->text = text_string(&reader->rewritten.text);
    reader->size = reader->rewritten.text.size;
}

enum bamboo_status document_read(struct diagnostics *diagnostics, uint32_t source,
                                 struct arena *arena, struct document **out,
                                 struct bamboo_error *error)
{
    const struct source *text = diagnostics_source(diagnostics, source);
    struct document *document = arena_allocate(arena, sizeof *document);
    if (document == NULL) return fail_memory(error);
    *document = (struct document){.diagnostics = diagnostics, .arena = arena, .source = source};
    document->is_json = document_is_json(text->bytes, text->size);
    struct reader reader = {.document = document};
    if (check_utf8(&reader, text)) {
        prepare(&reader, text);
        if (!reader.stopped) read_events(&reader);
        if (!reader.stopped && document->root == NULL)
            report(&reader, DIAGNOSTIC_DOCUMENT_SYNTAX, (struct span){source, 0, 0},
                   "there is nothing in this document");
        if (reader.stopped) document->root = NULL;
    }
    document_rewritten_release(&reader.rewritten);
    if (reader.out_of_memory) return fail_memory(error);
    *out = document;
    return BAMBOO_OK;
}
