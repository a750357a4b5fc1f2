/* The passes of a compilation, in order. */
#include "compiler/compile.h"

#include "compiler/check.h"
#include "compiler/generate.h"
#include "compiler/graph_build.h"
#include "compiler/read_sources.h"

/* The root is the first pipeline of the main file, so there has to be one. */
static void check_root(const struct graph *graph)
{
    struct diagnostics *diagnostics = graph->compilation->diagnostics;
    const struct ast_file *main_file = graph->files[0];
    if (main_file->pipelines != NULL || diagnostics_error_count(diagnostics) > 0) return;
    struct diagnostic *diagnostic =
        diagnostics_add(diagnostics, DIAGNOSTIC_NO_PIPELINE, (struct span){main_file->source, 0, 0},
                        "there is no pipeline in this file");
    diagnostic_help(diagnostics, diagnostic, "write: pipeline name { ... }");
}

enum bamboo_status compile_flow(const char *name, const char *text, size_t size,
                                const struct compile_options *options,
                                struct diagnostics *diagnostics, uint8_t **image,
                                size_t *image_size, struct bamboo_error *error)
{
    struct compilation compilation;
    enum bamboo_status status = compilation_init(&compilation, options, diagnostics, error);
    if (status != BAMBOO_OK) return status;

    struct graph graph = {.compilation = &compilation};
    struct checked_graph *checked = NULL;
    if ((status = read_sources(&graph, name, text, size, error)) != BAMBOO_OK) goto done;
    check_root(&graph);
    graph_build(&graph);
    checked = graph_check(&graph);
    if ((status = compilation_status(&compilation, name, error)) != BAMBOO_OK) goto done;
    status = generate_flow(checked, name, image, image_size, error);
done:
    compilation_release(&compilation);
    return status;
}
