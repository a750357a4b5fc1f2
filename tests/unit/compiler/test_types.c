#include "support.h"

#include "compiler/fold.h"
#include "compiler/types.h"

#define INTEGER  TYPE_OF(INTEGER)
#define FLOAT    TYPE_OF(FLOAT)
#define DURATION TYPE_OF(DURATION)
#define STRING   TYPE_OF(STRING)
#define LIST     TYPE_OF(LIST)
#define BOOL     TYPE_OF(BOOL)

struct operation_case {
    const char *promise;
    enum ast_operator which;
    type_set left, right, result;
};

static const struct operation_case OPERATIONS[] = {
    {"ints give an int", OPERATOR_ADD, INTEGER, INTEGER, INTEGER},
    {"int and float give a float", OPERATOR_ADD, INTEGER, FLOAT, FLOAT},
    {"texts are joined", OPERATOR_ADD, STRING, STRING, STRING},
    {"a text and an int are not added", OPERATOR_ADD, STRING, INTEGER, 0},
    {"what may be right is not wrong", OPERATOR_ADD, STRING, TYPE_ANY, STRING},
    {"division gives a float", OPERATOR_DIVIDE, INTEGER, INTEGER, FLOAT},
    {"durations are divided by numbers", OPERATOR_DIVIDE, DURATION, INTEGER, DURATION},
    {"a duration is multiplied", OPERATOR_MULTIPLY, FLOAT, DURATION, DURATION},
    {"lists are not subtracted", OPERATOR_SUBTRACT, LIST, LIST, 0},
    {"everything can be equal", OPERATOR_EQUAL, LIST, INTEGER, BOOL},
    {"texts and numbers have no order", OPERATOR_LESS, STRING, INTEGER, 0},
    {"numbers have an order", OPERATOR_LESS, FLOAT, INTEGER, BOOL},
    {"anything may be in a list", OPERATOR_IN, INTEGER, LIST, BOOL},
    {"an int is not in a text", OPERATOR_IN, INTEGER, STRING, 0},
    {"a text is formatted", OPERATOR_MODULO, STRING, LIST, STRING},
    {"?? takes null away", OPERATOR_COALESCE, STRING | TYPE_OF(NULL), INTEGER, STRING | INTEGER},
    {"a text is not negated", OPERATOR_NEGATE, STRING, TYPE_ANY, 0},
    {"or gives either", OPERATOR_OR, STRING, INTEGER, STRING | INTEGER},
};

static void operators_give_the_promised_types(void **state)
{
    const struct operation_case *expected = *state;
    assert_int_equal(type_of_operation(expected->which, expected->left, expected->right),
                     expected->result);
}

static void declared_types_are_read(void **state)
{
    (void)state;
    assert_int_equal(type_parse("string"), STRING);
    assert_int_equal(type_parse("duration|string"), DURATION | STRING);
    assert_int_equal(type_parse("any"), TYPE_ANY);
    assert_int_equal(type_parse("number"), 0);
    assert_int_equal(type_parse("string|"), 0);
    assert_int_equal(type_parse(""), 0);
}

static void an_int_passes_for_a_float_and_not_the_other_way(void **state)
{
    (void)state;
    assert_true(type_may_be(INTEGER, FLOAT));
    assert_false(type_may_be(FLOAT, INTEGER));
    assert_true(type_may_be(FLOAT | STRING, STRING));
}

static void types_are_described_in_words(void **state)
{
    (void)state;
    struct text text = {0};
    type_describe(INTEGER | STRING, &text);
    assert_string_equal(text_string(&text), "an int or a string");
    text_clear(&text);
    type_describe(TYPE_ANY, &text);
    assert_string_equal(text_string(&text), "any value");
    text_release(&text);
}

static void what_is_written_out_is_computed(void **state)
{
    (void)state;
    struct ast_expression left = {.kind = EXPRESSION_LITERAL, .as.literal = bamboo_integer(6)};
    struct ast_expression right = {.kind = EXPRESSION_LITERAL, .as.literal = bamboo_integer(7)};
    struct ast_expression product = {.kind = EXPRESSION_BINARY};
    product.as.operation.operator= OPERATOR_MULTIPLY;
    product.as.operation.left = &left;
    product.as.operation.right = &right;
    struct bamboo_value value = bamboo_missing();
    struct bamboo_error error = {0};
    assert_int_equal(fold_expression(&product, &value, &error), FOLD_VALUE);
    assert_int_equal(value.as.integer, 42);
    left.as.literal = bamboo_integer(INT64_MAX);
    assert_int_equal(fold_expression(&product, &value, &error), FOLD_FAILS);
    right.kind = EXPRESSION_NAME;
    assert_int_equal(fold_expression(&product, &value, &error), FOLD_NOT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(declared_types_are_read),
        cmocka_unit_test(an_int_passes_for_a_float_and_not_the_other_way),
        cmocka_unit_test(types_are_described_in_words),
        cmocka_unit_test(what_is_written_out_is_computed),
    };
    int failed = RUN_ROWS(OPERATIONS, operators_give_the_promised_types);
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
