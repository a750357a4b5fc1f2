/* Facts about instructions, and packing one. Driven by instructions.def and operands.def. */
#ifndef BYTECODE_INSTRUCTION_H
#define BYTECODE_INSTRUCTION_H

#include <stdbool.h>
#include <stdint.h>

enum opcode {
#define INSTRUCTION(name, operand, pops, pushes, flow, places, meaning) OP_##name,
#include "bytecode/instructions.def"
#undef INSTRUCTION
    OPCODE_COUNT
};

enum operand_kind {
#define OPERAND(name, pops, meaning) OPERAND_##name,
#include "bytecode/operands.def"
#undef OPERAND
    OPERAND_KIND_COUNT
};

/* Where an instruction may stand (rule 32 of docs/artifact.md). */
enum instruction_places {
#define PLACES(name, bits, meaning) PLACES_##name,
#include "bytecode/places.def"
#undef PLACES
};

enum instruction_flow { FLOW_NEXT, FLOW_JUMP, FLOW_BLOCK, FLOW_STOP };

struct instruction_info {
    const char *name;
    enum operand_kind operand;
    int pops; /* negative: by operand; see instruction_pops() */
    int pushes;
    enum instruction_flow flow;
    enum instruction_places places;
    const char *meaning;
};

/* NULL for a byte that is no opcode. */
const struct instruction_info *instruction_info(uint8_t opcode);

/* How many values an instruction pops. `opcode` must be one. */
uint32_t instruction_pops(enum opcode opcode, uint32_t operand);

static inline uint32_t instruction_pack(enum opcode opcode, uint32_t operand)
{
    return (uint32_t)opcode | operand << 8;
}
static inline uint8_t instruction_opcode(uint32_t word)
{
    return (uint8_t)(word & 0xFF);
}
static inline uint32_t instruction_operand(uint32_t word)
{
    return word >> 8;
}
static inline uint32_t call_operand(uint32_t function, uint32_t argument_count)
{
    return function << 8 | argument_count;
}

/* "activity", "converge", ...; for a kind in range. Constant storage. */
const char *node_kind_name(uint32_t kind);

#endif
