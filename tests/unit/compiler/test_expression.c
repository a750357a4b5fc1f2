/* Expressions alone, and what code they become. */
#include "support.h"

#include "bytecode/disassemble.h"

struct listing_case {
    const char *promise;
    const char *expression;
    const char *listing; /* instructions, with their names only */
};

static const struct listing_case LISTINGS[] = {
    {"a literal is a constant", "42", "CONSTANT"},
    {"arithmetic is computed", "60 * 60 + -1", "CONSTANT"},
    {"a constant list is one constant", "[1, [2, {a: \"b\"}]]", "CONSTANT"},
    {"a variable is loaded", "s + s", "LOAD_VARIABLE LOAD_VARIABLE ADD"},
    {"?? tries the whole chain", "m.a[0].b ?? 1",
     "TRY_VARIABLE TRY_FIELD CONSTANT TRY_INDEX TRY_FIELD DUPLICATE IS_PRESENT JUMP_TRUE POP "
     "CONSTANT"},
    {"?. tries from there on, and missing becomes null", "m.a?.b.c",
     "TRY_VARIABLE TRY_FIELD TRY_FIELD TRY_FIELD DUPLICATE IS_SET JUMP_TRUE POP CONSTANT"},
    {"a plain chain fails where something is missing", "m.a.b", "LOAD_VARIABLE FIELD FIELD"},
    {"and stops at what is false", "a and s",
     "LOAD_VARIABLE DUPLICATE JUMP_FALSE POP LOAD_VARIABLE"},
    {"or stops at what is true", "a or s", "LOAD_VARIABLE DUPLICATE JUMP_TRUE POP LOAD_VARIABLE"},
    {"a method has its receiver", "s.upper()", "LOAD_VARIABLE CALL"},
    {"a conditional jumps", "1 if a else 2", "LOAD_VARIABLE JUMP_FALSE CONSTANT JUMP CONSTANT"},
    {"a comprehension iterates", "[e for e in l if a]",
     "LOAD_VARIABLE BEGIN_ITERATION MAKE_LIST STORE_LOCAL ITERATE JUMP_FALSE LOAD_VARIABLE "
     "JUMP_FALSE LOAD_LOCAL APPEND_LOCAL JUMP LOAD_LOCAL"},
    {"plus wants a number", "+n", "LOAD_VARIABLE NEGATE NEGATE"},
    {"a slice has three bounds", "l[1:]", "LOAD_VARIABLE CONSTANT CONSTANT CONSTANT SLICE"},
};

static const char CONTEXT[] = "{\"s\": \"x\", \"m\": {}, \"a\": true, \"l\": [], \"n\": 1}";

static enum bamboo_status compile_in_context(const char *text, bool is_template, uint8_t **image,
                                             size_t *size, struct text *printed)
{
    const struct compile_options options = options_of_tests();
    struct bamboo_error error = {0};
    struct bamboo_value context = bamboo_missing();
    assert_int_equal(bamboo_json_parse(CONTEXT, strlen(CONTEXT), &context, &error), BAMBOO_OK);
    struct diagnostics *diagnostics = diagnostics_create();
    assert_non_null(diagnostics);
    enum bamboo_status status = compile_expression(text, strlen(text), is_template, context,
                                                   &options, diagnostics, image, size, &error);
    diagnostics_print(diagnostics, false, printed);
    diagnostics_destroy(diagnostics);
    bamboo_value_release(context);
    return status;
}

static struct program *expression_program(const char *text, bool is_template)
{
    uint8_t *image = NULL;
    size_t size = 0;
    struct text printed = {0};
    struct bamboo_error error = {0};
    struct program *program = NULL;
    if (compile_in_context(text, is_template, &image, &size, &printed) != BAMBOO_OK)
        fail_msg("%s", text_string(&printed));
    if (program_load(image, size, "expression", &program, &error) != BAMBOO_OK)
        fail_msg("%s", error.message);
    memory_free(image);
    text_release(&printed);
    return program;
}

static void assert_listing(struct program *program, const char *expected)
{
    struct text listing = {0};
    for (uint32_t pc = 0; pc < program->code_count; pc++) {
        if (pc > 0) text_append_character(&listing, ' ');
        text_append_string(&listing, instruction_info(instruction_opcode(program->code[pc]))->name);
    }
    struct text wanted = {0};
    text_append_format(&wanted, "%s END_PIPELINE", expected);
    assert_string_equal(text_string(&listing), text_string(&wanted));
    text_release(&listing);
    text_release(&wanted);
    program_release(program);
}

static void expressions_become_the_promised_code(void **state)
{
    const struct listing_case *expected = *state;
    assert_listing(expression_program(expected->expression, false), expected->listing);
}

static void templates_become_texts(void **state)
{
    (void)state;
    assert_listing(expression_program("hello ${s}!", true),
                   "CONSTANT LOAD_VARIABLE CONSTANT MAKE_TEXT");
}

static void variables_are_the_keys_of_the_context_in_order(void **state)
{
    (void)state;
    struct program *program = expression_program("n", false);
    assert_int_equal(program->variable_count, 5);
    assert_string_equal(program_name(program, program->variables[4].name), "n");
    assert_int_equal(instruction_operand(program->code[0]), 4);
    program_release(program);
}

static void mistakes_of_expressions_are_told(void **state)
{
    (void)state;
    static const char *const WRONG[] = {"nn", "s + n", "1 +", "foo(1)", "shell(s)", "1 / 0"};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        uint8_t *image = NULL;
        size_t size = 0;
        struct text printed = {0};
        assert_int_equal(compile_in_context(WRONG[i], false, &image, &size, &printed),
                         BAMBOO_E_SOURCE);
        assert_true(printed.size > 0);
        assert_null(image);
        text_release(&printed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(templates_become_texts),
        cmocka_unit_test(variables_are_the_keys_of_the_context_in_order),
        cmocka_unit_test(mistakes_of_expressions_are_told),
    };
    int failed = RUN_ROWS(LISTINGS, expressions_become_the_promised_code);
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
