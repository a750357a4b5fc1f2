#include "bytecode/instruction.h"

#include <assert.h>
#include <stddef.h>

#include "bytecode/image_layout.h"

enum { BY_OPERAND = -1 };

static_assert(OPCODE_COUNT <= UINT8_MAX, "an opcode is one byte");

static const struct instruction_info INSTRUCTIONS[] = {
#define INSTRUCTION(name, operand, pops, pushes, flow, places, meaning) \
    [OP_##name] = {#name, OPERAND_##operand, pops, pushes, FLOW_##flow, PLACES_##places, meaning},
#include "bytecode/instructions.def"
#undef INSTRUCTION
};

static const char *const NODE_KIND_NAMES[] = {
#define NODE_KIND(name, text, meaning) [NODE_KIND_##name] = text,
#include "bytecode/node_kinds.def"
#undef NODE_KIND
};

const struct instruction_info *instruction_info(uint8_t opcode)
{
    return opcode < OPCODE_COUNT ? &INSTRUCTIONS[opcode] : NULL;
}

uint32_t instruction_pops(enum opcode opcode, uint32_t operand)
{
    assert(opcode < OPCODE_COUNT);
    const struct instruction_info *info = &INSTRUCTIONS[opcode];
    if (info->pops != BY_OPERAND) return (uint32_t)info->pops;
    const uint32_t pops_by_operand[] = {
#define OPERAND(name, pops, meaning) [OPERAND_##name] = (pops),
#include "bytecode/operands.def"
#undef OPERAND
    };
    return pops_by_operand[info->operand];
}

const char *node_kind_name(uint32_t kind)
{
    assert(kind < NODE_KIND_COUNT);
    return NODE_KIND_NAMES[kind];
}
