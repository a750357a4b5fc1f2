/* Out of memory is an ordinary error: every allocation fails in turn, until all goes well. */
#include "tests/unit/bytecode/support.h"

#include "base/text.h"
#include "bytecode/control_program.h"
#include "bytecode/disassemble.h"
#include "bytecode/image_compress.h"

#ifdef BAMBOO_DEBUG

static int countdown; /* 0: no allocation fails */

bool memory_fault(void)
{
    return countdown > 0 && --countdown == 0;
}

static void a_writer_says_that_memory_is_out(void **state)
{
    (void)state;
    bool has_failed = true;
    for (int fault = 1; has_failed; fault++) {
        struct image image = {0};
        struct bamboo_error error = {0};
        countdown = fault;
        enum bamboo_status status = control_program_build(
            OP_SKIP_NODE, "build", bamboo_integer(1), "reason", &image.bytes, &image.size, &error);
        has_failed = countdown == 0;
        countdown = 0;
        assert_int_equal(status, has_failed ? BAMBOO_E_MEMORY : BAMBOO_OK);
        assert_string_equal(error.message, has_failed ? "out of memory" : "");
        memory_free(image.bytes);
    }
}

static void assert_loader_says_that_memory_is_out(struct image image)
{
    bool has_failed = true;
    for (int fault = 1; has_failed; fault++) {
        struct program *program = NULL;
        struct bamboo_error error = {0};
        countdown = fault;
        enum bamboo_status status =
            program_load(image.bytes, image.size, "flow.bbc", &program, &error);
        has_failed = countdown == 0;
        countdown = 0;
        assert_int_equal(status, has_failed ? BAMBOO_E_MEMORY : BAMBOO_OK);
        assert_string_equal(error.message, has_failed ? "out of memory" : "");
        program_release(program);
    }
    memory_free(image.bytes);
}

static void a_loader_says_that_memory_is_out(void **state)
{
    (void)state;
    assert_loader_says_that_memory_is_out(sample_image());
}

static void a_loader_of_a_compressed_image_says_so_too(void **state)
{
    (void)state;
    struct image image = sample_image(), file = {0};
    bool has_failed = true;
    for (int fault = 1; has_failed; fault++) {
        countdown = fault;
        enum bamboo_status status =
            image_compress(image.bytes, image.size, &file.bytes, &file.size, NULL);
        has_failed = countdown == 0;
        countdown = 0;
        assert_int_equal(status, has_failed ? BAMBOO_E_MEMORY : BAMBOO_OK);
    }
    memory_free(image.bytes);
    assert_loader_says_that_memory_is_out(file);
}

static void a_listing_fails_as_a_text(void **state)
{
    (void)state;
    struct image image = sample_image();
    struct program *program = load(&image);
    bool has_failed = true;
    for (int fault = 1; has_failed; fault++) {
        struct text text = {0};
        countdown = fault;
        disassemble_program(program, &text);
        has_failed = countdown == 0;
        countdown = 0;
        assert_int_equal(text.failed, has_failed);
        text_release(&text);
    }
    program_release(program);
    memory_free(image.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_writer_says_that_memory_is_out),
        cmocka_unit_test(a_loader_says_that_memory_is_out),
        cmocka_unit_test(a_loader_of_a_compressed_image_says_so_too),
        cmocka_unit_test(a_listing_fails_as_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
    print_message("allocations fail only in a debug build\n");
    return 0;
}

#endif
