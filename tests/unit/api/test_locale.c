/* Numbers in a program whose locale writes 1,5: flows, documents and JSON know the point only. */
#include "support.h"

#include <locale.h>

/* No locale with a comma need be installed: one is made, of which only this category counts. */
static const char comma_source[] =
    "LC_NUMERIC\ndecimal_point \",\"\nthousands_sep \".\"\ngrouping 3;3\nEND LC_NUMERIC\n";

static char folder[] = "/tmp/bamboo-locale-XXXXXX";

static int take_comma(void **state)
{
    char command[200];
    (void)state;
    if (!mkdtemp(folder) || chdir(folder) != 0) return -1;
    FILE *file = fopen("source", "w");
    if (!file || fputs(comma_source, file) < 0 || fclose(file) != 0) return -1;
    snprintf(command, sizeof command, "localedef -c -i source ./comma >warnings 2>&1");
    int warned = system(command); /* with a status, since other categories are missing */
    if (warned < 0 || setenv("LOCPATH", folder, 1) != 0) return -1;
    bool is_set = setlocale(LC_NUMERIC, "comma");
    unsetenv("LOCPATH");
    return is_set ? 0 : -1;
}

static int leave_comma(void **state)
{
    char command[200];
    (void)state;
    setlocale(LC_NUMERIC, "C");
    snprintf(command, sizeof command, "rm -r %s", folder);
    return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static void assert_prints(struct bamboo_value value, const char *expected)
{
    struct bamboo_value text;
    struct bamboo_error error;
    must(bamboo_json_print(value, 0, &text, &error));
    assert_string_equal(bamboo_string_bytes(text, NULL), expected);
    bamboo_value_release(text);
}

static void the_locale_of_the_program_has_a_comma(void **state)
{
    char text[20];
    (void)state;
    snprintf(text, sizeof text, "%.1f", 1.5);
    assert_string_equal(text, "1,5");
}

static void json_is_read_and_written_with_a_point(void **state)
{
    struct bamboo_value value;
    struct bamboo_error error;
    (void)state;
    must(bamboo_json_parse("[1.5,-2.25e-3,1e+300]", 21, &value, &error));
    assert_prints(value, "[1.5, -0.00225, 1e+300]");
    bamboo_value_release(value);
    assert_int_not_equal(bamboo_json_parse("1.5e400", 7, &value, &error), BAMBOO_OK);
}

static const struct {
    const char *text;
    enum bamboo_language language;
    const char *expected;
} EVALUATIONS[] = {
    {"1.5 + 1", BAMBOO_EXPRESSION, "2.5"},
    {"float(\"1.5\")", BAMBOO_EXPRESSION, "1.5"},
    {"round(1.256, 2)", BAMBOO_EXPRESSION, "1.26"},
    {"\"%.2f %e %g\" % [1.5, 1.5, 1.5]", BAMBOO_EXPRESSION, "\"1.50 1.500000e+00 1.5\""},
    {"n: ${1.5}", BAMBOO_INTERPOLATION, "\"n: 1.5\""},
    {"${float('1.5') + 0.25}", BAMBOO_TEMPLATE, "\"1.75\""},
    {"${'%.2f %e' % (1.5, 1.5)}", BAMBOO_TEMPLATE, "\"1.50 1.500000e+00\""},
    {"${round(1.256, 2)}", BAMBOO_TEMPLATE, "\"1.26\""},
    {"1.5 > 1.25", BAMBOO_RULE, "true"},
};

static void expressions_and_templates_know_the_point_only(void **state)
{
    struct bamboo_library *library;
    struct bamboo_error error;
    (void)state;
    must(bamboo_library_create(NULL, 0, &library, &error));
    for (size_t i = 0; i < sizeof EVALUATIONS / sizeof *EVALUATIONS; i++) {
        struct bamboo_value value;
        struct bamboo_value context;
        must(bamboo_json_parse("{}", 2, &context, &error));
        must(bamboo_evaluate(library, EVALUATIONS[i].text, EVALUATIONS[i].language, context, NULL,
                             &value, &error));
        assert_prints(value, EVALUATIONS[i].expected);
        bamboo_value_release(value);
        bamboo_value_release(context);
    }
    bamboo_library_destroy(library);
}

static void a_document_is_read_with_a_point(void **state)
{
    static const char source[] = "bamboo: 1\npipeline: p\nflow:\n  - set: {x: 1.5}\n";
    struct bamboo_library *library;
    struct bamboo_value text;
    struct bamboo_error error;
    (void)state;
    must(bamboo_library_create(NULL, 0, &library, &error));
    must(bamboo_convert(library, "p.yaml", source, sizeof source - 1, BAMBOO_FORM_TEXT, NULL, &text,
                        &error));
    assert_non_null(strstr(bamboo_string_bytes(text, NULL), "1.5"));
    bamboo_value_release(text);
    bamboo_library_destroy(library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_locale_of_the_program_has_a_comma),
        cmocka_unit_test(json_is_read_and_written_with_a_point),
        cmocka_unit_test(expressions_and_templates_know_the_point_only),
        cmocka_unit_test(a_document_is_read_with_a_point),
    };
    return cmocka_run_group_tests(tests, take_comma, leave_comma);
}
