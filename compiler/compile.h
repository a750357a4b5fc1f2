/* From sources to an artifact: parse, build the graph, check, generate. */
#ifndef COMPILER_COMPILE_H
#define COMPILER_COMPILE_H

#include "base/diagnostics.h"
#include "base/error.h"
#include "base/function.h"
#include "include/bamboo_component.h"

/* What a compilation knows of the outside. All borrowed for the call. */
struct compile_options {
    const struct bamboo_component_set *components;
    const struct function_set *functions;
    bool embed_sources;   /* keep the text of the sources in the debug section */
    bool tolerate_cycles; /* graphs may have cycles, as if they said so (bamboo-engine's
                           * cycle_tolerate) */
    bool no_debug;        /* leave the debug section out */
    /* Reads an imported file; `path` is already relative to the importing file. *bytes is to be
     * freed with memory_free. NULL: imports are an error. */
    enum bamboo_status (*read_import)(void *context, const char *path, char **bytes, size_t *size,
                                      struct bamboo_error *error);
    void *context;
};

/* Compiles `text` (named `name` in messages) to an image; *image is the caller's (memory_free).
 * What is wrong with the source goes to `diagnostics`, which the caller made and prints; then the
 * status is SOURCE and *image is untouched. Errors: SOURCE, MEMORY, LIMIT. */
MUST_CHECK enum bamboo_status compile_flow(const char *name, const char *text, size_t size,
                                           const struct compile_options *options,
                                           struct diagnostics *diagnostics, uint8_t **image,
                                           size_t *image_size, struct bamboo_error *error);

/* How a flow may be written; OTHER: YAML if it is text, else text. */
enum flow_form { FLOW_AS_TEXT, FLOW_AS_YAML, FLOW_AS_OTHER };

/* Reads `text`, in any form, and appends the same flow in another one. It is read like an import:
 * alone, and not checked further than its syntax goes. Mistakes as with compile_flow(). Errors:
 * SOURCE, MEMORY, LIMIT. */
MUST_CHECK enum bamboo_status convert_flow(const char *name, const char *text, size_t size,
                                           enum flow_form form,
                                           const struct compile_options *options,
                                           struct diagnostics *diagnostics, struct text *out,
                                           struct bamboo_error *error);

/* Compiles one expression (or, with is_template, a text with ${...}) over the variables that the
 * map `context` has, to an image of kind EXPRESSION: variable i of it is the i-th key of `context`.
 */
MUST_CHECK enum bamboo_status compile_expression(const char *text, size_t size, bool is_template,
                                                 struct bamboo_value context,
                                                 const struct compile_options *options,
                                                 struct diagnostics *diagnostics, uint8_t **image,
                                                 size_t *image_size, struct bamboo_error *error);

#endif
