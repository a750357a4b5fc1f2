/* How expressions are parsed; shared by expression.l, expression.y, expression.c and piece.c. */
#ifndef TEMPLATE_EXPRESSION_TREE_H
#define TEMPLATE_EXPRESSION_TREE_H

#include "template/scanner.h"
#include "template/tree.h"

/* The bytes of a token. */
struct lexeme {
    const char *bytes;
    size_t size;
};

/* A list that grows at its end. */
struct node_list {
    struct node *first, *last;
};

struct expression_parser {
    struct scanner scanner;
    void *handle;                  /* flex's */
    struct evaluation *evaluation; /* its arena keeps the tree */
    struct node *result;
};

/* Nodes; all return NULL if there is no memory, and expression_number() and expression_text() if
 * they are none. */
struct node *expression_node(struct expression_parser *parser, enum node_kind kind,
                             struct node *first, struct node *second, struct node *third);
struct node *expression_binary(struct expression_parser *parser, enum binary sign,
                               struct node *first, struct node *second);
struct node *expression_operator(struct expression_parser *parser, enum node_kind kind, int sign,
                                 struct node *first);
struct node *expression_named(struct expression_parser *parser, enum node_kind kind,
                              struct lexeme name, struct node *first);
struct node *expression_list(struct expression_parser *parser, enum node_kind kind,
                             struct node_list items);
struct node *expression_with_items(struct expression_parser *parser, enum node_kind kind,
                                   struct node *first, struct node_list items);
struct node *expression_literal(struct expression_parser *parser, struct object literal);
struct node *expression_number(struct expression_parser *parser, struct lexeme lexeme);

/* A text as it stands in a source, with prefix and quotes; joined to `before` (or NULL). */
struct node *expression_text(struct expression_parser *parser, struct node *before,
                             struct lexeme lexeme);

static inline struct node_list node_list_of(struct node *node)
{
    return (struct node_list){node, node};
}
static inline struct node_list node_list_append(struct node_list list, struct node *node)
{
    if (!list.last) return node_list_of(node);
    list.last->next = node;
    return (struct node_list){list.first, node};
}

#endif
