/* Integers of any size obey the laws of arithmetic, whatever their limbs are. */
#include "tests/unit/base/support.h"

#include "template/integer.h"
#include "template/scalar.h"

static struct arena *arena;
static struct evaluation evaluation;
static uint64_t seed = 1;

static uint64_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

/* Up to 5 limbs, often with none or all of their bits. */
static struct object random_integer(void)
{
    static const uint64_t EDGES[] = {0, 1, UINT64_MAX, (uint64_t)1 << 63};
    size_t count = next_random() % 6;
    uint64_t *limbs = evaluation_allocate(&evaluation, 6, sizeof *limbs);
    struct object integer = object_none();
    assert_non_null(limbs);
    for (size_t i = 0; i < count; i++)
        limbs[i] = next_random() % 3 ? next_random() : EDGES[next_random() % 4];
    assert_int_equal(integer_from_limbs(&evaluation, next_random() % 2, limbs, count, &integer),
                     BAMBOO_OK);
    return integer;
}

static struct object apply(integer_operator operation, struct object left, struct object right)
{
    struct object result = object_none();
    assert_int_equal(operation(&evaluation, left, right, &result), BAMBOO_OK);
    return result;
}

#define ADD(left, right)      apply(integer_add, left, right)
#define SUBTRACT(left, right) apply(integer_subtract, left, right)
#define MULTIPLY(left, right) apply(integer_multiply, left, right)
#define ROUNDS                3000

static void assert_same(struct object left, struct object right)
{
    assert_int_equal(integer_compare(left, right), 0);
    assert_int_equal(left.kind, right.kind); /* what fits 64 bits is small */
}

static void begin(void)
{
    if (arena) arena_destroy(arena);
    arena = arena_create();
    assert_non_null(arena);
    evaluation = evaluation_begin(arena, NULL);
}

static void sums_and_products_agree(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        begin();
        struct object a = random_integer(), b = random_integer(), c = random_integer();
        assert_same(ADD(a, b), ADD(b, a));
        assert_same(SUBTRACT(ADD(a, b), b), a);
        assert_same(MULTIPLY(a, ADD(b, c)), ADD(MULTIPLY(a, b), MULTIPLY(a, c)));
    }
}

static void quotient_and_rest_agree(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        begin();
        struct object a = random_integer(), b = random_integer();
        if (integer_compare(b, object_integer(0)) == 0) continue;
        struct object quotient = apply(integer_floor_divide, a, b);
        struct object rest = apply(integer_modulo, a, b);
        assert_same(ADD(MULTIPLY(quotient, b), rest), a);
        bool is_rest_zero = integer_compare(rest, object_integer(0)) == 0;
        assert_true(is_rest_zero || integer_is_negative(rest) == integer_is_negative(b));
        assert_true(integer_is_negative(b) ? integer_compare(rest, b) > 0
                                           : integer_compare(rest, b) < 0);
    }
}

static void bits_agree(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        begin();
        struct object a = random_integer(), b = random_integer();
        struct object both = apply(integer_and, a, b), either = apply(integer_or, a, b);
        assert_same(ADD(both, either), ADD(a, b));
        assert_same(SUBTRACT(either, both), apply(integer_xor, a, b));
        struct object shift = object_integer((int64_t)(next_random() % 200));
        assert_same(apply(integer_shift_right, apply(integer_shift_left, a, shift), shift), a);
    }
}

static void digits_are_read_back(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        begin();
        int base = 2 + (int)(next_random() % 35);
        struct object a = random_integer(), back = object_none();
        struct text text = {0};
        assert_int_equal(integer_append(&evaluation, &text, a, base), BAMBOO_OK);
        bool is_negative = text.bytes[0] == '-';
        assert_int_equal(integer_from_digits(&evaluation, text.bytes + is_negative,
                                             text.size - is_negative, base, is_negative, &back),
                         BAMBOO_OK);
        assert_same(a, back);
        text_release(&text);
    }
}

static void floats_are_the_nearest(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        begin();
        struct object a = random_integer(), back = object_none();
        double number = integer_as_double(a);
        assert_int_equal(integer_from_double(&evaluation, number, &back), BAMBOO_OK);
        struct object error = SUBTRACT(back, a);
        double distance = integer_as_double(error), magnitude = number < 0 ? -number : number;
        assert_true((distance < 0 ? -distance : distance) <= magnitude / 9007199254740992.0);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(sums_and_products_agree),
        cmocka_unit_test(quotient_and_rest_agree),
        cmocka_unit_test(bits_agree),
        cmocka_unit_test(digits_are_read_back),
        cmocka_unit_test(floats_are_the_nearest),
    };
    int failed = cmocka_run_group_tests(TESTS, NULL, NULL);
    arena_destroy(arena);
    return failed;
}
