/* The size of an artifact beside the JSON of the tree that it was compiled from, with and without
 * the source text that it carries for diagnostics. */
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

int main(void)
{
    struct bamboo_library *library = NULL;
    struct bamboo_flow *flow = NULL;
    struct bamboo_error error = {0};
    struct bamboo_report diagnostics = {0};
    size_t size;
    must(bamboo_library_create(NULL, 0, &library, &error), &error, "library");
    must(bamboo_flow_read(library, TREE, &diagnostics, &flow, &error), &error, TREE);
    bamboo_flow_image(flow, &size);
    double json = (double)file_size(TREE);
    double whole = (double)size;
    report("limit: a tree of 17 nodes as JSON", "-", "bytes", &json, 1);
    report("artifact of the tree, with its source", "-", "bytes", &whole, 1);
    report_ratio("artifact of the tree, with its source", "-", "the tree's JSON", AT_MOST(0.1),
                 &whole, &json, 1);
    double bare = whole - json; /* the source is in it as it is */
    report("artifact of the tree, without its source", "-", "bytes", &bare, 1);
    report_ratio("artifact of the tree, without its source", "-", "the tree's JSON", AT_MOST(0.1),
                 &bare, &json, 1);
    bamboo_report_release(&diagnostics);
    bamboo_flow_release(flow);
    bamboo_library_destroy(library);
    return 0;
}
