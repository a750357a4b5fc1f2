#include "support.h"

#include "base/value_operators.h"
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

/* --- Static types agree with what operators do --- */

static enum bamboo_status compare(struct bamboo_value left, struct bamboo_value right,
                                  struct bamboo_value *out, struct bamboo_error *error)
{
    int order = 0;
    enum bamboo_status status = value_order(left, right, &order, error);
    if (status == BAMBOO_OK) *out = bamboo_bool(order < 0);
    return status;
}

static void no_operation_that_works_is_refused(void **state)
{
    (void)state;
    static const struct {
        enum ast_operator which;
        value_operator compute;
    } OPERATORS[] = {
        {OPERATOR_ADD, value_add},
        {OPERATOR_SUBTRACT, value_subtract},
        {OPERATOR_MULTIPLY, value_multiply},
        {OPERATOR_DIVIDE, value_divide},
        {OPERATOR_MODULO, value_modulo},
        {OPERATOR_FLOOR_DIVIDE, value_floor_divide},
        {OPERATOR_IN, value_in},
        {OPERATOR_LESS, compare},
    };
    static const char *const TEXTS[] = {"null", "true", "3", "2.5", "\"%s\"", "[1]", "{\"a\": 1}"};
    struct bamboo_value values[8] = {bamboo_duration(3000)};
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(bamboo_json_parse(TEXTS[i], strlen(TEXTS[i]), &values[i + 1], NULL), 0);
    for (size_t o = 0; o < sizeof OPERATORS / sizeof *OPERATORS; o++)
        for (size_t pair = 0; pair < 64; pair++) {
            struct bamboo_value left = values[pair / 8], right = values[pair % 8];
            struct bamboo_value result = bamboo_missing();
            type_set type =
                type_of_operation(OPERATORS[o].which, type_of_value(left), type_of_value(right));
            bool works = OPERATORS[o].compute(left, right, &result, NULL) == BAMBOO_OK;
            if (works && !(type & type_of_value(result)))
                fail_msg("operator %d: %s and %s give %s", (int)OPERATORS[o].which,
                         bamboo_type_name(left.type), bamboo_type_name(right.type),
                         bamboo_type_name(result.type));
            if (!works && type != 0 && left.type != BAMBOO_STRING && left.type != BAMBOO_LIST)
                fail_msg("operator %d: %s and %s fail", (int)OPERATORS[o].which,
                         bamboo_type_name(left.type), bamboo_type_name(right.type));
            bamboo_value_release(result);
        }
    for (size_t i = 0; i < 8; i++)
        bamboo_value_release(values[i]);
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
        cmocka_unit_test(no_operation_that_works_is_refused),
        cmocka_unit_test(declared_types_are_read),
        cmocka_unit_test(an_int_passes_for_a_float_and_not_the_other_way),
        cmocka_unit_test(types_are_described_in_words),
        cmocka_unit_test(what_is_written_out_is_computed),
    };
    int failed = RUN_ROWS(OPERATIONS, operators_give_the_promised_types);
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
