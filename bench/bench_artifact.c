/* The size of an artifact beside the JSON of the tree that it was compiled from: as it is, stripped
 * of what it carries for diagnostics, and stripped and compressed. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/measure.h"

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

/* The bytes of the artifact's file. */
static double artifact_size(const struct bamboo_library *library, const char *tree,
                            const char *artifact, bool stripped, bool compressed)
{
    struct bamboo_flow *flow = NULL;
    struct bamboo_error error = {0};
    struct bamboo_report diagnostics = {.no_debug = stripped};
    must(bamboo_flow_read(library, tree, &diagnostics, &flow, &error), &error, tree);
    must(bamboo_flow_write(flow, artifact, compressed, &error), &error, artifact);
    bamboo_report_release(&diagnostics);
    bamboo_flow_release(flow);
    return (double)file_size(artifact);
}

static void measure(const struct bamboo_library *library, const char *what, const char *tree,
                    const char *artifact)
{
    static const char *const FORMS[] = {"with its source", "stripped", "stripped and compressed"};
    double json = (double)file_size(tree);
    char name[128];
    snprintf(name, sizeof name, "limit: %s as JSON", what);
    report(name, "-", "bytes", &json, 1);
    for (int form = 0; form < 3; form++) {
        double size = artifact_size(library, tree, artifact, form > 0, form > 1);
        snprintf(name, sizeof name, "artifact of %s, %s", what, FORMS[form]);
        report(name, "-", "bytes", &size, 1);
        report_ratio(name, "-", "the tree's JSON", AT_MOST(0.1), &size, &json, 1);
    }
}

/* --- A large tree --- */

/* An id as bamboo-engine makes them: a letter and 31 random hexadecimal digits. */
struct id {
    char text[33];
};

static struct id next_id(char kind, uint64_t *state)
{
    struct id id;
    id.text[0] = kind;
    for (int i = 1; i < 32; i++) {
        *state = *state * 6364136223846793005u + 1442695040888963407u;
        id.text[i] = "0123456789abcdef"[*state >> 60];
    }
    id.text[32] = '\0';
    return id;
}

/* One activity after the other, as bamboo-engine's builder and json.dumps() write it. */
static void write_chain(const char *path, int nodes)
{
    uint64_t state = 1;
    struct flow_text flows = {0};
    FILE *file = fopen(path, "w");
    if (!file) goto failed;
    struct id node = next_id('n', &state), flow = next_id('f', &state);
    fprintf(file,
            "{\"id\": \"%s\", \"start_event\": {\"incoming\": \"\", \"outgoing\": \"%s\", "
            "\"type\": \"EmptyStartEvent\", \"id\": \"%s\", \"name\": null}, "
            "\"activities\": {",
            next_id('p', &state).text, flow.text, node.text);
    for (int i = 0; i < nodes; i++) {
        struct id before = node, incoming = flow;
        node = next_id('n', &state);
        flow = next_id('f', &state);
        flow_append(&flows,
                    "\"%s\": {\"id\": \"%s\", \"source\": \"%s\", \"target\": \"%s\", "
                    "\"is_default\": false}, ",
                    incoming.text, incoming.text, before.text, node.text);
        fprintf(file,
                "%s\"%s\": {\"incoming\": [\"%s\"], \"outgoing\": \"%s\", "
                "\"type\": \"ServiceActivity\", \"id\": \"%s\", \"name\": \"step %d\", "
                "\"error_ignorable\": false, \"timeout\": null, \"skippable\": true, "
                "\"retryable\": true, \"component\": {\"code\": \"log\", \"inputs\": "
                "{\"message\": {\"type\": \"splice\", \"value\": \"${x} at %d\"}}}, "
                "\"optional\": false}",
                i ? ", " : "", node.text, incoming.text, flow.text, node.text, i, i);
    }
    struct id end = next_id('n', &state);
    fprintf(file,
            "}, \"end_event\": {\"incoming\": [\"%s\"], \"outgoing\": \"\", "
            "\"type\": \"EmptyEndEvent\", \"id\": \"%s\", \"name\": null}, "
            "\"gateways\": {}, \"flows\": {%s\"%s\": {\"id\": \"%s\", \"source\": \"%s\", "
            "\"target\": \"%s\", \"is_default\": false}}, \"data\": {\"inputs\": "
            "{\"${x}\": {\"type\": \"plain\", \"value\": \"v\"}}, \"outputs\": [], "
            "\"pre_render_keys\": []}}\n",
            flow.text, end.text, flows.bytes, flow.text, flow.text, node.text, end.text);
    free(flows.bytes);
    if (fclose(file) == 0) return;
failed:
    perror(path);
    exit(1);
}

int main(void)
{
    struct bamboo_library *library = NULL;
    struct bamboo_error error = {0};
    char tree[128], artifact[128];
    const char *folder = make_folder();
    snprintf(tree, sizeof tree, "%s/tree.json", folder);
    snprintf(artifact, sizeof artifact, "%s/tree.bbc", folder);
    must(bamboo_library_create(NULL, 0, &library, &error), &error, "library");
    write_chain(tree, 1000);
    measure(library, "a tree of 17 nodes", "tests/conformance/trees/normal.json", artifact);
    measure(library, "a tree of 1,000 nodes", tree, artifact);
    bamboo_library_destroy(library);
    remove_folder();
    return 0;
}
