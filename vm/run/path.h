/* Paths of nodes: "rollout/push" is the node `push` of the subprocess `rollout`. */
#ifndef VM_RUN_PATH_H
#define VM_RUN_PATH_H

#include "vm/run/state.h"

/* Finds a node by its path, or by a name or title that no other node has. Errors: NOT_FOUND, naming
 * the nearest, or that its subprocess was not entered yet; USAGE, if several nodes are called so.
 */
MUST_CHECK enum bamboo_status run_find_node(const struct run *run, const char *path,
                                            uint32_t *scope, uint32_t *node,
                                            struct bamboo_error *error);

/* The first subprocess on the way to a node whose scope is not there yet, since no token has
 * entered it; *rest is the path behind it. False if there is none, or no such way. */
bool run_find_closed(const struct run *run, const char *path, uint32_t *scope, uint32_t *node,
                     const char **rest);
/* Does a path lead from a pipeline to a node of it or of a subprocess in it? Its index, or
 * IMAGE_NONE. */
uint32_t program_find_path(const struct program *program, const struct image_pipeline *pipeline,
                           const char *path);

#endif
