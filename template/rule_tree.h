/* A parsed condition, and how it is parsed. */
#ifndef TEMPLATE_RULE_TREE_H
#define TEMPLATE_RULE_TREE_H

#include "template/object.h"
#include "template/scanner.h"

enum rule_operator {
#define OPERATOR(name, spelling) RULE_##name,
#include "template/rule_operators.def"
#undef OPERATOR
    RULE_OPERATOR_COUNT
};

enum rule_value_kind { RULE_LITERAL, RULE_PATH, RULE_LIST };

struct rule_value {
    enum rule_value_kind kind;
    struct object literal;    /* or the path as a text */
    struct rule_value *first; /* of a list */
    struct rule_value *next;  /* in a list */
};

enum rule_joint { RULE_FIRST, RULE_AND, RULE_OR };

/* A comparison, or a condition in parentheses. */
struct rule_item {
    enum rule_joint joint; /* to the one before */
    struct rule_item *nested;
    enum rule_operator sign;
    struct rule_value *left;
    struct rule_value *right;
    struct rule_item *next;
};

/* The state of a parse; shared by rule.l, rule.y and rule_parse.c only. */
struct rule_parser {
    struct scanner scanner;
    void *handle;                  /* flex's */
    struct evaluation *evaluation; /* its arena keeps the tree */
    struct rule_item *result;
    enum bamboo_status status;
};

/* Lists that grow at their end, as bison builds them. */
struct rule_items {
    struct rule_item *first, *last;
};
struct rule_values {
    struct rule_value *first, *last;
};

/* Parses a condition. *out belongs to the evaluation's arena. Errors: EVALUATION (one sentence,
 * with the place), LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status rule_parse_text(struct evaluation *evaluation, const char *text,
                                              size_t size, struct rule_item **out);

/* For rule.y: nodes. Failure is sticky: they set the parser's status and return NULL. */
struct rule_value *rule_integer(struct rule_parser *parser);
struct rule_value *rule_float(struct rule_parser *parser);
struct rule_value *rule_text(struct rule_parser *parser);
struct rule_value *rule_bool(struct rule_parser *parser);
struct rule_value *rule_path(struct rule_parser *parser);
struct rule_value *rule_list(struct rule_parser *parser, struct rule_values values);
struct rule_item *rule_comparison(struct rule_parser *parser, struct rule_value *left,
                                  enum rule_operator sign, struct rule_value *right);
struct rule_item *rule_nested(struct rule_parser *parser, struct rule_item *nested);

#endif
