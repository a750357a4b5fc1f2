/* Builds an image. Rows are appended to sections in order; failures (memory, limits) stick and are
 * told by image_finish(). The same calls give the same bytes. */
#ifndef BYTECODE_IMAGE_WRITER_H
#define BYTECODE_IMAGE_WRITER_H

#include "base/bytes.h"
#include "base/error.h"
#include "bytecode/image_layout.h"
#include "bytecode/instruction.h"
#include "include/bamboo_value.h"

struct image_writer;

/* NULL if there is no memory. */
struct image_writer *image_writer_create(enum image_kind kind);
void image_writer_destroy(struct image_writer *writer);

/* Index of a constant; equal values of the same type share one. `value` is borrowed. */
uint32_t image_constant(struct image_writer *writer, struct bamboo_value value);
/* The same for a string. */
uint32_t image_name(struct image_writer *writer, const char *bytes, size_t size);
/* Index of a component or function reference; the same name shares one. */
uint32_t image_component(struct image_writer *writer, const char *code);
uint32_t image_function(struct image_writer *writer, const char *name);

/* Appends a row to a section of rows; returns its index. */
uint32_t image_add(struct image_writer *writer, enum image_section section, const void *row,
                   size_t row_size);
/* Changes a row that is there, to fill what was not known yet. */
void image_patch(struct image_writer *writer, enum image_section section, uint32_t index,
                 const void *row, size_t row_size);

/* Appends an instruction; returns its index (its pc). An operand above OPERAND_MAX is a failure. */
uint32_t image_emit(struct image_writer *writer, enum opcode opcode, uint32_t operand);
/* The pc of the next instruction. */
uint32_t image_pc(const struct image_writer *writer);
/* Gives the instruction at `pc` another operand: for forward jumps. */
void image_set_operand(struct image_writer *writer, uint32_t pc, uint32_t operand);
/* From the next instruction on, code comes from this place (debug section). */
void image_line(struct image_writer *writer, uint32_t source, uint32_t offset, uint32_t size);

/* Lays out the image; *bytes is the caller's (memory_free). Errors: LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status image_finish(struct image_writer *writer, uint8_t **bytes,
                                           size_t *size, struct bamboo_error *error);

#endif
