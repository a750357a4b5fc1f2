/* Flows in all forms: a text, its YAML, and the text of that compile to the same bytes (but for the
 * debug section, which has the sources). */
#include "support.h"

#include <glob.h>

#include "api/library.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "compiler/compile.h"

static enum bamboo_status read_import(void *context, const char *path, char **bytes, size_t *size,
                                      struct bamboo_error *error)
{
    (void)context;
    return file_read(path, SOURCE_SIZE_MAX, bytes, size, error);
}

struct image {
    uint8_t *bytes;
    size_t size;
};

/* The image of a source without its debug section; none if it does not compile. */
static struct image compile(const struct bamboo_library *library, const char *name,
                            const char *source, size_t size, bool must_compile)
{
    struct compile_options options = {.components = &library->components,
                                      .functions = &library->functions,
                                      .no_debug = true,
                                      .read_import = read_import};
    struct image image = {NULL, 0};
    struct bamboo_error error;
    struct diagnostics *diagnostics = diagnostics_create();
    enum bamboo_status status =
        compile_flow(name, source, size, &options, diagnostics, &image.bytes, &image.size, &error);
    if (status != BAMBOO_OK && must_compile) {
        struct text report = {0};
        diagnostics_print(diagnostics, false, &report);
        print_error("%s\n%s%.*s\n", error.message, text_string(&report), (int)size, source);
        text_release(&report);
        assert_true(false);
    }
    diagnostics_destroy(diagnostics);
    return image;
}

static struct bamboo_value convert(const struct bamboo_library *library, const char *name,
                                   const char *source, size_t size)
{
    struct bamboo_report report = {0};
    struct bamboo_error error;
    struct bamboo_value text;
    enum bamboo_status status =
        bamboo_convert(library, name, source, size, BAMBOO_FORM_OTHER, &report, &text, &error);
    if (status != BAMBOO_OK) print_error("%s: %s\n", name, error.message);
    assert_int_equal(status, BAMBOO_OK);
    bamboo_report_release(&report);
    return text;
}

/* Compiles the source as it is, as YAML, and as the text of that. False: it does not compile. */
static bool check_forms(const struct bamboo_library *library, const char *name, const char *source,
                        size_t size)
{
    struct image expected = compile(library, name, source, size, false);
    struct bamboo_value form = bamboo_missing();
    for (int i = 0; expected.bytes && i < 2; i++) {
        struct bamboo_value next = convert(library, name, source, size);
        bamboo_value_release(form);
        form = next;
        source = bamboo_string_bytes(form, &size);
        struct image image = compile(library, name, source, size, true);
        if (image.size != expected.size || memcmp(image.bytes, expected.bytes, image.size) != 0) {
            print_error("%s is not the same:\n%.*s\n", name, (int)size, source);
            assert_true(false);
        }
        memory_free(image.bytes);
    }
    bool compiles = expected.bytes != NULL;
    bamboo_value_release(form);
    memory_free(expected.bytes);
    return compiles;
}

/* Checks all files of the pattern; returns how many do not compile. */
static size_t check_files(const char *pattern)
{
    struct bamboo_library *library;
    struct bamboo_error error;
    glob_t files;
    size_t others = 0;
    assert_int_equal(bamboo_library_create(NULL, 0, &library, &error), BAMBOO_OK);
    assert_int_equal(glob(pattern, 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        char *bytes = NULL;
        size_t size = 0;
        assert_int_equal(file_read(files.gl_pathv[i], SOURCE_SIZE_MAX, &bytes, &size, &error),
                         BAMBOO_OK);
        if (!check_forms(library, files.gl_pathv[i], bytes, size)) others++;
        memory_free(bytes);
    }
    globfree(&files);
    bamboo_library_destroy(library);
    return others;
}

static void examples_compile_to_the_same_in_every_form(void **state)
{
    (void)state;
    assert_int_equal(check_files("examples/*.bamboo"), 1); /* one needs a plugin */
}

static void flows_of_the_language_tests_compile_to_the_same_in_every_form(void **state)
{
    (void)state;
    assert_int_equal(check_files("tests/language/right/*.bamboo"), 0);
}

static void an_unknown_form_is_refused(void **state)
{
    struct bamboo_library *library;
    struct bamboo_value written;
    (void)state;
    assert_int_equal(bamboo_library_create(NULL, 0, &library, NULL), BAMBOO_OK);
    assert_int_equal(bamboo_convert(library, "test", "pipeline p() {\n}\n", 17,
                                    (enum bamboo_form)(BAMBOO_FORM_OTHER + 1), NULL, &written,
                                    NULL),
                     BAMBOO_E_USAGE);
    bamboo_library_destroy(library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_compile_to_the_same_in_every_form),
        cmocka_unit_test(flows_of_the_language_tests_compile_to_the_same_in_every_form),
        cmocka_unit_test(an_unknown_form_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
