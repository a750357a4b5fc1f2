#include "cli/node_reference.h"

#include <stdlib.h>
#include <string.h>

#include "cli/exit_code.h"
#include "cli/look.h"
#include "cli/memory.h"

bool node_holds(const char *node, const char *path)
{
    size_t size = node ? strlen(node) : 0;
    if (!node) return true;
    return strncmp(node, path, size) == 0 && (path[size] == '\0' || path[size] == '/');
}

static int complain_unknown(struct bamboo_value nodes, const char *run, const char *node)
{
    const char **paths = NULL;
    size_t capacity = 0, count = bamboo_list_count(nodes);
    if (!grow((void **)&paths, &capacity, count + 1, sizeof *paths)) {
        complain("out of memory");
        return EXIT_INTERNAL;
    }
    for (size_t i = 0; i < count; i++)
        paths[i] = map_text(bamboo_list_at(nodes, i), "node");
    const char *nearest = bamboo_nearest_name(node, paths, count);
    complain("run %s has no node '%s'%s%s%s", run, node, nearest ? "; did you mean '" : "",
             nearest ? nearest : "", nearest ? "'?" : "");
    free(paths);
    return EXIT_NOT_FOUND;
}

int node_check(const struct session *session, const char *run, const char *node)
{
    struct bamboo_value shown;
    struct bamboo_error error;
    if (!node) return EXIT_FINISHED;
    if (bamboo_show(session->engine, run, &shown, &error) != BAMBOO_OK)
        return complain_error(&error);
    struct bamboo_value nodes = map_at(shown, "nodes");
    int code = EXIT_NOT_FOUND;
    for (size_t i = 0; i < bamboo_list_count(nodes) && code != EXIT_FINISHED; i++)
        if (strcmp(map_text(bamboo_list_at(nodes, i), "node"), node) == 0) code = EXIT_FINISHED;
    if (code != EXIT_FINISHED) code = complain_unknown(nodes, map_text(shown, "id"), node);
    bamboo_value_release(shown);
    return code;
}
