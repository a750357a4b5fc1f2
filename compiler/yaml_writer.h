/* What the files that write flows as YAML share. */
#ifndef COMPILER_YAML_WRITER_H
#define COMPILER_YAML_WRITER_H

#include "compiler/compile.h"
#include "compiler/yaml_tree.h"
#include "grammar/ast.h"

struct yaml_writer {
    struct yaml_builder builder;
    const struct compile_options *options;
    const struct ast_file *file;
    bool has_context; /* the pipeline that is written has one */
};

/* --- Names --- */

struct yaml_node *yaml_write_name(struct yaml_writer *writer, const char *bytes);
/* null, if there is none */
struct yaml_node *yaml_write_optional_name(struct yaml_writer *writer, struct ast_name name);
/* "${x}" as x, any other key in backquotes; as it stands in a map, too. */
struct yaml_node *yaml_write_key(struct yaml_writer *writer, const char *key);
/* The same as the key of an entry; in the builder's arena, never NULL. */
const char *yaml_key_text(struct yaml_writer *writer, const char *key);
const char *yaml_name_text(struct yaml_writer *writer, const char *name, bool is_exact);

/* --- Values --- */

/* As an argument, or a variable's value; `is_shell`: where a shell command is wanted. */
struct yaml_node *yaml_write_value(struct yaml_writer *writer, const struct ast_expression *value,
                                   bool is_shell);
/* Of a context: texts stand as they are. */
struct yaml_node *yaml_write_constant(struct yaml_writer *writer,
                                      const struct ast_expression *value);
/* As a condition. */
struct yaml_node *yaml_write_expression(struct yaml_writer *writer,
                                        const struct ast_expression *expression);
struct yaml_node *yaml_write_integer(struct yaml_writer *writer, int64_t number);
struct yaml_node *yaml_write_duration(struct yaml_writer *writer, int64_t milliseconds);
struct yaml_node *yaml_write_string(struct yaml_writer *writer, const char *string);
/* ${expression}, from the text of an expression. */
struct yaml_node *yaml_write_splice(struct yaml_writer *writer, const struct text *expression);

/* --- Statements --- */

/* A list of statements. */
struct yaml_node *yaml_write_block(struct yaml_writer *writer, const struct ast_block *block);
/* use, args, with and policies, into `map`. */
void yaml_write_call(struct yaml_writer *writer, struct yaml_node *map,
                     const struct ast_statement *call);
void yaml_write_policies(struct yaml_writer *writer, struct yaml_node *map,
                         const struct ast_policies *policies);
struct yaml_node *yaml_write_graph(struct yaml_writer *writer, const struct ast_graph *graph);
struct yaml_node *yaml_write_context(struct yaml_writer *writer, const struct ast_context *context);

#endif
