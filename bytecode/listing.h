/* A listing in the making: what the files of the disassembler share. */
#ifndef BYTECODE_LISTING_H
#define BYTECODE_LISTING_H

#include "base/text.h"
#include "bytecode/source_lines.h"

/* Columns of the longest name of an instruction. */
#define LISTING_NAME_WIDTH 15

struct listing {
    const struct program *program;
    struct text *out;
    struct source_lines lines;
    bool *is_target;                  /* by instruction: a jump leads there */
    uint32_t last_source, last_place; /* of the source line that was shown last */
};

/* Returns false if there is no memory; release it all the same. */
bool listing_init(struct listing *listing, const struct program *program, struct text *out);
void listing_release(struct listing *listing);

/* The instructions from `first` on, before `end`, with the source lines that they come from. */
void listing_append_code(struct listing *listing, uint32_t first, uint32_t end);

/* A name as it is, or in quotes if that would not be readable. */
void listing_append_name(const struct program *program, uint32_t name, struct text *out);

/* The beginning of a value as JSON; of a duration as in a flow. */
void listing_append_value(struct text *out, struct bamboo_value value);

#endif
