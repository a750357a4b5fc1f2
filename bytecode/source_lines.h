/* The lines of a program's embedded sources, found by byte: for listings, which ask often. */
#ifndef BYTECODE_SOURCE_LINES_H
#define BYTECODE_SOURCE_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "bytecode/program.h"

struct source_lines {
    const struct program *program;
    uint32_t **starts; /* of each source whose text is there, the bytes where its lines start */
    uint32_t *counts;
};

/* Finds all lines. Returns false if there is no memory. `program` is borrowed. */
bool source_lines_init(struct source_lines *lines, const struct program *program);
void source_lines_release(struct source_lines *lines);

/* The line that byte `offset` of a source lies in, from 1; its text (without newline) in *text and
 * *size. 0 if the source's text is not in the program. */
uint32_t source_lines_find(const struct source_lines *lines, uint32_t source, uint32_t offset,
                           const char **text, size_t *size);

#endif
