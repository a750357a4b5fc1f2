/* A growing text with a sticky failure: append as often as needed, ask once. Zeroed is empty. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct text {
    char *bytes; /* NUL-terminated, or NULL while empty */
    size_t size;
    size_t capacity;
    bool failed; /* out of memory: the content is not to be used */
};

void text_append(struct text *text, const char *bytes, size_t size);
void text_append_string(struct text *text, const char *string);
void text_append_character(struct text *text, char character);
__attribute__((format(printf, 2, 3))) void text_append_format(struct text *text, const char *format,
                                                              ...);
__attribute__((format(printf, 2, 0))) void text_append_arguments(struct text *text,
                                                                 const char *format,
                                                                 va_list arguments);

/* The content as a C string, "" while empty. Valid until the next append. */
const char *text_string(const struct text *text);

/* Empties the text and keeps its memory. */
static inline void text_clear(struct text *text)
{
    text->size = 0;
    text->failed = false;
    if (text->bytes) text->bytes[0] = '\0';
}

/* Frees the memory; the text is empty and usable again. */
void text_release(struct text *text);

#endif
