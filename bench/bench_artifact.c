/* The size of an artifact beside the JSON of the tree that it was compiled from, as it is and
 * stripped of what it carries for diagnostics. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/measure.h"

static const char TREE[] = "tests/conformance/trees/normal.json";

static size_t file_size(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        exit(1);
    }
    long size = ftell(file);
    fclose(file);
    return (size_t)size;
}

/* The bytes of the tree's artifact. */
static double artifact_size(const struct bamboo_library *library, bool no_debug)
{
    struct bamboo_flow *flow = NULL;
    struct bamboo_error error = {0};
    struct bamboo_report diagnostics = {.no_debug = no_debug};
    size_t size;
    must(bamboo_flow_read(library, TREE, &diagnostics, &flow, &error), &error, TREE);
    bamboo_flow_image(flow, &size);
    bamboo_report_release(&diagnostics);
    bamboo_flow_release(flow);
    return (double)size;
}

int main(void)
{
    static const char *const NAMES[] = {"artifact of the tree, with its source",
                                        "artifact of the tree, stripped"};
    struct bamboo_library *library = NULL;
    struct bamboo_error error = {0};
    must(bamboo_library_create(NULL, 0, &library, &error), &error, "library");
    double json = (double)file_size(TREE);
    report("limit: a tree of 17 nodes as JSON", "-", "bytes", &json, 1);
    for (int stripped = 0; stripped < 2; stripped++) {
        double size = artifact_size(library, stripped);
        report(NAMES[stripped], "-", "bytes", &size, 1);
        report_ratio(NAMES[stripped], "-", "the tree's JSON", AT_MOST(0.1), &size, &json, 1);
    }
    bamboo_library_destroy(library);
    return 0;
}
