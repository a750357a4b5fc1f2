#include "stdlib/find.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"

static char *copy_backwards(const char *bytes, size_t size)
{
    char *copy = memory_allocate(size > 0 ? size : 1);
    for (size_t i = 0; copy && i < size; i++)
        copy[i] = bytes[size - 1 - i];
    return copy;
}

bool backward_search_begin(struct backward_search *search, const char *text, size_t size,
                           const char *part, size_t part_size)
{
    *search = (struct backward_search){.size = size, .part_size = part_size};
    search->text = copy_backwards(text, size);
    search->part = copy_backwards(part, part_size);
    if (search->text && search->part) return true;
    backward_search_end(search);
    return false;
}

size_t backward_search_next(const struct backward_search *search, size_t end)
{
    const char *found =
        memmem(search->text + (search->size - end), end, search->part, search->part_size);
    if (!found) return SIZE_MAX;
    return search->size - (size_t)(found - search->text) - search->part_size;
}

void backward_search_end(struct backward_search *search)
{
    memory_free(search->text);
    memory_free(search->part);
}
