/* Flows as YAML, and their other forms: what compiles can be written as text and as YAML, and these
 * compile to the same (but a tree may become blocks, whose nodes stand in another order). */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "compiler/compile.h"
#include "stdlib/components.h"
#include "stdlib/functions.h"
#include "tests/fuzz/fuzz.h"

struct image {
    uint8_t *bytes;
    size_t size;
};

static struct compile_options options(void)
{
    return (struct compile_options){
        .components = stdlib_components(), .functions = stdlib_functions(), .no_debug = true};
}

static enum bamboo_status compile(const char *text, size_t size, struct image *image)
{
    struct compile_options given = options();
    struct bamboo_error error = {0};
    struct text report = {0};
    struct diagnostics *diagnostics = diagnostics_create();
    enum bamboo_status status =
        compile_flow("fuzz", text, size, &given, diagnostics, &image->bytes, &image->size, &error);
    diagnostics_print(diagnostics, false, &report);
    if (status == BAMBOO_E_SOURCE && diagnostics_error_count(diagnostics) == 0)
        abort(); /* refused without a reason */
    text_release(&report);
    diagnostics_destroy(diagnostics);
    return status;
}

static struct text convert(const char *text, size_t size, enum flow_form form)
{
    struct compile_options given = options();
    struct bamboo_error error = {0};
    struct text out = {0};
    struct diagnostics *diagnostics = diagnostics_create();
    enum bamboo_status status =
        convert_flow("fuzz", text, size, form, &given, diagnostics, &out, &error);
    if (status != BAMBOO_OK) abort(); /* what compiles can be written */
    diagnostics_destroy(diagnostics);
    return out;
}

static bool is_tree(const char *text, size_t size)
{
    static const char KEY[] = "start_event";
    for (size_t i = 0; i + sizeof KEY <= size + 1; i++)
        if (memcmp(text + i, KEY, sizeof KEY - 1) == 0) return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes;
    struct image expected = {NULL, 0};
    enum bamboo_status status = compile(text, size, &expected);
    for (enum flow_form form = FLOW_AS_TEXT; status == BAMBOO_OK && form <= FLOW_AS_YAML; form++) {
        struct image image = {NULL, 0};
        struct text written = convert(text, size, form);
        if (compile(written.bytes, written.size, &image) != BAMBOO_OK) abort();
        bool is_same =
            image.size == expected.size && memcmp(image.bytes, expected.bytes, image.size) == 0;
        if (!is_same && !is_tree(text, size)) abort();
        memory_free(image.bytes);
        text_release(&written);
    }
    memory_free(expected.bytes);
    return 0;
}
