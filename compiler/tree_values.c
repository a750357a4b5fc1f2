/* Values of a tree as expressions. The recursion is bounded by the depth of expressions. */
#include <string.h>

#include "base/limits.h"
#include "compiler/tree_reader.h"

static struct ast_expression *new_expression(struct tree_reader *reader,
                                             enum ast_expression_kind kind, struct span span)
{
    struct ast_expression *expression =
        compilation_allocate(reader->compilation, 1, sizeof *expression);
    if (expression == NULL) return NULL;
    expression->kind = kind;
    expression->span = span;
    expression->depth = 1;
    return expression;
}

static void release_value(void *object)
{
    bamboo_value_release(*(struct bamboo_value *)object);
}

struct ast_expression *tree_text_expression(struct tree_reader *reader,
                                            enum ast_expression_kind kind, struct span span,
                                            const char *text, size_t size)
{
    struct ast_expression *expression = new_expression(reader, kind, span);
    if (expression == NULL) return NULL;
    struct bamboo_error error = {0};
    enum bamboo_status status = bamboo_string_create(text, size, &expression->as.literal, &error);
    if (status == BAMBOO_OK) {
        if (!arena_on_destroy(reader->compilation->arena, release_value, &expression->as.literal))
            reader->compilation->out_of_memory = true;
        return expression;
    }
    if (status == BAMBOO_E_MEMORY)
        reader->compilation->out_of_memory = true;
    else
        diagnostics_add(reader->diagnostics, DIAGNOSTIC_TOO_LARGE, span, "%s", error.message);
    return NULL;
}

static struct ast_expression *scalar_value(struct tree_reader *reader,
                                           const struct document_node *node, bool is_template)
{
    if (node->kind == DOCUMENT_STRING) {
        bool has_piece = is_template && strstr(node->text, "${") != NULL;
        return tree_text_expression(reader, has_piece ? EXPRESSION_TEMPLATE : EXPRESSION_LITERAL,
                                    node->span, node->text, node->size);
    }
    struct ast_expression *expression = new_expression(reader, EXPRESSION_LITERAL, node->span);
    if (expression == NULL) return NULL;
    struct bamboo_error error = {0};
    enum bamboo_status status = document_value(node, &expression->as.literal, &error);
    if (status == BAMBOO_OK) {
        /* Only an integer beyond 64 bits holds memory. */
        if (!arena_on_destroy(reader->compilation->arena, release_value, &expression->as.literal))
            reader->compilation->out_of_memory = true;
        return expression;
    }
    if (status == BAMBOO_E_MEMORY)
        reader->compilation->out_of_memory = true;
    else
        diagnostics_add(reader->diagnostics, DIAGNOSTIC_INVALID_NUMBER, node->span, "%s",
                        error.message);
    return NULL;
}

static struct ast_expression *value_at(struct tree_reader *reader, const struct document_node *node,
                                       bool is_template, unsigned depth);

/* The children, keys and values in turn, of a list or map. */
static bool read_children(struct tree_reader *reader, const struct document_node *node,
                          bool is_template, unsigned depth, struct ast_expression *whole,
                          struct ast_expression **link)
{
    for (const struct document_node *child = node->first; child != NULL; child = child->next) {
        if (child->key != NULL) {
            *link = tree_text_expression(reader, EXPRESSION_LITERAL, child->key->span,
                                         child->key->text, child->key->size);
            if (*link == NULL) return false;
            link = &(*link)->next;
        }
        *link = value_at(reader, child, is_template, depth + 1);
        if (*link == NULL) return false;
        if ((*link)->depth >= whole->depth) whole->depth = (*link)->depth + 1;
        link = &(*link)->next;
    }
    return true;
}

static struct ast_expression *value_at(struct tree_reader *reader, const struct document_node *node,
                                       bool is_template, unsigned depth)
{
    if (node->kind != DOCUMENT_LIST && node->kind != DOCUMENT_MAP)
        return scalar_value(reader, node, is_template);
    if (depth >= SOURCE_DEPTH_MAX) {
        diagnostics_add(reader->diagnostics, DIAGNOSTIC_TOO_DEEP, tree_place(node),
                        "a value is nested more than %d deep", SOURCE_DEPTH_MAX);
        return NULL;
    }
    bool is_map = node->kind == DOCUMENT_MAP;
    struct ast_expression *expression =
        new_expression(reader, is_map ? EXPRESSION_MAP : EXPRESSION_LIST, node->span);
    if (expression == NULL) return NULL;
    if (is_map) expression->depth = 2; /* its keys */
    if (is_map && node->count == 0) expression->depth = 1;
    if (is_map)
        expression->as.map.count = node->count;
    else
        expression->as.list.count = node->count;
    struct ast_expression **link =
        is_map ? &expression->as.map.entries : &expression->as.list.elements;
    return read_children(reader, node, is_template, depth, expression, link) ? expression : NULL;
}

struct ast_expression *tree_value(struct tree_reader *reader, const struct document_node *node,
                                  bool is_template)
{
    return value_at(reader, node, is_template, 1);
}
