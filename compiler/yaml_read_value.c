/* Values of a flow as YAML. A scalar is read by the type that its place wants; a text is a
 * template, and one that is a single ${expression} is the value of that expression. */
#include <string.h>

#include "base/duration.h"
#include "base/limits.h"
#include "compiler/shell_command.h"
#include "compiler/yaml_reader.h"
#include "grammar/ast_build.h"

static struct ast_expression *new_expression(struct yaml_reader *reader,
                                             const struct document_node *node,
                                             enum ast_expression_kind kind)
{
    struct ast_expression *expression = yaml_allocate(reader, sizeof *expression);
    expression->kind = kind;
    expression->span = node->span;
    expression->depth = 1;
    return expression;
}

struct ast_expression *yaml_error(struct yaml_reader *reader, const struct document_node *node)
{
    return new_expression(reader, node, EXPRESSION_ERROR);
}

static void release_value(void *object)
{
    bamboo_value_release(*(struct bamboo_value *)object);
}

/* The expression whose literal was made with this status. */
static struct ast_expression *owning(struct yaml_reader *reader, const struct document_node *node,
                                     struct ast_expression *expression, enum bamboo_status status,
                                     const struct bamboo_error *error)
{
    if (status != BAMBOO_OK && status != BAMBOO_E_MEMORY) {
        yaml_report(reader,
                    status == BAMBOO_E_LIMIT ? DIAGNOSTIC_TOO_LARGE : DIAGNOSTIC_INVALID_NUMBER,
                    node, "%s", error->message);
        return yaml_error(reader, node);
    }
    if (status == BAMBOO_OK && reader->out_of_memory)
        bamboo_value_release(expression->as.literal);
    else if (status != BAMBOO_OK ||
             !arena_on_destroy(reader->document->arena, release_value, &expression->as.literal))
        reader->out_of_memory = true;
    return expression;
}

/* LITERAL or TEMPLATE. */
static struct ast_expression *text_expression(struct yaml_reader *reader,
                                              const struct document_node *node,
                                              enum ast_expression_kind kind, const char *bytes,
                                              size_t size)
{
    struct bamboo_error error;
    struct ast_expression *expression = new_expression(reader, node, kind);
    enum bamboo_status status = bamboo_string_create(bytes, size, &expression->as.literal, &error);
    return owning(reader, node, expression, status, &error);
}

/* An integer beyond 64 bits. */
static struct ast_expression *big_literal(struct yaml_reader *reader,
                                          const struct document_node *node)
{
    struct bamboo_error error;
    struct ast_expression *expression = new_expression(reader, node, EXPRESSION_LITERAL);
    enum bamboo_status status = document_value(node, &expression->as.literal, &error);
    return owning(reader, node, expression, status, &error);
}

static struct ast_expression *literal(struct yaml_reader *reader, const struct document_node *node,
                                      struct bamboo_value value)
{
    struct ast_expression *expression = new_expression(reader, node, EXPRESSION_LITERAL);
    expression->as.literal = value;
    return expression;
}

/* --- Lists and maps --- */

/* How the leaves of a value are read. */
enum leaves { LEAVES_VALUE, LEAVES_PLAIN, LEAVES_TEMPLATE };

static const struct yaml_place ANYTHING = {TYPE_ANY, false};

static struct ast_expression *read(struct yaml_reader *reader, const struct document_node *node,
                                   struct yaml_place place, enum leaves leaves);

/* Notes that `part` is in `whole`; false, after a report, if that is too deep. */
static bool contain(struct yaml_reader *reader, const struct document_node *node,
                    struct ast_expression *whole, const struct ast_expression *part)
{
    if (part->depth < whole->depth) return true;
    whole->depth = part->depth + 1;
    if (whole->depth <= SOURCE_DEPTH_MAX) return true;
    yaml_report(reader, DIAGNOSTIC_TOO_DEEP, node, "this is nested more than %d levels deep",
                SOURCE_DEPTH_MAX);
    return false;
}

static struct ast_expression *read_list(struct yaml_reader *reader,
                                        const struct document_node *node, enum leaves leaves)
{
    struct ast_expression *list = new_expression(reader, node, EXPRESSION_LIST);
    struct ast_expression **end = &list->as.list.elements;
    for (const struct document_node *child = node->first; child; child = child->next) {
        struct ast_expression *element = read(reader, child, ANYTHING, leaves);
        if (reader->out_of_memory || !contain(reader, child, list, element))
            return yaml_error(reader, node);
        *end = element;
        end = &element->next;
        list->as.list.count++;
    }
    return list;
}

static struct ast_expression *read_map(struct yaml_reader *reader, const struct document_node *node,
                                       enum leaves leaves)
{
    struct ast_expression *map = new_expression(reader, node, EXPRESSION_MAP);
    struct ast_expression **end = &map->as.map.entries;
    for (const struct document_node *child = node->first; child; child = child->next) {
        struct ast_expression *key = text_expression(reader, child->key, EXPRESSION_LITERAL,
                                                     child->key->text, child->key->size);
        struct ast_expression *value = read(reader, child, ANYTHING, leaves);
        if (reader->out_of_memory || !contain(reader, child, map, value))
            return yaml_error(reader, node);
        *end = key;
        key->next = value;
        end = &value->next;
        map->as.map.count++;
    }
    return map;
}

/* --- Texts --- */

static bool has_splice(const struct document_node *node)
{
    for (size_t i = 0; i + 1 < node->size; i++)
        if (node->text[i] == '$' && node->text[i + 1] == '{') return true;
    return false;
}

static bool is_text(const struct ast_expression *part)
{
    return part->kind == EXPRESSION_TEXT ||
           (part->kind == EXPRESSION_LITERAL && part->as.literal.type == BAMBOO_STRING);
}

/* What a text that is one splice stands for: the value. In a shell command it is a word of it,
 * unless it is a command itself. */
static struct ast_expression *only_splice(struct ast_expression *text, struct yaml_place place)
{
    struct ast_expression *part = text->as.text.parts;
    return place.is_shell && !shell_is_command(part) ? text : part;
}

/* A splice that is a text without splices (such as ${"\${"}) is a part of the text around it. */
static struct ast_expression *join_texts(struct yaml_reader *reader,
                                         const struct document_node *node,
                                         struct ast_expression *text)
{
    struct text joined = {0};
    struct ast_expression **end = &text->as.text.parts;
    for (struct ast_expression *part = *end; part; part = *end) {
        struct ast_expression *rest = part;
        size_t count = 0;
        text_clear(&joined);
        for (; rest && rest->kind == EXPRESSION_LITERAL && is_text(rest); rest = rest->next) {
            size_t size = 0;
            const char *bytes = bamboo_string_bytes(rest->as.literal, &size);
            text_append(&joined, bytes, size);
            count++;
        }
        if (count > 1) {
            struct span span = part->span;
            part = text_expression(reader, node, EXPRESSION_LITERAL, text_string(&joined),
                                   joined.size);
            part->span = span;
            part->next = rest;
            *end = part;
        }
        if (joined.failed) reader->out_of_memory = true;
        if (reader->out_of_memory) break;
        end = &part->next;
    }
    text_release(&joined);
    struct ast_expression *first = text->as.text.parts;
    bool is_literal = !first->next && first->kind == EXPRESSION_LITERAL && is_text(first);
    if (is_literal) first->span = node->span;
    return is_literal ? first : text;
}

static struct ast_expression *read_text(struct yaml_reader *reader,
                                        const struct document_node *node, struct yaml_place place)
{
    if (!has_splice(node))
        return text_expression(reader, node, EXPRESSION_LITERAL, node->text, node->size);
    struct ast_expression *text = yaml_parse(reader, node, true);
    if (text->kind != EXPRESSION_TEXT) return text;
    if (!text->as.text.parts->next) return only_splice(text, place);
    return join_texts(reader, node, text);
}

/* --- Scalars --- */

static bool may_be(struct yaml_place place, type_set type)
{
    return type_may_be(type, place.type);
}

static bool read_duration(const struct document_node *node, int64_t *out)
{
    struct bamboo_error error;
    return !node->quoted && node->size > 1 && node->text[0] >= '0' && node->text[0] <= '9' &&
           duration_parse(node->text, node->size, out, &error) == BAMBOO_OK;
}

/* A plain scalar as what it looks like, if its place takes that, and as a text if not. */
static struct ast_expression *read_scalar(struct yaml_reader *reader,
                                          const struct document_node *node, struct yaml_place place)
{
    int64_t milliseconds = 0;
    bool wants_text = place.is_shell || !may_be(place, TYPE_ANY & ~TYPE_OF(STRING));
    if (wants_text) return read_text(reader, node, place);
    switch (node->kind) {
    case DOCUMENT_NULL:
        if (may_be(place, TYPE_OF(NULL))) return literal(reader, node, bamboo_null());
        break;
    case DOCUMENT_BOOL:
        if (may_be(place, TYPE_OF(BOOL)))
            return literal(reader, node, bamboo_bool(node->as.boolean));
        break;
    case DOCUMENT_INTEGER:
        if (!may_be(place, TYPE_OF(INTEGER))) break;
        if (node->is_big) return big_literal(reader, node);
        return literal(reader, node, bamboo_integer(node->as.integer));
    case DOCUMENT_FLOAT:
        if (may_be(place, TYPE_OF(FLOAT)))
            return literal(reader, node, bamboo_float(node->as.number));
        break;
    case DOCUMENT_STRING:
        if (may_be(place, TYPE_OF(DURATION)) && read_duration(node, &milliseconds))
            return literal(reader, node, bamboo_duration(milliseconds));
        break;
    case DOCUMENT_LIST:
    case DOCUMENT_MAP: break;
    }
    if (node->kind != DOCUMENT_STRING && !may_be(place, TYPE_OF(STRING)))
        place.type = TYPE_ANY; /* it is wrong here: the check of types says so */
    if (node->kind != DOCUMENT_STRING && place.type == TYPE_ANY)
        return read_scalar(reader, node, place);
    return read_text(reader, node, place);
}

/* Those of a context: texts are not looked into here. */
static struct ast_expression *read_leaf(struct yaml_reader *reader,
                                        const struct document_node *node, enum leaves leaves)
{
    int64_t milliseconds = 0;
    if (node->kind != DOCUMENT_STRING || read_duration(node, &milliseconds))
        return read_scalar(reader, node, ANYTHING);
    bool is_template = leaves == LEAVES_TEMPLATE && has_splice(node);
    return text_expression(reader, node, is_template ? EXPRESSION_TEMPLATE : EXPRESSION_LITERAL,
                           node->text, node->size);
}

static struct ast_expression *read(struct yaml_reader *reader, const struct document_node *node,
                                   struct yaml_place place, enum leaves leaves)
{
    if (node->kind == DOCUMENT_LIST) return read_list(reader, node, leaves);
    if (node->kind == DOCUMENT_MAP) return read_map(reader, node, leaves);
    if (leaves == LEAVES_VALUE) return read_scalar(reader, node, place);
    return read_leaf(reader, node, leaves);
}

struct ast_expression *yaml_value(struct yaml_reader *reader, const struct document_node *node,
                                  struct yaml_place place)
{
    return read(reader, node, place, LEAVES_VALUE);
}

struct ast_expression *yaml_any_value(struct yaml_reader *reader, const struct document_node *node)
{
    return read(reader, node, ANYTHING, LEAVES_VALUE);
}

struct ast_expression *yaml_constant(struct yaml_reader *reader, const struct document_node *node,
                                     bool has_templates)
{
    return read(reader, node, ANYTHING, has_templates ? LEAVES_TEMPLATE : LEAVES_PLAIN);
}

struct ast_expression *yaml_expression(struct yaml_reader *reader, const struct document_node *node)
{
    if (!yaml_expect_scalar(reader, node, "an expression")) return yaml_error(reader, node);
    return yaml_parse(reader, node, false);
}
