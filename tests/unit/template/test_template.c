/* Templates give what bamboo-engine gives. */
#include "tests/unit/base/support.h"

#include "tests/unit/template/cases.h"
#include "tests/unit/template/render.h"

static struct template_cache *cache;

static void print_value(struct bamboo_value value)
{
    struct bamboo_value text = bamboo_missing();
    if (bamboo_json_print(value, 0, &text, NULL) == BAMBOO_OK)
        printf("gives %s\n", bamboo_string_bytes(text, NULL));
    bamboo_value_release(text);
}

static bool agrees(struct bamboo_value each)
{
    struct bamboo_value result = bamboo_missing();
    struct bamboo_error error;
    enum bamboo_status status = render(cache, bamboo_map_get(each, "template"),
                                       bamboo_map_get(each, "context"), &result, &error);
    bool is_right =
        status == BAMBOO_OK && bamboo_value_equal(result, bamboo_map_get(each, "result"));
    if (!is_right) print_value(result);
    bamboo_value_release(result);
    return is_right;
}

static void the_recorded_templates_give_what_was_recorded(void **state)
{
    (void)state;
    unsigned failed = 0;
    assert_int_equal(each_case("template.jsonl", agrees, &failed), 199);
    assert_int_equal(failed, 0);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(the_recorded_templates_give_what_was_recorded),
    };
    if (template_cache_create(stdlib_functions(), &cache, NULL) != BAMBOO_OK) return 1;
    int failed = cmocka_run_group_tests(TESTS, NULL, NULL);
    template_cache_destroy(cache);
    return failed;
}
