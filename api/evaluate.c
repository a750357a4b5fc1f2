/* `bamboo eval`: an expression is compiled, verified and executed like the code of a flow; the
 * languages of bamboo-engine are evaluated as they stand. */
#include "vm/run/evaluate.h"

#include <string.h>

#include "api/library.h"
#include "api/report.h"
#include "base/memory.h"
#include "base/value.h"
#include "compiler/compile.h"
#include "template/rule.h"
#include "template/template.h"

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

/* An expression of flows, or a text with some in it. */
static enum bamboo_status evaluate_compiled(const struct bamboo_library *library, const char *text,
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
    status = report_finish(report, diagnostics, status, error);
    if (status == BAMBOO_OK)
        status = evaluate_image(library, image, image_size, context, out, error);
    memory_free(image);
    diagnostics_destroy(diagnostics);
    return status;
}

/* --- bamboo-engine's languages --- */

static bool find_in_context(void *context, const char *name, size_t size,
                            struct bamboo_value *value)
{
    const struct bamboo_value *map = context;
    *value = map->type == BAMBOO_MAP ? value_map_get(*map, name, size) : bamboo_missing();
    return value->type != BAMBOO_MISSING;
}

enum bamboo_status bamboo_render(const struct bamboo_library *library, struct bamboo_value value,
                                 struct bamboo_value context, struct bamboo_value *out,
                                 struct bamboo_error *error)
{
    struct template_cache *cache = NULL;
    const struct template_names names = {find_in_context, &context};
    enum bamboo_status status = template_cache_create(&library->functions, &cache, error);
    if (status == BAMBOO_OK) status = template_render(cache, value, &names, out, error);
    template_cache_destroy(cache);
    return status;
}

static enum bamboo_status render_text(const struct bamboo_library *library, const char *text,
                                      struct bamboo_value context, struct bamboo_value *out,
                                      struct bamboo_error *error)
{
    struct bamboo_value template = bamboo_missing();
    enum bamboo_status status = bamboo_string_create(text, strlen(text), &template, error);
    if (status == BAMBOO_OK) status = bamboo_render(library, template, context, out, error);
    bamboo_value_release(template);
    return status;
}

static enum bamboo_status test_rule(const struct bamboo_library *library, const char *text,
                                    bool is_rendered, struct bamboo_value context,
                                    struct bamboo_value *out, struct bamboo_error *error)
{
    struct template_cache *cache = NULL;
    const struct template_names names = {find_in_context, &context};
    bool result = false;
    enum bamboo_status status = template_cache_create(&library->functions, &cache, error);
    if (status != BAMBOO_OK) return status;
    status = is_rendered ? rule_evaluate(cache, text, strlen(text), &names, context, &result, error)
                         : rule_test(cache, text, strlen(text), context, &result, error);
    if (status == BAMBOO_OK) *out = bamboo_bool(result);
    template_cache_destroy(cache);
    return status;
}

enum bamboo_status bamboo_evaluate(const struct bamboo_library *library, const char *text,
                                   enum bamboo_language language, struct bamboo_value context,
                                   struct bamboo_report *report, struct bamboo_value *out,
                                   struct bamboo_error *error)
{
    switch (language) {
    case BAMBOO_EXPRESSION:
        return evaluate_compiled(library, text, false, context, report, out, error);
    case BAMBOO_INTERPOLATION:
        return evaluate_compiled(library, text, true, context, report, out, error);
    case BAMBOO_TEMPLATE: return render_text(library, text, context, out, error);
    case BAMBOO_RULE: return test_rule(library, text, false, context, out, error);
    case BAMBOO_RENDERED_RULE: return test_rule(library, text, true, context, out, error);
    }
    return fail(error, BAMBOO_E_USAGE, "this is no language that is known");
}
