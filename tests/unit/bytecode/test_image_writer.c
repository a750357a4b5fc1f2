#include "tests/unit/bytecode/support.h"

#include <stdio.h>

#include "base/limits.h"

static void the_same_calls_give_the_same_bytes(void **state)
{
    (void)state;
    struct image one = sample_image();
    struct image other = sample_image();
    assert_int_equal(one.size, other.size);
    assert_memory_equal(one.bytes, other.bytes, one.size);
    memory_free(one.bytes);
    memory_free(other.bytes);
}

static void an_image_that_is_finished_twice_is_the_same(void **state)
{
    (void)state;
    uint8_t *bytes[2];
    size_t sizes[2];
    struct image_writer *writer = image_writer_create(IMAGE_EXPRESSION);
    push_text(writer, "x");
    for (int i = 0; i < 2; i++)
        assert_int_equal(image_finish(writer, &bytes[i], &sizes[i], NULL), BAMBOO_OK);
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
    memory_free(bytes[0]);
    memory_free(bytes[1]);
    image_writer_destroy(writer);
}

static void equal_constants_share_an_index(void **state)
{
    (void)state;
    struct image_writer *writer = image_writer_create(IMAGE_FLOW);
    struct bamboo_value text;
    assert_int_equal(bamboo_string_create("name", 4, &text, NULL), BAMBOO_OK);
    uint32_t name = name_in(writer, "name");
    assert_int_equal(name_in(writer, "name"), name);
    assert_int_equal(image_constant(writer, text), name);
    assert_int_not_equal(name_in(writer, "nam"), name);
    bamboo_value_release(text);
    image_writer_destroy(writer);
}

static void constants_of_other_types_do_not_share(void **state)
{
    (void)state;
    struct image_writer *writer = image_writer_create(IMAGE_FLOW);
    const struct bamboo_value values[] = {
        bamboo_integer(1), bamboo_float(1),   bamboo_duration(1), bamboo_bool(true),
        bamboo_integer(0), bamboo_float(0.0), bamboo_float(-0.0), bamboo_bool(false),
        bamboo_null(),     bamboo_missing(),
    };
    for (uint32_t i = 0; i < sizeof values / sizeof *values; i++)
        assert_int_equal(image_constant(writer, values[i]), i);
    for (uint32_t i = 0; i < sizeof values / sizeof *values; i++)
        assert_int_equal(image_constant(writer, values[i]), i);
    image_writer_destroy(writer);
}

static void a_hundred_thousand_constants_are_shared_fast(void **state)
{
    (void)state;
    struct image_writer *writer = image_writer_create(IMAGE_FLOW);
    for (int round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 100000; i++) {
            char name[16];
            snprintf(name, sizeof name, "name %u", i);
            assert_int_equal(name_in(writer, name), i);
        }
    image_writer_destroy(writer);
}

static void references_are_shared_by_name(void **state)
{
    (void)state;
    struct image_writer *writer = image_writer_create(IMAGE_FLOW);
    assert_int_equal(image_component(writer, "shell"), 0);
    assert_int_equal(image_component(writer, "exec"), 1);
    assert_int_equal(image_component(writer, "shell"), 0);
    assert_int_equal(image_function(writer, "shell"), 0);
    image_writer_destroy(writer);
}

static void instructions_of_one_place_share_a_line(void **state)
{
    (void)state;
    struct image image = sample_image();
    struct program *program = load(&image);
    assert_int_equal(program->line_count, 3);
    assert_int_equal(program_line(program, 0)->pc, 0);
    assert_int_equal(program_line(program, 10)->pc, 0);
    assert_int_equal(program_line(program, 11)->pc, 11);
    assert_int_equal(program_line(program, 16)->offset, 18);
    assert_int_equal(program_line(program, 65)->pc, 17);
    program_release(program);
    memory_free(image.bytes);
}

/* --- limits --- */

static void assert_limit(struct image_writer *writer, const char *because)
{
    struct bamboo_error error;
    struct image image;
    assert_int_equal(image_finish(writer, &image.bytes, &image.size, &error), BAMBOO_E_LIMIT);
    assert_string_equal(error.message, because);
    image_writer_destroy(writer);
}

static void an_operand_has_24_bits(void **state)
{
    (void)state;
    struct image_writer *writer = image_writer_create(IMAGE_FLOW);
    image_emit(writer, OP_CONSTANT, OPERAND_MAX);
    struct image image = finish(writer);
    memory_free(image.bytes);

    const char *because = "no artifact can be made: an instruction's operand is above 2^24 - 1";
    writer = image_writer_create(IMAGE_FLOW);
    image_emit(writer, OP_CONSTANT, OPERAND_MAX + 1);
    assert_limit(writer, because);
    writer = image_writer_create(IMAGE_FLOW);
    image_set_operand(writer, image_emit(writer, OP_JUMP, 0), OPERAND_MAX + 1);
    assert_limit(writer, because);
}

static void a_call_has_16_bits_for_its_function(void **state)
{
    (void)state;
    struct image_writer *writer = image_writer_create(IMAGE_FLOW);
    for (uint32_t i = 0; i < 1u << 16; i++)
        image_add(writer, SECTION_FUNCTIONS, &(struct image_reference){IMAGE_NONE}, 4);
    image_function(writer, "one more");
    assert_limit(writer, "no artifact can be made: too many different functions are called");
}

static void a_string_is_as_long_as_a_value_may_be(void **state)
{
    (void)state;
    char *text = calloc(1, VALUE_SIZE_MAX + 1);
    struct image_writer *writer = image_writer_create(IMAGE_FLOW);
    image_name(writer, text, VALUE_SIZE_MAX + 1);
    assert_limit(writer, "no artifact can be made: a string is too long");
    free(text);
}

static void an_image_is_not_larger_than_can_be_loaded(void **state)
{
    (void)state;
    char *text = calloc(1, VALUE_SIZE_MAX);
    struct image_writer *writer = image_writer_create(IMAGE_FLOW);
    for (int i = 0; i < 17; i++) {
        text[0] = (char)i;
        image_name(writer, text, VALUE_SIZE_MAX);
    }
    assert_limit(writer, "no artifact can be made: constants are too large");
    free(text);

    uint32_t *rows = calloc(1, IMAGE_SIZE_MAX);
    writer = image_writer_create(IMAGE_FLOW);
    image_add(writer, SECTION_CODE, rows, IMAGE_SIZE_MAX);
    assert_limit(writer, "no artifact can be made: it would be larger than 256 MiB");
    writer = image_writer_create(IMAGE_FLOW);
    image_add(writer, SECTION_CODE, rows, IMAGE_SIZE_MAX);
    image_emit(writer, OP_POP, 0);
    assert_limit(writer, "no artifact can be made: there are too many nodes or instructions");
    free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_calls_give_the_same_bytes),
        cmocka_unit_test(an_image_that_is_finished_twice_is_the_same),
        cmocka_unit_test(equal_constants_share_an_index),
        cmocka_unit_test(constants_of_other_types_do_not_share),
        cmocka_unit_test(a_hundred_thousand_constants_are_shared_fast),
        cmocka_unit_test(references_are_shared_by_name),
        cmocka_unit_test(instructions_of_one_place_share_a_line),
        cmocka_unit_test(an_operand_has_24_bits),
        cmocka_unit_test(a_call_has_16_bits_for_its_function),
        cmocka_unit_test(a_string_is_as_long_as_a_value_may_be),
        cmocka_unit_test(an_image_is_not_larger_than_can_be_loaded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
