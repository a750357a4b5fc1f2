#include "grammar/source_writer.h"

#include "base/duration.h"
#include "base/utf8.h"

void writer_string(struct source_writer *writer, const char *string)
{
    text_append_string(writer->out, string);
}

void writer_format(struct source_writer *writer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_append_arguments(writer->out, format, arguments);
    va_end(arguments);
}

void writer_duration(struct source_writer *writer, const char *before, int64_t milliseconds)
{
    writer_string(writer, before);
    duration_append(writer->out, milliseconds);
}

/* Notes whether the current line is too wide. */
static void measure(struct source_writer *writer)
{
    const struct text *out = writer->out;
    size_t size = out->failed ? 0 : out->size - writer->line_start;
    if (size > WRITER_WIDTH) size = utf8_count(text_string(out) + writer->line_start, size);
    if (size > WRITER_WIDTH) writer->is_too_wide = true;
}

void writer_end_line(struct source_writer *writer)
{
    measure(writer);
    text_append_character(writer->out, '\n');
    writer->line_start = writer->out->size;
}

void writer_new_line(struct source_writer *writer)
{
    writer_end_line(writer);
    for (unsigned i = 0; i < writer->level * WRITER_INDENT; i++)
        text_append_character(writer->out, ' ');
}

struct attempt writer_attempt(struct source_writer *writer)
{
    struct attempt attempt = {
        .size = writer->out->size, .line_start = writer->line_start, .is_inner = writer->is_flat};
    if (attempt.is_inner) return attempt;
    writer->is_flat = true;
    writer->is_too_wide = false;
    return attempt;
}

bool writer_again(struct source_writer *writer, struct attempt *attempt)
{
    struct text *out = writer->out;
    if (attempt->is_inner || attempt->is_second) return false;
    measure(writer);
    writer->is_flat = false;
    if (!writer->is_too_wide || out->failed) return false;
    out->size = attempt->size;
    writer->line_start = attempt->line_start;
    attempt->is_second = true;
    return true;
}

void writer_open(struct source_writer *writer, const char *bracket)
{
    writer_string(writer, bracket);
    if (writer->is_flat) return;
    writer->level++;
    writer_new_line(writer);
}

void writer_separate(struct source_writer *writer)
{
    writer_string(writer, ",");
    if (writer->is_flat)
        writer_string(writer, " ");
    else
        writer_new_line(writer);
}

void writer_close(struct source_writer *writer, const char *bracket)
{
    if (!writer->is_flat) {
        writer->level--;
        writer_new_line(writer);
    }
    writer_string(writer, bracket);
}
