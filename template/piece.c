/* A piece: the expression, and the filters behind it. */
#include <string.h>

#include "base/utf8.h"
#include "template/binding.h"
#include "template/expression_parser.h"
#include "template/expression_scanner.h"
#include "template/expression_tree.h"

static bool is_blank(char character)
{
    return character == ' ' || character == '\t' || character == '\f';
}

static bool is_line_end(char character)
{
    return character == '\n' || character == '\r';
}

/* Python knows no expression that begins with a blank: that would be an indented line. Empty lines
 * before the first are none, and a form feed begins the line again. Returns where the expression
 * begins, or SIZE_MAX. */
static size_t beginning(const char *text, size_t size)
{
    size_t line = 0;
    for (size_t i = 0; i < size; i++) {
        if (is_line_end(text[i]) || text[i] == '\f')
            line = i + 1;
        else if (!is_blank(text[i]))
            return i == line ? i : SIZE_MAX;
    }
    return SIZE_MAX;
}

static size_t trimmed_end(const char *text, size_t start, size_t end)
{
    while (end > start && (is_blank(text[end - 1]) || is_line_end(text[end - 1])))
        end--;
    return end;
}

/* --- filters --- */

static bool filter_named(const char *name, size_t size, enum filter *out)
{
    static const char *const NAMES[] = {
#define FILTER(name, spelling) spelling,
#include "template/filters.def"
#undef FILTER
    };
    for (size_t i = 0; i < FILTER_COUNT; i++) {
        if (size == 0 || strlen(NAMES[i]) != size || memcmp(NAMES[i], name, size) != 0) continue;
        *out = (enum filter)i;
        return true;
    }
    return false;
}

/* decode.utf8: a text is decoded already. */
static bool is_decoding(const char *name, size_t size)
{
    static const char PREFIX[] = "decode.";
    return size > sizeof PREFIX - 1 && memcmp(name, PREFIX, sizeof PREFIX - 1) == 0 &&
           !memmem(name, size, "._", 2) && !memmem(name, size, "__", 2);
}

static bool add_filter(struct piece *piece, const char *name, size_t size)
{
    enum filter filter;
    if (size == 1 && name[0] == 'n') {
        piece->is_raw = true;
        return true;
    }
    bool is_known = is_decoding(name, size);
    if (is_known)
        filter = FILTER_DECODE;
    else
        is_known = filter_named(name, size, &filter);
    if (!is_known || piece->filter_count == PIECE_FILTERS_MAX) return false;
    piece->filters[piece->filter_count++] = filter;
    return true;
}

/* `h, trim`; nothing at all is no filter. False if one is unknown. */
static bool read_filters(struct piece *piece, const char *text, size_t size)
{
    if (trimmed_end(text, 0, size) == 0) return true;
    for (size_t at = 0; at <= size;) {
        const char *comma = memchr(text + at, ',', size - at);
        size_t end = comma ? (size_t)(comma - text) : size, next = end + 1;
        while (at < end && (is_blank(text[at]) || is_line_end(text[at])))
            at++;
        if (!add_filter(piece, text + at, trimmed_end(text, at, end) - at)) return false;
        at = next;
    }
    return true;
}

/* --- the parse --- */

static enum bamboo_status parse(struct evaluation *evaluation, const char *text, size_t size,
                                struct piece *piece, bool *is_expression)
{
    struct expression_parser parser = {.evaluation = evaluation};
    char *copy = evaluation_allocate(evaluation, size + 2, 1);
    enum bamboo_status status = evaluation_pay(evaluation, 1 + size);
    if (!copy || status != BAMBOO_OK) return evaluation->status;
    memcpy(copy, text, size);
    parser.scanner.base = copy;
    parser.scanner.size = size;
    if (expression_scan_lex_init_extra(&parser.scanner, &parser.handle) != 0)
        return fail_memory(evaluation->error);
    expression_scan__scan_buffer(copy, size + 2, parser.handle);
    int result = expression_parse(&parser);
    expression_scan_lex_destroy(parser.handle);
    size_t rest = parser.scanner.rest;
    piece->expression = parser.result;
    *is_expression = result == 0 && (rest == 0 || read_filters(piece, text + rest, size - rest));
    return evaluation->status == BAMBOO_E_MEMORY ? fail_memory(evaluation->error) : BAMBOO_OK;
}

/* Nothing but blanks is an empty text, also before filters: `| h`, or nothing. */
static enum bamboo_status empty_piece(struct evaluation *evaluation, const char *filters,
                                      size_t size, struct piece **out)
{
    struct expression_parser parser = {.evaluation = evaluation};
    struct object text = object_none();
    enum bamboo_status status = object_borrow_text(evaluation, "", 0, &text);
    struct piece *piece = evaluation_allocate(evaluation, 1, sizeof *piece);
    if (status != BAMBOO_OK || !piece) return evaluation->status;
    piece->expression = expression_literal(&parser, text);
    if (!piece->expression) return evaluation->status;
    if (size == 0 || read_filters(piece, filters + 1, size - 1)) *out = piece;
    return BAMBOO_OK;
}

enum bamboo_status piece_parse(struct evaluation *evaluation, const char *text, size_t size,
                               struct piece **out)
{
    bool is_expression = false;
    size_t start = beginning(text, size);
    *out = NULL;
    size_t blank = 0;
    while (blank < size && (is_blank(text[blank]) || is_line_end(text[blank])))
        blank++;
    if (blank == size || text[blank] == '|')
        return empty_piece(evaluation, text + blank, size - blank, out);
    if (start == SIZE_MAX || !utf8_is_valid(text, size) || memchr(text, '\0', size))
        return BAMBOO_OK;
    struct piece *piece = evaluation_allocate(evaluation, 1, sizeof *piece);
    if (!piece) return evaluation->status;
    size_t end = trimmed_end(text, start, size);
    enum bamboo_status status = parse(evaluation, text + start, end - start, piece, &is_expression);
    if (status != BAMBOO_OK || !is_expression) return status;
    bool is_allowed = false;
    status = piece_bind(evaluation, piece, &is_allowed);
    if (status == BAMBOO_OK && is_allowed) *out = piece;
    return status;
}
