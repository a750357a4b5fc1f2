#include "cli/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool grow(void **array, size_t *capacity, size_t needed, size_t element_size)
{
    if (needed <= *capacity) return true;
    size_t wanted = *capacity + *capacity / 2;
    if (wanted < needed) wanted = needed;
    char *grown = reallocarray(*array, wanted, element_size);
    if (!grown) return false;
    memset(grown + *capacity * element_size, 0, (wanted - *capacity) * element_size);
    *array = grown;
    *capacity = wanted;
    return true;
}

char *copy_text(const char *bytes, size_t size)
{
    void *copy = NULL;
    size_t capacity = 0;
    if (size == SIZE_MAX || !grow(&copy, &capacity, size + 1, 1) || !copy) return NULL;
    memcpy(copy, bytes, size);
    return copy;
}
