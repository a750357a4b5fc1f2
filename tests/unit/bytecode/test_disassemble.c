#include "tests/unit/bytecode/support.h"

#include <stdio.h>

#include "bytecode/disassemble.h"

static void the_sample_is_listed(void **state)
{
    (void)state;
    struct image image = sample_image();
    struct program *program = load(&image);
    struct text text = {0};
    disassemble_program(program, &text);
    printf("%s", text_string(&text));
    text_release(&text);
    program_release(program);
    memory_free(image.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_sample_is_listed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
