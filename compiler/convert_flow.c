/* A source in any form, written in another. */
#include "base/limits.h"
#include "compiler/compilation.h"
#include "compiler/compile.h"
#include "compiler/read_file.h"
#include "compiler/structure.h"
#include "compiler/yaml_write.h"
#include "grammar/write.h"

static enum bamboo_status write_as(const struct ast_file *file, enum flow_form form,
                                   const struct compile_options *options, struct text *out,
                                   struct bamboo_error *error)
{
    if (form == FLOW_AS_YAML) return yaml_write(file, options, out, error);
    write_flow(file, out);
    return out->failed ? fail_memory(error) : BAMBOO_OK;
}

/* What a tree does not say: its edition, and which of its graphs are made of blocks. */
static void complete(struct compilation *compilation, struct ast_file *file)
{
    if (file->edition == 0) file->edition = 1;
    if (!file->is_tree) return;
    for (struct ast_pipeline *pipeline = file->pipelines; pipeline; pipeline = pipeline->next) {
        structure_pipeline(compilation, pipeline);
        structure_arrows(pipeline);
    }
}

enum bamboo_status convert_flow(const char *name, const char *text, size_t size,
                                enum flow_form form, const struct compile_options *options,
                                struct diagnostics *diagnostics, struct text *out,
                                struct bamboo_error *error)
{
    struct compilation compilation;
    struct ast_file *file = NULL;
    if (size > SOURCE_SIZE_MAX)
        return fail(error, BAMBOO_E_LIMIT, "%s has %zu bytes; a source has at most %u", name, size,
                    SOURCE_SIZE_MAX);
    enum bamboo_status status = compilation_init(&compilation, options, diagnostics, error);
    if (status != BAMBOO_OK) return status;
    if (form == FLOW_AS_OTHER) form = is_document(text, size) ? FLOW_AS_TEXT : FLOW_AS_YAML;
    uint32_t source = diagnostics_add_source(diagnostics, name, text, size);
    if (diagnostics_failed(diagnostics))
        status = fail_memory(error);
    else
        status = read_flow_file(&compilation, source, &file, error);
    if (file) complete(&compilation, file);
    if (status == BAMBOO_OK) status = compilation_status(&compilation, name, error);
    if (status == BAMBOO_OK) status = write_as(file, form, options, out, error);
    compilation_release(&compilation);
    return status;
}
