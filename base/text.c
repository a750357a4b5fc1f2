#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

/* Room for `size` bytes more and a NUL, or a failure that sticks. */
static bool make_room(struct text *text, size_t size)
{
    if (text->failed) return false;
    void *bytes = text->bytes;
    text->failed = size >= SIZE_MAX - text->size ||
                   !memory_grow(&bytes, &text->capacity, text->size + size + 1, 1);
    text->bytes = bytes;
    return !text->failed;
}

void text_append(struct text *text, const char *bytes, size_t size)
{
    if (!make_room(text, size)) return;
    if (size) memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    text->bytes[text->size] = '\0';
}

void text_append_string(struct text *text, const char *string)
{
    text_append(text, string, strlen(string));
}

void text_append_character(struct text *text, char character)
{
    text_append(text, &character, 1);
}

void text_append_format(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_append_arguments(text, format, arguments);
    va_end(arguments);
}

void text_append_arguments(struct text *text, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (size < 0) text->failed = true;
    if (size < 0 || !make_room(text, (size_t)size)) return;
    vsnprintf(text->bytes + text->size, (size_t)size + 1, format, arguments);
    text->size += (size_t)size;
}

const char *text_string(const struct text *text)
{
    return text->bytes ? text->bytes : "";
}

void text_release(struct text *text)
{
    memory_free(text->bytes);
    *text = (struct text){0};
}
