/* A list of C strings that ends with NULL, as the system wants arguments and environments. */
#ifndef STDLIB_C_STRINGS_H
#define STDLIB_C_STRINGS_H

#include <stddef.h>

#include "base/text.h"

/* Zeroed is empty, and `items` is NULL until the first is appended. To be released. */
struct c_strings {
    char **items;
    size_t count;
    size_t capacity;
};

/* Appends a copy of the text. NULL, or why it cannot be: a NUL in it, no memory. */
const char *c_strings_append(struct c_strings *strings, const struct text *text);

void c_strings_release(struct c_strings *strings);

#endif
