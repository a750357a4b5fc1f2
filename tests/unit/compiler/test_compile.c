/* Compilations as a whole: imports, determinism, size, memory that runs out. */
#include "support.h"

#include <time.h>

/* --- Imports --- */

struct library {
    const char *path, *text;
};

static const struct library LIBRARY[] = {
    {"lib/a.bamboo", "import \"b.bamboo\"\nimport \"../lib/./b.bamboo\"\npipeline a() { b() }\n"},
    {"lib/b.bamboo", "import \"a.bamboo\"\npipeline b() { }\npipeline c() { a2() }\n"
                     "pipeline a2() { }\n"},
    {"lib/main.bamboo", "pipeline main() { }\n"},
    {"lib/wrong.bamboo", "pipeline wrong() { x = y }\n"},
};

static enum bamboo_status read_library(void *context, const char *path, char **bytes, size_t *size,
                                       struct bamboo_error *error)
{
    (void)context;
    for (size_t i = 0; i < sizeof LIBRARY / sizeof *LIBRARY; i++) {
        if (strcmp(LIBRARY[i].path, path) != 0) continue;
        *size = strlen(LIBRARY[i].text);
        *bytes = memory_copy_text(LIBRARY[i].text, *size);
        return *bytes != NULL ? BAMBOO_OK : BAMBOO_E_MEMORY;
    }
    error->status = BAMBOO_E_IO;
    strcpy(error->message, "no such file");
    return BAMBOO_E_IO;
}

static struct compiled compile_importing(const char *source)
{
    struct compile_options options = options_of_tests();
    options.read_import = read_library;
    return compile_with(source, &options);
}

struct import_case {
    const char *promise;
    const char *source;
    const char *told; /* a part of what is printed; NULL: nothing */
};

static const struct import_case IMPORTS[] = {
    {"imports are read once, circles included",
     "import \"lib/a.bamboo\"\nimport \"./lib/../lib/b.bamboo\"\npipeline p() { a()\nb() }", NULL},
    {"a file that is not there", "import \"lib/none.bamboo\"\npipeline p() { none() }",
     "no such file"},
    {"only the import is told then", "import \"lib/none.bamboo\"\npipeline p() { none() }",
     "1:8: error"},
    {"mistakes of an import are told at their place",
     "import \"lib/wrong.bamboo\"\npipeline p() { wrong() }", "lib/wrong.bamboo:1:24"},
    {"a name of two files", "import \"lib/main.bamboo\"\npipeline main() { }", "E0306"},
    {"an import that is not used", "import \"lib/main.bamboo\"\npipeline p() { }", "W0601"},
};

static void imports_work_as_promised(void **state)
{
    const struct import_case *expected = *state;
    struct compiled compiled = compile_importing(expected->source);
    const char *printed = text_string(&compiled.diagnostics);
    if (expected->told == NULL)
        assert_string_equal(printed, "");
    else if (strstr(printed, expected->told) == NULL)
        fail_msg("%s", printed);
    compiled_release(&compiled);
}

/* --- Determinism --- */

static const char LARGE[] =
    "pipeline p(a: bool, s: string = \"x\", l: list = [s, 1, 2.5, 3s, null]) -> x, b {\n"
    "  b = shell(\"make ${s} ${raw(s)} ${l}\") { timeout 3s\n retry 2 every 1s\n"
    "    on fail { shell(\"clean\") } }\n"
    "  parallel { c = shell(\"${s}\")\n { if a { x2 = 1 } else { x2 = 2 } } }\n"
    "  inclusive { when a { shell(\"${s}\") }\n default { } }\n"
    "  exclusive { when a { shell(\"${s}\") }\n when not a { } }\n"
    "  repeat up to 3 times every 2s { q(v: {k: [e.upper() for e in l if e], \"m\": s[1:]}) } "
    "until a\n"
    "  x = b?.stdout ?? (l[0] if a and s in l or not a else -x2)\n"
    "  pause \"p\"\n"
    "}\n"
    "pipeline q(v: map) { anything(z: v, y: v.k ?? 1) }\n";

static void the_same_source_gives_the_same_bytes(void **state)
{
    (void)state;
    struct compiled first = compile_text(LARGE);
    struct compiled second = compile_text(LARGE);
    if (first.status != BAMBOO_OK) fail_msg("%s", text_string(&first.diagnostics));
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.image, second.image, first.size);
    compiled_release(&first);
    compiled_release(&second);
}

static void without_debug_there_are_no_lines_and_the_same_code(void **state)
{
    (void)state;
    struct compile_options options = options_of_tests();
    struct program *with = program_of(LARGE);
    struct program *without = NULL;
    struct bamboo_error error = {0};
    options.no_debug = true;
    struct compiled compiled = compile_with(LARGE, &options);
    assert_int_equal(program_load(compiled.image, compiled.size, "test", &without, &error),
                     BAMBOO_OK);
    assert_int_equal(without->line_count, 0);
    assert_int_equal(without->source_count, 0);
    assert_true(with->line_count > 0);
    assert_int_equal(with->code_count, without->code_count);
    assert_memory_equal(with->code, without->code, with->code_count * sizeof *with->code);
    program_release(with);
    program_release(without);
    compiled_release(&compiled);
}

/* --- Size --- */

static double seconds_to_compile(const char *source, enum bamboo_status expected)
{
    struct timespec before, after;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    struct compiled compiled = compile_text(source);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    if (compiled.status != expected)
        fail_msg("%s\n%.2000s", compiled.error.message, text_string(&compiled.diagnostics));
    if (compiled.status == BAMBOO_OK) {
        struct program *program = NULL;
        if (program_load(compiled.image, compiled.size, "test", &program, &compiled.error))
            fail_msg("%s", compiled.error.message);
        program_release(program);
    }
    compiled_release(&compiled);
    return (double)(after.tv_sec - before.tv_sec) + 1e-9 * (double)(after.tv_nsec - before.tv_nsec);
}

/* Sanitizers slow things down; what is quadratic takes minutes. */
#define SECONDS_MAX 5.0

static void ten_thousand_statements_compile_at_once(void **state)
{
    (void)state;
    struct text source = {0};
    text_append_string(&source, "pipeline p(s: string) {\n");
    for (int i = 0; i < 5000; i++)
        text_append_format(&source, "n%d = shell(\"echo ${s} %d\")\nv%d = n%d.stdout\n", i, i, i,
                           i);
    text_append_string(&source, "}\n");
    assert_true(seconds_to_compile(text_string(&source), BAMBOO_OK) < SECONDS_MAX);
    text_release(&source);
}

static void five_thousand_branches_compile_at_once(void **state)
{
    (void)state;
    struct text source = {0};
    text_append_string(&source, "pipeline p() {\nparallel {\n");
    for (int i = 0; i < 5000; i++)
        text_append_format(&source, "{ shell(\"echo %d\")\n v%d = %d }\n", i, i, i);
    text_append_string(&source, "}\nx = v0 + v4999\n}\n");
    assert_true(seconds_to_compile(text_string(&source), BAMBOO_OK) < SECONDS_MAX);
    text_release(&source);
}

static void nested_blocks_compile_at_once(void **state)
{
    (void)state;
    struct text source = {0};
    text_append_string(&source, "pipeline p(a: bool) {\n");
    for (int i = 0; i < 190; i++)
        text_append_format(&source, "if a { v%d = 1\n", i);
    for (int i = 0; i < 190; i++)
        text_append_string(&source, "} else { end }\n");
    text_append_string(&source, "x = v0 + v189\n}\n");
    assert_true(seconds_to_compile(text_string(&source), BAMBOO_OK) < SECONDS_MAX);
    text_release(&source);
}

static void long_lists_and_texts_compile(void **state)
{
    (void)state;
    struct text source = {0};
    text_append_string(&source, "pipeline p(s: string) {\nx = [");
    for (int i = 0; i < 3000; i++)
        text_append_string(&source, "s, 1, ");
    text_append_string(&source, "]\ny = \"");
    for (int i = 0; i < 3000; i++)
        text_append_string(&source, "${s} ");
    text_append_string(&source, "\"\nexec(");
    for (int i = 0; i < 3000; i++)
        text_append_string(&source, "s, ");
    text_append_string(&source, "\"last\")\n}\n");
    assert_true(seconds_to_compile(text_string(&source), BAMBOO_OK) < SECONDS_MAX);
    text_release(&source);
}

static void too_many_conditions_are_told(void **state)
{
    (void)state;
    struct text source = {0};
    text_append_string(&source, "pipeline p(a: bool) {\nexclusive {\n");
    for (int i = 0; i < 1100; i++)
        text_append_string(&source, "when a { }\n");
    text_append_string(&source, "}\n}\n");
    (void)seconds_to_compile(text_string(&source), BAMBOO_E_SOURCE);
    text_release(&source);
}

static void calls_in_a_row_have_a_limit(void **state)
{
    (void)state;
    for (int count = 1001; count <= 1002; count++) {
        struct text source = {0};
        for (int i = 0; i < count - 1; i++)
            text_append_format(&source, "pipeline p%d() { p%d() }\n", i, i + 1);
        text_append_format(&source, "pipeline p%d() { }\n", count - 1);
        (void)seconds_to_compile(text_string(&source), count > 1001 ? BAMBOO_E_SOURCE : BAMBOO_OK);
        text_release(&source);
    }
}

/* --- Memory --- */

static size_t allocations_left = SIZE_MAX;

/* base/memory.c asks this in a debug build. */
bool memory_fault(void)
{
    if (allocations_left == SIZE_MAX) return false;
    if (allocations_left == 0) return true;
    allocations_left--;
    return false;
}

static void memory_that_runs_out_is_an_error(void **state)
{
    (void)state;
    enum bamboo_status status = BAMBOO_E_MEMORY;
    for (size_t count = 0; status == BAMBOO_E_MEMORY && count < 100000; count++) {
        const struct compile_options options = options_of_tests();
        struct bamboo_error error = {0};
        uint8_t *image = NULL;
        size_t size = 0;
        struct diagnostics *diagnostics = diagnostics_create();
        assert_non_null(diagnostics);
        allocations_left = count;
        status = compile_flow("test.bamboo", LARGE, strlen(LARGE), &options, diagnostics, &image,
                              &size, &error);
        allocations_left = SIZE_MAX;
        if (status != BAMBOO_OK) assert_int_equal(error.status, status);
        diagnostics_destroy(diagnostics);
        memory_free(image);
    }
    assert_int_equal(status, BAMBOO_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_source_gives_the_same_bytes),
        cmocka_unit_test(without_debug_there_are_no_lines_and_the_same_code),
        cmocka_unit_test(ten_thousand_statements_compile_at_once),
        cmocka_unit_test(five_thousand_branches_compile_at_once),
        cmocka_unit_test(nested_blocks_compile_at_once),
        cmocka_unit_test(long_lists_and_texts_compile),
        cmocka_unit_test(too_many_conditions_are_told),
        cmocka_unit_test(calls_in_a_row_have_a_limit),
        cmocka_unit_test(memory_that_runs_out_is_an_error),
    };
    int failed = RUN_ROWS(IMPORTS, imports_work_as_promised);
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
