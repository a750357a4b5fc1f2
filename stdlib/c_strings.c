#include "stdlib/c_strings.h"

#include <string.h>

#include "base/memory.h"

const char *c_strings_append(struct c_strings *strings, const struct text *text)
{
    if (!text->failed && strlen(text_string(text)) != text->size)
        return "a NUL character cannot be given to a process";
    char *copy = text->failed ? NULL : memory_copy_text(text_string(text), text->size);
    if (!copy || !memory_grow((void **)&strings->items, &strings->capacity, strings->count + 2,
                              sizeof *strings->items)) {
        memory_free(copy);
        return "out of memory";
    }
    strings->items[strings->count++] = copy;
    strings->items[strings->count] = NULL;
    return NULL;
}

void c_strings_release(struct c_strings *strings)
{
    for (size_t i = 0; i < strings->count; i++)
        memory_free(strings->items[i]);
    memory_free(strings->items);
    *strings = (struct c_strings){0};
}
