#include "compiler/yaml_reader.h"

#include <stdio.h>
#include <string.h>

#include "base/duration.h"
#include "base/limits.h"
#include "grammar/literal.h"

void *yaml_allocate(struct yaml_reader *reader, size_t size)
{
    void *memory = reader->out_of_memory ? NULL : arena_allocate(reader->document->arena, size);
    if (memory) return memory;
    reader->out_of_memory = true;
    memset(reader->scratch, 0, sizeof reader->scratch);
    return reader->scratch;
}

/* --- Mistakes --- */

struct diagnostic *yaml_report(struct yaml_reader *reader, enum diagnostic_code code,
                               const struct document_node *node, const char *format, ...)
{
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return diagnostics_add(reader->document->diagnostics, code, node->span, "%s", message);
}

void yaml_help(struct yaml_reader *reader, struct diagnostic *diagnostic, const char *format, ...)
{
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    diagnostic_help(reader->document->diagnostics, diagnostic, "%s", message);
}

bool yaml_is_scalar(const struct document_node *node)
{
    return node->kind != DOCUMENT_LIST && node->kind != DOCUMENT_MAP;
}

static bool expect(struct yaml_reader *reader, const struct document_node *node, bool is_right,
                   const char *what, const char *wanted)
{
    if (!is_right)
        yaml_report(reader, DIAGNOSTIC_DOCUMENT_TYPE, node, "%s is %s, not %s", what, wanted,
                    document_kind_phrase(node->kind));
    return is_right;
}

bool yaml_expect_list(struct yaml_reader *reader, const struct document_node *node,
                      const char *what)
{
    return expect(reader, node, node->kind == DOCUMENT_LIST, what, "a list");
}

bool yaml_expect_map(struct yaml_reader *reader, const struct document_node *node, const char *what)
{
    return expect(reader, node, node->kind == DOCUMENT_MAP, what, "a map");
}

bool yaml_expect_scalar(struct yaml_reader *reader, const struct document_node *node,
                        const char *what)
{
    return expect(reader, node, yaml_is_scalar(node), what, "a text");
}

/* --- Maps --- */

struct key_list {
    const struct yaml_key *keys;
};

static const char *key_at(const void *context, size_t index)
{
    const struct key_list *list = context;
    return list->keys[index].name;
}

static void report_unknown_key(struct yaml_reader *reader, const struct document_node *key,
                               const char *what, const struct yaml_key *keys, size_t key_count)
{
    struct key_list list = {keys};
    const char *nearest = nearest_name(key->text, key_count, key_at, &list);
    struct diagnostic *diagnostic =
        yaml_report(reader, DIAGNOSTIC_UNKNOWN_KEY, key, "%s has no key '%.80s'", what, key->text);
    if (nearest) {
        yaml_help(reader, diagnostic, "did you mean '%s'?", nearest);
        return;
    }
    struct text all = {0};
    for (size_t i = 0; i < key_count; i++)
        text_append_format(&all, "%s%s", i > 0 ? ", " : "", keys[i].name);
    yaml_help(reader, diagnostic, "there are: %s", text_string(&all));
    text_release(&all);
}

void yaml_read_map(struct yaml_reader *reader, const struct document_node *map, const char *what,
                   const struct yaml_key *keys, size_t key_count, void *into)
{
    if (!yaml_expect_map(reader, map, what)) return;
    for (const struct document_node *entry = map->first; entry; entry = entry->next) {
        size_t i = 0;
        while (i < key_count && strcmp(keys[i].name, entry->key->text) != 0)
            i++;
        if (i == key_count)
            report_unknown_key(reader, entry->key, what, keys, key_count);
        else if (keys[i].read)
            keys[i].read(reader, entry, into);
    }
}

/* --- Scalars --- */

struct ast_name yaml_text(struct yaml_reader *reader, const struct document_node *node,
                          const char *what)
{
    struct ast_name name = {.bytes = NULL, .span = node->span};
    if (!yaml_expect_scalar(reader, node, what)) return name;
    if (strlen(node->text) == node->size)
        name.bytes = node->text;
    else
        yaml_report(reader, DIAGNOSTIC_INVALID_CHARACTER, node, "%s has no NUL in it", what);
    return name;
}

struct ast_name yaml_name(struct yaml_reader *reader, const struct document_node *node)
{
    struct ast_name name = yaml_text(reader, node, "a name");
    if (!name.bytes) return name;
    size_t size = node->size;
    if (size > 2 && name.bytes[0] == '`' && name.bytes[size - 1] == '`') {
        name.quoted = true;
        size -= 2;
        name.bytes = arena_copy_text(reader->document->arena, name.bytes + 1, size);
        if (!name.bytes) reader->out_of_memory = true;
    }
    if (size > 0 && size <= NAME_SIZE_MAX) return name;
    if (size == 0)
        yaml_report(reader, DIAGNOSTIC_DOCUMENT_TYPE, node, "a name is wanted here");
    else
        yaml_report(reader, DIAGNOSTIC_TOO_LARGE, node, "a name has at most %u bytes",
                    NAME_SIZE_MAX);
    name.bytes = NULL;
    return name;
}

struct ast_name yaml_optional_name(struct yaml_reader *reader, const struct document_node *node)
{
    if (node->kind == DOCUMENT_NULL) return (struct ast_name){0};
    return yaml_name(reader, node);
}

struct ast_name yaml_key_name(struct yaml_reader *reader, const struct document_node *node)
{
    struct ast_name name = yaml_name(reader, node);
    if (!name.bytes || name.quoted) return name;
    name.quoted = true;
    name.bytes = arena_format(reader->document->arena, "${%s}", name.bytes);
    if (!name.bytes) reader->out_of_memory = true;
    return name;
}

bool yaml_bool(struct yaml_reader *reader, const struct document_node *node)
{
    if (node->kind == DOCUMENT_BOOL) return node->as.boolean;
    yaml_report(reader, DIAGNOSTIC_DOCUMENT_TYPE, node, "true or false is wanted here, not %s",
                document_kind_phrase(node->kind));
    return false;
}

int64_t yaml_count(struct yaml_reader *reader, const struct document_node *node)
{
    bool is_count = node->kind == DOCUMENT_INTEGER && !node->is_big && node->as.integer > 0 &&
                    node->as.integer <= LITERAL_COUNT_MAX;
    if (is_count) return node->as.integer;
    yaml_report(reader,
                node->kind == DOCUMENT_INTEGER ? DIAGNOSTIC_INVALID_NUMBER
                                               : DIAGNOSTIC_DOCUMENT_TYPE,
                node, "a whole number from 1 to %d is wanted here", LITERAL_COUNT_MAX);
    return 1;
}

int64_t yaml_duration(struct yaml_reader *reader, const struct document_node *node)
{
    int64_t milliseconds = 0;
    struct bamboo_error error;
    if (!yaml_expect_scalar(reader, node, "a duration")) return 1;
    if (duration_parse(node->text, node->size, &milliseconds, &error) != BAMBOO_OK)
        yaml_report(reader, DIAGNOSTIC_INVALID_DURATION, node, "%s", error.message);
    else if (milliseconds <= 0)
        yaml_report(reader, DIAGNOSTIC_INVALID_DURATION, node,
                    "a duration above zero is wanted here");
    return milliseconds > 0 ? milliseconds : 1;
}
