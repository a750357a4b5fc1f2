/* A node that was named on the command line. */
#ifndef CLI_NODE_REFERENCE_H
#define CLI_NODE_REFERENCE_H

#include "cli/session.h"

/* The path of the node that is meant, a string that is the caller's; missing for NULL, which means
 * all nodes. Returns an exit code, after a complaint that names the nearest. */
int node_resolve(const struct session *session, const char *run, const char *node,
                 struct bamboo_value *path);

/* What bamboo_show() says of that node, a map that is the caller's. Returns an exit code, as above.
 */
int node_describe(const struct session *session, const char *run, const char *node,
                  struct bamboo_value *out);

/* Is `path` the node itself, or inside it? NULL holds everything. */
bool node_holds(const char *node, const char *path);

#endif
