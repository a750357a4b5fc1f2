#include "cli/node_reference.h"

#include <string.h>

#include "cli/exit_code.h"
#include "cli/output.h"

bool node_holds(const char *node, const char *path)
{
    size_t size = node ? strlen(node) : 0;
    if (!node) return true;
    return strncmp(node, path, size) == 0 && (path[size] == '\0' || path[size] == '/');
}

int node_resolve(const struct session *session, const char *run, const char *node,
                 struct bamboo_value *path)
{
    struct bamboo_error error;
    *path = bamboo_missing();
    if (!node || bamboo_node_path(session->engine, run, node, path, &error) == BAMBOO_OK)
        return EXIT_FINISHED;
    return complain_error(&error);
}
