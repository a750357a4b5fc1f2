/* What flow.l and its user share. The scanner turns characters into tokens one at a time; what a
 * character means depends on `mode`, which its user sets before each token. It never allocates and
 * never fails. */
#ifndef GRAMMAR_SCANNER_H
#define GRAMMAR_SCANNER_H

#include <stdalign.h>
#include <stddef.h>

enum scan_mode {
    SCAN_CODE,
    SCAN_TEXT,      /* behind " */
    SCAN_LINES,     /* behind """ */
    SCAN_RAW,       /* behind r" */
    SCAN_RAW_LINES, /* behind r""" */
    SCAN_TEMPLATE,  /* text without quotes */
    SCAN_FIXED      /* behind t" or b": escapes, but no ${ */
};

/* flex's own structs live here: room for one scanner and one buffer, never more. */
#define SCANNER_MEMORY_SIZE 1024

struct scanner {
    const char *base; /* the first byte of the source in the scanner's buffer */
    size_t size;      /* bytes of the source */
    enum scan_mode mode;
    size_t start, end; /* the last token, as offsets */
    size_t memory_used;
    alignas(max_align_t) char memory[SCANNER_MEMORY_SIZE];
};

#endif
