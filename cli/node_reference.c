#include "cli/node_reference.h"

#include <string.h>

#include "cli/exit_code.h"
#include "cli/look.h"
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

int node_describe(const struct session *session, const char *run, const char *node,
                  struct bamboo_value *out)
{
    struct bamboo_value path, shown;
    struct bamboo_error error;
    *out = bamboo_missing();
    int code = node_resolve(session, run, node, &path);
    if (code != EXIT_FINISHED) return code;
    if (bamboo_show(session->engine, run, &shown, &error) != BAMBOO_OK) {
        bamboo_value_release(path);
        return complain_error(&error);
    }
    struct bamboo_value nodes = map_at(shown, "nodes");
    for (size_t i = 0; i < bamboo_list_count(nodes) && out->type == BAMBOO_MISSING; i++)
        if (bamboo_value_equal(map_at(bamboo_list_at(nodes, i), "node"), path))
            *out = bamboo_value_retain(bamboo_list_at(nodes, i));
    bamboo_value_release(shown);
    bamboo_value_release(path);
    return EXIT_FINISHED;
}
