#include "grammar/name.h"

#include <string.h>

#include "grammar/escape.h"

static const char *copy_quoted(struct parser *parser, struct span span)
{
    struct text text = {0};
    const char *next = parser_bytes(parser, span) + 1;
    const char *end = next + span.size - 2;
    while (next < end) {
        if (*next == '\\')
            next += escape_append(parser, &text, next, end);
        else
            text_append_character(&text, *next++);
    }
    bool has_nul = memchr(text_string(&text), '\0', text.size) != NULL;
    if (text.size == 0 || has_nul)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_INVALID_CHARACTER, span,
                        "a name is not empty and has no NUL in it");
    const char *bytes =
        text.failed ? NULL : arena_copy_text(parser->arena, text_string(&text), text.size);
    text_release(&text);
    return bytes;
}

struct ast_name parser_name(struct parser *parser, struct span span)
{
    struct ast_name name = {.span = span};
    if (span.size > NAME_SIZE_MAX)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_TOO_LARGE, span,
                        "a name has at most %u bytes, this one has %u", NAME_SIZE_MAX, span.size);
    name.quoted = span.size >= 2 && *parser_bytes(parser, span) == '`';
    name.bytes = name.quoted
                     ? copy_quoted(parser, span)
                     : arena_copy_text(parser->arena, parser_bytes(parser, span), span.size);
    if (!name.bytes) {
        parser_out_of_memory(parser);
        name.bytes = "";
    }
    return name;
}
