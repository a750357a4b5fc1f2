#include "grammar/character.h"

#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"
#include "grammar/flow_parser.h"

/* Code points above U+007F that a word cannot contain, since a reader would take them for something
 * else; `meant` is how to write what they look like. */
static const struct {
    uint32_t first, last;
    const char *meant;
} FORBIDDEN[] = {
    {0x0080, 0x009F, NULL}, {0x00A0, 0x00A0, "a space"}, {0x00A1, 0x00A9, NULL},
    {0x00AB, 0x00B4, NULL}, {0x00B6, 0x00B9, NULL},      {0x00BB, 0x00BF, NULL},
    {0x00D7, 0x00D7, "*"},  {0x00F7, 0x00F7, "/"},       {0x2000, 0x200F, "a space"},
    {0x2010, 0x2015, "-"},  {0x2016, 0x2017, NULL},      {0x2018, 0x201F, "\""},
    {0x2020, 0x206F, NULL}, {0x2190, 0x2211, NULL},      {0x2212, 0x2212, "-"},
    {0x2213, 0x23FF, NULL}, {0x3000, 0x3000, "a space"}, {0x3001, 0x3003, NULL},
    {0x3008, 0x3020, NULL}, {0xE000, 0xF8FF, NULL},      {0xFEFF, 0xFEFF, "nothing"},
    {0xFF01, 0xFF0F, NULL}, {0xFF1A, 0xFF20, NULL},      {0xFF3B, 0xFF3E, NULL},
    {0xFF5B, 0xFF65, NULL}, {0xFFF0, 0xFFFF, NULL},
};

/* Tokens of other languages: what to write instead, and the token to go on with. */
static const struct {
    const char *text;
    const char *meant;
    int token;
} FOREIGN[] = {
    {"&&", "write 'and'", TOKEN_AND},
    {"||", "write 'or'", TOKEN_OR},
    {"!", "write 'not'", TOKEN_NOT},
    {"<>", "write '!='", TOKEN_NOT_EQUAL},
    {"===", "write '=='", TOKEN_EQUAL},
    {"!==", "write '!='", TOKEN_NOT_EQUAL},
    {"=>", "write '->' before outputs and in graphs, ':' in maps", TOKEN_INVALID},
    {":=", "write '='", '='},
    {"**", "there is no power operator", TOKEN_INVALID},
    {"+=", "write 'x = x + ...'", TOKEN_INVALID},
    {"-=", "write 'x = x - ...'", TOKEN_INVALID},
    {"*=", "write 'x = x * ...'", TOKEN_INVALID},
    {"/=", "write 'x = x / ...'", TOKEN_INVALID},
    {"%=", "write 'x = x % ...'", TOKEN_INVALID},
    {";", "a statement ends with its line", TOKEN_INVALID},
    {"$", "a value goes into a text as \"${name}\"; elsewhere its name is enough", TOKEN_INVALID},
    {"?", "write 'x if condition else y', 'x?.name' or 'x ?? default'", TOKEN_INVALID},
};

bool characters_are_text(struct parser *parser)
{
    const char *bytes = parser->text->bytes;
    size_t size = parser->text->size;
    const char *nul = size > 0 ? memchr(bytes, '\0', size) : NULL;
    size_t offset = nul ? (size_t)(nul - bytes) : size;
    if (!utf8_is_valid(bytes, offset)) {
        uint32_t code_point;
        size_t step;
        for (offset = 0; (step = utf8_decode(bytes + offset, size - offset, &code_point)) > 0;)
            offset += step;
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_INVALID_UTF8,
                        (struct span){parser->source, (uint32_t)offset, 1},
                        "byte 0x%02x is not UTF-8 here", (unsigned char)bytes[offset]);
        return false;
    }
    if (nul)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_INVALID_CHARACTER,
                        (struct span){parser->source, (uint32_t)offset, 1},
                        "a NUL byte has no place in a source");
    return !nul;
}

static void report_forbidden(struct parser *parser, struct span span, uint32_t code_point,
                             const char *meant)
{
    struct diagnostic *diagnostic =
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_INVALID_CHARACTER, span,
                        "the character U+%04" PRIX32 " has no place here", code_point);
    if (meant) diagnostic_help(parser->diagnostics, diagnostic, "write %s", meant);
}

bool character_is_letter(uint32_t code_point)
{
    for (size_t i = 0; i < sizeof FORBIDDEN / sizeof FORBIDDEN[0]; i++)
        if (code_point >= FORBIDDEN[i].first && code_point <= FORBIDDEN[i].last) return false;
    return true;
}

bool characters_are_letters(struct parser *parser, struct span span)
{
    const char *bytes = parser_bytes(parser, span);
    size_t step;
    for (size_t offset = 0; offset < span.size; offset += step) {
        uint32_t code_point;
        step = utf8_decode(bytes + offset, span.size - offset, &code_point);
        if (code_point < 0x80) continue;
        for (size_t i = 0; i < sizeof FORBIDDEN / sizeof FORBIDDEN[0]; i++) {
            if (code_point < FORBIDDEN[i].first || code_point > FORBIDDEN[i].last) continue;
            struct span place = {span.source, span.offset + (uint32_t)offset, (uint32_t)step};
            report_forbidden(parser, place, code_point, FORBIDDEN[i].meant);
            return false;
        }
    }
    return true;
}

int report_invalid(struct parser *parser, struct span span)
{
    const char *bytes = parser_bytes(parser, span);
    if ((unsigned char)bytes[0] < ' ' || bytes[0] == 0x7f) {
        report_forbidden(parser, span, (unsigned char)bytes[0], NULL);
        return TOKEN_INVALID;
    }
    struct diagnostic *diagnostic;
    if (bytes[0] == '\'') {
        diagnostic = diagnostics_add(parser->diagnostics, DIAGNOSTIC_INVALID_CHARACTER, span,
                                     "a text does not stand between single quotes");
        diagnostic_help(parser->diagnostics, diagnostic, "write double quotes");
        return TOKEN_INVALID;
    }
    if (bytes[0] == '`') {
        diagnostic = diagnostics_add(parser->diagnostics, DIAGNOSTIC_INVALID_CHARACTER, span,
                                     "a name in backquotes has no end on this line");
        diagnostic_help(parser->diagnostics, diagnostic,
                        "backquotes are for names; a command is written shell(\"...\")");
        return TOKEN_INVALID;
    }
    diagnostic = diagnostics_add(parser->diagnostics, DIAGNOSTIC_INVALID_CHARACTER, span,
                                 "'%.*s' has no place here", (int)span.size, bytes);
    for (size_t i = 0; i < sizeof FOREIGN / sizeof FOREIGN[0]; i++) {
        if (strlen(FOREIGN[i].text) != span.size || memcmp(FOREIGN[i].text, bytes, span.size) != 0)
            continue;
        diagnostic_help(parser->diagnostics, diagnostic, "%s", FOREIGN[i].meant);
        return FOREIGN[i].token;
    }
    return TOKEN_INVALID;
}

void report_foreign_word(struct parser *parser, struct span span, int token)
{
    struct diagnostic *diagnostic =
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_SYNTAX, span, "'%.*s' is not a word here",
                        (int)span.size, parser_bytes(parser, span));
    diagnostic_help(parser->diagnostics, diagnostic, "write '%s'",
                    token == TOKEN_TRUE    ? "true"
                    : token == TOKEN_FALSE ? "false"
                                           : "null");
}
