/* A text is resolved when all of it is known: how much indentation to take away depends on each of
 * its lines. Pieces are LITERAL nodes without a value until then; their bytes are the source's. */
#include "grammar/text_literal.h"

#include <string.h>

#include "base/text.h"
#include "base/value.h"
#include "grammar/escape.h"

/* How a text is written. */
struct style {
    bool has_lines; /* """ */
    bool is_raw;    /* no escapes */
};

/* Where we are in a piece. */
struct cursor {
    const char *next;
    const char *end;
};

struct ast_expression *text_piece(struct parser *parser, struct span span)
{
    return ast_literal(parser, span, bamboo_missing());
}

static bool is_piece(const struct ast_expression *part)
{
    return part->kind == EXPRESSION_LITERAL && part->as.literal.type == BAMBOO_MISSING;
}

static struct cursor piece_bytes(const struct parser *parser, const struct ast_expression *piece)
{
    const char *bytes = parser_bytes(parser, piece->span);
    return (struct cursor){bytes, bytes + piece->span.size};
}

/* --- Indentation --- */

static size_t blank_size(struct cursor cursor)
{
    const char *next = cursor.next;
    while (next < cursor.end && (*next == ' ' || *next == '\t'))
        next++;
    return (size_t)(next - cursor.next);
}

/* Bytes of the line end here: 0, 1 or 2. */
static size_t newline_size(struct cursor cursor)
{
    size_t left = (size_t)(cursor.end - cursor.next);
    if (left > 0 && cursor.next[0] == '\n') return 1;
    return left > 1 && cursor.next[0] == '\r' && cursor.next[1] == '\n' ? 2 : 0;
}

/* To the beginning of the next line of the piece; false if there is none. */
static bool next_line(struct cursor *cursor)
{
    const char *newline = memchr(cursor->next, '\n', (size_t)(cursor->end - cursor->next));
    if (newline) cursor->next = newline + 1;
    return newline != NULL;
}

/* Is nothing but blanks on the line that begins here? Behind a piece that is not the last there is
 * a splice. */
static bool is_blank_line(struct cursor line, bool is_last)
{
    line.next += blank_size(line);
    return line.next == line.end ? is_last : newline_size(line) > 0;
}

/* The bytes that the text's first line has behind the quotes if it is blank, with its newline. */
static size_t opening_size(const struct parser *parser, const struct ast_expression *first)
{
    if (!first || !is_piece(first)) return 0;
    struct cursor line = piece_bytes(parser, first);
    size_t blank = blank_size(line);
    line.next += blank;
    size_t newline = newline_size(line);
    return newline > 0 ? blank + newline : 0;
}

struct indentation {
    const char *bytes; /* NULL: no line yet */
    size_t size;
};

static void narrow(struct indentation *indentation, struct cursor line)
{
    size_t size = blank_size(line);
    if (!indentation->bytes) *indentation = (struct indentation){line.next, size};
    size_t common = 0;
    while (common < size && common < indentation->size &&
           line.next[common] == indentation->bytes[common])
        common++;
    indentation->size = common;
}

/* What all lines begin with that are not blank. A first line behind the quotes does not count. */
static size_t common_indentation(const struct parser *parser, const struct ast_expression *first)
{
    struct indentation indentation = {NULL, 0};
    size_t opening = opening_size(parser, first);
    for (const struct ast_expression *part = first; part; part = part->next) {
        if (!is_piece(part)) continue;
        struct cursor line = piece_bytes(parser, part);
        bool begins_line = part == first && opening > 0;
        line.next += begins_line ? opening : 0;
        if (!begins_line && !next_line(&line)) continue;
        do
            if (!is_blank_line(line, !part->next)) narrow(&indentation, line);
        while (next_line(&line));
    }
    return indentation.size;
}

/* --- Pieces --- */

/* The bytes of a backslash with the line end behind it, which join two lines; else 0. */
static size_t joint_size(struct cursor cursor)
{
    if (*cursor.next != '\\') return 0;
    cursor.next++;
    size_t newline = newline_size(cursor);
    return newline > 0 ? newline + 1 : 0;
}

static void append_line(struct parser *parser, struct text *out, struct cursor *cursor,
                        struct style style)
{
    while (cursor->next < cursor->end) {
        size_t newline = newline_size(*cursor);
        size_t joint = style.is_raw ? 0 : joint_size(*cursor);
        if (newline > 0) text_append_character(out, '\n');
        cursor->next += newline + joint;
        if (newline + joint > 0) return;
        if (*cursor->next == '\\' && !style.is_raw)
            cursor->next += escape_append(parser, out, cursor->next, cursor->end);
        else
            text_append_character(out, *cursor->next++);
    }
}

/* Resolves a piece, whose first line is the text's if `begins_line`. */
static void append_piece(struct parser *parser, struct text *out, struct cursor cursor,
                         struct style style, size_t indentation, bool begins_line, bool is_last)
{
    while (cursor.next < cursor.end) {
        if (begins_line && style.has_lines)
            cursor.next += is_blank_line(cursor, is_last) ? blank_size(cursor) : indentation;
        append_line(parser, out, &cursor, style);
        begins_line = true;
    }
}

/* The piece with its value. */
static struct ast_expression *finish_piece(struct parser *parser, struct span span,
                                           const struct text *text)
{
    struct bamboo_error error;
    struct bamboo_value value;
    enum bamboo_status status = value_from_text(text, &value, &error);
    if (status == BAMBOO_OK) return ast_literal(parser, span, value);
    if (status == BAMBOO_E_LIMIT)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_TOO_LARGE, span, "%s", error.message);
    else
        parser_out_of_memory(parser);
    return ast_error(parser, span);
}

/* All parts in order, pieces with their value, empty pieces left out. */
static struct expression_list resolve(struct parser *parser, struct ast_expression *first,
                                      struct style style)
{
    struct expression_list parts = {NULL, NULL, 0};
    struct text text = {0};
    size_t opening = style.has_lines ? opening_size(parser, first) : 0;
    size_t indentation = style.has_lines ? common_indentation(parser, first) : 0;
    for (struct ast_expression *part = first, *next; part; part = next) {
        next = part->next;
        if (is_piece(part)) {
            struct cursor cursor = piece_bytes(parser, part);
            bool begins_line = part == first && opening > 0;
            if (begins_line) cursor.next += opening;
            text_clear(&text);
            append_piece(parser, &text, cursor, style, indentation, begins_line, !next);
            if (text.size == 0 && !text.failed) continue;
            part = finish_piece(parser, part->span, &text);
        }
        part->next = NULL;
        parts = expression_list_append(parser, parts, part);
    }
    text_release(&text);
    return parts;
}

/* Is a text with this part only the same as the part? */
static bool is_whole(const struct ast_expression *part)
{
    return part->kind == EXPRESSION_ERROR ||
           (part->kind == EXPRESSION_LITERAL && part->as.literal.type == BAMBOO_STRING);
}

static struct ast_expression *make(struct parser *parser, struct span span,
                                   struct expression_list parts, struct style style)
{
    struct bamboo_value empty;
    if (parser->out_of_memory) return ast_error(parser, span);
    struct expression_list resolved = resolve(parser, parts.first, style);
    if (parts.count == 1 && resolved.count == 1 && is_whole(resolved.first)) {
        resolved.first->span = span;
        return resolved.first;
    }
    if (resolved.count > 0) return ast_text(parser, span, resolved);
    if (bamboo_string_create("", 0, &empty, NULL) == BAMBOO_OK)
        return ast_literal(parser, span, empty);
    parser_out_of_memory(parser);
    return ast_error(parser, span);
}

struct ast_expression *text_literal(struct parser *parser, struct span span, struct span quotes,
                                    struct expression_list parts)
{
    char prefix = *parser_bytes(parser, quotes);
    bool is_raw = prefix == 'r';
    bool is_fixed = prefix == 't' || prefix == 'b';
    struct style style = {.has_lines = quotes.size - is_raw == 3 && !is_fixed, .is_raw = is_raw};
    struct ast_expression *text = make(parser, span, parts, style);
    if (is_fixed && text->kind == EXPRESSION_LITERAL)
        text->kind = prefix == 't' ? EXPRESSION_TEMPLATE : EXPRESSION_RULE;
    return text;
}

struct ast_expression *text_template(struct parser *parser, struct span span,
                                     struct expression_list parts)
{
    return make(parser, span, parts, (struct style){.has_lines = false, .is_raw = true});
}

struct ast_name text_constant(struct parser *parser, const struct ast_expression *expression,
                              const char *what)
{
    struct ast_name name = {.bytes = "", .span = expression->span};
    size_t size = 0;
    if (expression->kind != EXPRESSION_LITERAL) {
        if (expression->kind != EXPRESSION_ERROR)
            diagnostics_add(parser->diagnostics, DIAGNOSTIC_NOT_CONSTANT, expression->span,
                            "%s is a text without ${ }", what);
        return name;
    }
    const char *bytes = bamboo_string_bytes(expression->as.literal, &size);
    if (memchr(bytes, '\0', size))
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_INVALID_CHARACTER, expression->span,
                        "%s has no NUL in it", what);
    name.bytes = arena_copy_text(parser->arena, bytes, size);
    if (!name.bytes) {
        parser_out_of_memory(parser);
        name.bytes = "";
    }
    return name;
}
