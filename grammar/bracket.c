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

static size_t blank_size(const char *next, const char *end)
{
    const char *begin = next;
    while (next < end && (*next == ' ' || *next == '\t'))
        next++;
    return (size_t)(next - begin);
}

/* The beginning of the line that `offset` is on. */
static const char *line_of(const struct source *source, size_t offset)
{
    while (offset > 0 && source->bytes[offset - 1] != '\n')
        offset--;
    return source->bytes + offset;
}

/* Does a statement begin with the line at `next`? */
static bool is_statement(const char *next, const char *end, size_t indentation_max)
{
    size_t indentation = blank_size(next, end);
    next += indentation;
    const char *word = next;
    while (next < end && is_word(*next))
        next++;
    if (next == word || indentation > indentation_max) return false;
    next += blank_size(next, end);
    return next < end && *next == '=' && (next + 1 == end || next[1] != '=');
}

static size_t minimum(size_t left, size_t right)
{
    return left < right ? left : right;
}

bool brackets_close(const struct source *source, struct span token, struct open_brackets open)
{
    const char *end_of_source = source->bytes + source->size;
    const char *line = line_of(source, token.offset);
    const char *opening_line = line_of(source, open.outermost);
    size_t indentation = blank_size(opening_line, end_of_source);
    bool begins_line = line + blank_size(line, end_of_source) == source->bytes + token.offset;
    if (begins_line && line != opening_line && is_statement(line, end_of_source, indentation))
        return false;
    size_t offset = minimum((size_t)token.offset + token.size, source->size);
    size_t size = minimum(source->size - offset, BRACKET_LOOK_MAX);
    struct look look = {source->bytes + offset, source->bytes + offset + size, 0};
    size_t closed = 0;
    while (closed < open.count && look.next < look.end) {
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
        if (byte == '\n' && is_statement(look.next, look.end, indentation)) return false;
        if (byte != ')' && byte != ']' && byte != '}') continue;
        if (look.nested > 0)
            look.nested--;
        else if (byte != open.closers[closed++])
            return false;
    }
    return closed == open.count;
}
