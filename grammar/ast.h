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
    bool quoted; /* in backquotes: taken exactly (see struct ast_context) */
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
        struct bamboo_value literal; /* LITERAL; TEMPLATE, RULE: the text; owned by the arena */
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
    struct span loop_span;
    int64_t loop_count;        /* loop N; 0: none */
    struct ast_name loop_into; /* the variable (of a context: its key) that collects the rounds */
    bool loop_fail_skip;       /* a round that fails counts as done */
    bool loop_no_retry, loop_no_skip;
    struct ast_statement *undo; /* undo component(...): a CALL without policies, or NULL */
    struct ast_timer *timers;   /* at, after, every */
    struct ast_name title;      /* title "...": what people call the node */
};

enum ast_timer_kind { TIMER_AT, TIMER_AFTER, TIMER_EVERY };

/* `at 2026-12-01T10:00:00Z { }`, `after 10m { }`, `every 30s up to 5 times { }` beside an activity:
 * what happens while it runs. The block holds one call. */
struct ast_timer {
    enum ast_timer_kind kind;
    int64_t time_ms; /* AT: since 1970; else a duration */
    int64_t count;   /* EVERY: how often; 0: without a bound */
    struct ast_block *block;
    struct span span;
    struct ast_timer *next;
};

/* `when condition { }` of inclusive and exclusive, an arm of `if`, a branch of `parallel`. */
struct ast_branch {
    struct ast_expression *condition; /* NULL: default, else, or a branch of parallel */
    struct ast_name flow;             /* `as name`, or none */
    struct ast_block *block;
    struct span span;
    struct ast_branch *next;
};

/* A way of an exclusive or inclusive gateway of a graph: `target when condition as flow`. */
struct ast_way {
    struct ast_name target;
    struct ast_expression *condition; /* or NULL */
    bool is_default;                  /* may have a condition too, as trees do */
    struct ast_name flow;             /* or none */
    struct span span;
    struct ast_way *next;
};

/* `source -> target as flow`. */
struct ast_arrow {
    struct ast_name source, target; /* `start` and `end`, unquoted, are the events */
    struct ast_name flow;           /* or none */
    struct span span;
    struct ast_arrow *next;
};

/* graph { }: nodes are statements CALL, START, END and the GATEWAY kinds, each with its name. */
struct ast_graph {
    bool tolerates_cycles;
    struct ast_statement *nodes;
    struct ast_arrow *arrows;
    struct span span;
};

enum ast_statement_kind {
#define STATEMENT(name, meaning) STATEMENT_##name,
#include "grammar/ast_statements.def"
#undef STATEMENT
    STATEMENT_KIND_COUNT
};

enum ast_gateway_kind {
    GATEWAY_EXCLUSIVE, /* exactly one way may hold */
    GATEWAY_FIRST,     /* exclusive, the first that holds */
    GATEWAY_INCLUSIVE,
    GATEWAY_PARALLEL,
    GATEWAY_CONVERGE,
};

struct ast_statement {
    enum ast_statement_kind kind;
    struct span span;
    struct ast_name name; /* what stands before '=' (of an ERROR too) or after the gateway's word;
                           * or none */
    struct ast_name converge; /* `} converge name`: the converge of PARALLEL, INCLUSIVE, EXCLUSIVE
                               * and IF; or none */
    struct ast_statement *next;
    union {
        struct { /* CALL: [name =] callee(arguments) { policies }; END: its handler or no callee */
            struct ast_name callee;
            struct ast_argument *arguments;
            struct ast_policies policies;
        } call;
        struct ast_expression
            *value; /* ASSIGN: name = value; PAUSE, FAIL, REVOKE: the text, or NULL */
        struct ast_branch *branches; /* PARALLEL, INCLUSIVE, EXCLUSIVE, IF */
        struct {                     /* GATEWAY of a graph */
            enum ast_gateway_kind kind;
            struct ast_way *ways; /* of EXCLUSIVE, FIRST and INCLUSIVE */
        } gateway;
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

/* `w1.v`: an output of a node. */
struct ast_source {
    struct ast_name node, key;
    struct ast_source *next;
};

enum ast_variable_kind {
    VARIABLE_PLAIN,  /* a value */
    VARIABLE_SPLICE, /* rendered at each use */
    VARIABLE_LAZY,   /* rendered, then computed by a variable component at each use */
    VARIABLE_OUTPUT, /* what a node gave */
};

/* A variable of a context. Values are constant: literals, lists and maps of such and, for SPLICE
 * and LAZY, TEMPLATE. */
struct ast_variable {
    enum ast_variable_kind kind;
    struct ast_name name;         /* the full key, "${x}": written bare it gets its ${ } from the
                                   * parser, in backquotes (quoted) it stands as it is */
    struct ast_expression *value; /* of OUTPUT: the value before, or NULL */
    struct ast_name component;    /* LAZY: the variable component's code */
    struct ast_source *sources;   /* OUTPUT */
    bool is_parameter;            /* a subprocess' caller may give it */
    bool is_prerendered;          /* once, at the start event */
    struct span span;
    struct ast_variable *next;
};

/* context { }: the pipeline keeps its data as bamboo-engine does. */
struct ast_context {
    struct ast_variable *variables;
    struct span span;
};

struct ast_pipeline {
    struct ast_name name;
    struct ast_parameter *parameters; /* none with a context: its parameters are variables */
    struct ast_output *outputs;       /* with a context: full keys */
    struct ast_context *context;      /* or NULL */
    struct ast_graph *graph;          /* instead of block, or NULL */
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
    bool is_tree;    /* made from a tree of bamboo-engine */
    int64_t edition; /* 0: not written */
    struct span edition_span;
    struct ast_import *imports;
    struct ast_pipeline *pipelines;
};

#endif
