/* What the tests of compiler/ share: a few components and functions, and compiling a text. */
#ifndef TESTS_UNIT_COMPILER_SUPPORT_H
#define TESTS_UNIT_COMPILER_SUPPORT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostics.h"
#include "base/memory.h"
#include "base/value.h"
#include "bytecode/program.h"
#include "compiler/compile.h"

/* cmocka has a macro of the name of our fail(). */
#include <cmocka.h>
#undef fail
#undef fail_msg
#define fail_msg(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

#include "tests/unit/rows.h"

static enum bamboo_outcome never_executed(struct bamboo_activity *activity)
{
    (void)activity;
    return BAMBOO_FAILURE;
}

static const struct bamboo_input SHELL_INPUTS[] = {
    {"command", "string", true, NULL, BAMBOO_SYNTAX_SHELL, "what to run"},
    {"cwd", "string", false, NULL, BAMBOO_SYNTAX_PLAIN, "where"},
    {"grace", "duration", false, "\"5s\"", BAMBOO_SYNTAX_PLAIN, "how long to wait"},
};
static const struct bamboo_output SHELL_OUTPUTS[] = {
    {"stdout", "string", "what it printed"},
    {"exit_code", "int", "how it ended"},
};
static const struct bamboo_component SHELL = {
    .abi_version = BAMBOO_COMPONENT_ABI,
    .code = "shell",
    .inputs = SHELL_INPUTS,
    .input_count = 3,
    .outputs = SHELL_OUTPUTS,
    .output_count = 2,
    .execute = never_executed,
};
static const struct bamboo_input EXEC_INPUTS[] = {
    {"words", "list", true, NULL, BAMBOO_SYNTAX_PLAIN, "the words"},
    {"cwd", "string", false, NULL, BAMBOO_SYNTAX_PLAIN, "where"},
};
static const struct bamboo_component EXEC = {
    .abi_version = BAMBOO_COMPONENT_ABI,
    .code = "exec",
    .inputs = EXEC_INPUTS,
    .input_count = 2,
    .variadic_input = "words",
    .outputs = SHELL_OUTPUTS,
    .output_count = 2,
    .execute = never_executed,
};
static const struct bamboo_input SLEEP_INPUTS[] = {
    {"duration", "duration", true, NULL, BAMBOO_SYNTAX_PLAIN, "how long"},
};
static const struct bamboo_component SLEEP = {
    .abi_version = BAMBOO_COMPONENT_ABI,
    .code = "sleep",
    .inputs = SLEEP_INPUTS,
    .input_count = 1,
    .execute = never_executed,
};
static const struct bamboo_component ANYTHING = {
    .abi_version = BAMBOO_COMPONENT_ABI,
    .code = "anything",
    .accepts_any_input = true,
    .any_output = true,
    .execute = never_executed,
};
static const struct bamboo_component *const COMPONENTS[] = {&SHELL, &EXEC, &SLEEP, &ANYTHING};
static const struct bamboo_component_set COMPONENT_SET = {COMPONENTS, 4};

static const struct function FUNCTIONS[] = {
    {"len", BAMBOO_MISSING, 1, 1, "int", "len(value)", "", NULL},
    {"str", BAMBOO_MISSING, 1, 1, "string", "str(value)", "", NULL},
    {"upper", BAMBOO_STRING, 0, 0, "string", "upper()", "", NULL},
    {"split", BAMBOO_STRING, 0, 2, "list", "split(separator?, max?)", "", NULL},
    {"get", BAMBOO_MAP, 1, 2, "any", "get(key, default?)", "", NULL},
};
static const struct function_set FUNCTION_SET = {FUNCTIONS, 5};

static inline struct compile_options options_of_tests(void)
{
    return (struct compile_options){.components = &COMPONENT_SET, .functions = &FUNCTION_SET};
}

/* What came of a compilation. */
struct compiled {
    enum bamboo_status status;
    struct bamboo_error error;
    struct text diagnostics; /* as printed */
    uint8_t *image;
    size_t size;
};

static inline struct compiled compile_with(const char *source,
                                           const struct compile_options *options)
{
    struct compiled compiled = {0};
    struct diagnostics *diagnostics = diagnostics_create();
    assert_non_null(diagnostics);
    compiled.status = compile_flow("test.bamboo", source, strlen(source), options, diagnostics,
                                   &compiled.image, &compiled.size, &compiled.error);
    diagnostics_print(diagnostics, false, &compiled.diagnostics);
    diagnostics_destroy(diagnostics);
    return compiled;
}

static inline struct compiled compile_text(const char *source)
{
    const struct compile_options options = options_of_tests();
    return compile_with(source, &options);
}

static inline void compiled_release(struct compiled *compiled)
{
    text_release(&compiled->diagnostics);
    memory_free(compiled->image);
}

/* Compiles what has to compile, and verifies it. */
static inline struct program *program_of(const char *source)
{
    struct compiled compiled = compile_text(source);
    struct program *program = NULL;
    if (compiled.status != BAMBOO_OK)
        fail_msg("%s\n%s", compiled.error.message, text_string(&compiled.diagnostics));
    if (program_load(compiled.image, compiled.size, "test", &program, &compiled.error) != BAMBOO_OK)
        fail_msg("%s", compiled.error.message);
    compiled_release(&compiled);
    return program;
}

#endif
