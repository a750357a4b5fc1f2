#include "grammar/flow_writer.h"

#include <string.h>

#include "base/utf8.h"
#include "grammar/word.h"

/* --- Characters --- */

/* How a text is written; what has a meaning of its own in it. */
enum style {
    STYLE_LINE,   /* "..." */
    STYLE_BLOCK,  /* """...""" */
    STYLE_PREFIX, /* t"..." */
    STYLE_NAME,   /* `...` */
};

static void append_escaped(struct text *out, unsigned char byte)
{
    switch (byte) {
    case '\n': text_append_string(out, "\\n"); break;
    case '\t': text_append_string(out, "\\t"); break;
    case '\r': text_append_string(out, "\\r"); break;
    default: text_append_format(out, "\\u{%x}", byte); break;
    }
}

/* One character, or the rest of one: bytes above 0x7f stand as they are. */
static void append_character(struct text *out, const char *bytes, size_t size, enum style style)
{
    char byte = bytes[0];
    bool opens_splice = byte == '$' && size > 1 && bytes[1] == '{';
    bool is_control = (unsigned char)byte < ' ' || byte == 0x7f;
    bool is_quote = byte == '"' && (style == STYLE_LINE || style == STYLE_PREFIX);
    if (byte == '\\' || is_quote)
        text_append_format(out, "\\%c", byte);
    else if (byte == '`' && style == STYLE_NAME)
        text_append_string(out, "\\u{60}");
    else if (opens_splice && (style == STYLE_LINE || style == STYLE_BLOCK))
        text_append_string(out, "\\$");
    else if (is_control && !(style == STYLE_BLOCK && byte == '\t'))
        append_escaped(out, (unsigned char)byte);
    else
        text_append_character(out, byte);
}

static void append_characters(struct text *out, const char *bytes, size_t size, enum style style)
{
    for (size_t i = 0; i < size; i++)
        append_character(out, bytes + i, size - i, style);
}

/* --- Texts of several lines --- */

/* A text as it is walked through: literals and splices in turn, so that a literal behind a literal
 * was a splice. */
struct piece {
    const char *bytes; /* NULL: a splice */
    size_t size;
    const struct ast_expression *splice;
};

static struct piece piece_of(const struct ast_expression *part, bool follows_literal)
{
    struct piece piece = {.splice = part};
    if (part->kind == EXPRESSION_LITERAL && part->as.literal.type == BAMBOO_STRING &&
        !follows_literal)
        piece.bytes = bamboo_string_bytes(part->as.literal, &piece.size);
    return piece;
}

struct block {
    struct flow_writer *writer;
    bool begins_line;
    bool is_anchored; /* some line begins without a blank */
    unsigned quotes;  /* that stand unescaped before here */
};

/* Is nothing but blanks on the line that begins here? */
static bool is_blank(const char *bytes, size_t size, bool is_last)
{
    size_t i = 0;
    while (i < size && (bytes[i] == ' ' || bytes[i] == '\t'))
        i++;
    return i == size ? is_last : bytes[i] == '\n';
}

/* The indentation of a line, before anything is written on it. A blank at its beginning has to be
 * escaped where it would be taken for indentation: on a line of blanks, and if all lines begin with
 * one. */
static size_t begin_block_line(struct block *block, const char *bytes, size_t size, bool is_last)
{
    struct source_writer *lines = &block->writer->lines;
    if (!block->begins_line || (size > 0 && bytes[0] == '\n')) return 0;
    block->begins_line = false;
    for (unsigned i = 0; i < (lines->level + 1) * WRITER_INDENT; i++)
        text_append_character(lines->out, ' ');
    bool begins_blank = size > 0 && (bytes[0] == ' ' || bytes[0] == '\t');
    if (!begins_blank || (block->is_anchored && !is_blank(bytes, size, is_last))) return 0;
    block->is_anchored = true;
    text_append_string(lines->out, bytes[0] == ' ' ? "\\u{20}" : "\\t");
    return 1;
}

static void append_block_line_end(struct block *block)
{
    struct source_writer *lines = &block->writer->lines;
    text_append_character(lines->out, '\n');
    lines->line_start = lines->out->size;
    block->begins_line = true;
    block->quotes = 0;
}

static void append_block_piece(struct block *block, const char *bytes, size_t size, bool is_last)
{
    struct text *out = block->writer->lines.out;
    for (size_t i = 0; i < size; i++) {
        i += begin_block_line(block, bytes + i, size - i, is_last);
        if (i == size) return;
        if (bytes[i] == '\n') {
            append_block_line_end(block);
            continue;
        }
        bool is_quote = bytes[i] == '"';
        bool closes = block->quotes == 2 || (is_last && i + 1 == size);
        if (is_quote && closes) text_append_character(out, '\\');
        block->quotes = is_quote && !closes ? block->quotes + 1 : 0;
        append_character(out, bytes + i, size - i, STYLE_BLOCK);
    }
}

/* Does some line of these begin without a blank? */
static bool parts_are_anchored(const struct ast_expression *first)
{
    bool begins_line = true, follows_literal = false;
    for (const struct ast_expression *part = first; part; part = part->next) {
        struct piece piece = piece_of(part, follows_literal);
        follows_literal = piece.bytes != NULL;
        if (!piece.bytes && begins_line) return true;
        if (!piece.bytes) continue;
        for (size_t i = 0; i < piece.size; i++) {
            bool is_blank_here = strchr(" \t\n", piece.bytes[i]) && piece.bytes[i] != '\0';
            if (begins_line && !is_blank_here) return true;
            begins_line = piece.bytes[i] == '\n';
        }
    }
    return false;
}

static void write_splice(struct flow_writer *writer, const struct ast_expression *expression)
{
    text_append_string(writer->lines.out, "${");
    write_spliced(writer, expression);
    text_append_string(writer->lines.out, "}");
}

static void write_block(struct flow_writer *writer, const struct ast_expression *first)
{
    struct block block = {
        .writer = writer, .begins_line = true, .is_anchored = parts_are_anchored(first)};
    bool follows_literal = false;
    text_append_string(writer->lines.out, "\"\"\"");
    writer_end_line(&writer->lines);
    for (const struct ast_expression *part = first; part; part = part->next) {
        struct piece piece = piece_of(part, follows_literal);
        follows_literal = piece.bytes != NULL;
        if (piece.bytes) {
            append_block_piece(&block, piece.bytes, piece.size, !part->next);
            continue;
        }
        begin_block_line(&block, NULL, 0, false);
        write_splice(writer, part);
        block.quotes = 0;
    }
    for (unsigned i = 0; block.begins_line && i < writer->lines.level * WRITER_INDENT; i++)
        text_append_character(writer->lines.out, ' ');
    text_append_string(writer->lines.out, "\"\"\"");
}

/* Has the text a line end with something behind it? */
static bool has_lines(const struct ast_expression *first)
{
    bool line_ended = false, follows_literal = false;
    for (const struct ast_expression *part = first; part; part = part->next) {
        struct piece piece = piece_of(part, follows_literal);
        follows_literal = piece.bytes != NULL;
        if (line_ended) return true;
        const char *newline = piece.bytes ? memchr(piece.bytes, '\n', piece.size) : NULL;
        line_ended = newline != NULL;
        if (newline && newline + 1 < piece.bytes + piece.size) return true;
    }
    return false;
}

/* --- Texts --- */

/* r"..." is easier to read. */
static bool is_better_raw(const char *bytes, size_t size)
{
    bool has_special = false;
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte < ' ' || byte == 0x7f || byte == '"') return false;
        has_special =
            has_special || byte == '\\' || (byte == '$' && i + 1 < size && bytes[i + 1] == '{');
    }
    return has_special;
}

void write_text_parts(struct flow_writer *writer, const struct ast_expression *text,
                      enum text_place place)
{
    struct text *out = writer->lines.out;
    const struct ast_expression *first = text->as.text.parts;
    bool follows_literal = false;
    if (place == TEXT_ANYWHERE && has_lines(first)) {
        write_block(writer, first);
        return;
    }
    text_append_character(out, '"');
    for (const struct ast_expression *part = first; part; part = part->next) {
        struct piece piece = piece_of(part, follows_literal);
        follows_literal = piece.bytes != NULL;
        if (piece.bytes)
            append_characters(out, piece.bytes, piece.size, STYLE_LINE);
        else
            write_splice(writer, part);
    }
    text_append_character(out, '"');
}

void write_text_literal(struct flow_writer *writer, const char *bytes, size_t size,
                        enum text_place place)
{
    struct text *out = writer->lines.out;
    const char *newline = size > 0 ? memchr(bytes, '\n', size) : NULL;
    if (place == TEXT_ANYWHERE && newline && newline + 1 < bytes + size) {
        struct ast_expression part = {.kind = EXPRESSION_LITERAL};
        if (bamboo_string_create(bytes, size, &part.as.literal, NULL) == BAMBOO_OK)
            write_block(writer, &part);
        else
            out->failed = true;
        bamboo_value_release(part.as.literal);
    } else if (is_better_raw(bytes, size)) {
        text_append_string(out, "r\"");
        text_append(out, bytes, size);
        text_append_character(out, '"');
    } else {
        text_append_character(out, '"');
        append_characters(out, bytes, size, STYLE_LINE);
        text_append_character(out, '"');
    }
}

void write_prefixed_text(struct flow_writer *writer, char prefix, const char *bytes, size_t size)
{
    struct text *out = writer->lines.out;
    text_append_format(out, "%c\"", prefix);
    append_characters(out, bytes, size, STYLE_PREFIX);
    text_append_character(out, '"');
}

/* --- Names --- */

static void write_quoted(struct flow_writer *writer, const char *bytes)
{
    text_append_character(writer->lines.out, '`');
    append_characters(writer->lines.out, bytes, strlen(bytes), STYLE_NAME);
    text_append_character(writer->lines.out, '`');
}

void write_id(struct flow_writer *writer, const char *bytes)
{
    if (text_is_word(bytes, true))
        writer_string(&writer->lines, bytes);
    else
        write_quoted(writer, bytes);
}

void write_name(struct flow_writer *writer, struct ast_name name)
{
    if (name.quoted)
        write_quoted(writer, name.bytes);
    else
        write_id(writer, name.bytes);
}

void write_key(struct flow_writer *writer, const char *bytes)
{
    struct word word = key_word(bytes);
    if (word.size > 0)
        text_append(writer->lines.out, word.bytes, word.size);
    else
        write_quoted(writer, bytes);
}
