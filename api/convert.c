/* Flows in another form. */
#include <string.h>

#include "api/library.h"
#include "api/report.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/value.h"
#include "compiler/compile.h"

static const enum flow_form FORMS[] = {[BAMBOO_FORM_TEXT] = FLOW_AS_TEXT,
                                       [BAMBOO_FORM_YAML] = FLOW_AS_YAML,
                                       [BAMBOO_FORM_OTHER] = FLOW_AS_OTHER};

enum bamboo_status bamboo_convert(const struct bamboo_library *library, const char *name,
                                  const char *text, size_t size, enum bamboo_form form,
                                  struct bamboo_report *report, struct bamboo_value *out,
                                  struct bamboo_error *error)
{
    struct compile_options options = {.components = &library->components,
                                      .functions = &library->functions};
    if ((size_t)form >= sizeof FORMS / sizeof *FORMS)
        return fail(error, BAMBOO_E_USAGE, "this is no form of a flow that is known");
    struct text written = {0};
    struct diagnostics *diagnostics = diagnostics_create();
    if (!diagnostics) return fail_memory(error);
    enum bamboo_status status =
        convert_flow(name, text, size, FORMS[form], &options, diagnostics, &written, error);
    status = report_finish(report, diagnostics, status, error);
    if (status == BAMBOO_OK) status = value_from_text(&written, out, error);
    text_release(&written);
    diagnostics_destroy(diagnostics);
    return status;
}

enum bamboo_status bamboo_convert_file(const struct bamboo_library *library, const char *path,
                                       enum bamboo_form form, struct bamboo_report *report,
                                       struct bamboo_value *out, struct bamboo_error *error)
{
    char *bytes = NULL;
    size_t size = 0;
    enum bamboo_status status = file_read(path, SOURCE_SIZE_MAX, &bytes, &size, error);
    if (status != BAMBOO_OK) return status;
    const char *name = strcmp(path, "-") == 0 ? "<standard input>" : path;
    status = bamboo_convert(library, name, bytes, size, form, report, out, error);
    memory_free(bytes);
    return status;
}
