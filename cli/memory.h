/* Allocation of this room, which cannot see base/. The only file here that asks for memory. */
#ifndef CLI_MEMORY_H
#define CLI_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Makes *array hold at least `needed` elements, new ones zeroed. On failure returns false and
 * changes nothing. Freed with free(). */
bool grow(void **array, size_t *capacity, size_t needed, size_t element_size);

/* A copy of `size` bytes followed by a NUL, to be freed with free(); NULL if there is no memory. */
char *copy_text(const char *bytes, size_t size);

#endif
