#include "tests/unit/base/support.h"

#include <stdio.h>

#include "base/limits.h"

static struct bamboo_value string_of(const char *text)
{
    struct bamboo_value value = bamboo_missing();
    assert_int_equal(value_from_string(text, &value, NULL), BAMBOO_OK);
    return value;
}

static void a_string_keeps_its_bytes(void **state)
{
    (void)state;
    size_t size;
    struct bamboo_value value;
    assert_int_equal(bamboo_string_create("a\0\xc3\xa4", 4, &value, NULL), BAMBOO_OK);
    assert_memory_equal(bamboo_string_bytes(value, &size), "a\0\xc3\xa4", 5);
    assert_int_equal(size, 4);
    assert_int_equal(value_string_count(value), 3);
    struct bamboo_value again = bamboo_value_retain(value);
    bamboo_value_release(value);
    assert_int_equal(bamboo_string_bytes(again, NULL)[0], 'a');
    bamboo_value_release(again);
    value = string_of("");
    assert_string_equal(bamboo_string_bytes(value, &size), "");
    assert_int_equal(size, 0);
    bamboo_value_release(value);
}

static void strings_beyond_the_limits_are_refused(void **state)
{
    (void)state;
    struct bamboo_value value;
    struct bamboo_error error;
    char *bytes = malloc(VALUE_SIZE_MAX + 1);
    assert_non_null(bytes);
    memset(bytes, 'x', VALUE_SIZE_MAX + 1);
    assert_int_equal(bamboo_string_create(bytes, VALUE_SIZE_MAX, &value, &error), BAMBOO_OK);
    bamboo_value_release(value);
    assert_int_equal(bamboo_string_create(bytes, VALUE_SIZE_MAX + 1, &value, &error),
                     BAMBOO_E_LIMIT);
    assert_string_equal(error.message,
                        "a string of 16777217 bytes is longer than the limit of 16777216");
    assert_int_equal(bamboo_string_create("\xff", 1, &value, &error), BAMBOO_E_EVALUATION);
    assert_string_equal(error.message, "a string must be UTF-8, and this is not");
    free(bytes);
}

static void a_text_that_failed_makes_no_string(void **state)
{
    (void)state;
    struct text text = {.failed = true};
    struct bamboo_value value;
    assert_int_equal(value_from_text(&text, &value, NULL), BAMBOO_E_MEMORY);
}

static void a_list_keeps_its_order(void **state)
{
    (void)state;
    struct bamboo_list_builder builder;
    struct bamboo_value list;
    bamboo_list_builder_init(&builder);
    for (int i = 0; i < 1000; i++)
        bamboo_list_builder_append_take(&builder, bamboo_integer(i));
    assert_int_equal(bamboo_list_builder_finish(&builder, &list, NULL), BAMBOO_OK);
    assert_int_equal(bamboo_list_count(list), 1000);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(bamboo_list_at(list, i).as.integer, i);
    bamboo_value_release(list);
}

static void a_list_of_too_many_elements_is_refused(void **state)
{
    (void)state;
    struct bamboo_list_builder builder;
    struct bamboo_value list;
    struct bamboo_error error;
    bamboo_list_builder_init(&builder);
    for (size_t i = 0; i < VALUE_COUNT_MAX; i++)
        bamboo_list_builder_append_take(&builder, bamboo_null());
    assert_int_equal(builder.failed, BAMBOO_OK);
    bamboo_list_builder_append_take(&builder, string_of("one too many"));
    bamboo_list_builder_append_take(&builder, string_of("and after that"));
    assert_int_equal(bamboo_list_builder_finish(&builder, &list, &error), BAMBOO_E_LIMIT);
    assert_string_equal(error.message, "a list has more than 1048576 elements");
}

/* A list in a list in a list ...; BAMBOO_MISSING if that is refused. */
static struct bamboo_value nest(unsigned levels)
{
    struct bamboo_value value = bamboo_integer(1);
    for (unsigned i = 0; i < levels; i++) {
        struct bamboo_list_builder builder;
        bamboo_list_builder_init(&builder);
        bamboo_list_builder_append_take(&builder, value);
        if (bamboo_list_builder_finish(&builder, &value, NULL)) return bamboo_missing();
    }
    return value;
}

static void nesting_beyond_the_limit_is_refused(void **state)
{
    (void)state;
    struct bamboo_map_builder map;
    struct bamboo_value value = nest(VALUE_DEPTH_MAX);
    assert_int_equal(value.type, BAMBOO_LIST);
    assert_int_equal(nest(VALUE_DEPTH_MAX + 1).type, BAMBOO_MISSING);
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_take(&map, "key", bamboo_value_retain(value));
    assert_int_equal(map.failed, BAMBOO_E_LIMIT);
    bamboo_map_builder_release(&map);
    assert_int_equal(value_list_append_take(&value, nest(VALUE_DEPTH_MAX), NULL), BAMBOO_E_LIMIT);
    assert_int_equal(bamboo_list_count(value), 1);
    bamboo_value_release(value);
}

/* Each level holds the one below twice: small in memory, endless for a walk. */
static void sharing_without_end_is_refused(void **state)
{
    (void)state;
    struct bamboo_value value = string_of("leaf");
    struct bamboo_error error = {0};
    unsigned levels = 0;
    for (; levels < 100; levels++) {
        struct bamboo_list_builder builder;
        bamboo_list_builder_init(&builder);
        bamboo_list_builder_append_take(&builder, bamboo_value_retain(value));
        bamboo_list_builder_append_take(&builder, value);
        if (bamboo_list_builder_finish(&builder, &value, &error)) break;
    }
    assert_in_range(levels, 15, 30);
    assert_int_equal(error.status, BAMBOO_E_LIMIT);
}

static void appending_to_a_list_of_one_owner_is_in_place(void **state)
{
    (void)state;
    struct bamboo_value list = value_of("[1]");
    for (int i = 2; i <= 5; i++)
        assert_int_equal(value_list_append_take(&list, bamboo_integer(i), NULL), BAMBOO_OK);
    assert_value(list, "[1, 2, 3, 4, 5]");
    struct bamboo_value shared = bamboo_value_retain(list);
    assert_int_equal(value_list_append_take(&list, string_of("x"), NULL), BAMBOO_OK);
    assert_value(list, "[1, 2, 3, 4, 5, \"x\"]");
    assert_value(shared, "[1, 2, 3, 4, 5]");
    bamboo_value_release(shared);
    bamboo_value_release(list);
    list = value_empty_list();
    assert_int_equal(value_list_append_take(&list, bamboo_null(), NULL), BAMBOO_OK);
    assert_value(list, "[null]");
    assert_value(value_empty_list(), "[]");
    bamboo_value_release(list);
}

static void a_map_finds_its_keys_whatever_its_size(void **state)
{
    (void)state;
    static const size_t SIZES[] = {0, 1, 8, 9, 16, 17, 3000};
    for (size_t s = 0; s < sizeof SIZES / sizeof SIZES[0]; s++) {
        struct bamboo_map_builder builder;
        struct bamboo_value map;
        char key[32];
        bamboo_map_builder_init(&builder);
        for (size_t i = 0; i < SIZES[s]; i++) {
            snprintf(key, sizeof key, "key%zu", i);
            bamboo_map_builder_set_integer(&builder, key, (int64_t)i);
        }
        assert_int_equal(bamboo_map_builder_finish(&builder, &map, NULL), BAMBOO_OK);
        assert_int_equal(bamboo_map_count(map), SIZES[s]);
        for (size_t i = 0; i < SIZES[s]; i++) {
            snprintf(key, sizeof key, "key%zu", i);
            struct bamboo_value string = string_of(key);
            assert_int_equal(bamboo_map_get(map, key).as.integer, i);
            assert_int_equal(bamboo_map_find(map, string).as.integer, i);
            assert_string_equal(bamboo_string_bytes(bamboo_map_key_at(map, i), NULL), key);
            assert_int_equal(bamboo_map_value_at(map, i).as.integer, i);
            bamboo_value_release(string);
        }
        assert_int_equal(bamboo_map_get(map, "key").type, BAMBOO_MISSING);
        assert_int_equal(bamboo_map_get(map, "").type, BAMBOO_MISSING);
        bamboo_value_release(map);
    }
}

static void a_key_set_again_keeps_its_place(void **state)
{
    (void)state;
    struct bamboo_map_builder builder;
    struct bamboo_value map;
    struct text text = {0};
    bamboo_map_builder_init(&builder);
    for (int round = 0; round < 2; round++) {
        for (char key = 'a'; key <= 'l'; key++)
            bamboo_map_builder_set_text(&builder, (char[]){key, '\0'}, round ? "new" : "old");
    }
    bamboo_map_builder_set_text(&builder, "a", NULL);
    assert_int_equal(bamboo_map_builder_finish(&builder, &map, NULL), BAMBOO_OK);
    assert_int_equal(bamboo_map_count(map), 12);
    value_append_text(&text, map);
    assert_memory_equal(text_string(&text), "{\"a\": null, \"b\": \"new\", ", 24);
    text_release(&text);
    bamboo_value_release(map);
}

static void a_failure_of_a_map_sticks(void **state)
{
    (void)state;
    struct bamboo_map_builder builder;
    struct bamboo_value map;
    struct bamboo_error error;
    bamboo_map_builder_init(&builder);
    bamboo_map_builder_set_take(&builder, "\xff", string_of("value"));
    bamboo_map_builder_set_text(&builder, "good", "text");
    assert_int_equal(bamboo_map_builder_finish(&builder, &map, &error), BAMBOO_E_EVALUATION);
    assert_string_equal(error.message, "a key of a map is not UTF-8 or too long");
}

static void a_map_with_a_key_is_a_new_map(void **state)
{
    (void)state;
    struct bamboo_value first = value_of("{\"a\": 1, \"b\": 2}");
    struct bamboo_value second;
    struct bamboo_value third;
    assert_int_equal(value_map_with_take(first, "a", string_of("x"), &second, NULL), BAMBOO_OK);
    assert_int_equal(value_map_with_take(second, "c", string_of("y"), &third, NULL), BAMBOO_OK);
    assert_value(first, "{\"a\": 1, \"b\": 2}");
    assert_value(second, "{\"a\": \"x\", \"b\": 2}");
    assert_value(third, "{\"a\": \"x\", \"b\": 2, \"c\": \"y\"}");
    bamboo_value_release(first);
    bamboo_value_release(second);
    bamboo_value_release(third);
    assert_int_equal(value_map_with_take(bamboo_missing(), "a", bamboo_null(), &first, NULL),
                     BAMBOO_OK);
    assert_value(first, "{\"a\": null}");
    bamboo_value_release(first);
    assert_int_equal(
        value_map_with_take(value_empty_map(), "a", nest(VALUE_DEPTH_MAX), &first, NULL),
        BAMBOO_E_LIMIT);
}

static void a_replaced_value_no_longer_counts(void **state)
{
    (void)state;
    struct bamboo_value map = value_empty_map();
    struct bamboo_value next;
    for (int i = 0; i < 3; i++) {
        struct bamboo_value value = i == 0 ? nest(VALUE_DEPTH_MAX - 1) : bamboo_integer(i);
        assert_int_equal(value_map_with_take(map, "a", value, &next, NULL), BAMBOO_OK);
        bamboo_value_release(map);
        map = next;
    }
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    bamboo_list_builder_append_take(&builder, map);
    assert_int_equal(bamboo_list_builder_finish(&builder, &next, NULL), BAMBOO_OK);
    assert_value(next, "[{\"a\": 2}]");
    bamboo_value_release(next);
}

static void what_a_value_holds_itself_is_its_size(void **state)
{
    (void)state;
    struct bamboo_value list = value_of("[\"a long text that is not counted\"]");
    struct bamboo_value text = bamboo_list_at(list, 0);
    assert_int_equal(value_size(bamboo_integer(1)), 0);
    assert_in_range(value_size(text), 32, 64);
    assert_in_range(value_size(list), 16, 128);
    assert_in_range(value_size(value_empty_map()), 0, 64);
    bamboo_value_release(list);
}

struct equality {
    const char *promise;
    const char *left;
    const char *right;
    bool equal;
};

static const struct equality EQUALITIES[] = {
    {"an int equals its float", "1", "1.0", true},
    {"an int is no text", "1", "\"1\"", false},
    {"true is not 1", "true", "1", false},
    {"no rounding makes numbers equal", "9007199254740993", "9007199254740992.0", false},
    {"zero equals minus zero", "0.0", "-0.0", true},
    {"null equals null", "null", "null", true},
    {"missing is not null", "missing", "null", false},
    {"a duration is not its milliseconds", "@1s", "1000", false},
    {"durations are equal", "@60s", "@1m", true},
    {"texts are equal by bytes", "\"abc\"", "\"abc\"", true},
    {"texts of one size differ", "\"abc\"", "\"abd\"", false},
    {"lists are equal by content", "[1, [2.0]]", "[1.0, [2]]", true},
    {"a longer list differs", "[1]", "[1, 2]", false},
    {"maps are equal in any order", "{\"a\": 1, \"b\": 2}", "{\"b\": 2, \"a\": 1}", true},
    {"maps with other keys differ", "{\"a\": 1}", "{\"b\": 1}", false},
    {"maps with other values differ", "{\"a\": 1}", "{\"a\": 2}", false},
    {"an empty list is no empty map", "[]", "{}", false},
};

static void equality_is_the_languages(void **state)
{
    const struct equality *row = *state;
    struct bamboo_value left = value_of(row->left);
    struct bamboo_value right = value_of(row->right);
    assert_int_equal(bamboo_value_equal(left, right), row->equal);
    assert_int_equal(bamboo_value_equal(right, left), row->equal);
    assert_true(bamboo_value_equal(left, left));
    bamboo_value_release(left);
    bamboo_value_release(right);
}

struct typing {
    const char *promise;
    const char *value;
    const char *type;
    bool fits;
};

static const struct typing TYPINGS[] = {
    {"an int is an int", "1", "int", true},
    {"an int is accepted for a float", "1", "float", true},
    {"a float is no int", "1.0", "int", false},
    {"one of several types is enough", "\"a\"", "duration|string", true},
    {"none of several types is not", "1", "duration|string", false},
    {"any takes null", "null", "any", true},
    {"any does not take missing", "missing", "any", false},
    {"any takes part in a choice", "[]", "string|any", true},
    {"a part of a name is no name", "\"a\"", "str", false},
    {"unknown names match nothing", "1", "integer", false},
    {"no name matches nothing", "1", "", false},
    {"a duration is a duration", "@1s", "duration", true},
    {"a map is a map", "{}", "list|map", true},
};

static void types_match_as_promised(void **state)
{
    const struct typing *row = *state;
    struct bamboo_value value = value_of(row->value);
    assert_int_equal(value_has_type(value, row->type), row->fits);
    bamboo_value_release(value);
}

static void truth_is_pythons(void **state)
{
    (void)state;
    static const char *const FALSE_ONES[] = {"missing", "null", "false", "0",  "0.0",
                                             "-0.0",    "\"\"", "[]",    "{}", "@0s"};
    static const char *const TRUE_ONES[] = {"true",  "1",   "-1",        "0.1",
                                            "\"0\"", "[0]", "{\"\": 0}", "@1ms"};
    for (size_t i = 0; i < sizeof FALSE_ONES / sizeof FALSE_ONES[0]; i++) {
        struct bamboo_value value = value_of(FALSE_ONES[i]);
        assert_false(value_is_true(value));
        bamboo_value_release(value);
    }
    for (size_t i = 0; i < sizeof TRUE_ONES / sizeof TRUE_ONES[0]; i++) {
        struct bamboo_value value = value_of(TRUE_ONES[i]);
        assert_true(value_is_true(value));
        bamboo_value_release(value);
    }
}

static void every_type_has_a_name(void **state)
{
    (void)state;
    for (unsigned type = 0; type < BAMBOO_TYPE_COUNT; type++) {
        assert_true(strlen(bamboo_type_name((enum bamboo_type)type)) > 2);
        assert_true(strlen(value_type_phrase((enum bamboo_type)type)) > 3);
    }
    assert_string_equal(bamboo_type_name(BAMBOO_INTEGER), "int");
    assert_string_equal(bamboo_type_name(BAMBOO_TYPE_COUNT), "unknown");
}

static void bytes_that_are_not_text_become_question_marks(void **state)
{
    (void)state;
    struct bamboo_value text;
    assert_int_equal(value_from_bytes("a\xFF\033[1m\xC3\xA4\xC3", 9, &text, NULL), BAMBOO_OK);
    assert_string_equal(bamboo_string_bytes(text, NULL), "a?\033[1m\xC3\xA4?");
    bamboo_value_release(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_that_are_not_text_become_question_marks),
        cmocka_unit_test(a_string_keeps_its_bytes),
        cmocka_unit_test(strings_beyond_the_limits_are_refused),
        cmocka_unit_test(a_text_that_failed_makes_no_string),
        cmocka_unit_test(a_list_keeps_its_order),
        cmocka_unit_test(a_list_of_too_many_elements_is_refused),
        cmocka_unit_test(nesting_beyond_the_limit_is_refused),
        cmocka_unit_test(sharing_without_end_is_refused),
        cmocka_unit_test(appending_to_a_list_of_one_owner_is_in_place),
        cmocka_unit_test(a_map_finds_its_keys_whatever_its_size),
        cmocka_unit_test(a_key_set_again_keeps_its_place),
        cmocka_unit_test(a_failure_of_a_map_sticks),
        cmocka_unit_test(a_map_with_a_key_is_a_new_map),
        cmocka_unit_test(a_replaced_value_no_longer_counts),
        cmocka_unit_test(what_a_value_holds_itself_is_its_size),
        cmocka_unit_test(truth_is_pythons),
        cmocka_unit_test(every_type_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) +
           RUN_ROWS(EQUALITIES, equality_is_the_languages) +
           RUN_ROWS(TYPINGS, types_match_as_promised);
}
