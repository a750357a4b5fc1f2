#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Has a test program asked for this allocation to fail? */
static bool fails_now(void)
{
#ifdef BAMBOO_DEBUG
    return memory_fault && memory_fault();
#else
    return false;
#endif
}

void *memory_allocate(size_t size)
{
    return fails_now() ? NULL : malloc(size ? size : 1);
}

void *memory_allocate_zeroed(size_t count, size_t element_size)
{
    size_t size;
    if (fails_now() || __builtin_mul_overflow(count, element_size, &size)) return NULL;
    return calloc(1, size ? size : 1);
}

void *memory_resize(void *memory, size_t size)
{
    return fails_now() ? NULL : realloc(memory, size ? size : 1);
}

bool memory_grow(void **array, size_t *capacity, size_t needed, size_t element_size)
{
    if (needed <= *capacity) return true;
    size_t limit = SIZE_MAX / 2 / (element_size ? element_size : 1);
    if (needed > limit) return false;
    size_t grown = *capacity + *capacity / 2;
    if (grown < needed) grown = needed;
    if (grown > limit) grown = limit;

    /* `array` points to a pointer of another type: only its bytes may be read and written here. */
    void *memory;
    memcpy(&memory, array, sizeof memory);
    memory = memory_resize(memory, grown * element_size);
    if (!memory) return false;
    memcpy(array, &memory, sizeof memory);
    *capacity = grown;
    return true;
}

char *memory_copy_text(const char *bytes, size_t size)
{
    char *copy = size < SIZE_MAX ? memory_allocate(size + 1) : NULL;
    if (!copy) return NULL;
    if (size) memcpy(copy, bytes, size);
    copy[size] = '\0';
    return copy;
}

void memory_free(void *memory)
{
    free(memory);
}
