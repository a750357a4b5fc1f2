/* Names and values of a flow as YAML. A text stands as it is, with its ${splices}; what is no text
 * stands as ${expression}, or as itself if YAML has it. */
#include <inttypes.h>
#include <string.h>

#include "base/duration.h"
#include "base/limits.h"
#include "base/name_table.h"
#include "base/value.h"
#include "compiler/shell_command.h"
#include "compiler/yaml_writer.h"
#include "grammar/write.h"
#include "grammar/word.h"

/* --- Names --- */

static struct yaml_node *from_text(struct yaml_writer *writer, struct text *text)
{
    struct yaml_node *node = yaml_make_text(&writer->builder, text_string(text), text->size);
    if (text->failed) writer->builder.out_of_memory = true;
    text_release(text);
    return node;
}

struct yaml_node *yaml_write_string(struct yaml_writer *writer, const char *string)
{
    return yaml_make_text(&writer->builder, string, strlen(string));
}

/* In backquotes if it has to be exact, or would be taken for a name in backquotes. */
const char *yaml_name_text(struct yaml_writer *writer, const char *name, bool is_exact)
{
    size_t size = strlen(name);
    bool is_quoted = size > 2 && name[0] == '`' && name[size - 1] == '`';
    if (!is_exact && !is_quoted) return name;
    const char *text = arena_format(writer->builder.arena, "`%s`", name);
    if (!text) writer->builder.out_of_memory = true;
    return text ? text : "";
}

const char *yaml_key_text(struct yaml_writer *writer, const char *key)
{
    struct word word = key_word(key);
    if (word.size == 0) return yaml_name_text(writer, key, true);
    const char *text = arena_copy_text(writer->builder.arena, word.bytes, word.size);
    if (!text) writer->builder.out_of_memory = true;
    return text ? text : "";
}

struct yaml_node *yaml_write_name(struct yaml_writer *writer, const char *bytes)
{
    return yaml_write_string(writer, yaml_name_text(writer, bytes, false));
}

struct yaml_node *yaml_write_key(struct yaml_writer *writer, const char *key)
{
    return yaml_write_string(writer, yaml_key_text(writer, key));
}

struct yaml_node *yaml_write_optional_name(struct yaml_writer *writer, struct ast_name name)
{
    return name.bytes ? yaml_write_name(writer, name.bytes)
                      : yaml_make_word(&writer->builder, "null");
}

/* --- Numbers --- */

struct yaml_node *yaml_write_integer(struct yaml_writer *writer, int64_t number)
{
    struct text text = {0};
    text_append_format(&text, "%" PRId64, number);
    struct yaml_node *node = from_text(writer, &text);
    node->kind = YAML_WORD;
    return node;
}

struct yaml_node *yaml_write_duration(struct yaml_writer *writer, int64_t milliseconds)
{
    struct text text = {0};
    duration_append(&text, milliseconds);
    struct yaml_node *node = from_text(writer, &text);
    node->kind = YAML_WORD;
    return node;
}

/* --- Texts --- */

static bool has_splice(const char *bytes, size_t size)
{
    for (size_t i = 0; i + 1 < size; i++)
        if (bytes[i] == '$' && bytes[i + 1] == '{') return true;
    return false;
}

/* A text piece: ${ in it becomes a splice that is a text. */
static void append_piece(struct text *out, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '$' && i + 1 < size && bytes[i + 1] == '{') {
            text_append_string(out, "${\"\\${\"}");
            i++;
        } else {
            text_append_character(out, bytes[i]);
        }
    }
}

struct yaml_node *yaml_write_splice(struct yaml_writer *writer, const struct text *expression)
{
    struct text text = {0};
    text_append_string(&text, "${");
    text_append(&text, text_string(expression), expression->size);
    text_append_string(&text, "}");
    if (expression->failed) writer->builder.out_of_memory = true;
    return from_text(writer, &text);
}

static void append_splice(struct text *out, const struct ast_expression *expression)
{
    text_append_string(out, "${");
    write_expression_line(expression, out);
    text_append_string(out, "}");
}

static struct yaml_node *splice(struct yaml_writer *writer, const struct ast_expression *expression)
{
    struct text text = {0};
    append_splice(&text, expression);
    return from_text(writer, &text);
}

static bool is_string(const struct ast_expression *part)
{
    return part->kind == EXPRESSION_LITERAL && part->as.literal.type == BAMBOO_STRING;
}

/* Could it be read back as it is written? Carriage returns are taken for line ends beside splices,
 * and a text that is spliced into another is taken for a part of it. */
static bool is_readable(const struct ast_expression *first)
{
    bool follows_string = false;
    for (const struct ast_expression *part = first; part; part = part->next) {
        if (is_string(part)) {
            size_t size = 0;
            const char *bytes = bamboo_string_bytes(part->as.literal, &size);
            bool has_return = size > 0 && memchr(bytes, '\r', size);
            bool joins = size > 0 && bytes[size - 1] == '$';
            if (follows_string || has_return || joins) return false;
        }
        follows_string = is_string(part);
    }
    return true;
}

static struct yaml_node *text(struct yaml_writer *writer, const struct ast_expression *expression,
                              bool is_shell)
{
    const struct ast_expression *first = expression->as.text.parts;
    bool is_single = !first->next;
    bool is_lone = is_single && (!is_shell || shell_is_command(first));
    if (is_lone || !is_readable(first)) return splice(writer, expression);
    struct text out = {0};
    for (const struct ast_expression *part = first; part; part = part->next) {
        size_t size = 0;
        const char *bytes = is_string(part) ? bamboo_string_bytes(part->as.literal, &size) : NULL;
        if (bytes)
            append_piece(&out, bytes, size);
        else
            append_splice(&out, part);
    }
    return from_text(writer, &out);
}

static struct yaml_node *string(struct yaml_writer *writer, struct bamboo_value value)
{
    size_t size = 0;
    const char *bytes = bamboo_string_bytes(value, &size);
    struct ast_expression part = {.kind = EXPRESSION_LITERAL, .as.literal = value};
    if (!has_splice(bytes, size)) return yaml_make_text(&writer->builder, bytes, size);
    if (!is_readable(&part)) return splice(writer, &part);
    struct text out = {0};
    append_piece(&out, bytes, size);
    return from_text(writer, &out);
}

/* --- Values --- */

static struct yaml_node *value_node(struct yaml_writer *writer, struct bamboo_value value,
                                    bool is_constant);

static struct yaml_node *value_list(struct yaml_writer *writer, struct bamboo_value value,
                                    bool is_constant)
{
    struct yaml_node *list = yaml_make(&writer->builder, YAML_LIST);
    for (size_t i = 0; i < bamboo_list_count(value); i++)
        yaml_append(&writer->builder, list,
                    value_node(writer, bamboo_list_at(value, i), is_constant));
    return list;
}

static struct yaml_node *value_map(struct yaml_writer *writer, struct bamboo_value value,
                                   bool is_constant)
{
    struct yaml_node *map = yaml_make(&writer->builder, YAML_MAP);
    for (size_t i = 0; i < bamboo_map_count(value); i++)
        yaml_set(&writer->builder, map, bamboo_string_bytes(bamboo_map_key_at(value, i), NULL),
                 value_node(writer, bamboo_map_value_at(value, i), is_constant));
    return map;
}

static struct yaml_node *value_node(struct yaml_writer *writer, struct bamboo_value value,
                                    bool is_constant)
{
    struct text word = {0};
    size_t size = 0;
    if (value.type == BAMBOO_LIST) return value_list(writer, value, is_constant);
    if (value.type == BAMBOO_MAP) return value_map(writer, value, is_constant);
    if (value.type == BAMBOO_STRING && !is_constant) return string(writer, value);
    if (value.type == BAMBOO_STRING) {
        const char *bytes = bamboo_string_bytes(value, &size);
        return yaml_make_text(&writer->builder, bytes, size);
    }
    value_append_text(&word, value);
    struct yaml_node *node = from_text(writer, &word);
    node->kind = YAML_WORD;
    return node;
}

static bool is_number(const struct ast_expression *expression)
{
    if (expression->kind != EXPRESSION_LITERAL) return false;
    enum bamboo_type type = expression->as.literal.type;
    return type == BAMBOO_INTEGER || type == BAMBOO_BIG_INTEGER || type == BAMBOO_FLOAT ||
           type == BAMBOO_DURATION;
}

static struct yaml_node *written(struct yaml_writer *writer, const struct ast_expression *value,
                                 bool is_shell, bool is_constant);

static struct yaml_node *list_node(struct yaml_writer *writer, const struct ast_expression *list,
                                   bool is_constant)
{
    struct yaml_node *node = yaml_make(&writer->builder, YAML_LIST);
    for (const struct ast_expression *element = list->as.list.elements; element;
         element = element->next)
        yaml_append(&writer->builder, node, written(writer, element, false, is_constant));
    return node;
}

/* NULL if it has keys that YAML does not have. */
static struct yaml_node *map_node(struct yaml_writer *writer, const struct ast_expression *map,
                                  bool is_constant)
{
    struct name_table seen = {0};
    struct yaml_node *node = yaml_make(&writer->builder, YAML_MAP);
    for (const struct ast_expression *key = map->as.map.entries; key; key = key->next->next) {
        size_t size = 0;
        const char *bytes = is_string(key) ? bamboo_string_bytes(key->as.literal, &size) : NULL;
        if (!bytes || strlen(bytes) != size || size > NAME_SIZE_MAX) return NULL;
        if (name_table_find(&seen, bytes) != NAME_TABLE_NONE) return NULL;
        if (!name_table_set(&seen, writer->builder.arena, bytes, 0))
            writer->builder.out_of_memory = true;
        yaml_set(&writer->builder, node, bytes, written(writer, key->next, false, is_constant));
    }
    return node;
}

/* -5: NULL if it is another operation. */
static struct yaml_node *negative(struct yaml_writer *writer, const struct ast_expression *value)
{
    bool is_it =
        value->kind == EXPRESSION_UNARY &&
        value->as.operation.operator== OPERATOR_NEGATE && is_number(value->as.operation.left) &&
        value->as.operation.left->as.literal.type != BAMBOO_DURATION;
    if (!is_it) return NULL;
    struct text word = {0};
    text_append_character(&word, '-');
    value_append_text(&word, value->as.operation.left->as.literal);
    struct yaml_node *node = from_text(writer, &word);
    node->kind = YAML_WORD;
    return node;
}

static struct yaml_node *written(struct yaml_writer *writer, const struct ast_expression *value,
                                 bool is_shell, bool is_constant)
{
    struct yaml_node *node = NULL;
    if (is_string(value) || (value->kind == EXPRESSION_LITERAL && !is_shell))
        node = value_node(writer, value->as.literal, is_constant);
    else if (value->kind == EXPRESSION_TEXT)
        node = text(writer, value, is_shell);
    else if (value->kind == EXPRESSION_TEMPLATE && is_constant)
        node = value_node(writer, value->as.literal, true);
    else if (value->kind == EXPRESSION_LIST)
        node = list_node(writer, value, is_constant);
    else if (value->kind == EXPRESSION_MAP)
        node = map_node(writer, value, is_constant);
    else if (!is_shell)
        node = negative(writer, value);
    if (node) return node;
    if (!is_shell || shell_is_command(value)) return splice(writer, value);
    struct text expression = {0};
    text_append_string(&expression, "raw(");
    write_expression_line(value, &expression);
    text_append_string(&expression, ")");
    node = yaml_write_splice(writer, &expression);
    text_release(&expression);
    return node;
}

struct yaml_node *yaml_write_value(struct yaml_writer *writer, const struct ast_expression *value,
                                   bool is_shell)
{
    return written(writer, value, is_shell, false);
}

struct yaml_node *yaml_write_constant(struct yaml_writer *writer,
                                      const struct ast_expression *value)
{
    return written(writer, value, false, true);
}

struct yaml_node *yaml_write_expression(struct yaml_writer *writer,
                                        const struct ast_expression *expression)
{
    struct text out = {0};
    write_expression_line(expression, &out);
    return from_text(writer, &out);
}
