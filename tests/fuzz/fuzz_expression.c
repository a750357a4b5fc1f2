/* Expressions and templates: any text gives a value or an error, in bounded time and memory. */
#include <string.h>

#include "base/memory.h"
#include "compiler/compile.h"
#include "bytecode/program.h"
#include "stdlib/components.h"
#include "stdlib/functions.h"
#include "tests/fuzz/fuzz.h"
#include "vm/run/evaluate.h"

static const char CONTEXT[] =
    "{\"a\": 1, \"b\": \"text\", \"c\": [3, 1, 2], \"d\": {\"k\": \"v\", \"n\": {\"m\": [10]}},"
    " \"e\": \"\", \"f\": 2.5, \"t\": true, \"z\": null}";

static void evaluate(const uint8_t *image, size_t size, struct bamboo_value context)
{
    struct program *program = NULL;
    struct linked_program *linked = NULL;
    struct interpreter *interpreter = NULL;
    struct bamboo_value result = bamboo_missing();
    if (program_load(image, size, "fuzz", &program, NULL) != BAMBOO_OK)
        __builtin_trap(); /* what the compiler makes, the verifier accepts */
    if (link_program(program, stdlib_components(), stdlib_functions(), &linked, NULL) ==
            BAMBOO_OK &&
        interpreter_create(&interpreter, NULL) == BAMBOO_OK &&
        run_evaluate(interpreter, linked, context, &result, NULL) == BAMBOO_OK) {
        struct bamboo_value text = bamboo_missing();
        if (bamboo_json_print(result, 0, &text, NULL) == BAMBOO_OK) bamboo_value_release(text);
    }
    bamboo_value_release(result);
    interpreter_destroy(interpreter);
    linked_program_release(linked);
    program_release(program);
}

/* The first byte says whether it is an expression or a template. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0) return 0;
    struct bamboo_value context = bamboo_missing();
    if (bamboo_json_parse(CONTEXT, sizeof CONTEXT - 1, &context, NULL) != BAMBOO_OK) return 0;
    struct diagnostics *diagnostics = diagnostics_create();
    struct compile_options options = {.components = stdlib_components(),
                                      .functions = stdlib_functions()};
    uint8_t *image = NULL;
    size_t image_size;
    if (compile_expression((const char *)bytes + 1, size - 1, bytes[0] == 't', context, &options,
                           diagnostics, &image, &image_size, NULL) == BAMBOO_OK)
        evaluate(image, image_size, context);
    memory_free(image);
    diagnostics_destroy(diagnostics);
    bamboo_value_release(context);
    return 0;
}
