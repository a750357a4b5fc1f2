/* The tree of a .bamboo file: what was written, with spans on everything. Nodes live in the
 * parser's arena and are not changed after parsing. What could not be parsed is an *_ERROR node,
 * about which no later pass says anything.
 *
 * Lists are linked by `next`, in order of the source. */
#ifndef GRAMMAR_AST_H
#define GRAMMAR_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "include/bamboo_value.h"

/* A name where it was written. bytes == NULL: none was written. */
struct ast_name {
    const char *bytes;
    struct span span;
};

enum ast_expression_kind {
#define EXPRESSION(name, meaning) EXPRESSION_##name,
#include "grammar/ast_expressions.def"
#undef EXPRESSION
    EXPRESSION_KIND_COUNT
};

enum ast_operator {
#define OPERATOR(name, text, opcode, operands) OPERATOR_##name,
#include "grammar/operators.def"
#undef OPERATOR
    OPERATOR_COUNT
};

struct ast_expression {
    enum ast_expression_kind kind;
    struct span span;            /* all of it */
    struct ast_expression *next; /* in a list of arguments, elements or parts */
    unsigned depth;              /* levels of expressions in it, from 1; at most SOURCE_DEPTH_MAX */
    union {
        struct bamboo_value literal; /* LITERAL; owned by the arena */
        struct ast_name name;        /* NAME */
        struct {                     /* TEXT: literals (strings) and expressions in turn */
            struct ast_expression *parts;
        } text;
        struct { /* FIELD: object.name, optional: object?.name */
            struct ast_expression *object;
            struct ast_name name;
            bool optional;
        } field;
        struct { /* INDEX: object[index] */
            struct ast_expression *object;
            struct ast_expression *index;
        } index;
        struct { /* SLICE: object[from:to:step]; NULL where left out */
            struct ast_expression *object;
            struct ast_expression *from, *to, *step;
        } slice;
        struct { /* CALL: name(arguments); METHOD: object.name(arguments) */
            struct ast_expression *object; /* NULL for CALL */
            struct ast_name name;
            struct ast_expression *arguments;
            size_t argument_count;
        } call;
        struct { /* UNARY, BINARY (also and, or, ??): right is NULL for UNARY */
            enum ast_operator operator;
            struct span operator_span;
            struct ast_expression *left, *right;
        } operation;
        struct { /* CONDITIONAL: then if condition else otherwise */
            struct ast_expression *condition, *then, *otherwise;
        } conditional;
        struct { /* LIST: [a, b] */
            struct ast_expression *elements;
            size_t count;
        } list;
        struct { /* MAP: {key: value}: keys and values in turn; a bare word as key is a LITERAL */
            struct ast_expression *entries;
            size_t count; /* pairs */
        } map;
        struct { /* COMPREHENSION: [element for variable in iterable if condition] */
            struct ast_expression *element;
            struct ast_name variable;
            struct ast_expression *iterable;
            struct ast_expression *condition; /* or NULL */
        } comprehension;
    } as;
};

/* argument: value, or value alone. */
struct ast_argument {
    struct ast_name name; /* bytes NULL: positional */
    struct ast_expression *value;
    struct span span;
    struct ast_argument *next;
};

struct ast_block {
    struct ast_statement *statements;
    struct span span; /* with its braces */
};

/* The policies that stand behind a call; spans are empty (size 0) where one is not given. */
struct ast_policies {
    struct span span; /* the whole { } or empty */
    struct span timeout_span;
    int64_t timeout_ms; /* 0: none */
    bool timeout_skips; /* then skip */
    struct span retry_span;
    int64_t retry_count; /* 0: none */
    int64_t retry_delay_ms, retry_delay_max_ms;
    bool retry_backoff;
    struct ast_name retry_pattern; /* on "pattern" */
    struct span on_fail_span;
    bool ignore_failure;       /* on fail ignore */
    struct ast_block *on_fail; /* on fail { }, or NULL */
    struct span once_span;
    bool once;
    struct span no_retry_span, no_skip_span;
    bool no_retry, no_skip;
};

/* `when condition { }` of inclusive and exclusive, an arm of `if`, a branch of `parallel`. */
struct ast_branch {
    struct ast_expression *condition; /* NULL: default, else, or a branch of parallel */
    struct ast_block *block;
    struct span span;
    struct ast_branch *next;
};

enum ast_statement_kind {
#define STATEMENT(name, meaning) STATEMENT_##name,
#include "grammar/ast_statements.def"
#undef STATEMENT
    STATEMENT_KIND_COUNT
};

struct ast_statement {
    enum ast_statement_kind kind;
    struct span span;
    struct ast_name name; /* what stands before '=' (of an ERROR too) or after the gateway's word;
                           * or none */
    struct ast_statement *next;
    union {
        struct { /* CALL: [name =] callee(arguments) { policies } */
            struct ast_name callee;
            struct ast_argument *arguments;
            struct ast_policies policies;
        } call;
        struct ast_expression
            *value; /* ASSIGN: name = value; PAUSE, FAIL, REVOKE: the text, or NULL */
        struct ast_branch *branches; /* PARALLEL, INCLUSIVE, EXCLUSIVE, IF */
        struct { /* REPEAT [name] [up to N times | forever] [every D] { } [until|while c] */
            int64_t count; /* 0: no `up to` */
            struct span count_span;
            bool forever;
            int64_t every_ms; /* 0: none */
            struct ast_block *block;
            struct ast_expression *condition; /* or NULL */
            bool is_while;
        } repeat;
    } as;
};

struct ast_parameter {
    struct ast_name name;
    struct ast_name type;                 /* bytes NULL: any */
    struct ast_expression *default_value; /* or NULL */
    struct span span;
    struct ast_parameter *next;
};

struct ast_output {
    struct ast_name name;
    struct ast_output *next;
};

struct ast_pipeline {
    struct ast_name name;
    struct ast_parameter *parameters;
    struct ast_output *outputs;
    struct ast_block *block;
    struct span span;
    bool is_broken; /* what stands between name and block could not be parsed and is left out */
    struct ast_pipeline *next;
};

struct ast_import {
    struct ast_name path; /* as written, escapes resolved */
    struct span span;
    struct ast_import *next;
};

struct ast_file {
    uint32_t source;
    int64_t edition; /* 0: not written */
    struct span edition_span;
    struct ast_import *imports;
    struct ast_pipeline *pipelines;
};

#endif
