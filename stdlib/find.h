/* Searching a text from its end, in linear time whatever is looked for (memmem is so forwards). */
#ifndef STDLIB_FIND_H
#define STDLIB_FIND_H

#include <stdbool.h>
#include <stddef.h>

/* Both texts backwards. */
struct backward_search {
    char *text;
    char *part;
    size_t size;
    size_t part_size;
};

/* Begins to look for `part`, which is not empty; false if there is no memory. To be ended. */
bool backward_search_begin(struct backward_search *search, const char *text, size_t size,
                           const char *part, size_t part_size);

/* Where the part last begins in the first `end` bytes; SIZE_MAX if nowhere. */
size_t backward_search_next(const struct backward_search *search, size_t end);

void backward_search_end(struct backward_search *search);

#endif
