/* Places in sources. A place is a byte range; line and column are computed when it is printed. */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stddef.h>
#include <stdint.h>

/* A source text, borrowed or owned by whoever made it; outlives all spans into it. */
struct source {
    const char *name; /* as the user gave it: a path, or "<expression>" */
    const char *bytes;
    size_t size;
};

struct span {
    uint32_t source; /* index into the compilation's list of sources */
    uint32_t offset; /* bytes */
    uint32_t size;   /* bytes; 0 at the end of a file */
};

struct place {
    uint32_t line;        /* from 1 */
    uint32_t column;      /* from 1, in characters (code points) */
    uint32_t line_offset; /* byte offset of the line's start */
    uint32_t line_size;   /* bytes of the line, without its newline */
};

/* Where byte `offset` of the source is; an offset beyond the end is at the end. */
struct place source_place(const struct source *source, uint32_t offset);

/* The smallest span with both in it (same source). */
struct span span_join(struct span first, struct span last);

#endif
