/* Which input of a component, or parameter of a pipeline, each argument of a call fills. */
#ifndef COMPILER_ARGUMENTS_H
#define COMPILER_ARGUMENTS_H

#include "compiler/graph.h"

/* What is called: one of the two. */
struct signature {
    const struct bamboo_component *component;
    const struct graph_pipeline *pipeline;
};

struct signature_input {
    const char *name;
    type_set type;
    bool required;
    bool is_shell;
    const char *default_json; /* of a component's input; NULL: none */
};

size_t signature_input_count(const struct signature *signature);
struct signature_input signature_input(const struct signature *signature, size_t index);

enum argument_place {
    ARGUMENT_INPUT,    /* fills input `input` */
    ARGUMENT_VARIADIC, /* is an element of the list input `input` */
    ARGUMENT_EXTRA,    /* fills an input that is not declared, which the component accepts */
    ARGUMENT_UNKNOWN,  /* names no input */
    ARGUMENT_SURPLUS   /* positional, and there are no more inputs */
};

struct argument_target {
    enum argument_place place;
    size_t input;
};

/* Where `argument` goes; *position counts the positional ones, from 0 before the first argument. */
struct argument_target argument_target(const struct signature *signature,
                                       const struct ast_argument *argument, size_t *position);

/* The value of a default of a component's input, as the input's type wants it; *out is the
 * caller's. Errors: INTERNAL (the component's descriptor is wrong), MEMORY. */
MUST_CHECK enum bamboo_status signature_default(const struct signature_input *input,
                                                struct bamboo_value *out,
                                                struct bamboo_error *error);

#endif
