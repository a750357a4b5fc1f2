#include "grammar/bracket.h"

#include <string.h>

/* Where the look ahead is; `nested` brackets were opened since it began. */
struct look {
    const char *next;
    const char *end;
    size_t nested;
};

static bool begins_with(const struct look *look, const char *text)
{
    size_t size = strlen(text);
    return (size_t)(look->end - look->next) >= size && memcmp(look->next, text, size) == 0;
}

/* Over a text; a splice with quotes inside is taken for two texts, which is good enough here. */
static void skip_text(struct look *look)
{
    const char *quotes = begins_with(look, "\"\"\"") ? "\"\"\"" : "\"";
    look->next += strlen(quotes);
    while (look->next < look->end && !begins_with(look, quotes)) {
        if (*look->next == '\n' && !quotes[1]) return;
        look->next += *look->next == '\\' && look->end - look->next > 1 ? 2 : 1;
    }
    if (look->next < look->end) look->next += strlen(quotes);
}

static void skip_line(struct look *look)
{
    while (look->next < look->end && *look->next != '\n')
        look->next++;
}

static bool is_word(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           (byte >= '0' && byte <= '9') || (unsigned char)byte >= 0x80;
}

/* Does a new statement begin here, behind a newline? */
static bool is_assignment(const struct look *look)
{
    struct look line = *look;
    while (line.next < line.end && (*line.next == ' ' || *line.next == '\t'))
        line.next++;
    const char *word = line.next;
    while (line.next < line.end && is_word(*line.next))
        line.next++;
    if (line.next == word) return false;
    while (line.next < line.end && *line.next == ' ')
        line.next++;
    return begins_with(&line, "=") && !begins_with(&line, "==");
}

static size_t minimum(size_t left, size_t right)
{
    return left < right ? left : right;
}

bool brackets_close(const struct source *source, size_t offset, const char *closers, size_t count)
{
    size_t size = minimum(source->size - minimum(offset, source->size), BRACKET_LOOK_MAX);
    struct look look = {source->bytes + offset, source->bytes + offset + size, 0};
    size_t closed = 0;
    while (closed < count && look.next < look.end) {
        char byte = *look.next;
        if (byte == '"') {
            skip_text(&look);
            continue;
        }
        if (byte == '#') {
            skip_line(&look);
            continue;
        }
        look.next++;
        if (byte == '(' || byte == '[' || byte == '{') look.nested++;
        if (byte == '\n' && is_assignment(&look)) return false;
        if (byte != ')' && byte != ']' && byte != '}') continue;
        if (look.nested > 0) look.nested--;
        else if (byte != closers[closed++]) return false;
    }
    return closed == count;
}
