/* A readable listing of a program, with source lines where the debug section has them. */
#ifndef BYTECODE_DISASSEMBLE_H
#define BYTECODE_DISASSEMBLE_H

#include "base/text.h"
#include "bytecode/program.h"

/* Appends the listing of the whole program. A failure sticks in the text. */
void disassemble_program(const struct program *program, struct text *out);

/* Appends one instruction, without its pc: "LEAVE build->test". */
void disassemble_instruction(const struct program *program, uint32_t pc, struct text *out);

#endif
