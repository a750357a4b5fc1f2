/* The end of a node's output: what people want to see when it fails. */
#ifndef CLI_TAIL_H
#define CLI_TAIL_H

#include <stddef.h>

#include "cli/output.h"

/* Lines of a failed node's output that are shown. */
#define TAIL_LINES 20

/* Zeroed is empty. Out of memory only makes it shorter. */
struct tail {
    char *bytes;
    size_t size, capacity;
};

void tail_add(struct tail *tail, struct bamboo_value text);
void tail_clear(struct tail *tail);
void tail_release(struct tail *tail);

/* The last line that is not blank, borrowed; *size is 0 if there is none. */
const char *tail_last_line(const struct tail *tail, size_t *size);

/* Prints the last TAIL_LINES lines, indented, with a bar in front. */
void tail_print(const struct tail *tail, const struct pen *pen);

#endif
