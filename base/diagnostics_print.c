/* Diagnostics for people. A source line is shown as columns of a terminal: tabs are expanded, wide
 * characters take two, and of a long line only what is around the span is shown. */
#include <stdio.h>
#include <string.h>

#include "base/diagnostics.h"
#include "base/utf8.h"

#define TAB_WIDTH   4u
#define LINE_WIDTH  110u /* columns of a source line that are shown */
#define BEFORE_SPAN 40u  /* of these, so many before the span if the line is cut */
/* Bytes before and behind a span that are looked at: enough for the columns that are shown. */
#define LINE_AROUND_SPAN 1000u
#define ELLIPSIS         "..."
#define ELLIPSIS_SIZE    3u

struct colors {
    const char *strong;
    const char *error;
    const char *warning;
    const char *mark;
    const char *frame;
    const char *end;
};

static const struct colors NO_COLORS = {"", "", "", "", "", ""};
static const struct colors COLORS = {"\033[1m",    "\033[1;31m", "\033[1;35m",
                                     "\033[1;32m", "\033[34m",   "\033[0m"};

/* --- a line as columns --- */

struct cell {
    const char *bytes; /* what to print; NULL for a tab, which is all space */
    size_t print_size;
    size_t size; /* bytes in the source */
    size_t width;
};

/* The character at `bytes`, which will stand in `column`. What cannot be shown becomes '?'. */
static struct cell cell_at(const char *bytes, size_t size, size_t column)
{
    uint32_t code_point;
    size_t step = utf8_decode(bytes, size, &code_point);
    if (step == 1 && code_point == '\t')
        return (struct cell){NULL, 0, 1, TAB_WIDTH - column % TAB_WIDTH};
    if (!step || code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0))
        return (struct cell){"?", 1, step ? step : 1, 1};
    return (struct cell){bytes, step, step, utf8_width(code_point)};
}

/* The column where byte `offset` of a line stands. */
static size_t column_of(const char *line, size_t size, size_t offset)
{
    size_t column = 0;
    for (size_t at = 0; at < size && at < offset;) {
        struct cell cell = cell_at(line + at, size - at, column);
        at += cell.size;
        column += cell.width;
    }
    return column;
}

/* What is shown of a line: the columns from `first` to before `end`, and the span's in them. */
struct view {
    size_t first;
    size_t end;
    size_t width; /* columns of the whole line */
    size_t mark_first;
    size_t mark_end;
};

static struct view view_of(const char *line, size_t size, size_t span_offset, size_t span_size)
{
    size_t span_end = span_size < size - span_offset ? span_offset + span_size : size;
    struct view view = {.width = column_of(line, size, size)};
    view.mark_first = column_of(line, size, span_offset);
    view.mark_end = column_of(line, size, span_end);
    view.end = view.width;
    if (view.width > LINE_WIDTH) {
        view.first = view.mark_first > BEFORE_SPAN ? view.mark_first - BEFORE_SPAN : 0;
        if (view.first + LINE_WIDTH > view.width) view.first = view.width - LINE_WIDTH;
        view.end = view.first + LINE_WIDTH;
    }
    if (view.mark_end > view.end) view.mark_end = view.end;
    if (view.mark_end <= view.mark_first) view.mark_end = view.mark_first + 1;
    return view;
}

static void append_spaces(struct text *out, size_t count)
{
    text_append_format(out, "%*s", (int)count, "");
}

/* Appends the cells that lie wholly in the view; columns that none fills are spaces. */
static void append_line(struct text *out, const char *line, size_t size, const struct view *view)
{
    bool cut_before = view->first > 0;
    bool cut_after = view->end < view->width;
    size_t first = view->first + (cut_before ? ELLIPSIS_SIZE : 0);
    size_t end = view->end - (cut_after ? ELLIPSIS_SIZE : 0);
    size_t filled = first;
    size_t column = 0;
    if (cut_before) text_append_string(out, ELLIPSIS);
    for (size_t at = 0; at < size && column <= end;) {
        struct cell cell = cell_at(line + at, size - at, column);
        if (cell.bytes && column >= first && column + cell.width <= end) {
            append_spaces(out, column - filled);
            text_append(out, cell.bytes, cell.print_size);
            filled = column + cell.width;
        }
        at += cell.size;
        column += cell.width;
    }
    if (cut_after) append_spaces(out, end - filled);
    if (cut_after) text_append_string(out, ELLIPSIS);
}

/* --- an excerpt --- */

/* Cuts a line that is far longer than what is shown (a document may be one line) to what is around
 * the span, at whole characters. *offset is the span's, in the line. */
static const char *cut_line(const char *line, size_t *size, size_t *offset, size_t span_size)
{
    size_t start = *offset > LINE_AROUND_SPAN ? *offset - LINE_AROUND_SPAN : 0;
    size_t end = *offset + (span_size < LINE_AROUND_SPAN ? span_size : LINE_AROUND_SPAN);
    end = end<*size && * size - end> LINE_AROUND_SPAN ? end + LINE_AROUND_SPAN : *size;
    while (start > 0 && (line[start] & 0xC0) == 0x80)
        start--;
    while (end < *size && (line[end] & 0xC0) == 0x80)
        end++;
    *size = end - start;
    *offset -= start;
    return line + start;
}

static void append_excerpt(struct text *out, const struct source *source, struct span span,
                           const char *help, const struct colors *colors)
{
    struct place place = source_place(source, span.offset);
    const char *line = source->bytes + place.line_offset;
    size_t offset = (span.offset < source->size ? span.offset : source->size) - place.line_offset;
    if (offset > place.line_size) offset = place.line_size;
    size_t line_size = place.line_size;
    line = cut_line(line, &line_size, &offset, span.size);
    struct view view = view_of(line, line_size, offset, span.size);
    char number[12];
    int digits = snprintf(number, sizeof number, "%5u", place.line);

    text_append_format(out, "%s%s |%s", colors->frame, number, colors->end);
    if (line_size) text_append_character(out, ' ');
    append_line(out, line, line_size, &view);
    text_append_format(out, "\n%s%*s |%s ", colors->frame, digits, "", colors->end);
    append_spaces(out, view.mark_first - view.first);
    text_append_format(out, "%s^", colors->mark);
    for (size_t i = view.mark_first + 1; i < view.mark_end; i++)
        text_append_character(out, '~');
    if (help) text_append_format(out, " %s", help);
    text_append_format(out, "%s\n", colors->end);
}

static void append_place(struct text *out, const struct source *source, uint32_t offset,
                         const struct colors *colors)
{
    struct place place = source_place(source, offset);
    text_append_format(out, "%s%s:%u:%u:%s ", colors->strong, source->name, place.line,
                       place.column, colors->end);
}

static void append_diagnostic(struct text *out, const struct diagnostics *diagnostics,
                              const struct diagnostic *diagnostic, const struct colors *colors)
{
    const struct diagnostic_info *info = diagnostic_info(diagnostic->code);
    const struct source *source = diagnostics_source(diagnostics, diagnostic->span.source);
    bool is_error = info->severity == SEVERITY_ERROR;
    append_place(out, source, diagnostic->span.offset, colors);
    text_append_format(out, "%s%s:%s ", is_error ? colors->error : colors->warning,
                       is_error ? "error" : "warning", colors->end);
    if (diagnostic->pointer && diagnostic->pointer[0] != '\0')
        text_append_format(out, "%s: ", diagnostic->pointer);
    text_append_format(out, "%s [%s]\n", diagnostic->message, info->code);
    append_excerpt(out, source, diagnostic->span, diagnostic->help, colors);
    if (!diagnostic->related_message) return;
    source = diagnostics_source(diagnostics, diagnostic->related.source);
    append_place(out, source, diagnostic->related.offset, colors);
    text_append_format(out, "note: %s\n", diagnostic->related_message);
    append_excerpt(out, source, diagnostic->related, NULL, colors);
}

void diagnostics_print(const struct diagnostics *diagnostics, bool color, struct text *out)
{
    for (size_t i = 0; i < diagnostics_count(diagnostics); i++)
        append_diagnostic(out, diagnostics, diagnostics_at(diagnostics, i),
                          color ? &COLORS : &NO_COLORS);
}
