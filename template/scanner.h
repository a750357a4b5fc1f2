/* What the two scanners share. flex gets its own structs from a fixed place, so that a scanner
 * never allocates and never fails. */
#ifndef TEMPLATE_SCANNER_H
#define TEMPLATE_SCANNER_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>

/* flex's structs: one scanner and one buffer, never more. */
#define SCANNER_MEMORY_SIZE 1024

struct scanner {
    const char *base;  /* the text, followed by two NULs, which flex may write on */
    size_t size;       /* bytes of the text */
    size_t start, end; /* of the last token */
    bool wants_value;  /* conditions: the last token lets a value follow */
    unsigned brackets; /* expressions: that are open */
    size_t rest;       /* expressions: where the filters begin, or 0 */
    size_t memory_used;
    alignas(max_align_t) char memory[SCANNER_MEMORY_SIZE];
};

static inline void *scanner_allocate(struct scanner *scanner, size_t size)
{
    size_t aligned =
        (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
    if (aligned > SCANNER_MEMORY_SIZE - scanner->memory_used) return NULL;
    void *memory = scanner->memory + scanner->memory_used;
    scanner->memory_used += aligned;
    return memory;
}

/* Notes where a token is; returns its kind. */
static inline int scanner_token(struct scanner *scanner, const char *text, size_t size, int kind)
{
    scanner->start = (size_t)(text - scanner->base);
    scanner->end = scanner->start + size;
    return kind;
}

#endif
