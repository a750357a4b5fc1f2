/* The tree front end: any bytes, taken for JSON or YAML, give an artifact that verifies, or
 * diagnostics. */
#include <stdlib.h>

#include "base/memory.h"
#include "bytecode/program.h"
#include "compiler/compile.h"
#include "compiler/document.h"
#include "tests/fuzz/execute.h"
#include "tests/fuzz/fuzz.h"

/* The document alone: what is read has to have a value, unless that would be too large. */
static void read_alone(const char *bytes, size_t size)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct arena *arena = arena_create();
    struct document *document = NULL;
    struct bamboo_error error = {0};
    uint32_t source = diagnostics_add_source(diagnostics, "fuzz.json", bytes, size);
    if (document_read(diagnostics, source, arena, &document, &error) != BAMBOO_OK) abort();
    if (document->root == NULL && diagnostics_error_count(diagnostics) == 0)
        abort(); /* refused without a reason */
    struct bamboo_value value;
    if (document->root != NULL && document_value(document->root, &value, &error) == BAMBOO_OK)
        bamboo_value_release(value);
    arena_destroy(arena);
    diagnostics_destroy(diagnostics);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct compile_options options = {.components = stdlib_components(),
                                      .functions = stdlib_functions(),
                                      .tolerate_cycles = size % 2 == 0};
    struct bamboo_error error = {0};
    uint8_t *image = NULL;
    size_t image_size;
    read_alone((const char *)bytes, size);
    enum bamboo_status status = compile_flow("fuzz.json", (const char *)bytes, size, &options,
                                             diagnostics, &image, &image_size, &error);
    struct text text = {0};
    diagnostics_print(diagnostics, false, &text);
    text_release(&text);
    if (status == BAMBOO_OK) {
        /* What the compiler makes, the verifier accepts. */
        struct program *program = NULL;
        if (program_load(image, image_size, "fuzz.bbc", &program, &error) != BAMBOO_OK) abort();
        execute(program);
        program_release(program);
    } else if (status == BAMBOO_E_SOURCE && diagnostics_error_count(diagnostics) == 0) {
        abort(); /* refused without a reason */
    }
    memory_free(image);
    diagnostics_destroy(diagnostics);
    return 0;
}
