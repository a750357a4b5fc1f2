/* An expression alone: the same passes, without a graph of nodes. */
#include "compiler/check.h"
#include "compiler/compile.h"
#include "compiler/generate.h"
#include "grammar/parse.h"

/* Each key of the context is a variable. */
static void declare_context(struct compilation *compilation, struct graph_pipeline *pipeline,
                            struct bamboo_value context)
{
    if (context.type != BAMBOO_MAP) return;
    for (size_t i = 0; i < bamboo_map_count(context); i++) {
        const char *key = bamboo_string_bytes(bamboo_map_key_at(context, i), NULL);
        struct symbol *symbol =
            graph_add_symbol(compilation, pipeline, key, (struct span){0, 0, 0});
        if (symbol == NULL) return;
        symbol->variable = graph_add_variable(compilation, pipeline, key);
        if (symbol->variable == NULL) return;
        symbol->variable->type = type_of_value(bamboo_map_value_at(context, i));
    }
}

/* The contract has one parameter more than the linter likes. */
/* NOLINTNEXTLINE(readability-function-size) */
enum bamboo_status compile_expression(const char *text, size_t size, bool is_template,
                                      struct bamboo_value context,
                                      const struct compile_options *options,
                                      struct diagnostics *diagnostics, uint8_t **image,
                                      size_t *image_size, struct bamboo_error *error)
{
    static const char NAME[] = "<expression>";
    struct compilation compilation;
    enum bamboo_status status = compilation_init(&compilation, options, diagnostics, error);
    if (status != BAMBOO_OK) return status;

    struct graph graph = {.compilation = &compilation};
    struct ast_expression *expression = NULL;
    struct checked_graph *checked = NULL;
    struct graph_pipeline *pipeline = graph_add_pipeline(&graph, "expression");
    uint32_t source = diagnostics_add_source(diagnostics, NAME, text, size);
    if ((status = compilation_status(&compilation, NAME, error)) != BAMBOO_OK) goto done;
    declare_context(&compilation, pipeline, context);
    status = is_template
                 ? parse_template(diagnostics, source, compilation.arena, &expression, error)
                 : parse_expression(diagnostics, source, compilation.arena, &expression, error);
    if (status != BAMBOO_OK) goto done;
    checked = graph_check_expression(&graph, pipeline, expression);
    if ((status = compilation_status(&compilation, NAME, error)) != BAMBOO_OK) goto done;
    status = generate_single(checked, pipeline, expression, NAME, image, image_size, error);
done:
    compilation_release(&compilation);
    return status;
}
