/* `bamboo eval`: an expression is compiled, verified and executed like the code of a flow. */
#include "vm/run/evaluate.h"

#include <string.h>

#include "api/library.h"
#include "api/report.h"
#include "base/memory.h"
#include "compiler/compile.h"

static enum bamboo_status evaluate_image(const struct bamboo_library *library, const void *image,
                                         size_t size, struct bamboo_value context,
                                         struct bamboo_value *out, struct bamboo_error *error)
{
    struct program *program = NULL;
    struct linked_program *linked = NULL;
    struct interpreter *machine = NULL;
    enum bamboo_status status = program_load(image, size, "<expression>", &program, error);
    if (status != BAMBOO_OK) goto done;
    status = link_program(program, &library->components, &library->functions, &linked, error);
    if (status != BAMBOO_OK) goto done;
    if ((status = interpreter_create(&machine, error)) != BAMBOO_OK) goto done;
    status = run_evaluate(machine, linked, context, out, error);
done:
    interpreter_destroy(machine);
    linked_program_release(linked);
    program_release(program);
    return status;
}

enum bamboo_status bamboo_evaluate(const struct bamboo_library *library, const char *text,
                                   bool is_template, struct bamboo_value context,
                                   struct bamboo_report *report, struct bamboo_value *out,
                                   struct bamboo_error *error)
{
    struct compile_options options = {.components = &library->components,
                                      .functions = &library->functions};
    uint8_t *image = NULL;
    size_t image_size = 0;
    struct diagnostics *diagnostics = diagnostics_create();
    if (!diagnostics) return fail_memory(error);
    enum bamboo_status status =
        compile_expression(text, strlen(text), is_template, context, &options, diagnostics, &image,
                           &image_size, error);
    if (status == BAMBOO_OK || status == BAMBOO_E_SOURCE) {
        enum bamboo_status filled = report_fill(report, diagnostics, error);
        if (filled != BAMBOO_OK) status = filled;
    }
    if (status == BAMBOO_OK)
        status = evaluate_image(library, image, image_size, context, out, error);
    memory_free(image);
    diagnostics_destroy(diagnostics);
    return status;
}
