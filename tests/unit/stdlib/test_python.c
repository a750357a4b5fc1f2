/* Functions and methods answer as Python does: python_cases.def has its answers. */
#include "tests/unit/base/support.h"

#include "stdlib/functions.h"

struct python_case {
    const char *name, *arguments, *result;
};

static const struct python_case CASES[] = {
#define CASE(name, arguments, result) {name, arguments, result},
#include "tests/unit/stdlib/python_cases.def"
#undef CASE
};

static const struct function *find(const char *name, enum bamboo_type receiver)
{
    const struct function_set *set = stdlib_functions();
    bool is_method = *name == '.';
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->items[i].name, name + is_method) == 0 &&
            set->items[i].receiver == (is_method ? receiver : BAMBOO_MISSING))
            return &set->items[i];
    fail_msg("there is no function %s", name);
    return NULL;
}

/* Does the function answer as it should? The types too: 1 is not 1.0 here. */
static bool agrees(const struct python_case *row, struct text *answer)
{
    struct bamboo_value list = value_of(row->arguments), arguments[8], result, wanted, text;
    struct bamboo_error error = {0};
    size_t count = bamboo_list_count(list);
    for (size_t i = 0; i < count; i++)
        arguments[i] = bamboo_list_at(list, i);
    const struct function *function = find(row->name, arguments[0].type);
    enum bamboo_status status = function->body(arguments, count, &result, &error);
    bamboo_value_release(list);
    text_clear(answer);
    if (status != BAMBOO_OK) {
        text_append_string(answer, error.message);
        return strcmp(row->result, "!") == 0;
    }
    assert_int_equal(bamboo_json_print(result, 0, &text, NULL), BAMBOO_OK);
    text_append_string(answer, bamboo_string_bytes(text, NULL));
    bamboo_value_release(text);
    bool is_same = false;
    if (strcmp(row->result, "!") != 0) {
        wanted = value_of(row->result);
        is_same = wanted.type == result.type && bamboo_value_equal(wanted, result);
        bamboo_value_release(wanted);
    }
    bamboo_value_release(result);
    return is_same;
}

static void answers_are_those_of_python(void **state)
{
    (void)state;
    size_t wrong = 0;
    struct text answer = {0};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        if (agrees(&CASES[i], &answer)) continue;
        wrong++;
        print_error("%s %s: %s instead of %s\n", CASES[i].name, CASES[i].arguments,
                    text_string(&answer), CASES[i].result);
    }
    text_release(&answer);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(answers_are_those_of_python)};
    return cmocka_run_group_tests_name("python", tests, NULL, NULL);
}
