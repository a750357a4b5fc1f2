/* The nearest name of each family, for "did you mean 'command'?". NULL: none is near. */
#ifndef COMPILER_SUGGEST_H
#define COMPILER_SUGGEST_H

#include "compiler/graph.h"

/* A component or pipeline. */
const char *suggest_callee(const struct graph *graph, const char *name);
/* A function that is no method. */
const char *suggest_function(const struct compilation *compilation, const char *name);
/* A method of any of the types. */
const char *suggest_method(const struct compilation *compilation, const char *name, type_set type);
/* A variable or named node of the pipeline. */
const char *suggest_symbol(const struct graph_pipeline *pipeline, const char *name);
const char *suggest_input(const struct bamboo_component *component, const char *name);
const char *suggest_output(const struct bamboo_component *component, const char *name);
/* A parameter or an output of a pipeline. */
const char *suggest_parameter(const struct graph_pipeline *pipeline, const char *name);
const char *suggest_pipeline_output(const struct graph_pipeline *pipeline, const char *name);
const char *suggest_type(const char *name);
/* A component of kind variable. */
const char *suggest_variable_component(const struct compilation *compilation, const char *name);

/* All of them, for where none is near: "command, cwd, env". NULL: there are none, or no memory. */
const char *suggest_all_inputs(struct compilation *compilation,
                               const struct bamboo_component *component);
const char *suggest_all_outputs(struct compilation *compilation,
                                const struct bamboo_component *component);
const char *suggest_all_parameters(struct compilation *compilation,
                                   const struct graph_pipeline *pipeline);

#endif
