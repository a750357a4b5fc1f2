#include "tests/unit/bytecode/support.h"

static void every_opcode_has_facts(void **state)
{
    (void)state;
    for (unsigned opcode = 0; opcode < OPCODE_COUNT; opcode++) {
        const struct instruction_info *info = instruction_info((uint8_t)opcode);
        assert_non_null(info);
        assert_non_null(info->name);
        assert_true(strlen(info->meaning) > 0);
        assert_true(info->operand < OPERAND_KIND_COUNT);
    }
    for (unsigned opcode = OPCODE_COUNT; opcode <= UINT8_MAX; opcode++)
        assert_null(instruction_info((uint8_t)opcode));
}

/* Artifacts and snapshots hold these numbers: a row may be appended, never inserted. */
static void opcodes_keep_their_numbers(void **state)
{
    (void)state;
    assert_int_equal(OP_CONSTANT, 0);
    assert_int_equal(OP_CALL, 18);
    assert_int_equal(OP_ADD, 19);
    assert_int_equal(OP_JUMP, 37);
    assert_int_equal(OP_ENTER, 43);
    assert_int_equal(OP_END_PIPELINE, 52);
    assert_int_equal(OP_PAUSE_RUN, 53);
    assert_int_equal(OP_HALT, 62);
    assert_int_equal(OP_IS_SET, 63);
    assert_int_equal(NODE_KIND_CONTROL, 9);
    assert_int_equal(SECTION_SOURCES, 11);
}

static void an_instruction_packs_and_unpacks(void **state)
{
    (void)state;
    uint32_t word = instruction_pack(OP_LEAVE, 0xABCDEF);
    assert_int_equal(word, 0xABCDEF00u | OP_LEAVE);
    assert_int_equal(instruction_opcode(word), OP_LEAVE);
    assert_int_equal(instruction_operand(word), 0xABCDEF);
    assert_int_equal(call_operand(0x1234, 5), 0x123405);
}

struct pops_case {
    const char *promise;
    enum opcode opcode;
    uint32_t operand;
    uint32_t pops;
};

static const struct pops_case POPS[] = {
    {"a constant pops nothing", OP_CONSTANT, 7, 0},
    {"a slice pops four", OP_SLICE, 0, 4},
    {"a list pops its elements", OP_MAKE_LIST, 7, 7},
    {"a map pops keys and values", OP_MAKE_MAP, 7, 14},
    {"the largest map does not overflow", OP_MAKE_MAP, 0xFFFFFF, 0x1FFFFFE},
    {"a call pops its arguments, not its function", OP_CALL, 0x1203, 3},
    {"a choice pops its conditions", OP_CHOOSE_ONLY, 5, 5},
    {"a fork on conditions pops them", OP_FORK_WHEN, 5, 5},
};

static void an_instruction_pops_what_it_says(void **state)
{
    const struct pops_case *expected = *state;
    assert_int_equal(instruction_pops(expected->opcode, expected->operand), expected->pops);
}

static void kinds_have_names(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < NODE_KIND_COUNT; kind++)
        assert_non_null(node_kind_name(kind));
    assert_string_equal(node_kind_name(NODE_KIND_ASSIGN), "set");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_opcode_has_facts),
        cmocka_unit_test(opcodes_keep_their_numbers),
        cmocka_unit_test(an_instruction_packs_and_unpacks),
        cmocka_unit_test(kinds_have_names),
    };
    int failed = RUN_ROWS(POPS, an_instruction_pops_what_it_says);
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
