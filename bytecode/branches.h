/* The branches of forks. A branch is named by the flow that begins it. */
#ifndef BYTECODE_BRANCHES_H
#define BYTECODE_BRANCHES_H

#include "bytecode/program.h"

#define BRANCH_NONE IMAGE_NONE

/* The innermost branch that each node of a pipeline lies in, by node - first_node; BRANCH_NONE: in
 * none. A fork and its converge lie where the fork does. *out is the caller's (memory_free).
 * Errors: MEMORY. */
MUST_CHECK enum bamboo_status branches_find(const struct program *program,
                                            const struct image_pipeline *pipeline, uint32_t **out,
                                            struct bamboo_error *error);

/* Is `branch` the branch `outer`, or one inside it? `branches` are those of the pipeline. */
bool branch_is_within(const struct program *program, const struct image_pipeline *pipeline,
                      const uint32_t *branches, uint32_t branch, uint32_t outer);

#endif
