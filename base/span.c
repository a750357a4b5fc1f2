#include "base/span.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

/* Code points before `size`, where a byte that belongs to none counts as one. */
static uint32_t count_characters(const char *bytes, size_t size)
{
    uint32_t count = 0;
    for (size_t at = 0; at < size; count++) {
        uint32_t ignored;
        /* ASCII is not decoded: a JSON document may be one long line. */
        bool is_ascii = ((unsigned char)bytes[at] & 0x80u) == 0;
        size_t step = is_ascii ? 1 : utf8_decode(bytes + at, size - at, &ignored);
        at += step ? step : 1;
    }
    return count;
}

struct place source_place(const struct source *source, uint32_t offset)
{
    size_t at = offset < source->size ? offset : source->size;
    size_t line_start = 0;
    uint32_t line = 1;
    const char *newline;
    while (at > line_start &&
           (newline = memchr(source->bytes + line_start, '\n', at - line_start)) != NULL) {
        line_start = (size_t)(newline - source->bytes) + 1;
        line++;
    }
    size_t rest = source->size - line_start;
    newline = rest ? memchr(source->bytes + line_start, '\n', rest) : NULL;
    size_t line_size = newline ? (size_t)(newline - source->bytes) - line_start : rest;
    if (line_size > 0 && source->bytes[line_start + line_size - 1] == '\r') line_size--;
    return (struct place){
        .line = line,
        .column = count_characters(source->bytes + line_start, at - line_start) + 1,
        .line_offset = (uint32_t)line_start,
        .line_size = (uint32_t)line_size,
    };
}

struct span span_join(struct span first, struct span last)
{
    uint32_t start = first.offset < last.offset ? first.offset : last.offset;
    uint32_t first_end = first.offset + first.size;
    uint32_t last_end = last.offset + last.size;
    uint32_t end = first_end > last_end ? first_end : last_end;
    return (struct span){first.source, start, end - start};
}
