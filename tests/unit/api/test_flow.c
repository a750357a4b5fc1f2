/* Libraries, flows and their parameters, as include/bamboo.h promises them. */
#include "tests/unit/api/support.h"
#include "tests/unit/rows.h"

static struct bamboo_library *library;

static bool make_library(void)
{
    return bamboo_library_create(NULL, 0, &library, NULL) == BAMBOO_OK;
}

/* --- Parameters --- */

struct parameter_case {
    const char *promise;
    const char *type;
    const char *text;
    const char *json; /* NULL: refused */
};

static const struct parameter_case PARAMETER_CASES[] = {
    {"a string is taken as it is", "string", "no", "\"no\""},
    {"an empty string too", "string", "", "\"\""},
    {"no is false", "bool", "no", "false"},
    {"on is true", "bool", "on", "true"},
    {"a bool is no number", "bool", "2", NULL},
    {"an int is read", "int", "-9223372036854775808", "-9223372036854775808"},
    {"an int has no fraction", "int", "1.5", NULL},
    {"an int is no text", "int", "\"1\"", NULL},
    {"a float takes an int", "float", "3", "3"},
    {"a float is read", "float", "1e3", "1000.0"},
    {"a float is no word", "float", "fast", NULL},
    {"a duration has units", "duration", "1h30m", "\"1h30m\""},
    {"a duration needs units", "duration", "30", NULL},
    {"a list is JSON", "list", "[1, \"a\"]", "[1, \"a\"]"},
    {"a list is no map", "list", "{}", NULL},
    {"a map is JSON", "map", "{\"a\": [null]}", "{\"a\": [null]}"},
    {"broken JSON is no map", "map", "{\"a\"", NULL},
    {"any is JSON if it can be", "any", "42", "42"},
    {"any is else a text", "any", "42 apples", "\"42 apples\""},
};

static void parameter_is_read_as_promised(void **state)
{
    const struct parameter_case *expected = *state;
    struct bamboo_error error = {0};
    struct bamboo_flow *flow;
    struct bamboo_value value, text;
    char source[256];
    snprintf(source, sizeof source, "bamboo 1\npipeline p(x: %s) -> y { y = x }\n", expected->type);
    must(bamboo_flow_compile(library, "p.bamboo", source, strlen(source), NULL, &flow, &error));
    enum bamboo_status status = bamboo_flow_parameter(flow, "x", expected->text, &value, &error);
    if (expected->json) {
        assert_int_equal(status, BAMBOO_OK);
        must(bamboo_json_print(value, 0, &text, &error));
        assert_string_equal(bamboo_string_bytes(text, NULL), expected->json);
        bamboo_value_release(text);
        bamboo_value_release(value);
    } else {
        assert_int_equal(status, BAMBOO_E_PARAMETER);
        assert_non_null(strstr(error.message, "parameter 'x' wants"));
    }
    bamboo_flow_release(flow);
}

struct input_case {
    const char *promise;
    const char *component, *input, *text;
    const char *json;     /* NULL: refused, */
    const char *sentence; /* saying this */
};

static const struct input_case INPUT_CASES[] = {
    {"a text that looks like a number stays a text", "shell", "command", "5", "\"5\"", NULL},
    {"a duration is read", "shell", "timeout", "5s", "\"5s\"", NULL},
    {"a list is JSON", "shell", "ok_codes", "[0, 3]", "[0, 3]", NULL},
    {"another type is refused", "shell", "timeout", "soon", NULL, "input 'timeout' wants duration"},
    {"a slip is told", "shell", "commnd", "true", NULL, "did you mean 'command'?"},
    {"what takes anything reads JSON or text", "set", "x", "[1]", "[1]", NULL},
    {"a component is named rightly", "shel", "command", "true", NULL, "did you mean 'shell'?"},
};

static void input_is_read_as_its_component_declares(void **state)
{
    const struct input_case *expected = *state;
    struct bamboo_error error = {0};
    struct bamboo_value value, text;
    enum bamboo_status status = bamboo_component_input(
        library, expected->component, expected->input, expected->text, &value, &error);
    if (expected->json) {
        assert_int_equal(status, BAMBOO_OK);
        must(bamboo_json_print(value, 0, &text, &error));
        assert_string_equal(bamboo_string_bytes(text, NULL), expected->json);
        bamboo_value_release(text);
        bamboo_value_release(value);
    } else {
        assert_int_not_equal(status, BAMBOO_OK);
        assert_non_null(strstr(error.message, expected->sentence));
    }
}

static const char FLOW[] = "bamboo 1\n"
                           "pipeline greet(name: string, times: int = 2) -> text, count {\n"
                           "    say = shell(\"echo ${name}\")\n"
                           "    text = say.stdout\n"
                           "    count = times\n"
                           "}\n";

static struct bamboo_flow *compile_greet(void)
{
    struct bamboo_error error;
    struct bamboo_flow *flow = NULL;
    must(bamboo_flow_compile(library, "greet.bamboo", FLOW, strlen(FLOW), NULL, &flow, &error));
    return flow;
}

static void unknown_parameter_names_the_nearest(void **state)
{
    (void)state;
    struct bamboo_error error;
    struct bamboo_value value;
    struct bamboo_flow *flow = compile_greet();
    assert_int_equal(bamboo_flow_parameter(flow, "nmae", "x", &value, &error), BAMBOO_E_NOT_FOUND);
    assert_non_null(strstr(error.message, "did you mean 'name'?"));
    assert_int_equal(bamboo_flow_parameter(flow, "zzz", "x", &value, &error), BAMBOO_E_NOT_FOUND);
    assert_non_null(strstr(error.message, "it has name, times"));
    bamboo_flow_release(flow);
}

/* --- Flows --- */

static void description_tells_parameters_and_outputs(void **state)
{
    (void)state;
    struct bamboo_error error;
    struct bamboo_value description, text;
    struct bamboo_flow *flow = compile_greet();
    must(bamboo_flow_describe(flow, &description, &error));
    must(bamboo_json_print(bamboo_map_get(description, "parameters"), 0, &text, &error));
    assert_string_equal(bamboo_string_bytes(text, NULL),
                        "[{\"name\": \"name\", \"type\": \"string\", \"required\": true}, "
                        "{\"name\": \"times\", \"type\": \"int\", \"required\": false}]");
    bamboo_value_release(text);
    assert_int_equal(bamboo_list_count(bamboo_map_get(description, "outputs")), 2);
    assert_string_equal(bamboo_string_bytes(bamboo_map_get(description, "name"), NULL), "greet");
    bamboo_value_release(description);
    bamboo_flow_release(flow);
}

static void same_source_gives_the_same_image_and_is_read_back(void **state)
{
    (void)state;
    struct bamboo_error error;
    size_t size, other_size;
    char path[] = "/tmp/bamboo-flow.XXXXXX";
    struct bamboo_flow *flow = compile_greet(), *other = compile_greet(), *read = NULL;
    const void *image = bamboo_flow_image(flow, &size);
    const void *other_image = bamboo_flow_image(other, &other_size);
    assert_int_equal(size, other_size);
    assert_memory_equal(image, other_image, size);

    int descriptor = mkstemp(path);
    assert_int_equal(write(descriptor, image, size), size);
    close(descriptor);
    must(bamboo_flow_read(library, path, NULL, &read, &error));
    other_image = bamboo_flow_image(read, &other_size);
    assert_int_equal(size, other_size);
    assert_memory_equal(image, other_image, size);
    unlink(path);
    bamboo_flow_release(read);
    bamboo_flow_release(other);
    bamboo_flow_release(flow);
}

static void wrong_source_fills_the_report_and_makes_no_flow(void **state)
{
    (void)state;
    static const char WRONG[] = "bamboo 1\npipeline p() { a = shel(\"x\")\n b = shell() }\n";
    struct bamboo_report report = {0};
    struct bamboo_error error;
    struct bamboo_flow *flow = NULL;
    assert_int_equal(
        bamboo_flow_compile(library, "wrong.bamboo", WRONG, strlen(WRONG), &report, &flow, &error),
        BAMBOO_E_SOURCE);
    assert_null(flow);
    assert_int_equal(report.errors, 2);
    assert_int_equal(bamboo_list_count(report.list), 2);
    assert_non_null(strstr(bamboo_string_bytes(report.text, NULL), "wrong.bamboo:2:20: error:"));
    bamboo_report_release(&report);
    bamboo_report_release(&report); /* twice is once */
}

/* --- Expressions --- */

static void expression_sees_its_context(void **state)
{
    (void)state;
    static const char CONTEXT[] = "{\"prices\": [10, 20], \"name\": \"tea\"}";
    struct bamboo_error error;
    struct bamboo_value context, value;
    must(bamboo_json_parse(CONTEXT, strlen(CONTEXT), &context, &error));
    must(bamboo_evaluate(library, "sum(prices) * 2", BAMBOO_EXPRESSION, context, NULL, &value,
                         &error));
    assert_int_equal(value.as.integer, 60);
    must(bamboo_evaluate(library, "${name}: ${len(prices)}", BAMBOO_INTERPOLATION, context, NULL,
                         &value, &error));
    assert_string_equal(bamboo_string_bytes(value, NULL), "tea: 2");
    bamboo_value_release(value);
    assert_int_equal(
        bamboo_evaluate(library, "prices[7]", BAMBOO_EXPRESSION, context, NULL, &value, &error),
        BAMBOO_E_EVALUATION);
    assert_int_equal(
        bamboo_evaluate(library, "price", BAMBOO_EXPRESSION, context, NULL, &value, &error),
        BAMBOO_E_SOURCE);
    bamboo_value_release(context);
}

static void languages_of_bamboo_engine_see_their_context(void **state)
{
    (void)state;
    static const char CONTEXT[] = "{\"n\": 2, \"big\": 12345678901234567890}";
    struct bamboo_error error;
    struct bamboo_value context, value;
    must(bamboo_json_parse(CONTEXT, strlen(CONTEXT), &context, &error));
    must(bamboo_evaluate(library, "${n + 1} ${none}", BAMBOO_TEMPLATE, context, NULL, &value,
                         &error));
    assert_string_equal(bamboo_string_bytes(value, NULL), "3 ${none}");
    bamboo_value_release(value);
    must(bamboo_evaluate(library, "${big}", BAMBOO_TEMPLATE, context, NULL, &value, &error));
    assert_int_equal(value.type, BAMBOO_BIG_INTEGER);
    assert_string_equal(bamboo_string_bytes(value, NULL), "12345678901234567890");
    bamboo_value_release(value);
    must(bamboo_evaluate(library, "n > 1", BAMBOO_RULE, context, NULL, &value, &error));
    assert_true(value.as.boolean);
    must(bamboo_evaluate(library, "${n} > 2", BAMBOO_RENDERED_RULE, context, NULL, &value, &error));
    assert_false(value.as.boolean);
    assert_int_equal(bamboo_evaluate(library, "n >", BAMBOO_RULE, context, NULL, &value, &error),
                     BAMBOO_E_EVALUATION);
    bamboo_value_release(context);
}

/* --- Components --- */

static void components_are_listed_and_found(void **state)
{
    (void)state;
    struct bamboo_error error;
    struct bamboo_value all, one;
    must(bamboo_library_components(library, NULL, &all, &error));
    must(bamboo_library_components(library, "shell", &one, &error));
    assert_true(bamboo_list_count(all) > bamboo_list_count(one));
    assert_int_equal(bamboo_list_count(one), 1);
    bamboo_value_release(one);
    bamboo_value_release(all);
    assert_int_equal(bamboo_library_components(library, "shel", &one, &error), BAMBOO_E_NOT_FOUND);
    assert_non_null(strstr(error.message, "did you mean 'shell'?"));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(unknown_parameter_names_the_nearest),
        cmocka_unit_test(description_tells_parameters_and_outputs),
        cmocka_unit_test(same_source_gives_the_same_image_and_is_read_back),
        cmocka_unit_test(wrong_source_fills_the_report_and_makes_no_flow),
        cmocka_unit_test(expression_sees_its_context),
        cmocka_unit_test(languages_of_bamboo_engine_see_their_context),
        cmocka_unit_test(components_are_listed_and_found),
    };
    if (!make_library()) return 1;
    int failed = RUN_ROWS(PARAMETER_CASES, parameter_is_read_as_promised);
    failed += RUN_ROWS(INPUT_CASES, input_is_read_as_its_component_declares);
    failed += cmocka_run_group_tests(TESTS, NULL, NULL);
    bamboo_library_destroy(library);
    return failed;
}
