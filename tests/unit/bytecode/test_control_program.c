#include "tests/unit/bytecode/support.h"

#include "base/text.h"
#include "bytecode/control_program.h"
#include "bytecode/disassemble.h"

struct control_case {
    const char *promise;
    enum opcode operation;
    const char *path;
    int64_t data; /* 0: none */
    const char *reason;
    const char *listing; /* instructions, each followed by "; " */
};

static const struct control_case CONTROLS[] = {
    {"a run is paused for a reason", OP_PAUSE_RUN, NULL, 0, "disk full",
     "CONSTANT \"disk full\"; PAUSE_RUN; HALT; "},
    {"a run is resumed for none", OP_RESUME_RUN, NULL, 0, NULL,
     "CONSTANT null; RESUME_RUN; HALT; "},
    {"a path is not for a run", OP_REVOKE_RUN, "build", 7, NULL,
     "CONSTANT null; REVOKE_RUN; HALT; "},
    {"a node is retried with data", OP_RETRY_NODE, "deploy/build", 7, "again",
     "CONSTANT \"deploy/build\"; CONSTANT 7; CONSTANT \"again\"; RETRY_NODE; HALT; "},
    {"a node is skipped", OP_SKIP_NODE, "build", 0, NULL,
     "CONSTANT \"build\"; CONSTANT null; CONSTANT null; SKIP_NODE; HALT; "},
    {"a node is called back", OP_CALLBACK_NODE, "build", 1, NULL,
     "CONSTANT \"build\"; CONSTANT 1; CONSTANT null; CALLBACK_NODE; HALT; "},
};

static void an_operation_becomes_a_program(void **state)
{
    const struct control_case *expected = *state;
    struct image image;
    struct text text = {0};
    struct bamboo_value data = expected->data ? bamboo_integer(expected->data) : bamboo_missing();
    assert_int_equal(control_program_build(expected->operation, expected->path, data,
                                           expected->reason, &image.bytes, &image.size, NULL),
                     BAMBOO_OK);
    struct program *program = load(&image);
    assert_int_equal(program->kind, IMAGE_CONTROL);
    for (uint32_t pc = 0; pc < program->code_count; pc++) {
        disassemble_instruction(program, pc, &text);
        text_append_string(&text, "; ");
    }
    assert_string_equal(text_string(&text), expected->listing);
    text_release(&text);
    program_release(program);
    memory_free(image.bytes);
}

struct refused_case {
    const char *promise;
    enum opcode operation;
    const char *path;
    const char *reason;
    const char *because;
};

static const struct refused_case REFUSED[] = {
    {"only operations make control programs", OP_HALT, "build", NULL,
     "instruction 62 is not a control operation"},
    {"an operation on a node has a path", OP_SKIP_NODE, NULL, NULL,
     "the path of the node is missing"},
    {"a path is UTF-8", OP_SKIP_NODE, "\xFF", NULL, "the path or the reason is not UTF-8"},
    {"a reason is UTF-8", OP_PAUSE_RUN, NULL, "\xC0", "the path or the reason is not UTF-8"},
};

static void anything_else_is_refused(void **state)
{
    const struct refused_case *expected = *state;
    struct image image = {0};
    struct bamboo_error error;
    assert_int_equal(control_program_build(expected->operation, expected->path, bamboo_null(),
                                           expected->reason, &image.bytes, &image.size, &error),
                     BAMBOO_E_USAGE);
    assert_string_equal(error.message, expected->because);
    assert_null(image.bytes);
}

int main(void)
{
    return RUN_ROWS(CONTROLS, an_operation_becomes_a_program) +
           RUN_ROWS(REFUSED, anything_else_is_refused);
}
