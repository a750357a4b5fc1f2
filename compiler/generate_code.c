/* Single instructions, and how deep the operand stack gets. */
#include <string.h>

#include "base/limits.h"
#include "base/value.h"
#include "compiler/generator.h"

void generate_fail(struct generator *generator, enum bamboo_status status)
{
    if (generator->status == BAMBOO_OK) generator->status = status;
}

void generate_place(struct generator *generator, struct span span)
{
    generator->place = span;
    if (!generator->compilation->options->no_debug)
        image_line(generator->writer, span.source, span.offset, span.size);
}

static void report_depth(struct generator *generator)
{
    diagnostics_add(generator->compilation->diagnostics, DIAGNOSTIC_TOO_LARGE, generator->place,
                    "this needs more than %d values at once", STACK_DEPTH_MAX);
}

uint32_t generate_emit(struct generator *generator, enum opcode opcode, uint32_t operand)
{
    const struct instruction_info *info = instruction_info((uint8_t)opcode);
    generator->depth -= instruction_pops(opcode, operand);
    generator->depth += (uint32_t)info->pushes;
    if (generator->depth > STACK_DEPTH_MAX) report_depth(generator);
    return image_emit(generator->writer, opcode, operand);
}

uint32_t generate_jump(struct generator *generator, enum opcode opcode)
{
    return generate_emit(generator, opcode, image_pc(generator->writer));
}

void generate_land(struct generator *generator, uint32_t pc)
{
    image_set_operand(generator->writer, pc, image_pc(generator->writer));
}

void generate_constant(struct generator *generator, struct bamboo_value value)
{
    generate_emit(generator, OP_CONSTANT, image_constant(generator->writer, value));
}

void generate_text(struct generator *generator, const char *text)
{
    generate_emit(generator, OP_CONSTANT, image_name(generator->writer, text, strlen(text)));
}

void generate_integer(struct generator *generator, int64_t integer)
{
    generate_constant(generator, bamboo_integer(integer));
}

void generate_null(struct generator *generator)
{
    generate_constant(generator, bamboo_null());
}
