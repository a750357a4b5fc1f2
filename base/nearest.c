/* "did you mean ...?": the distance counts inserted, left out, changed and swapped bytes (optimal
 * string alignment); capitals and small letters are the same. */
#include <string.h>

#include "base/diagnostics.h"

#define NAME_SIZE_LIMIT 64u /* longer names are not compared: the work is their product */

static unsigned char fold(char character)
{
    unsigned char byte = (unsigned char)character;
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte | 0x20u) : byte;
}

static unsigned smaller(unsigned left, unsigned right)
{
    return left < right ? left : right;
}

static unsigned distance(const char *left, size_t left_size, const char *right, size_t right_size)
{
    unsigned rows[3][NAME_SIZE_LIMIT + 1]; /* row i is rows[i % 3]: this one and the two before */
    for (unsigned j = 0; j <= right_size; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= left_size; i++) {
        unsigned *row = rows[i % 3];
        const unsigned *before = rows[(i + 2) % 3];
        const unsigned *two_before = rows[(i + 1) % 3];
        row[0] = i;
        for (unsigned j = 1; j <= right_size; j++) {
            unsigned char from = fold(left[i - 1]);
            unsigned char to = fold(right[j - 1]);
            row[j] = smaller(before[j] + 1, row[j - 1] + 1);
            row[j] = smaller(row[j], before[j - 1] + (from != to));
            if (i > 1 && j > 1 && from == fold(right[j - 2]) && to == fold(left[i - 2]))
                row[j] = smaller(row[j], two_before[j - 2] + 1);
        }
    }
    return rows[left_size % 3][right_size];
}

/* A slip changes at most a third of the longer name. */
const char *nearest_name(const char *name, size_t count,
                         const char *(*name_at)(const void *context, size_t index),
                         const void *context)
{
    const char *nearest = NULL;
    unsigned least = NAME_SIZE_LIMIT;
    size_t size = strlen(name);
    if (size == 0 || size > NAME_SIZE_LIMIT) return NULL;
    for (size_t i = 0; i < count; i++) {
        const char *candidate = name_at(context, i);
        size_t candidate_size = strlen(candidate);
        if (candidate_size == 0 || candidate_size > NAME_SIZE_LIMIT) continue;
        unsigned edits = distance(name, size, candidate, candidate_size);
        size_t longer = size > candidate_size ? size : candidate_size;
        if (edits > longer / 3 || edits >= least) continue;
        least = edits;
        nearest = candidate;
    }
    return nearest;
}
