/* Templates give what bamboo-engine gives. */
#include "tests/unit/base/support.h"

#include "tests/unit/template/cases.h"
#include "tests/unit/template/render.h"

static struct template_cache *cache;
static struct bamboo_value common;

static bool renders_to(struct bamboo_value each, struct bamboo_value context)
{
    struct bamboo_value result = bamboo_missing(), text = bamboo_missing();
    struct bamboo_error error;
    enum bamboo_status status =
        render(cache, bamboo_map_get(each, "template"), context, &result, &error);
    bool is_right =
        status == BAMBOO_OK && bamboo_value_equal(result, bamboo_map_get(each, "result"));
    if (!is_right && bamboo_json_print(result, 0, &text, NULL) == BAMBOO_OK)
        printf("gives %s\n", bamboo_string_bytes(text, NULL));
    bamboo_value_release(text);
    bamboo_value_release(result);
    return is_right;
}

static bool is_as_recorded(struct bamboo_value each)
{
    return renders_to(each, bamboo_map_get(each, "context"));
}

static bool is_as_answered(struct bamboo_value each)
{
    return renders_to(each, common);
}

static void the_recorded_templates_give_what_was_recorded(void **state)
{
    (void)state;
    unsigned failed = 0;
    assert_int_equal(each_case(RECORDED "template.jsonl", is_as_recorded, &failed), 199);
    assert_int_equal(failed, 0);
}

static void expressions_give_what_python_gives(void **state)
{
    (void)state;
    unsigned failed = 0;
    assert_true(each_case(ANSWERED "python.jsonl", is_as_answered, &failed) > 700);
    assert_int_equal(failed, 0);
}

/* --- what is not Python's --- */

static const struct row {
    const char *promise, *template, *context, *result; /* JSON */
} ROWS[] = {
    {"a value of its own type is given as it is", "\"${x}\"", "{\"x\": [1, {\"a\": null}]}",
     "[1, {\"a\": null}]"},
    {"so is one whose name is no name of Python", "\"${node-1}\"", "{\"node-1\": 5}", "5"},
    {"and one that the renderer keeps for itself", "\"${parent}\"", "{\"parent\": 5}", "5"},
    {"but not among other text", "\"${parent} \"", "{\"parent\": 5}", "\"${parent} \""},
    {"a missing value is not there", "\"${x}\"", "{}", "\"${x}\""},
    {"a duration is written as in a flow", "\"${x}s\"", "{\"x\": \"5m\"}", "\"5ms\""},
    {"a large integer stays one", "[\"${x}\", \"${x + 1}\"]", "{\"x\": 12345678901234567890}",
     "[12345678901234567890, \"12345678901234567891\"]"},
    {"a negative large integer too", "[\"${x}\", \"${-x}\"]", "{\"x\": -98765432109876543210}",
     "[-98765432109876543210, \"98765432109876543210\"]"},
    {"a value hides the function of its name", "\"${len} ${len + 1}\"", "{\"len\": 4}", "\"4 5\""},
    {"a text in a value is not rendered again", "\"${x}!\"", "{\"x\": \"${y}\", \"y\": 1}",
     "\"${y}!\""},
    {"lists change within a piece only", "\"${x.append(2)} ${x}\"", "{\"x\": [1]}", "\"None [1]\""},
    {"an unknown name keeps the piece even where it does not matter", "\"${1 or zz}\"", "{}",
     "\"${1 or zz}\""},
    {"a key that begins with two underscores is refused", "\"${d['__a']}\"",
     "{\"d\": {\"__a\": 1}}", "\"${d['__a']}\""},
    {"format is refused", "\"${f.format(1)}\"", "{\"f\": \"{}\"}", "\"${f.format(1)}\""},
};

static void holds(void **state)
{
    const struct row *row = *state;
    struct bamboo_value template = value_of(row->template), context = value_of(row->context);
    struct bamboo_value result = bamboo_missing();
    assert_int_equal(render(cache, template, context, &result, NULL), BAMBOO_OK);
    assert_value(result, row->result);
    bamboo_value_release(result);
    bamboo_value_release(context);
    bamboo_value_release(template);
}

static void a_piece_is_rendered_the_same_again(void **state)
{
    (void)state;
    struct bamboo_value template = value_of("\"${a + 1} ${a +} ${a + 1}\"");
    for (int i = 0; i < 3; i++) {
        struct bamboo_value result = bamboo_missing();
        assert_int_equal(render(cache, template, common, &result, NULL), BAMBOO_OK);
        assert_value(result, "\"2 ${a +} 2\"");
        bamboo_value_release(result);
    }
    bamboo_value_release(template);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(the_recorded_templates_give_what_was_recorded),
        cmocka_unit_test(expressions_give_what_python_gives),
        cmocka_unit_test(a_piece_is_rendered_the_same_again),
    };
    if (template_cache_create(stdlib_functions(), &cache, NULL) != BAMBOO_OK) return 1;
    if (bamboo_json_parse(CONTEXT, sizeof CONTEXT - 1, &common, NULL) != BAMBOO_OK) return 1;
    int failed = cmocka_run_group_tests(TESTS, NULL, NULL);
    failed += RUN_ROWS(ROWS, holds);
    bamboo_value_release(common);
    template_cache_destroy(cache);
    return failed;
}
