#include "bytecode/source_lines.h"

#include <string.h>

#include "base/memory.h"

/* The text of a source, or NULL. */
static const char *text_of(const struct program *program, uint32_t source, size_t *size)
{
    uint32_t text = program->sources[source].text;
    return text == IMAGE_NONE ? NULL : bamboo_string_bytes(program->constants[text], size);
}

static bool find_starts(struct source_lines *lines, uint32_t source)
{
    size_t size;
    const char *text = text_of(lines->program, source, &size);
    uint32_t count = 1;
    if (!text) return true;
    for (size_t i = 0; i < size; i++)
        count += text[i] == '\n';
    uint32_t *starts = memory_allocate(count * sizeof *starts);
    if (!starts) return false;
    lines->starts[source] = starts;
    lines->counts[source] = count;
    *starts++ = 0;
    for (uint32_t i = 0; i < size; i++)
        if (text[i] == '\n') *starts++ = i + 1;
    return true;
}

bool source_lines_init(struct source_lines *lines, const struct program *program)
{
    uint32_t count = program->source_count;
    *lines = (struct source_lines){
        .program = program,
        .starts = memory_allocate_zeroed(count, sizeof *lines->starts),
        .counts = memory_allocate_zeroed(count, sizeof *lines->counts),
    };
    bool is_done = lines->starts && lines->counts;
    for (uint32_t i = 0; i < count && is_done; i++)
        is_done = find_starts(lines, i);
    if (!is_done) source_lines_release(lines);
    return is_done;
}

void source_lines_release(struct source_lines *lines)
{
    for (uint32_t i = 0; lines->starts && i < lines->program->source_count; i++)
        memory_free(lines->starts[i]);
    memory_free(lines->starts);
    memory_free(lines->counts);
    *lines = (struct source_lines){0};
}

uint32_t source_lines_find(const struct source_lines *lines, uint32_t source, uint32_t offset,
                           const char **text, size_t *size)
{
    uint32_t low = 0;
    uint32_t high = lines->counts[source];
    size_t text_size = 0;
    const char *bytes = text_of(lines->program, source, &text_size);
    if (!bytes) return 0;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (lines->starts[source][middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    uint32_t start = lines->starts[source][low];
    const char *newline = memchr(bytes + start, '\n', text_size - start);
    *text = bytes + start;
    *size = newline ? (size_t)(newline - *text) : text_size - start;
    return low + 1;
}
