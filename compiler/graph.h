/* The graph of a flow: pipelines with their nodes, flows and variables, as they will stand in the
 * image. Everything lives in the compilation's arena; names are unique within a pipeline.
 *
 * Expressions stay in the tree; a node refers to the statement that it was made from. Only a
 * struct checked_graph can be generated, and only graph_check() makes one. */
#ifndef COMPILER_GRAPH_H
#define COMPILER_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytecode/image_layout.h"
#include "compiler/compilation.h"
#include "compiler/types.h"
#include "grammar/ast.h"

struct graph_node;

struct graph_flow {
    const char *name; /* NULL: none */
    struct graph_node *source;
    struct graph_node *target;
    struct ast_expression *condition; /* NULL: none */
    struct graph_flow *next;          /* of the same source */
    struct graph_flow *next_loose;    /* while its target is not known */
    uint32_t index;                   /* absolute; given when it is generated */
};

struct graph_node {
    enum image_node_kind kind;
    const char *name;
    struct span span;                      /* what its first instructions come from */
    uint16_t flags;                        /* enum image_node_flags */
    const struct ast_statement *statement; /* NULL for start, end and joins */
    struct graph_flow *flows, *last_flow;
    uint32_t flow_count;
    struct graph_flow *other_flow; /* default, which may have a condition, or on failure; the last
                                      of `flows`; NULL: none */
    bool is_ordered;               /* EXCLUSIVE: the first way that holds is taken */
    struct graph_node *undo;       /* the attached node that takes this one back, or NULL */
    struct graph_timer *timers;    /* what happens while it is at work */
    struct graph_node *converge;   /* of a fork */
    const struct bamboo_component *component; /* of an activity, or of an END that calls one */
    struct graph_pipeline *callee;            /* of a subprocess */
    struct graph_variable *variable;          /* that it sets: of ASSIGN, and a loop's count */
    struct graph_variable *loop_into; /* that collects the rounds of `loop N into`, or NULL */
    struct graph_node *next;          /* of the same pipeline */
    uint32_t index;                   /* absolute; given when it is generated */
};

/* A timer of an activity: `action` is an attached node. */
struct graph_timer {
    const struct ast_timer *tree;
    struct graph_node *action;
    struct graph_timer *next;
};

/* An output of a node that goes into a variable of the context. */
struct graph_copy {
    struct graph_node *node;
    const char *key;
    struct graph_variable *variable;
    struct graph_copy *next; /* in the order in which they are declared */
};

struct graph_variable {
    const char *name;                         /* of a context: the full key */
    const struct ast_variable *declared;      /* of a context, else NULL */
    const struct bamboo_component *component; /* of a lazy one */
    uint32_t index;                           /* in its pipeline; parameters first */
    const struct ast_parameter *parameter;    /* NULL: not one */
    const char *type_name;                    /* as declared; "any" */
    type_set type;                            /* what is known of its values */
    uint32_t set_count;                       /* how many statements set it */
    struct graph_variable *next;
};

/* What a name means inside a pipeline. */
struct symbol {
    const char *name;
    struct span span;                /* where it is defined, or set first */
    uint32_t index;                  /* in its pipeline: symbols are counted as they are defined */
    bool is_attached;                /* names what a timer does: no flow leads there */
    bool broken;                     /* its definition is wrong: nothing more is said about it */
    struct graph_variable *variable; /* of a variable, else NULL */
    const struct ast_statement *statement; /* of a node that the author named */
    struct graph_node *node;               /* the same, once it is built */
};

struct graph_pipeline {
    const char *name;
    uint32_t index;
    const struct ast_pipeline *tree; /* NULL: an expression alone */
    struct symbol **symbols;
    size_t symbol_count, symbol_capacity;
    struct name_table names;         /* -> symbols */
    struct name_table flow_names;    /* those that the author gave */
    struct name_table counters;      /* base of derived names -> last number */
    struct graph_variable **context; /* of a pipeline with a context: what it declares */
    size_t context_count, context_capacity;
    struct name_table context_names; /* key -> index in `context` */
    struct graph_variable *variables, *last_variable;
    uint32_t variable_count, parameter_count;
    struct graph_copy *copies, *last_copy; /* of a pipeline with a context */
    struct graph_node *nodes, *last_node;
    uint32_t node_count, flow_count;
    struct graph_node *start, *end;
    bool damaged; /* a statement of it could not be parsed: names may be missing */
};

/* An import that was read; sources are those of the diagnostics. */
struct graph_import {
    const struct ast_import *import;
    uint32_t importer, imported;
};

struct graph {
    struct compilation *compilation;
    struct graph_pipeline **pipelines; /* the first is the root */
    size_t pipeline_count, pipeline_capacity;
    struct name_table names; /* -> pipelines */
    struct ast_file **files; /* the first is the main one */
    size_t file_count, file_capacity;
    struct graph_import *imports;
    size_t import_count, import_capacity;
};

/* A graph in which no check found a mistake. */
struct checked_graph;

/* Its content; lives as long as the compilation. */
const struct graph *checked_graph_content(const struct checked_graph *checked);

enum callee_kind { CALLEE_NONE, CALLEE_COMPONENT, CALLEE_PIPELINE, CALLEE_FUNCTION };

struct callee {
    enum callee_kind kind;
    const struct bamboo_component *component;
    struct graph_pipeline *pipeline;
    const struct function *function;
};

/* What a call of `name` means. */
struct callee graph_callee(const struct graph *graph, const char *name);

/* Adds things; NULL, remembered in the compilation, if there is no memory. */
struct graph_pipeline *graph_add_pipeline(struct graph *graph, const char *name);
struct graph_variable *graph_add_variable(struct compilation *compilation,
                                          struct graph_pipeline *pipeline, const char *name);
struct symbol *graph_add_symbol(struct compilation *compilation, struct graph_pipeline *pipeline,
                                const char *name, struct span span);
/* `name` NULL gives NULL: a name could not be made. */
struct graph_node *graph_add_node(struct compilation *compilation, struct graph_pipeline *pipeline,
                                  enum image_node_kind kind, const char *name, struct span span);
/* A flow without a target, the last of those that leave `source`. `source` NULL gives NULL. */
struct graph_flow *graph_add_flow(struct compilation *compilation, struct graph_pipeline *pipeline,
                                  struct graph_node *source);

/* The symbol of a name; NULL if there is none. */
struct symbol *graph_symbol(const struct graph_pipeline *pipeline, const char *name);

/* The variable of a context with this key; NULL if there is none. */
struct graph_variable *graph_context_variable(const struct graph_pipeline *pipeline,
                                              const char *key);
/* The key that a name means in a context: "${x}" for x, or the name itself if it is quoted. NULL,
 * remembered, if there is no memory. */
const char *graph_context_key(struct compilation *compilation, const struct ast_name *name);

/* A name that nothing else has: "<base>_1", "<base>_2"... or, unless `numbered`, "<base>" first. It
 * is taken by this call. */
const char *graph_derive_name(struct compilation *compilation, struct graph_pipeline *pipeline,
                              const char *base, bool numbered);

/* The last byte of a span: a block's closing brace. */
struct span span_last_byte(struct span span);

#endif
