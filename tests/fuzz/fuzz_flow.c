/* The text front end: any bytes give an artifact that verifies and runs, or diagnostics. */
#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "bytecode/program.h"
#include "compiler/compile.h"
#include "tests/fuzz/execute.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct compile_options options = {
        .components = stdlib_components(), .functions = stdlib_functions(), .embed_sources = true};
    struct bamboo_error error = {0};
    uint8_t *image = NULL;
    size_t image_size;
    enum bamboo_status status = compile_flow("fuzz.bamboo", (const char *)bytes, size, &options,
                                             diagnostics, &image, &image_size, &error);
    struct text text = {0};
    diagnostics_print(diagnostics, false, &text);
    text_release(&text);
    if (status == BAMBOO_OK) {
        /* What the compiler makes, the verifier accepts. */
        struct program *program = NULL;
        status = program_load(image, image_size, "fuzz.bbc", &program, &error);
        if (status != BAMBOO_OK) abort();
        execute(program);
        program_release(program);
    } else if (status == BAMBOO_E_SOURCE && diagnostics_error_count(diagnostics) == 0) {
        abort(); /* refused without a reason */
    }
    memory_free(image);
    diagnostics_destroy(diagnostics);
    return 0;
}
