/* Inside the checks: what their files share. */
#ifndef COMPILER_CHECKER_H
#define COMPILER_CHECKER_H

#include "compiler/graph.h"

/* A comprehension around the expression that is looked at. */
struct checker_local {
    const char *name;
    type_set type;
    const struct checker_local *outer;
};

struct checker {
    const struct graph *graph;
    struct compilation *compilation;
    struct diagnostics *diagnostics;
    struct graph_pipeline *pipeline;
    const struct checker_local *locals;
    size_t local_depth;
};

/* Names and types of an expression, bottom up; returns its type. */
type_set check_expression(struct checker *checker, const struct ast_expression *expression);

/* What reads something: x, x.y, x[i], x[a:b] (check_access.c). */
type_set check_access(struct checker *checker, const struct ast_expression *expression);

/* A function or method (check_function.c). */
type_set check_function(struct checker *checker, const struct ast_expression *expression);

/* A value for a shell input: texts in it quote what is spliced, but for raw(x). */
type_set check_shell_command(struct checker *checker, const struct ast_expression *expression);

/* A condition, which has to be a bool. */
void check_condition(struct checker *checker, const struct ast_expression *condition);

/* Reports that a value of type `is` stands where `wanted` is wanted: "<what> wants an int, this is
 * a string". Returns the diagnostic for help. */
struct diagnostic *report_type(struct checker *checker, struct span span, const char *what,
                               type_set wanted, type_set is);

/* The arguments of a call of a component or a pipeline (check_arguments.c). */
void check_arguments(struct checker *checker, const struct ast_statement *statement,
                     const struct callee *callee);

/* All statements of the pipeline: names, arguments and types (check_statements.c). */
void check_statements(struct checker *checker);

/* Set on every way, reachable, not set twice at the same time (check_assigned.c). */
void check_assigned(struct checker *checker);

/* A pipeline that is a graph: its nodes have the flows that they need, and what is forked meets
 * again; finds the converge of each fork (check_graph_form.c). */
void check_graph_form(struct checker *checker);

/* Warns about templates that stay as text and rules that always fail (check_templates.c). */
void check_templates(struct checker *checker);

/* No pipeline calls itself; every import is used (check_soundness.c). */
void check_soundness(struct checker *checker);

#endif
