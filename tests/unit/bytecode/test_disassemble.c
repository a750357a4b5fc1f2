#include "tests/unit/bytecode/support.h"

#include "base/file.h"
#include "bytecode/disassemble.h"

static void assert_listing(const struct image *image, const char *expected)
{
    struct program *program = load(image);
    struct text text = {0};
    disassemble_program(program, &text);
    assert_false(text.failed);
    assert_string_equal(text_string(&text), expected);
    text_release(&text);
    program_release(program);
}

/* The expectation is tests/unit/bytecode/sample.listing: make unit runs tests in the root. */
static void the_sample_is_listed(void **state)
{
    (void)state;
    char *bytes;
    size_t size;
    struct bamboo_error error;
    if (file_read("tests/unit/bytecode/sample.listing", 1 << 20, &bytes, &size, &error))
        fail_msg("%s", error.message);
    struct image image = sample_image();
    assert_listing(&image, bytes);
    memory_free(image.bytes);
    memory_free(bytes);
}

/* The instructions alone: what a listing says above them has a digest. */
static void assert_code(const struct image *image, const char *expected)
{
    struct program *program = load(image);
    struct text text = {0};
    disassemble_program(program, &text);
    assert_string_equal(strstr(text_string(&text), "\n\n") + 2, expected);
    text_release(&text);
    program_release(program);
}

static void a_control_program_is_listed(void **state)
{
    (void)state;
    struct image_writer *writer = image_writer_create(IMAGE_CONTROL);
    push_text(writer, "build\x1b[2J\n");
    image_emit(writer, OP_PAUSE_RUN, 0);
    image_emit(writer, OP_HALT, 0);
    struct image image = finish(writer);
    assert_code(&image, "     0  CONSTANT        \"build\\u001b[2J\\n\"\n"
                        "     1  PAUSE_RUN\n"
                        "     2  HALT\n");
    memory_free(image.bytes);
}

static void a_long_constant_is_cut_between_characters(void **state)
{
    (void)state;
    char text[200];
    memset(text, 'x', sizeof text);
    memcpy(text + 98, "\xC3\xBC", 2); /* byte 100 of the JSON text is inside it */
    struct image_writer *writer = image_writer_create(IMAGE_CONTROL);
    image_emit(writer, OP_CONSTANT, image_name(writer, text, sizeof text));
    image_emit(writer, OP_PAUSE_RUN, 0);
    image_emit(writer, OP_HALT, 0);
    struct image image = finish(writer);
    struct program *program = load(&image);
    struct text listed = {0};
    disassemble_instruction(program, 0, &listed);
    assert_int_equal(listed.size, strlen("CONSTANT \"") + 98 + strlen("..."));
    assert_string_equal(text_string(&listed) + listed.size - 5, "xx...");
    text_release(&listed);
    program_release(program);
    memory_free(image.bytes);
}

/* Two sources: their names are told; one of them is not embedded. */
static void places_name_their_source(void **state)
{
    (void)state;
    struct image_writer *writer = image_writer_create(IMAGE_CONTROL);
    const struct image_source sources[] = {
        {.name = name_in(writer, "main.bamboo"), .text = name_in(writer, "one\n\ttwo\x1b\n")},
        {.name = name_in(writer, "other flow.bamboo"), .text = IMAGE_NONE},
    };
    for (size_t i = 0; i < 2; i++)
        image_add(writer, SECTION_SOURCES, &sources[i], sizeof sources[i]);
    image_line(writer, 0, 6, 1);
    push_text(writer, "a");
    image_line(writer, 0, 7, 1); /* another place of the same line */
    image_emit(writer, OP_PAUSE_RUN, 0);
    image_line(writer, 1, 6, 1);
    push_text(writer, "a");
    image_line(writer, 0, 0, 3);
    image_emit(writer, OP_RESUME_RUN, 0);
    image_emit(writer, OP_HALT, 0);
    struct image image = finish(writer);
    assert_code(&image, "        ; main.bamboo, line 2: two?\n"
                        "     0  CONSTANT        \"a\"\n"
                        "     1  PAUSE_RUN\n"
                        "        ; \"other flow.bamboo\", byte 6\n"
                        "     2  CONSTANT        \"a\"\n"
                        "        ; main.bamboo, line 1: one\n"
                        "     3  RESUME_RUN\n"
                        "     4  HALT\n");
    memory_free(image.bytes);
}

static void an_instruction_is_told_in_words(void **state)
{
    (void)state;
    static const struct {
        uint32_t pc;
        const char *text;
    } INSTRUCTIONS[] = {
        {6, "LEAVE start->set"},     {8, "CONSTANT 1m30s"},        {15, "EXECUTE shell"},
        {20, "TRY_OUTPUTS build"},   {24, "CALL .upper/1"},        {27, "FORK"},
        {30, "CALL_PIPELINE sub"},   {32, "ENTER \"pause here\""}, {44, "JUMP_FALSE 48"},
        {58, "LOAD_VARIABLE built"},
    };
    struct image image = sample_image();
    struct program *program = load(&image);
    for (size_t i = 0; i < sizeof INSTRUCTIONS / sizeof *INSTRUCTIONS; i++) {
        struct text text = {0};
        disassemble_instruction(program, INSTRUCTIONS[i].pc, &text);
        assert_string_equal(text_string(&text), INSTRUCTIONS[i].text);
        text_release(&text);
    }
    program_release(program);
    memory_free(image.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_is_listed),
        cmocka_unit_test(a_control_program_is_listed),
        cmocka_unit_test(a_long_constant_is_cut_between_characters),
        cmocka_unit_test(places_name_their_source),
        cmocka_unit_test(an_instruction_is_told_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
