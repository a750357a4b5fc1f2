/* Nothing takes quadratic time or unbounded memory, whatever it is given: these finish at once. */
#include "tests/unit/base/support.h"

#include "base/limits.h"
#include "stdlib/functions.h"

static enum bamboo_status call(const char *name, const struct bamboo_value *arguments, size_t count,
                               struct bamboo_value *out)
{
    const struct function_set *set = stdlib_functions();
    bool is_method = *name == '.';
    *out = bamboo_missing();
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->items[i].name, name + is_method) == 0 &&
            (set->items[i].receiver != BAMBOO_MISSING) == is_method)
            return set->items[i].body(arguments, count, out, NULL);
    fail_msg("there is no function %s", name);
    return BAMBOO_E_INTERNAL;
}

/* `times` times the text. */
static struct bamboo_value repeated(const char *part, size_t times)
{
    char *bytes;
    struct bamboo_value text;
    size_t size = strlen(part);
    assert_int_equal(value_string_reserve(size * times, &text, &bytes, NULL), BAMBOO_OK);
    for (size_t i = 0; i < times; i++)
        memcpy(bytes + i * size, part, size);
    return text;
}

static void assert_gives(const char *name, struct bamboo_value receiver,
                         struct bamboo_value argument, const char *expected)
{
    struct bamboo_value result;
    struct bamboo_value arguments[] = {receiver, argument};
    assert_int_equal(call(name, arguments, 2, &result), BAMBOO_OK);
    assert_value(result, expected);
    bamboo_value_release(result);
}

static struct bamboo_value concatenated(const char *before, struct bamboo_value text,
                                        const char *behind)
{
    struct text joined = {0};
    struct bamboo_value value;
    text_append_string(&joined, before);
    value_append_text(&joined, text);
    text_append_string(&joined, behind);
    assert_int_equal(value_from_text(&joined, &value, NULL), BAMBOO_OK);
    text_release(&joined);
    return value;
}

static void searches_take_linear_time(void **state)
{
    (void)state;
    struct bamboo_value text = repeated("a", 2000000), half = repeated("a", 1000000);
    struct bamboo_value early = concatenated("b", half, ""), late = concatenated("", half, "b");
    assert_gives(".find", text, early, "-1");
    assert_gives(".find", text, late, "-1");
    assert_gives(".rfind", text, early, "-1");
    assert_gives(".rfind", text, late, "-1");
    assert_gives(".count", text, late, "0");
    assert_gives(".rfind", text, half, "1000000");
    bamboo_value_release(text);
    bamboo_value_release(half);
    bamboo_value_release(early);
    bamboo_value_release(late);
}

static void stripping_many_characters_takes_linear_time(void **state)
{
    (void)state;
    struct bamboo_value text = repeated("a", 2000000), set = repeated("bcdefghija", 200000);
    assert_gives(".strip", text, set, "\"\"");
    bamboo_value_release(text);
    bamboo_value_release(set);
}

static struct bamboo_value numbers(size_t count, size_t different)
{
    struct bamboo_list_builder builder;
    struct bamboo_value list;
    bamboo_list_builder_init(&builder);
    for (size_t i = 0; i < count; i++)
        bamboo_list_builder_append_take(&builder, bamboo_integer((int64_t)(i * 7919 % different)));
    assert_int_equal(bamboo_list_builder_finish(&builder, &list, NULL), BAMBOO_OK);
    return list;
}

static void sorting_and_uniting_take_less_than_quadratic_time(void **state)
{
    (void)state;
    struct bamboo_value list = numbers(200000, 150000), result;
    assert_int_equal(call("sorted", &list, 1, &result), BAMBOO_OK);
    for (size_t i = 1; i < bamboo_list_count(result); i++)
        assert_true(bamboo_list_at(result, i - 1).as.integer <=
                    bamboo_list_at(result, i).as.integer);
    bamboo_value_release(result);
    assert_int_equal(call("unique", &list, 1, &result), BAMBOO_OK);
    assert_int_equal(bamboo_list_count(result), 150000);
    bamboo_value_release(result);
    bamboo_value_release(list);
}

static void sorting_is_stable(void **state)
{
    (void)state;
    static const char LIST[] = "[1, 1.0, 0, 1, 0.0]";
    struct bamboo_value arguments[] = {value_of(LIST), bamboo_bool(true)}, result, text;
    assert_int_equal(call("sorted", arguments, 1, &result), BAMBOO_OK);
    assert_int_equal(bamboo_json_print(result, 0, &text, NULL), BAMBOO_OK);
    assert_string_equal(bamboo_string_bytes(text, NULL), "[0, 0.0, 1, 1.0, 1]");
    bamboo_value_release(text);
    bamboo_value_release(result);
    assert_int_equal(call("sorted", arguments, 2, &result), BAMBOO_OK);
    assert_int_equal(bamboo_json_print(result, 0, &text, NULL), BAMBOO_OK);
    assert_string_equal(bamboo_string_bytes(text, NULL), "[1, 1.0, 1, 0, 0.0]");
    bamboo_value_release(text);
    bamboo_value_release(result);
    bamboo_value_release(arguments[0]);
}

struct unique_case {
    const char *promise, *list, *result;
};

static const struct unique_case UNIQUE[] = {
    {"the first of equal ones stays", "[1, 1.0, 2.0, 2]", "[1, 2.0]"},
    {"texts are not what they look like", "[\"1\", 1, \"null\", null, \"true\", true]",
     "[\"1\", 1, \"null\", null, \"true\", true]"},
    {"lists are compared by content", "[[1], [1.0], [1, 2], [[1], 2]]", "[[1], [1, 2], [[1], 2]]"},
    {"maps are equal in any order", "[{\"a\": 1, \"b\": 2}, {\"b\": 2, \"a\": 1.0}, {}]",
     "[{\"a\": 1, \"b\": 2}, {}]"},
    {"-0.0 is 0", "[0, -0.0]", "[0]"},
    {"numbers beyond 64 bits", "[1e300, 1e300, -1e300]", "[1e300, -1e300]"},
    {"numbers that a double cannot tell apart",
     "[9007199254740993, 9007199254740992.0, 9007199254740992]",
     "[9007199254740993, 9007199254740992.0]"},
};

static void unique_is_as_equality(void **state)
{
    const struct unique_case *row = *state;
    struct bamboo_value list = value_of(row->list), wanted = value_of(row->result), result;
    struct bamboo_value texts[2];
    assert_int_equal(call("unique", &list, 1, &result), BAMBOO_OK);
    assert_int_equal(bamboo_json_print(result, 0, &texts[0], NULL), BAMBOO_OK);
    assert_int_equal(bamboo_json_print(wanted, 0, &texts[1], NULL), BAMBOO_OK);
    assert_string_equal(bamboo_string_bytes(texts[0], NULL), bamboo_string_bytes(texts[1], NULL));
    bamboo_value_release(texts[0]);
    bamboo_value_release(texts[1]);
    bamboo_value_release(result);
    bamboo_value_release(wanted);
    bamboo_value_release(list);
}

static void a_duration_is_not_the_text_that_it_prints_as(void **state)
{
    (void)state;
    struct bamboo_value list = value_empty_list(), result;
    assert_int_equal(value_list_append_take(&list, bamboo_duration(30000), NULL), BAMBOO_OK);
    assert_int_equal(value_list_append_take(&list, value_of("\"30s\""), NULL), BAMBOO_OK);
    assert_int_equal(value_list_append_take(&list, bamboo_integer(30000), NULL), BAMBOO_OK);
    assert_int_equal(call("unique", &list, 1, &result), BAMBOO_OK);
    assert_int_equal(bamboo_list_count(result), 3);
    bamboo_value_release(result);
    bamboo_value_release(list);
}

static void assert_limit(const char *name, const struct bamboo_value *arguments, size_t count)
{
    struct bamboo_value result;
    assert_int_equal(call(name, arguments, count, &result), BAMBOO_E_LIMIT);
}

static void results_beyond_the_limits_are_refused(void **state)
{
    (void)state;
    struct bamboo_value mebibyte = repeated("x", 1 << 20), list = value_empty_list(), result;
    struct bamboo_value one = value_of("\"x\""), form = value_of("\"{:9999999}{:9999999}\"");
    for (int i = 0; i < 17; i++)
        assert_int_equal(value_list_append_take(&list, bamboo_value_retain(mebibyte), NULL),
                         BAMBOO_OK);
    struct bamboo_value many = repeated("x", VALUE_COUNT_MAX + 1);
    assert_limit("join", &list, 1);
    assert_limit("range", (struct bamboo_value[]){bamboo_integer(VALUE_COUNT_MAX + 1)}, 1);
    assert_limit(".ljust", (struct bamboo_value[]){mebibyte, bamboo_integer(VALUE_SIZE_MAX + 1)},
                 2);
    assert_limit(".zfill", (struct bamboo_value[]){one, bamboo_integer(INT64_MAX)}, 2);
    assert_limit(".replace", (struct bamboo_value[]){mebibyte, one, mebibyte}, 3);
    assert_limit(".format", (struct bamboo_value[]){form, one, one}, 3);
    assert_limit(".split", (struct bamboo_value[]){many, one}, 2);
    assert_limit(".rsplit", (struct bamboo_value[]){many, one}, 2);
    assert_limit("list", &many, 1);
    struct bamboo_value small[] = {one, bamboo_integer(INT64_MIN)};
    assert_int_equal(call(".rjust", small, 2, &result), BAMBOO_OK);
    bamboo_value_release(result);
    assert_int_equal(call(".zfill", small, 2, &result), BAMBOO_OK);
    bamboo_value_release(result);
    bamboo_value_release(many);
    bamboo_value_release(list);
    bamboo_value_release(form);
    bamboo_value_release(one);
    bamboo_value_release(mebibyte);
}

static void durations_are_summed_ordered_and_converted(void **state)
{
    (void)state;
    struct bamboo_value list = value_empty_list(), result;
    assert_int_equal(value_list_append_take(&list, bamboo_duration(1500), NULL), BAMBOO_OK);
    assert_int_equal(value_list_append_take(&list, bamboo_duration(-500), NULL), BAMBOO_OK);
    assert_int_equal(call("sum", &list, 1, &result), BAMBOO_OK);
    assert_value(result, "@1s");
    assert_int_equal(call("min", &list, 1, &result), BAMBOO_OK);
    assert_value(result, "@-500ms");
    struct bamboo_value half = bamboo_duration(-500), number = bamboo_float(0.5);
    assert_int_equal(call("abs", &half, 1, &result), BAMBOO_OK);
    assert_value(result, "@500ms");
    assert_int_equal(call("seconds", &half, 1, &result), BAMBOO_OK);
    assert_value(result, "-0.5");
    assert_int_equal(call("duration", &number, 1, &result), BAMBOO_OK);
    assert_value(result, "@500ms");
    struct bamboo_value text = value_of("\"1h30m\"");
    assert_int_equal(call("duration", &text, 1, &result), BAMBOO_OK);
    assert_value(result, "@90m");
    bamboo_value_release(text);
    bamboo_value_release(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(searches_take_linear_time),
        cmocka_unit_test(stripping_many_characters_takes_linear_time),
        cmocka_unit_test(sorting_and_uniting_take_less_than_quadratic_time),
        cmocka_unit_test(sorting_is_stable),
        cmocka_unit_test(a_duration_is_not_the_text_that_it_prints_as),
        cmocka_unit_test(results_beyond_the_limits_are_refused),
        cmocka_unit_test(durations_are_summed_ordered_and_converted),
    };
    return RUN_ROWS(UNIQUE, unique_is_as_equality) +
           cmocka_run_group_tests_name("bounds", tests, NULL, NULL);
}
