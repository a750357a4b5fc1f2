/* Inside generation: what its files share. */
#ifndef COMPILER_GENERATOR_H
#define COMPILER_GENERATOR_H

#include "bytecode/image_writer.h"
#include "compiler/arguments.h"
#include "compiler/graph.h"

/* A comprehension around the expression that is generated: its element lies in a local. */
struct generator_local {
    const char *name;
    uint32_t local;
    const struct generator_local *outer;
};

/* The default of a component's input: many nodes have the same. */
struct known_default {
    const char *json; /* of the component's table, so that its address says which */
    type_set type;
    struct bamboo_value value;
};
#define KNOWN_DEFAULT_COUNT 16

struct generator {
    const struct graph *graph;
    struct compilation *compilation;
    struct image_writer *writer;
    const struct graph_pipeline *pipeline;
    const struct generator_local *locals;
    uint32_t next_local;
    struct span place;          /* what the next instructions come from */
    uint32_t depth;             /* of the operand stack, behind the last instruction */
    struct name_table policies; /* their content as text -> row */
    struct known_default defaults[KNOWN_DEFAULT_COUNT]; /* by their address */
    enum bamboo_status status;                          /* the first failure; sticks */
    struct bamboo_error *error;
};

/* --- Instructions (generate_code.c) --- */

/* From here on, instructions come from `span`. */
void generate_place(struct generator *generator, struct span span);

/* Appends an instruction and follows the depth of the stack; returns its pc. */
uint32_t generate_emit(struct generator *generator, enum opcode opcode, uint32_t operand);

/* Appends a jump whose target is not known yet; returns its pc for generate_land(). */
uint32_t generate_jump(struct generator *generator, enum opcode opcode);
/* The jump at `pc` goes to the next instruction. */
void generate_land(struct generator *generator, uint32_t pc);

void generate_constant(struct generator *generator, struct bamboo_value value);
void generate_text(struct generator *generator, const char *text);
void generate_integer(struct generator *generator, int64_t integer);
void generate_null(struct generator *generator);

/* --- Expressions: each leaves one value on the stack --- */

void generate_expression(struct generator *generator, const struct ast_expression *expression);
/* Reading: names, fields, elements. With `is_tried`, missing is a result (generate_access.c). */
void generate_access(struct generator *generator, const struct ast_expression *expression,
                     bool is_tried);
/* Variable or outputs of a node, by symbol. */
void generate_read(struct generator *generator, const char *name, bool is_tried);
/* Lists, maps, texts, comprehensions (generate_compound.c). */
void generate_list(struct generator *generator, const struct ast_expression *elements);
void generate_map(struct generator *generator, const struct ast_expression *expression);
void generate_text_parts(struct generator *generator, const struct ast_expression *expression,
                         bool is_shell);
void generate_comprehension(struct generator *generator, const struct ast_expression *expression);
/* The value of a shell input. */
void generate_shell_command(struct generator *generator, const struct ast_expression *expression);

/* --- Nodes --- */

/* The arguments of a call as one map (generate_arguments.c). */
void generate_arguments(struct generator *generator, const struct graph_node *node);
void generate_forget_defaults(struct generator *generator);
/* The arguments without names as the elements of one list, for a component that takes any number of
 * them; NULL: there are none, or no memory. */
struct ast_expression *generate_variadic_elements(struct generator *generator,
                                                  const struct ast_argument *arguments);
/* The code of a node, from its ENTER on (generate_node.c). */
void generate_node(struct generator *generator, const struct graph_node *node);
/* Pipelines with a context (generate_context.c): a variable's value and component, the rows that
 * say which outputs go into which variables (returns how many), the inputs of a call as two maps
 * for RENDER_INPUTS, the variables that the start event renders, and the outputs of the end. */
void generate_context_variable(struct generator *generator, const struct graph_variable *variable,
                               struct image_variable *row);
uint32_t generate_copies(struct generator *generator);
void generate_context_inputs(struct generator *generator, const struct graph_node *node);
void generate_context_start(struct generator *generator);
void generate_context_outputs(struct generator *generator);
/* EXCLUSIVE "<name>_check" of a loop (generate_repeat.c). */
void generate_repeat_check(struct generator *generator, const struct graph_node *node);
/* The row of a node's policies, or IMAGE_NONE (generate_policy.c). */
uint32_t generate_policy(struct generator *generator, const struct graph_node *node);

/* Remembers a failure. */
void generate_fail(struct generator *generator, enum bamboo_status status);

#endif
