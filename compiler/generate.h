/* From a checked graph to an image. The same graph gives the same bytes. */
#ifndef COMPILER_GENERATE_H
#define COMPILER_GENERATE_H

#include "compiler/graph.h"

/* Writes the image of a flow; *image is the caller's (memory_free). What is beyond the limits of an
 * image goes to the diagnostics. `name` is for the error. Errors: SOURCE, MEMORY, LIMIT. */
MUST_CHECK enum bamboo_status generate_flow(const struct checked_graph *checked, const char *name,
                                            uint8_t **image, size_t *size,
                                            struct bamboo_error *error);

/* The same for an expression over the variables of `pipeline`. */
MUST_CHECK enum bamboo_status generate_single(const struct checked_graph *checked,
                                              const struct graph_pipeline *pipeline,
                                              const struct ast_expression *expression,
                                              const char *name, uint8_t **image, size_t *size,
                                              struct bamboo_error *error);

#endif
