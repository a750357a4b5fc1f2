/* The state of one reading of a flow as YAML, shared by yaml_*.c only. Out of memory is sticky:
 * what allocations return then is scratch memory, so that only the end has to ask. */
#ifndef COMPILER_YAML_READER_H
#define COMPILER_YAML_READER_H

#include <stdalign.h>
#include <stddef.h>

#include "compiler/compile.h"
#include "compiler/document.h"
#include "compiler/types.h"
#include "grammar/ast.h"

#define YAML_SCRATCH_SIZE 1024

struct yaml_reader {
    const struct document *document;
    const struct compile_options *options;
    struct ast_file *file;
    struct name_table pipelines; /* of this file: name -> index in `heads` */
    struct ast_pipeline **heads;
    size_t head_count;
    bool has_context; /* the pipeline that is read has one */
    unsigned depth;   /* of blocks */
    bool out_of_memory;
    alignas(max_align_t) char scratch[YAML_SCRATCH_SIZE];
};

/* Zeroed memory of the arena; never NULL. */
void *yaml_allocate(struct yaml_reader *reader, size_t size);

/* --- Maps and scalars --- */

/* A mistake at `node`. */
__attribute__((format(printf, 4, 5))) struct diagnostic *yaml_report(
    struct yaml_reader *reader, enum diagnostic_code code, const struct document_node *node,
    const char *format, ...);

__attribute__((format(printf, 3, 4))) void yaml_help(struct yaml_reader *reader,
                                                     struct diagnostic *diagnostic,
                                                     const char *format, ...);

/* A key of a map and what is done with its value. */
struct yaml_key {
    const char *name;
    void (*read)(struct yaml_reader *reader, const struct document_node *value, void *into);
};

/* Reads the entries of a map, each with its key's function (NULL: somebody else reads it). A key
 * that is not among them is a mistake, and so is what is not a map. */
void yaml_read_map(struct yaml_reader *reader, const struct document_node *map, const char *what,
                   const struct yaml_key *keys, size_t key_count, void *into);

/* Is it a list? Otherwise it is reported: "the cases are a list". */
bool yaml_expect_list(struct yaml_reader *reader, const struct document_node *node,
                      const char *what);
bool yaml_expect_map(struct yaml_reader *reader, const struct document_node *node,
                     const char *what);
/* Is it a scalar, which has a text? */
bool yaml_expect_scalar(struct yaml_reader *reader, const struct document_node *node,
                        const char *what);
bool yaml_is_scalar(const struct document_node *node);

/* A name; with backquotes around it exactly what is between them. No name after a report. */
struct ast_name yaml_name(struct yaml_reader *reader, const struct document_node *node);
/* The same, where null stands for none. */
struct ast_name yaml_optional_name(struct yaml_reader *reader, const struct document_node *node);
/* The key of a variable of a context: x is "${x}". */
struct ast_name yaml_key_name(struct yaml_reader *reader, const struct document_node *node);
/* The text of a scalar, as a name: a path, a pattern. */
struct ast_name yaml_text(struct yaml_reader *reader, const struct document_node *node,
                          const char *what);
bool yaml_bool(struct yaml_reader *reader, const struct document_node *node);
/* How often, at least once. */
int64_t yaml_count(struct yaml_reader *reader, const struct document_node *node);
/* How long, in milliseconds, longer than zero. */
int64_t yaml_duration(struct yaml_reader *reader, const struct document_node *node);

/* --- Values --- */

/* What a place wants. */
struct yaml_place {
    type_set type;
    bool is_shell; /* a shell command: a text, whatever it consists of */
};

/* A value: lists and maps of values; texts with ${expression}. */
struct ast_expression *yaml_value(struct yaml_reader *reader, const struct document_node *node,
                                  struct yaml_place place);
/* The same without a type. */
struct ast_expression *yaml_any_value(struct yaml_reader *reader, const struct document_node *node);
/* A value of a context, constant: texts are not looked into, or, where they are templates, become
 * TEMPLATE if there is something to render. */
struct ast_expression *yaml_constant(struct yaml_reader *reader, const struct document_node *node,
                                     bool has_templates);
/* A scalar that is an expression: a condition. */
struct ast_expression *yaml_expression(struct yaml_reader *reader,
                                       const struct document_node *node);
struct ast_expression *yaml_error(struct yaml_reader *reader, const struct document_node *node);

/* Parses a scalar's text (parse_expression, or parse_template), with spans and diagnostics in the
 * document. ERROR after a report. */
struct ast_expression *yaml_parse(struct yaml_reader *reader, const struct document_node *node,
                                  bool is_template);

/* Where each byte of a scalar's text stands in the source: offsets[i], and its end at the end.
 * NULL: no memory. To be freed with memory_free(). */
uint32_t *yaml_text_places(const struct document *document, const struct document_node *node);

/* --- Statements --- */

struct ast_block *yaml_block(struct yaml_reader *reader, const struct document_node *list);
/* A statement of a block or a node of a graph. NULL after a report. */
struct ast_statement *yaml_statement(struct yaml_reader *reader, const struct document_node *node);
struct ast_statement *yaml_new_statement(struct yaml_reader *reader,
                                         const struct document_node *node,
                                         enum ast_statement_kind kind);
/* {use: component, args: [...], with: {...}, policies...} */
void yaml_call(struct yaml_reader *reader, const struct document_node *map,
               struct ast_statement *call);
/* Is it the map of a call? */
bool yaml_is_call(const struct document *document, const struct document_node *node);

struct ast_graph *yaml_graph(struct yaml_reader *reader, const struct document_node *node);
struct ast_context *yaml_context(struct yaml_reader *reader, const struct document_node *node);

/* The value of a call's `timers`; `into` is the struct ast_statement. */
void yaml_read_timers(struct yaml_reader *reader, const struct document_node *list, void *into);

#endif
