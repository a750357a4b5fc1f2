/* Memory that lives and dies with one compilation. Nothing in it is freed alone. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

/* NULL if there is no memory. */
struct arena *arena_create(void);

/* Zeroed memory, aligned for every type, valid until arena_destroy(); NULL if there is none. */
void *arena_allocate(struct arena *arena, size_t size);

/* Zeroed memory for an array; NULL if there is none or the product overflows. */
void *arena_allocate_array(struct arena *arena, size_t count, size_t element_size);

/* A copy of `size` bytes with a NUL after it; NULL if there is no memory. */
char *arena_copy_text(struct arena *arena, const char *bytes, size_t size);

/* printf into the arena; NULL if there is no memory. */
__attribute__((format(printf, 2, 3))) char *arena_format(struct arena *arena, const char *format,
                                                         ...);
__attribute__((format(printf, 2, 0))) char *arena_format_arguments(struct arena *arena,
                                                                   const char *format,
                                                                   va_list arguments);

/* Calls `release(object)` when the arena dies (for values and other counted things), newest first.
 * Returns false, having called release at once, if there is no memory. */
bool arena_on_destroy(struct arena *arena, void (*release)(void *object), void *object);

/* NULL is accepted. */
void arena_destroy(struct arena *arena);

#endif
