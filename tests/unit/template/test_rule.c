/* Conditions give what boolrule gives. */
#include "tests/unit/base/support.h"

#include "template/rule.h"
#include "tests/unit/template/cases.h"

static struct template_cache *cache;
static const struct function_set NO_FUNCTIONS = {0};

static enum bamboo_status test(const char *text, struct bamboo_value names, bool *result,
                               struct bamboo_error *error)
{
    return rule_test(cache, text, strlen(text), names, result, error);
}

/* --- the recorded cases --- */

static bool agrees(struct bamboo_value each)
{
    struct bamboo_value text = bamboo_map_get(each, "expr");
    if (text.type != BAMBOO_STRING) text = bamboo_map_get(each, "rendered");
    struct bamboo_value expected = bamboo_map_get(each, "result");
    size_t size;
    const char *bytes = bamboo_string_bytes(text, &size);
    bool result = false;
    struct bamboo_error error = {.message = ""};
    enum bamboo_status status =
        rule_test(cache, bytes, size, bamboo_map_get(each, "context"), &result, &error);
    bool is_right = expected.type == BAMBOO_MISSING
                        ? status == BAMBOO_E_EVALUATION
                        : status == BAMBOO_OK && result == expected.as.boolean;
    if (!is_right) printf("gives %s%s\n", result ? "true " : "false ", error.message);
    return is_right;
}

static void the_recorded_conditions_give_what_was_recorded(void **state)
{
    (void)state;
    unsigned failed = 0;
    assert_int_equal(each_case(RECORDED "boolrule.jsonl", agrees, &failed), 226);
    assert_int_equal(failed, 0);
}

/* --- what Python answers --- */

static const char ANSWERED_NAMES[] = "{\"${n}\": 7, \"${f}\": 2.5, \"${s}\": \"abc\", \"${num}\": "
                                     "\"42\", \"${t}\": true, \"${fl}\": false,"
                                     " \"${l}\": [\"a\", \"b\", 3], \"${d}\": {\"k\": 1, \"deep\": "
                                     "{\"x\": \"y\"}}, \"${_u}\": 9, \"${none}\": null,"
                                     " \"plain\": 5}";

static bool is_as_answered(struct bamboo_value each)
{
    size_t size;
    const char *bytes = bamboo_string_bytes(bamboo_map_get(each, "expr"), &size);
    struct bamboo_value names = bamboo_missing();
    struct bamboo_value expected = bamboo_map_get(each, "result");
    struct bamboo_error error = {.message = ""};
    bool result = false;
    if (bamboo_map_get(each, "named").type == BAMBOO_BOOL) names = value_of(ANSWERED_NAMES);
    enum bamboo_status status = rule_test(cache, bytes, size, names, &result, &error);
    bamboo_value_release(names);
    if (expected.type == BAMBOO_MISSING) return status == BAMBOO_E_EVALUATION;
    return status == BAMBOO_OK && result == expected.as.boolean;
}

static void random_conditions_give_what_boolrule_gives(void **state)
{
    (void)state;
    unsigned failed = 0;
    assert_int_equal(each_case(ANSWERED "rule.jsonl", is_as_answered, &failed), 400);
    assert_int_equal(failed, 0);
}

/* --- tables --- */

static const char NAMES[] =
    "{\"${n}\": 7, \"${l}\": [\"a\", \"b\", 3], \"${d}\": {\"k\": {\"x\": \"y\"}}, \"plain\": 5,"
    " \"none\": null, \"f\": 2.5, \"nested\": [[1]], \"s\": \"12\"}";

static const struct condition {
    const char *promise, *text, *result; /* "true", "false", or a part of the error */
} WITHOUT_NAMES[] = {
    {"a star is true", "*", "true"},
    {"a star among blanks is none", " *", "cannot go on with '*' at byte 2"},
    {"a name is its text", "x == 'x'", "true"},
    {"a path is its text", "${a}.b == '${a}.b'", "true"},
    {"words need no blanks", "1in(1,2)and'a'in'abc'", "true"},
    {"words are known in any case", "TRUE == True AND 1 NotIn (2, 3)", "true"},
    {"and stops at false", "1 == 2 and 'a' in 1", "false"},
    {"or stops at true", "1 == 1 or 'a' in 1", "true"},
    {"there is no precedence", "1 == 2 and 1 == 1 or 1 == 1", "false"},
    {"parentheses group", "1 == 1 and (1 == 2 or 1 == 1)", "true"},
    {"a condition may be in many", "(((1 == 1)))", "true"},
    {"a value may be in one only", "((1)) == 1", "cannot go on with"},
    {"true is no beginning of a name", "truex == 1", "cannot go on with 'x'"},
    {"true before an operator needs no blank", "truein(1,2)", "true"},
    {"an exponent makes no integer", "1e3 == 1000", "not a whole number"},
    {"a wrong integer counts even where it is not needed", "1 == 1 or 1e3 == 1", "not a whole"},
    {"a point makes a float with exponent", "1.e3 == 1000", "true"},
    {"an integer has one sign", "+-1 == 1", "cannot go on with '+'"},
    {"a sign stands at its number", "1 > - 5", "cannot go on with '-'"},
    {"integers may be large", "12345678901234567890 < 12345678901234567891", "true"},
    {"a float is cut beside an integer", "1.9 == 1", "true"},
    {"a text is read beside an integer", "' 1_0 ' == 10", "true"},
    {"a text that is no integer differs", "'x' != 1", "true"},
    {"a float is written beside a text", "1.0 == '1.0'", "true"},
    {"a list is written beside a text", "(1, 'a') == \"[1, 'a']\"", "true"},
    {"escapes of blanks are read", "'a\\tb' == 'a\\tb'", "true"},
    {"a tab in a text is blanks", "'\t' == '       '", "true"},
    {"other backslashes stay", "'\\\\x' == '\\\\x'", "true"},
    {"a text ends in its line", "'a\nb' == 'a'", "cannot go on with"},
    {"a list needs an element", "() == ()", "cannot go on with ')'"},
    {"nothing is no condition", "", "ends too early"},
    {"and needs another side", "1 == 1 and", "ends too early"},
    {"a number has no order with a list", "1 < (1, 2)", "'<' is not possible between int and list"},
    {"a number contains nothing", "1 in 2", "no going through int"},
};

static const struct condition WITH_NAMES[] = {
    {"a name gives its value", "plain == 5", "true"},
    {"a key is written as it is", "${n} == 7", "true"},
    {"a path goes into maps", "${d}.k.x == 'y'", "true"},
    {"an unknown name is refused", "zz == 1", "no value is known for zz"},
    {"an unknown entry is refused", "${d}.zz == 1", "no value is known for ${d}.zz"},
    {"a number has no entries", "plain.x == 1", "plain has no entries"},
    {"an unknown name does not matter behind the end", "plain == 5 or zz == 1", "true"},
    {"null equals nothing else", "none == 0", "false"},
    {"null is None as a text", "none == 'None'", "true"},
    {"integers are found as texts", "'3' in ${l}", "true"},
    {"texts are found as integers", "12 in (s, 1)", "true"},
    {"a text is one element of a set", "${l} issuperset 'a'", "true"},
    {"a list is no element of a set", "nested issuperset (1)", "unhashable"},
    {"keys of a map are its elements", "'k' in ${d}", "true"},
    {"a list is no key", "${l} in ${d}", "unhashable"},
};

static void check(const struct condition *row, const char *json)
{
    struct bamboo_value names = bamboo_missing();
    struct bamboo_error error = {.message = ""};
    bool result = false;
    if (json) assert_int_equal(bamboo_json_parse(json, strlen(json), &names, NULL), BAMBOO_OK);
    enum bamboo_status status = test(row->text, names, &result, &error);
    bamboo_value_release(names);
    const char *given = status != BAMBOO_OK ? error.message : (result ? "true" : "false");
    if (!strstr(given, row->result)) fail_msg("%s: %s", row->text, given);
    if (status != BAMBOO_OK) assert_int_equal(status, BAMBOO_E_EVALUATION);
}

static void holds_without_names(void **state)
{
    check(*state, NULL);
}

static void holds_with_names(void **state)
{
    check(*state, NAMES);
}

/* --- bounds --- */

static void deep_parentheses_are_refused(void **state)
{
    (void)state;
    static char text[20000];
    struct bamboo_error error;
    bool result;
    memset(text, '(', sizeof text - 1);
    assert_int_equal(test(text, bamboo_missing(), &result, &error), BAMBOO_E_EVALUATION);
    assert_non_null(strstr(error.message, "too many parentheses"));
}

static void the_cache_forgets_and_goes_on(void **state)
{
    (void)state;
    for (int i = 0; i < 5000; i++) {
        char text[64];
        bool result = false;
        snprintf(text, sizeof text, "%d == %d", i % 3000, i % 3000);
        assert_int_equal(test(text, bamboo_missing(), &result, NULL), BAMBOO_OK);
        assert_true(result);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(the_recorded_conditions_give_what_was_recorded),
        cmocka_unit_test(random_conditions_give_what_boolrule_gives),
        cmocka_unit_test(deep_parentheses_are_refused),
        cmocka_unit_test(the_cache_forgets_and_goes_on),
    };
    if (template_cache_create(&NO_FUNCTIONS, &cache, NULL) != BAMBOO_OK) return 1;
    int failed = cmocka_run_group_tests(TESTS, NULL, NULL);
    failed += RUN_ROWS(WITHOUT_NAMES, holds_without_names);
    failed += RUN_ROWS(WITH_NAMES, holds_with_names);
    template_cache_destroy(cache);
    return failed;
}
