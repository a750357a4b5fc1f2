/* Parsed expressions of templates. */
#ifndef TEMPLATE_TREE_H
#define TEMPLATE_TREE_H

#include "template/object.h"

enum node_kind {
#define NODE(name, parts) NODE_##name,
#include "template/nodes.def"
#undef NODE
};

enum binary {
#define BINARY(name, spelling, operation) BINARY_##name,
#include "template/binaries.def"
#undef BINARY
};

enum unary { UNARY_PLUS, UNARY_MINUS, UNARY_INVERT };

enum comparison {
    COMPARE_EQUAL,
    COMPARE_NOT_EQUAL,
    COMPARE_LESS,
    COMPARE_LESS_EQUAL,
    COMPARE_GREATER,
    COMPARE_GREATER_EQUAL,
    COMPARE_IN,
    COMPARE_NOT_IN,
    COMPARE_IS,
    COMPARE_IS_NOT
};

/* What `first` to `third`, `items` and `name` are is said by the kind (nodes.def). */
struct node {
    enum node_kind kind;
    int sign; /* enum binary, unary or comparison */
    const char *name;
    size_t name_size;
    struct object literal;
    struct node *first, *second, *third;
    struct node *items; /* a list by `next` */
    struct node *next;
};

/* A name that no comprehension and no lambda around it binds. */
struct free_name {
    const char *name;
    size_t size;
    /* A comprehension elsewhere in the piece binds it: then it is not taken from outside, as mako
     * counts it among the variables of the piece. */
    bool is_own;
    struct free_name *next;
};

enum filter {
#define FILTER(name, spelling) FILTER_##name,
#include "template/filters.def"
#undef FILTER
    FILTER_COUNT
};
#define PIECE_FILTERS_MAX 8

/* What stands in ${...}. */
struct piece {
    struct node *expression;
    struct free_name *names;
    enum filter filters[PIECE_FILTERS_MAX];
    size_t filter_count;
    bool is_raw; /* `| n`: the result is to be a text already */
};

/* Parses what stands between `${` and `}`. *out belongs to the evaluation's arena, and is NULL if
 * this is no expression. Errors: LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status piece_parse(struct evaluation *evaluation, const char *text,
                                          size_t size, struct piece **out);

#endif
