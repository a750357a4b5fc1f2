#include "cli/tail.h"

#include <stdlib.h>
#include <string.h>

#include "cli/characters.h"
#include "cli/memory.h"

/* Bytes that are kept: enough for TAIL_LINES lines of a wide terminal. */
#define TAIL_SIZE_MAX ((size_t)8 << 10)

void tail_add(struct tail *tail, struct bamboo_value text)
{
    if (text.type != BAMBOO_STRING) return;
    size_t size;
    const char *bytes = bamboo_string_bytes(text, &size);
    if (size > TAIL_SIZE_MAX) {
        bytes += size - TAIL_SIZE_MAX;
        size = TAIL_SIZE_MAX;
    }
    if (tail->size + size > 2 * TAIL_SIZE_MAX) { /* so that bytes move seldom */
        size_t kept = TAIL_SIZE_MAX < tail->size ? TAIL_SIZE_MAX : tail->size;
        memmove(tail->bytes, tail->bytes + tail->size - kept, kept);
        tail->size = kept;
    }
    if (!grow((void **)&tail->bytes, &tail->capacity, tail->size + size, 1)) return;
    memcpy(tail->bytes + tail->size, bytes, size);
    tail->size += size;
}

void tail_clear(struct tail *tail)
{
    tail->size = 0;
}

void tail_release(struct tail *tail)
{
    free(tail->bytes);
    *tail = (struct tail){0};
}

static bool is_blank(char character)
{
    return character == '\n' || character == '\r' || character == ' ' || character == '\t';
}

/* Where the line that ends before `end` begins. */
static size_t line_start(const struct tail *tail, size_t end)
{
    while (end > 0 && tail->bytes[end - 1] != '\n')
        end--;
    return end;
}

const char *tail_last_line(const struct tail *tail, size_t *size)
{
    size_t end = tail->size;
    *size = 0;
    while (end > 0 && is_blank(tail->bytes[end - 1]))
        end--;
    if (end == 0) return "";
    size_t start = line_start(tail, end);
    /* A carriage return draws a line anew: what counts is behind it. */
    for (size_t i = end; i > start; i--)
        if (tail->bytes[i - 1] == '\r') start = i;
    while (start < end && is_blank(tail->bytes[start]))
        start++;
    *size = end - start;
    return tail->bytes + start;
}

void tail_print(const struct tail *tail, const struct pen *pen)
{
    size_t end = tail->size, start;
    while (end > 0 && is_blank(tail->bytes[end - 1]))
        end--;
    start = end;
    for (int line = 0; line < TAIL_LINES && start > 0; line++)
        start = line_start(tail, line == 0 ? start : start - 1);
    while (start < end) {
        const char *newline = memchr(tail->bytes + start, '\n', end - start);
        size_t size = newline ? (size_t)(newline - tail->bytes) - start : end - start;
        size_t next = start + size + 1;
        if (size > 0 && tail->bytes[start + size - 1] == '\r') size--;
        pen_print(pen, STYLE_DIM, "    | ");
        print_escaped(pen->file, tail->bytes + start, size, false);
        putc('\n', pen->file);
        start = next;
    }
}
