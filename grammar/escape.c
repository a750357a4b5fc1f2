#include "grammar/escape.h"

#include <string.h>

#include "base/utf8.h"

static const char ESCAPES[][2] = {{'n', '\n'},  {'t', '\t'}, {'r', '\r'},
                                  {'\\', '\\'}, {'"', '"'},  {'$', '$'}};

/* The bytes of \uXXXX or \u{...} behind the backslash, and its code point; 0 if it is malformed. */
static size_t read_code_point(const char *next, const char *end, uint32_t *code_point)
{
    bool is_braced = end - next > 1 && next[1] == '{';
    const char *digit = next + 1 + is_braced;
    const char *begin = digit;
    uint32_t number = 0;
    for (; digit < end && digit - begin < (is_braced ? 6 : 4); digit++) {
        static const char DIGITS[] = "0123456789abcdef0123456789ABCDEF";
        const char *found = *digit ? strchr(DIGITS, *digit) : NULL;
        if (!found) break;
        number = number * 16 + (uint32_t)(found - DIGITS) % 16;
    }
    *code_point = number;
    if (!is_braced) return digit - begin == 4 ? 5 : 0;
    bool is_closed = digit < end && *digit == '}' && digit > begin;
    return is_closed ? (size_t)(digit + 1 - next) : 0;
}

static void report_escape(struct parser *parser, const char *backslash, size_t size)
{
    struct span span = {parser->source, (uint32_t)(backslash - parser->text->bytes),
                        (uint32_t)size};
    struct diagnostic *diagnostic =
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_INVALID_ESCAPE, span,
                        "this is not one of \\n \\t \\r \\\\ \\\" \\$ \\uXXXX \\u{X...}");
    diagnostic_help(parser->diagnostics, diagnostic,
                    "a backslash itself is \\\\; r\"...\" takes text as it is");
}

size_t escape_append(struct parser *parser, struct text *out, const char *next, const char *end)
{
    const char *backslash = next++;
    uint32_t code_point = 0;
    char bytes[4];
    for (size_t i = 0; next < end && i < sizeof ESCAPES / sizeof ESCAPES[0]; i++)
        if (*next == ESCAPES[i][0]) {
            text_append_character(out, ESCAPES[i][1]);
            return 2;
        }
    size_t size = next < end && *next == 'u' ? read_code_point(next, end, &code_point) : 0;
    size_t encoded = size > 0 ? utf8_encode(code_point, bytes) : 0;
    if (encoded > 0) {
        text_append(out, bytes, encoded);
        return size + 1;
    }
    uint32_t ignored;
    if (size == 0) size = utf8_decode(next, (size_t)(end - next), &ignored);
    report_escape(parser, backslash, size + 1);
    return size + 1;
}
