/* What pattern_read.c makes of a pattern and pattern.c executes; for those two only. */
#ifndef BASE_PATTERN_STATES_H
#define BASE_PATTERN_STATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Bytes of a pattern, groups inside each other, states that it becomes: a pattern must not be able
 * to eat the machine. */
#define PATTERN_SIZE_MAX  1024
#define PATTERN_DEPTH_MAX 64
#define PATTERN_STATE_MAX 2048
/* States that one search looks at: so many for each byte of the text, and some to begin with. An
 * evaluation is charged for the bytes, so this bounds its time. */
#define PATTERN_WORK_PER_BYTE 128u
#define PATTERN_WORK_FREE     65536u

enum pattern_operation {
    PATTERN_CHARACTER, /* first: a code point */
    PATTERN_ANY,
    PATTERN_SET, /* first, second: where its ranges are, and how many */
    PATTERN_AT_START,
    PATTERN_AT_END,
    PATTERN_SPLIT, /* first, second: offsets of the states to go on at */
    PATTERN_JUMP,  /* first: the offset */
    PATTERN_DONE,
};

struct pattern_state {
    enum pattern_operation operation;
    bool negated; /* SET: what is not in the ranges */
    int32_t first;
    int32_t second;
};

struct pattern_range {
    uint32_t first;
    uint32_t last;
};

/* The first state is where a match begins; the last is DONE. Zeroed is empty. */
struct pattern_states {
    struct pattern_state *items;
    size_t count;
    size_t capacity;
    struct pattern_range *ranges;
    size_t range_count;
    size_t range_capacity;
};

/* Reads a pattern; the result is to be released, also after an error. As pattern_compile(). */
MUST_CHECK enum bamboo_status pattern_read(const char *bytes, size_t size,
                                           struct pattern_states *out, struct bamboo_error *error);

void pattern_states_release(struct pattern_states *states);

#endif
