#include "grammar/layout.h"

#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "grammar/bracket.h"
#include "grammar/character.h"
#include "grammar/flow.h"
#include "grammar/flow_parser.h"
#include "grammar/keyword.h"
#define YYSTYPE FLOW_STYPE
#include "grammar/flow_scanner.h"

/* Some editors begin a file with it. */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

/* More operators than this wait for an operand only in a source that wants to exhaust the parser:
 * with SOURCE_DEPTH_MAX it bounds the parser's stack (YYMAXDEPTH in flow.y). */
#define PENDING_MAX 1000

enum bamboo_status layout_init(struct parser *parser, int first, struct bamboo_error *error)
{
    struct layout *layout = &parser->layout;
    size_t size = parser->text->size;
    layout->first = first;
    layout->is_file = first == TOKEN_START_FILE;
    layout->unwind_to = LAYOUT_NOWHERE;
    layout->skip_to = LAYOUT_NOWHERE;
    if (first == TOKEN_START_TEMPLATE)
        layout->frames[layout->count++] = (struct frame){
            .kind = FRAME_TEXT, .mode = SCAN_TEMPLATE, .span = {parser->source, 0, 0}};
    layout->buffer = memory_allocate(size + 2); /* flex wants two NULs at the end */
    if (!layout->buffer) return fail_memory(error);
    if (size > 0) memcpy(layout->buffer, parser->text->bytes, size);
    layout->buffer[size] = layout->buffer[size + 1] = '\0';
    if (layout->is_file && size >= 3 && memcmp(layout->buffer, BYTE_ORDER_MARK, 3) == 0)
        memset(layout->buffer, ' ', 3);
    layout->scanner.base = layout->buffer;
    layout->scanner.size = size;
    if (flow_scan_lex_init_extra(&layout->scanner, &layout->handle) != 0) return fail_memory(error);
    flow_scan__scan_buffer(layout->buffer, size + 2, layout->handle);
    return BAMBOO_OK;
}

void layout_release(struct parser *parser)
{
    if (parser->layout.handle) flow_scan_lex_destroy(parser->layout.handle);
    memory_free(parser->layout.buffer);
}

/* --- What is open --- */

static struct frame *top(struct layout *layout)
{
    return layout->count > 0 ? &layout->frames[layout->count - 1] : NULL;
}

static bool top_is(struct layout *layout, enum frame_kind kind)
{
    return layout->count > 0 && top(layout)->kind == kind;
}

static void pop(struct layout *layout)
{
    layout->count--;
    layout->pending = layout->frames[layout->count].pending;
}

static void push(struct parser *parser, enum frame_kind kind, struct span span)
{
    struct layout *layout = &parser->layout;
    if (layout->count == SOURCE_DEPTH_MAX) {
        parser_too_deep(parser, span);
        return;
    }
    layout->frames[layout->count++] =
        (struct frame){.kind = kind, .span = span, .pending = layout->pending};
}

static bool is_bracket(enum frame_kind kind)
{
    return kind == FRAME_PAREN || kind == FRAME_BRACKET;
}

/* Closes the innermost ( or [ of `kind` unless a brace is open inside it. */
static void pop_bracket(struct layout *layout, enum frame_kind kind)
{
    size_t count = layout->count;
    while (count > 0 && is_bracket(layout->frames[count - 1].kind))
        if (layout->frames[--count].kind == kind) {
            while (layout->count > count)
                pop(layout);
            return;
        }
}

/* Forgets ( and [ that are open inside the innermost brace, if there is one. */
static void drop_brackets(struct layout *layout, bool maps_too)
{
    size_t count = layout->count;
    while (count > 0 && (is_bracket(layout->frames[count - 1].kind) ||
                         (maps_too && layout->frames[count - 1].kind == FRAME_MAP)))
        count--;
    while (count > 0 && layout->count > count)
        pop(layout);
}

static const struct frame *innermost_block(const struct layout *layout)
{
    size_t i = layout->count;
    while (i > 0 && layout->frames[i - 1].kind != FRAME_BLOCK)
        i--;
    return i > 0 ? &layout->frames[i - 1] : NULL;
}

/* --- Texts that are not closed --- */

/* The outermost text that cannot go on behind the end of this line (or of the source). */
static size_t broken_text(const struct layout *layout, bool at_end)
{
    size_t broken = LAYOUT_NOWHERE;
    for (size_t i = layout->count; i > 0; i--) {
        const struct frame *frame = &layout->frames[i - 1];
        if (frame->kind == FRAME_BLOCK && !at_end) break;
        if (frame->kind != FRAME_TEXT) continue;
        bool has_lines =
            frame->mode != SCAN_TEXT && frame->mode != SCAN_RAW && frame->mode != SCAN_FIXED;
        if (has_lines && !at_end) break;
        broken = i - 1;
    }
    return broken;
}

/* Reports that the text in frame number `broken` ends with its line or the source instead of being
 * closed. */
static void report_broken_text(struct parser *parser, size_t broken, bool at_end)
{
    const struct frame *frame = &parser->layout.frames[broken];
    bool has_splice = broken + 1 < parser->layout.count;
    bool is_one_line =
        frame->mode == SCAN_TEXT || frame->mode == SCAN_RAW || frame->mode == SCAN_FIXED;
    if (has_splice) {
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_UNTERMINATED_SPLICE, frame[1].span,
                        "this ${ is not closed by a }");
        return;
    }
    struct diagnostic *diagnostic =
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_UNTERMINATED_TEXT, frame->span,
                        "this text is not closed by %s", is_one_line ? "\"" : "\"\"\"");
    if (!at_end)
        diagnostic_help(parser->diagnostics, diagnostic,
                        frame->mode == SCAN_FIXED
                            ? "a template stands on one line: a line break in it is \\n"
                            : "a text of several lines stands between \"\"\" and \"\"\"");
}

/* Looks for a text that had to be closed here, and lets it be closed. A mistake that was reported
 * inside of it is enough. */
static void close_broken_text(struct parser *parser, bool at_end)
{
    struct layout *layout = &parser->layout;
    size_t broken = broken_text(layout, at_end);
    if (broken == LAYOUT_NOWHERE) return;
    const struct frame *frame = &layout->frames[broken];
    bool is_template = frame->mode == SCAN_TEMPLATE;
    if (is_template && broken + 1 == layout->count) return; /* its end */
    bool is_reported = parser->reported.size > 0 && parser->reported.offset > frame->span.offset;
    if (!is_reported) report_broken_text(parser, broken, at_end);
    layout->is_broken = true;
    layout->unwind_to = broken + is_template;
}

/* Closes one frame of a broken text; false if the grammar need not know. */
static bool unwind(struct parser *parser, struct token *token)
{
    struct layout *layout = &parser->layout;
    assert(layout->count > 0);
    enum frame_kind kind = top(layout)->kind;
    token->span = (struct span){parser->source, (uint32_t)layout->scanner.start, 0};
    token->kind = kind == FRAME_TEXT ? TOKEN_TEXT_END : TOKEN_SPLICE_CLOSE;
    pop(layout);
    if (layout->count == layout->unwind_to) {
        layout->unwind_to = LAYOUT_NOWHERE;
        layout_recover(parser);
    }
    return kind == FRAME_TEXT || kind == FRAME_SPLICE;
}

/* --- Reading --- */

/* The first character behind a token that is no blank; NUL at the end. */
static char next_character(const struct parser *parser, struct span span)
{
    size_t i = span_end(span);
    while (i < parser->text->size && strchr(" \t\r\n", parser->text->bytes[i]))
        i++;
    if (i == parser->text->size) return '\0';
    return parser->text->bytes[i];
}

/* What a word is where it stands. */
static int word_token(struct parser *parser, struct span span)
{
    struct layout *layout = &parser->layout;
    if (*parser_bytes(parser, span) == '`') return TOKEN_IDENTIFIER;
    if (!characters_are_letters(parser, span)) return TOKEN_INVALID;
    if (layout->previous.kind == '.' || layout->previous.kind == TOKEN_MAYBE_DOT)
        return TOKEN_IDENTIFIER;
    const struct keyword *keyword = keyword_find(parser_bytes(parser, span), span.size);
    if (!keyword) return TOKEN_IDENTIFIER;
    bool begins_line = layout->starts_line || layout->previous.kind == 0;
    bool is_top = layout->count == 0 && layout->is_file && begins_line;
    if (keyword->kind == KEYWORD_TOP && !is_top) return TOKEN_IDENTIFIER;
    if ((top_is(layout, FRAME_PAREN) || top_is(layout, FRAME_MAP)) &&
        next_character(parser, span) == ':')
        return TOKEN_IDENTIFIER;
    begins_line = begins_line || layout->previous.kind == '{';
    if (keyword->kind == KEYWORD_BRACED && (!begins_line || next_character(parser, span) != '{'))
        return TOKEN_IDENTIFIER;
    if (keyword->kind == KEYWORD_FOREIGN) report_foreign_word(parser, span, keyword->token);
    return keyword->token;
}

/* Reads the next token into `held`; a line end is only noted. */
static void hold(struct parser *parser)
{
    struct layout *layout = &parser->layout;
    struct frame *frame = top(layout);
    layout->scanner.mode = frame && frame->kind == FRAME_TEXT ? frame->mode : SCAN_CODE;
    int kind = flow_scan_lex(layout->handle);
    struct span span = {parser->source, (uint32_t)layout->scanner.start,
                        (uint32_t)(layout->scanner.end - layout->scanner.start)};
    bool is_separator = kind == TOKEN_INVALID && frame && frame->has_separators &&
                        *parser_bytes(parser, span) == ';';
    if (kind == TOKEN_NEWLINE || is_separator) {
        layout->line_ended = layout->starts_line = true;
        close_broken_text(parser, false);
        return;
    }
    if (kind == TOKEN_IDENTIFIER)
        kind = word_token(parser, span);
    else if (kind == TOKEN_INVALID && !layout->is_broken)
        kind = report_invalid(parser, span);
    if (kind == TOKEN_INVALID) layout->is_broken = true;
    if (kind == TOKEN_END) close_broken_text(parser, true);
    layout->held = (struct token){kind, span};
    layout->is_held = true;
}

/* --- Giving --- */

/* Does a statement go on behind this token? */
static bool wants_more(int kind)
{
    switch (kind) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '<':
    case '>':
    case ',':
    case ':':
    case '.':
    case TOKEN_MAYBE_DOT:
    case TOKEN_ARROW:
    case TOKEN_COALESCE:
    case TOKEN_EQUAL:
    case TOKEN_NOT_EQUAL:
    case TOKEN_LESS_EQUAL:
    case TOKEN_GREATER_EQUAL:
    case TOKEN_FLOOR_DIVIDE:
    case TOKEN_AND:
    case TOKEN_OR:
    case TOKEN_NOT:
    case TOKEN_IN: return true;
    default: return false;
    }
}

/* Does this token go on with the statement of the line before? */
static bool goes_on(int kind)
{
    return kind == '.' || kind == TOKEN_MAYBE_DOT || kind == TOKEN_ELSE || kind == TOKEN_UNTIL ||
           kind == TOKEN_WHILE;
}

/* May a NEWLINE follow the last token? */
static bool ends_statement(const struct layout *layout)
{
    return layout->previous.kind != TOKEN_NEWLINE && layout->previous.kind != '{';
}

/* Reports what is open innermost before the end of a source or a next pipeline. */
static void report_missing(struct parser *parser)
{
    struct layout *layout = &parser->layout;
    const char *where = layout->held.kind == TOKEN_END ? "the end of the file" : "'pipeline'";
    assert(layout->count > 0);
    const struct frame *frame = top(layout);
    const char *brackets = frame->kind == FRAME_PAREN     ? "()"
                           : frame->kind == FRAME_BRACKET ? "[]"
                                                          : "{}";
    struct diagnostic *diagnostic =
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_SYNTAX, layout->held.span,
                        "expected '%c' before %s", brackets[1], where);
    diagnostic_relate(parser->diagnostics, diagnostic, frame->span, "this '%c' is not closed",
                      brackets[0]);
}

/* The token before the end of a source or a next pipeline, while blocks are open. */
static struct token close_block(struct parser *parser)
{
    struct layout *layout = &parser->layout;
    if (!layout->missing_told && !layout->is_broken) report_missing(parser);
    layout->missing_told = true;
    drop_brackets(layout, true);
    int kind = ends_statement(layout) ? TOKEN_NEWLINE : '}';
    return (struct token){kind, {parser->source, layout->held.span.offset, 0}};
}

static bool is_in_text(const struct layout *layout)
{
    for (size_t i = 0; i < layout->count; i++)
        if (layout->frames[i].kind == FRAME_TEXT) return true;
    return false;
}

/* Is the held token where all blocks end? */
static bool ends_blocks(const struct layout *layout)
{
    if (!layout->is_file) return false;
    if (layout->held.kind == TOKEN_END) return true;
    return layout->held.kind == TOKEN_PIPELINE && layout->starts_line && !is_in_text(layout);
}

/* Decides whether something comes before the held token. */
static bool comes_before(struct parser *parser, struct token *token)
{
    struct layout *layout = &parser->layout;
    const struct token *held = &layout->held;
    bool is_closing = ends_blocks(layout);
    if (is_closing && innermost_block(layout)) {
        *token = close_block(parser);
        return true;
    }
    if (is_closing) layout->count = 0;
    if (held->kind == '}') drop_brackets(layout, false);
    if (!top_is(layout, FRAME_BLOCK) || !ends_statement(layout)) return false;
    if (layout->line_ended && !wants_more(layout->previous.kind) && !goes_on(held->kind)) {
        uint32_t end = (uint32_t)span_end(layout->previous.span);
        *token = (struct token){TOKEN_NEWLINE, {parser->source, end, 0}};
        return true;
    }
    *token = (struct token){TOKEN_NEWLINE, held->span};
    return held->kind == '}';
}

static enum scan_mode text_mode(struct span quotes, char prefix)
{
    bool is_raw = prefix == 'r';
    if (prefix == 't' || prefix == 'b') return SCAN_FIXED;
    bool has_lines = quotes.size - is_raw == 3;
    if (is_raw) return has_lines ? SCAN_RAW_LINES : SCAN_RAW;
    return has_lines ? SCAN_LINES : SCAN_TEXT;
}

static void open_text(struct parser *parser, struct span span)
{
    push(parser, FRAME_TEXT, span);
    if (parser->stopped) return;
    top(&parser->layout)->mode = text_mode(span, *parser_bytes(parser, span));
}

/* A brace opens a block where lines count, and a map inside brackets and in expressions; a map
 * elsewhere is known to the grammar only (layout_open_map). */
static void open_brace(struct parser *parser, struct token *token)
{
    struct layout *layout = &parser->layout;
    bool is_block = layout->count > 0 ? top_is(layout, FRAME_BLOCK) : layout->is_file;
    int before = layout->previous.kind;
    push(parser, is_block ? FRAME_BLOCK : FRAME_MAP, token->span);
    if (!is_block) token->kind = TOKEN_MAP_OPEN;
    if (is_block && layout->count > 0)
        layout->frames[layout->count - 1].has_separators =
            before == TOKEN_EXCLUSIVE || before == TOKEN_INCLUSIVE || before == TOKEN_FIRST;
}

static void close_brace(struct layout *layout, struct token *token)
{
    if (layout->count == 0) return;
    enum frame_kind kind = top(layout)->kind;
    if (kind == FRAME_SPLICE) token->kind = TOKEN_SPLICE_CLOSE;
    layout->closed_block = kind == FRAME_BLOCK;
    if (kind != FRAME_TEXT && !is_bracket(kind)) pop(layout);
}

/* Counts what waits for an operand and has no frame. */
static void count_pending(struct parser *parser, struct token token)
{
    struct layout *layout = &parser->layout;
    if (token.kind == ',' || token.kind == TOKEN_NEWLINE) {
        layout->pending = layout->count > 0 ? top(layout)->pending : 0;
        return;
    }
    bool is_statement =
        token.kind == TOKEN_ELSE && layout->previous.kind == '}' && layout->closed_block;
    if (token.kind != '-' && token.kind != '+' && token.kind != TOKEN_NOT &&
        (token.kind != TOKEN_ELSE || is_statement))
        return;
    if (++layout->pending > PENDING_MAX) parser_too_deep(parser, token.span);
}

/* Opens and closes frames as the token says. */
static void give(struct parser *parser, struct token *token)
{
    struct layout *layout = &parser->layout;
    count_pending(parser, *token);
    switch (token->kind) {
    case '(': push(parser, FRAME_PAREN, token->span); break;
    case '[': push(parser, FRAME_BRACKET, token->span); break;
    case '{': open_brace(parser, token); break;
    case ')': pop_bracket(layout, FRAME_PAREN); break;
    case ']': pop_bracket(layout, FRAME_BRACKET); break;
    case '}': close_brace(layout, token); break;
    case TOKEN_TEXT_BEGIN: open_text(parser, token->span); break;
    case TOKEN_SPLICE_OPEN: push(parser, FRAME_SPLICE, token->span); break;
    case TOKEN_TEXT_END: pop(layout); break;
    default: break;
    }
    if (layout->previous.kind == TOKEN_NEWLINE || token->kind == TOKEN_PIPELINE)
        layout->is_broken = false;
    layout->before = layout->previous;
    layout->previous = *token;
}

static struct token next_token(struct parser *parser)
{
    struct layout *layout = &parser->layout;
    struct token token = {TOKEN_END, {parser->source, (uint32_t)layout->scanner.end, 0}};
    layout->is_virtual = false;
    while (!parser->stopped) {
        if (layout->unwind_to != LAYOUT_NOWHERE) {
            if (!unwind(parser, &token)) continue;
            layout->is_virtual = true;
            layout->before = layout->previous;
            layout->previous = token;
            return token;
        }
        if (!layout->is_held) {
            hold(parser);
            continue;
        }
        if (!comes_before(parser, &token)) {
            token = layout->held;
            layout->is_held = layout->starts_line = layout->missing_told = false;
        }
        layout->line_ended = false;
        give(parser, &token);
        return token;
    }
    return token;
}

int flow_lex(union FLOW_STYPE *value, struct span *span, struct parser *parser)
{
    struct layout *layout = &parser->layout;
    (void)value;
    struct token token = {layout->first, {parser->source, 0, 0}};
    layout->first = 0;
    if (token.kind == 0) {
        do
            token = next_token(parser);
        while (layout->skip_to != LAYOUT_NOWHERE && layout->count > layout->skip_to &&
               token.kind != TOKEN_END && !parser->stopped);
        layout->skip_to = LAYOUT_NOWHERE;
    }
    *span = token.span;
    return token.kind;
}

/* --- What the grammar knows better --- */

void layout_open_map(struct parser *parser)
{
    if (top_is(&parser->layout, FRAME_BLOCK)) top(&parser->layout)->kind = FRAME_MAP;
}

void layout_skip_block(struct parser *parser)
{
    if (parser->layout.count > 0) parser->layout.skip_to = parser->layout.count - 1;
}

/* Is the rest of its line empty behind this brace? Then a block was meant. */
static bool ends_line(const struct parser *parser, struct span brace)
{
    const char *bytes = parser->text->bytes;
    size_t i = span_end(brace);
    while (i < parser->text->size && strchr(" \t\r", bytes[i]))
        i++;
    return i == parser->text->size || bytes[i] == '\n' || bytes[i] == '#';
}

/* Forgets the frames from `first` on; but if a brace among them looks like a block, what is in it
 * is skipped. */
static void drop_frames(struct parser *parser, size_t first)
{
    struct layout *layout = &parser->layout;
    bool is_in_block = first > 0 && layout->frames[first - 1].kind == FRAME_BLOCK;
    for (size_t i = first; is_in_block && i < layout->count; i++) {
        struct frame frame = layout->frames[i];
        if (frame.kind != FRAME_MAP || !ends_line(parser, frame.span)) continue;
        frame.kind = FRAME_BLOCK;
        frame.pending = layout->frames[first].pending;
        layout->frames[first] = frame;
        layout->count = first + 1;
        layout->skip_to = first;
        return;
    }
    while (layout->count > first)
        pop(layout);
}

void layout_recover(struct parser *parser)
{
    struct layout *layout = &parser->layout;
    static const char CLOSERS[] = {[FRAME_MAP] = '}', [FRAME_PAREN] = ')', [FRAME_BRACKET] = ']'};
    char closers[SOURCE_DEPTH_MAX];
    size_t open = 0;
    size_t first = layout->count;
    while (first > 0 && (is_bracket(layout->frames[first - 1].kind) ||
                         layout->frames[first - 1].kind == FRAME_MAP)) {
        closers[open++] = CLOSERS[layout->frames[--first].kind];
    }
    if (open == 0) return;
    struct open_brackets brackets = {closers, open, layout->frames[first].span.offset};
    if (!brackets_close(parser->text, layout->previous.span, brackets)) drop_frames(parser, first);
}
