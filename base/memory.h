/* Allocation that may fail, and says so by NULL or false. The only place that calls malloc, so that
 * a test build can make any allocation fail. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Uninitialised memory of `size` bytes (at least 1); NULL if there is none. */
void *memory_allocate(size_t size);

/* Zeroed memory for `count` elements; NULL if there is none or the product overflows. */
void *memory_allocate_zeroed(size_t count, size_t element_size);

/* Changes the size of `memory` (NULL: allocates) and keeps its content. NULL if there is no memory;
 * then `memory` is as it was. */
void *memory_resize(void *memory, size_t size);

/* Makes *array hold at least `needed` elements: grows it by half or more, keeps its content, and
 * updates *capacity. On failure returns false and changes nothing. */
bool memory_grow(void **array, size_t *capacity, size_t needed, size_t element_size);

/* A copy of `size` bytes followed by a NUL; NULL if there is no memory. */
char *memory_copy_text(const char *bytes, size_t size);

/* NULL is accepted. */
void memory_free(void *memory);

/* A test program may define this; in a debug build every allocation asks it whether to fail. */
__attribute__((weak)) bool memory_fault(void);

#endif
