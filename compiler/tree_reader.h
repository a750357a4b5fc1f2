/* Inside the tree front end: what its files share. Out of memory is remembered in the compilation;
 * what could not be made is NULL and left out. */
#ifndef COMPILER_TREE_READER_H
#define COMPILER_TREE_READER_H

#include "compiler/compilation.h"
#include "compiler/document.h"
#include "grammar/ast.h"

/* One pipeline of the tree. */
struct tree_pipeline {
    const struct document_node *node;
    const struct document_node *start, *end, *activities, *gateways, *flows;
    const struct document_node *params; /* of the subprocess that it belongs to, or NULL */
    struct ast_pipeline *ast;
    struct ast_variable **variables_end;
    struct name_table variables; /* key -> index in `declared` */
    struct ast_variable **declared;
    size_t declared_count, declared_capacity;
    struct ast_statement **nodes_end;
    struct ast_arrow **arrows_end;
    unsigned char *flow_uses; /* by flow: enum flow_use */
};

enum flow_use { FLOW_LEAVES = 1, FLOW_ENTERS = 2 };

struct tree_reader {
    struct compilation *compilation;
    struct diagnostics *diagnostics;
    const struct document *document;
    struct ast_pipeline **pipelines_end; /* where the next one goes */
    struct name_table pipeline_names;
    struct tree_pipeline *pipeline;
};

/* --- Asking (tree_ask.c): each reports what is missing or of another type, and gives NULL --- */

#define DOCUMENT_KIND(kind) (1u << DOCUMENT_##kind)

/* The value under `key`, of one of the kinds. Absent or, with allows_null, null: NULL, silently
 * unless it is `required`. `map` may be NULL. */
const struct document_node *tree_get(struct tree_reader *reader, const struct document_node *map,
                                     const char *key, unsigned kinds, bool required);
/* A text that may become a name: no NUL, not too long, not empty. */
const struct document_node *tree_get_name(struct tree_reader *reader,
                                          const struct document_node *map, const char *key,
                                          bool required);
/* true or false; `otherwise` if it is absent or null. */
bool tree_get_bool(struct tree_reader *reader, const struct document_node *map, const char *key,
                   bool otherwise);
/* Is `node` of one of the kinds? If not, says so: "<what> has to be a map, this is a text". */
bool tree_is(struct tree_reader *reader, const struct document_node *node, unsigned kinds,
             const char *what);
/* Is it a text that may become a name? */
bool tree_is_name(struct tree_reader *reader, const struct document_node *node, const char *what);

/* Where a map's own mistakes are shown: its key, or its first character. */
struct span tree_place(const struct document_node *node);

/* A name as it stands in the tree. */
struct ast_name tree_name(const struct document_node *node);

/* A text of a tree for a message: long ones are cut. */
#define TREE_NAME_SHOWN "%.60s"

/* --- Values (tree_values.c) --- */

/* A value as an expression; with is_template, texts with ${ become templates. NULL without memory
 * or if it is nested too deeply, which is told. */
struct ast_expression *tree_value(struct tree_reader *reader, const struct document_node *node,
                                  bool is_template);
/* A text as an expression of `kind` (LITERAL, TEMPLATE, RULE). */
struct ast_expression *tree_text_expression(struct tree_reader *reader,
                                            enum ast_expression_kind kind, struct span span,
                                            const char *text, size_t size);

/* --- Data (tree_data.c) --- */

/* Reads `data` into the context and the outputs. */
void tree_read_data(struct tree_reader *reader);

/* Declares a plain variable without a value, unless there is one of this name. */
struct ast_variable *tree_declare(struct tree_reader *reader, struct ast_name name);

/* The inputs of a node as arguments; lazy ones become variables. `inputs` may be NULL. */
struct ast_argument *tree_read_inputs(struct tree_reader *reader, const char *node_id,
                                      const struct document_node *inputs);

/* --- Nodes (tree_nodes.c, tree_policies.c, tree_gateways.c, tree_flows.c) --- */

void tree_read_nodes(struct tree_reader *reader);
struct ast_statement *tree_add_node(struct tree_reader *reader, enum ast_statement_kind kind,
                                    const struct document_node *node, struct ast_name name);
void tree_read_policies(struct tree_reader *reader, const struct document_node *node,
                        struct ast_policies *policies);
/* The "name" of an activity or subprocess, which people know it by: a title. */
void tree_read_title(struct tree_reader *reader, const struct document_node *node,
                     struct ast_policies *policies);
void tree_read_gateways(struct tree_reader *reader);

typedef void (*tree_flow_visit)(struct tree_reader *reader, void *context,
                                const struct document_node *flow,
                                const struct document_node *target);
/* The flows that leave a node, each with its target: calls `visit` for each that is right. */
void tree_read_outgoing(struct tree_reader *reader, const struct document_node *node,
                        struct ast_name name, tree_flow_visit visit, void *context);
/* The same as arrows. */
void tree_read_arrows(struct tree_reader *reader, const struct document_node *node,
                      struct ast_name name);
/* Do the flows that the node says enter it do so? */
void tree_check_incoming(struct tree_reader *reader, const struct document_node *node,
                         struct ast_name name);
/* Does every flow stand at its source and its target? Asked when all nodes are read. */
void tree_check_flows(struct tree_reader *reader);

/* Reads the pipeline of a subprocess; returns its name, or none. */
struct ast_name tree_read_subprocess(struct tree_reader *reader, const struct document_node *node,
                                     const struct document_node *params);

#endif
