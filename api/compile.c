/* Flows: from a source or an artifact to a program whose components are known. */
#include <string.h>

#include "api/library.h"
#include "api/report.h"
#include "base/duration.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/value.h"
#include "bytecode/disassemble.h"
#include "bytecode/image_compress.h"
#include "bytecode/start_node.h"
#include "compiler/compile.h"

/* --- Making a flow --- */

static enum bamboo_status read_import(void *context, const char *path, char **bytes, size_t *size,
                                      struct bamboo_error *error)
{
    (void)context;
    return file_read(path, SOURCE_SIZE_MAX, bytes, size, error);
}

/* Makes a flow of an image: verifies it and finds its components. */
static enum bamboo_status flow_load(const struct bamboo_library *library, const char *name,
                                    const void *image, size_t size, struct bamboo_flow **out,
                                    struct bamboo_error *error)
{
    struct program *program = NULL;
    struct linked_program *linked = NULL;
    struct bamboo_flow *flow = NULL;
    enum bamboo_status status = program_load(image, size, name, &program, error);
    if (status != BAMBOO_OK) goto done;
    if (program->kind != IMAGE_FLOW) {
        status = fail(error, BAMBOO_E_ARTIFACT, "%s: is an artifact, but not of a flow", name);
        goto done;
    }
    status = link_program(program, &library->components, &library->functions, &linked, error);
    if (status != BAMBOO_OK) goto done;
    const char *root = program_name(program, program->pipelines[0].name);
    flow = memory_allocate_zeroed(1, sizeof *flow);
    if (flow) flow->name = memory_copy_text(root, strlen(root));
    if (!flow || !flow->name) {
        status = fail_memory(error);
        goto done;
    }
    flow->linked = linked;
    linked = NULL;
    *out = flow;
    flow = NULL;
done:
    bamboo_flow_release(flow);
    linked_program_release(linked);
    program_release(program);
    return status;
}

enum bamboo_status bamboo_flow_compile(const struct bamboo_library *library, const char *name,
                                       const char *text, size_t size, struct bamboo_report *report,
                                       struct bamboo_flow **out, struct bamboo_error *error)
{
    struct compile_options options = {.components = &library->components,
                                      .functions = &library->functions,
                                      .embed_sources = true,
                                      .tolerate_cycles = report && report->tolerate_cycles,
                                      .no_debug = report && report->no_debug,
                                      .read_import = read_import};
    uint8_t *image = NULL;
    size_t image_size = 0;
    struct diagnostics *diagnostics = diagnostics_create();
    if (!diagnostics) return fail_memory(error);
    enum bamboo_status status =
        compile_flow(name, text, size, &options, diagnostics, &image, &image_size, error);
    status = report_finish(report, diagnostics, status, error);
    if (status == BAMBOO_OK) status = flow_load(library, name, image, image_size, out, error);
    memory_free(image);
    diagnostics_destroy(diagnostics);
    return status;
}

enum bamboo_status bamboo_flow_read(const struct bamboo_library *library, const char *path,
                                    struct bamboo_report *report, struct bamboo_flow **out,
                                    struct bamboo_error *error)
{
    char *bytes = NULL;
    size_t size = 0;
    enum bamboo_status status = file_read(path, IMAGE_SIZE_MAX, &bytes, &size, error);
    if (status != BAMBOO_OK) return status;
    const char *name = strcmp(path, "-") == 0 ? "<standard input>" : path;
    if (program_is_image(bytes, size) && report && report->no_debug)
        status = fail(error, BAMBOO_E_USAGE,
                      "%s: an artifact cannot be stripped: compile its source", name);
    else if (program_is_image(bytes, size))
        status = flow_load(library, name, bytes, size, out, error);
    else
        status = bamboo_flow_compile(library, name, bytes, size, report, out, error);
    memory_free(bytes);
    return status;
}

void bamboo_flow_release(struct bamboo_flow *flow)
{
    if (!flow) return;
    linked_program_release(flow->linked);
    memory_free(flow->name);
    memory_free(flow);
}

/* --- Looking at a flow --- */

const void *bamboo_flow_image(const struct bamboo_flow *flow, size_t *size)
{
    *size = flow->linked->program->image_size;
    return flow->linked->program->image;
}

enum bamboo_status bamboo_flow_write(const struct bamboo_flow *flow, const char *path,
                                     bool compressed, struct bamboo_error *error)
{
    const struct program *program = flow->linked->program;
    uint8_t *bytes = NULL;
    size_t size = 0;
    if (!compressed) return file_write(path, program->image, program->image_size, error);
    enum bamboo_status status =
        image_compress(program->image, program->image_size, &bytes, &size, error);
    if (status == BAMBOO_OK) status = file_write(path, bytes, size, error);
    memory_free(bytes);
    return status;
}

enum bamboo_status bamboo_flow_disassemble(const struct bamboo_flow *flow, struct bamboo_value *out,
                                           struct bamboo_error *error)
{
    struct text text = {0};
    disassemble_program(flow->linked->program, &text);
    enum bamboo_status status = value_from_text(&text, out, error);
    text_release(&text);
    return status;
}

static enum bamboo_status describe_parameters(const struct program *program,
                                              struct bamboo_value *out, struct bamboo_error *error)
{
    const struct image_pipeline *root = &program->pipelines[0];
    struct bamboo_list_builder list;
    bamboo_list_builder_init(&list);
    for (uint32_t i = 0; i < root->parameter_count; i++) {
        const struct image_variable *row = &program->variables[root->first_variable + i];
        struct bamboo_map_builder map;
        bamboo_map_builder_init(&map);
        bamboo_map_builder_set_text(&map, "name", program_name(program, row->name));
        bamboo_map_builder_set_text(&map, "type", program_name(program, row->type));
        bamboo_map_builder_set_take(&map, "required",
                                    bamboo_bool(row->flags & VARIABLE_FLAG_REQUIRED));
        struct bamboo_value parameter;
        enum bamboo_status status = bamboo_map_builder_finish(&map, &parameter, error);
        if (status != BAMBOO_OK) {
            bamboo_list_builder_release(&list);
            return status;
        }
        bamboo_list_builder_append_take(&list, parameter);
    }
    return bamboo_list_builder_finish(&list, out, error);
}

static enum bamboo_status describe_outputs(const struct program *program, struct bamboo_value *out,
                                           struct bamboo_error *error)
{
    const struct image_pipeline *root = &program->pipelines[0];
    struct bamboo_list_builder list;
    bamboo_list_builder_init(&list);
    for (uint32_t i = 0; i < root->output_count; i++) {
        uint32_t name = program->outputs[root->first_output + i].name;
        bamboo_list_builder_append_take(&list, bamboo_value_retain(program->constants[name]));
    }
    return bamboo_list_builder_finish(&list, out, error);
}

enum bamboo_status bamboo_flow_start_nodes(const struct bamboo_flow *flow, struct bamboo_value *out,
                                           struct bamboo_error *error)
{
    return start_node_list(flow->linked->program, out, error);
}

enum bamboo_status bamboo_flow_describe(const struct bamboo_flow *flow, struct bamboo_value *out,
                                        struct bamboo_error *error)
{
    const struct program *program = flow->linked->program;
    char digest[DIGEST_TEXT_SIZE];
    digest_print(program->digest, digest);
    struct bamboo_value parameters = bamboo_missing(), outputs = bamboo_missing();
    enum bamboo_status status = describe_parameters(program, &parameters, error);
    if (status == BAMBOO_OK) status = describe_outputs(program, &outputs, error);
    if (status != BAMBOO_OK) {
        bamboo_value_release(parameters);
        return status;
    }
    struct bamboo_map_builder map;
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_text(&map, "name", flow->name);
    bamboo_map_builder_set_text(&map, "digest", digest);
    bamboo_map_builder_set_take(&map, "parameters", parameters);
    bamboo_map_builder_set_take(&map, "outputs", outputs);
    bamboo_map_builder_set_integer(&map, "nodes", program->node_count);
    return bamboo_map_builder_finish(&map, out, error);
}
