/* Makes the nodes of the tree for the grammar. No function fails: when memory is out, the parser
 * stops and what is returned is never looked at. A list's elements are linked in order. */
#ifndef GRAMMAR_AST_BUILD_H
#define GRAMMAR_AST_BUILD_H

#include "grammar/ast.h"
#include "grammar/parser.h"

/* The list with an element more. */
#define LIST(name) \
    struct name##_list name##_list_append(const struct parser *parser, struct name##_list list, \
                                          struct ast_##name *element);
#include "grammar/ast_lists.def"
#undef LIST

/* --- Expressions --- */

struct ast_expression *ast_error(struct parser *parser, struct span span);
/* Takes `value`. */
struct ast_expression *ast_literal(struct parser *parser, struct span span,
                                   struct bamboo_value value);
struct ast_expression *ast_name_expression(struct parser *parser, struct span span);
/* A bare word as the key of a map. */
struct ast_expression *ast_key(struct parser *parser, struct span span);
struct ast_expression *ast_text(struct parser *parser, struct span span,
                                struct expression_list parts);
struct ast_expression *ast_list(struct parser *parser, struct span span,
                                struct expression_list elements);
struct ast_expression *ast_map(struct parser *parser, struct span span,
                               struct expression_list entries);
struct ast_expression *ast_unary(struct parser *parser, struct span span,
                                 enum ast_operator operator, struct span operator_span,
                                 struct ast_expression *operand);
/* Reports comparisons of comparisons. */
struct ast_expression *ast_binary(struct parser *parser, enum ast_operator operator,
                                  struct span operator_span, struct ast_expression *left,
                                  struct ast_expression *right);
struct ast_expression *ast_conditional(struct parser *parser, struct span span,
                                       struct ast_expression *then,
                                       struct ast_expression *condition,
                                       struct ast_expression *otherwise);
struct ast_expression *ast_comprehension(struct parser *parser, struct span span,
                                         struct ast_expression *element, struct span variable,
                                         struct ast_expression *iterable,
                                         struct ast_expression *condition);

/* Tails: what may stand behind an expression. They get their object from ast_attach(), which also
 * decides whether a call is one of a function or of a method. */
struct ast_expression *ast_field(struct parser *parser, struct span name, bool is_optional);
struct ast_expression *ast_index(struct parser *parser, struct ast_expression *index);
struct ast_expression *ast_slice(struct parser *parser, struct ast_expression *from,
                                 struct ast_expression *to, struct ast_expression *step);
struct ast_expression *ast_call(struct parser *parser, struct argument_list arguments);
struct ast_expression *ast_attach(struct parser *parser, struct span span,
                                  struct ast_expression *object, struct ast_expression *tail);

struct ast_argument *ast_argument(struct parser *parser, struct span span, struct span name,
                                  struct ast_expression *value);

/* Is it exactly `name(arguments)`, without parentheses around it? */
bool ast_is_plain_call(const struct ast_expression *expression);
/* The arguments of a CALL or METHOD, as they were written. */
struct ast_argument *ast_call_arguments(const struct ast_expression *call);

/* --- Statements and pipelines --- */

/* The head of `repeat`, and what follows its block. */
struct repeat_bound {
    int64_t count;
    struct span count_span;
    bool forever;
};
struct repeat_end {
    struct ast_expression *condition;
    bool is_while;
};

struct ast_statement *ast_statement(struct parser *parser, enum ast_statement_kind kind,
                                    struct span span, struct ast_name name);
/* Only a call, with its policies (or NULL). */
struct ast_statement *ast_call_statement(struct parser *parser, struct span span,
                                         struct ast_name name, struct ast_expression *call,
                                         const struct ast_policies *policies);
/* target = value: a call if the value is a plain call, else an assignment, which has no policies.
 */
struct ast_statement *ast_assignment(struct parser *parser, struct span span,
                                     const struct ast_expression *target,
                                     struct ast_expression *value,
                                     const struct ast_policies *policies);
/* Something that is no statement, such as a bare name. */
struct ast_statement *ast_not_a_statement(struct parser *parser, struct ast_expression *expression);
/* What could not be parsed; `target` is what should have been set, or NULL. */
struct ast_statement *ast_error_statement(struct parser *parser, struct span span,
                                          const struct ast_expression *target);
struct ast_statement *ast_gateway(struct parser *parser, enum ast_statement_kind kind,
                                  struct span span, struct ast_name name,
                                  struct branch_list branches);

struct ast_statement *ast_repeat(struct parser *parser, struct span span, struct ast_name name,
                                 struct repeat_bound bound, struct repeat_end end);

struct ast_block *ast_block(struct parser *parser, struct span span,
                            struct statement_list statements);
struct ast_branch *ast_branch(struct parser *parser, struct span span,
                              struct ast_expression *condition, struct ast_block *block);
/* A statement alone as a branch of `parallel`. */
struct ast_branch *ast_statement_branch(struct parser *parser, struct ast_statement *statement);

struct ast_parameter *ast_parameter(struct parser *parser, struct span span, struct span name,
                                    struct ast_name type, struct ast_expression *default_value);
struct ast_output *ast_output(struct parser *parser, struct span name);
struct ast_import *ast_import(struct parser *parser, struct span span, struct ast_name path);
struct ast_pipeline *ast_pipeline(struct parser *parser, struct span span, struct span name,
                                  struct ast_block *block);

/* Adds it to the file; `is_broken` as in struct ast_pipeline. */
void ast_add_pipeline(struct parser *parser, struct ast_pipeline *pipeline, bool is_broken);
/* Notes the edition of the file; reports one that is unknown or not first. */
void ast_set_edition(struct parser *parser, struct span span, struct span number);

/* No name. */
static inline struct ast_name ast_no_name(void)
{
    return (struct ast_name){0};
}

#endif
