/* A node that was named on the command line. */
#ifndef CLI_NODE_REFERENCE_H
#define CLI_NODE_REFERENCE_H

#include "cli/session.h"

/* Does the run have a node with this path? NULL is accepted: all nodes are meant. Returns an exit
 * code, NOT_FOUND after a complaint with the nearest path. */
int node_check(const struct session *session, const char *run, const char *node);

/* Is `path` the node itself, or inside it? NULL holds everything. */
bool node_holds(const char *node, const char *path);

#endif
