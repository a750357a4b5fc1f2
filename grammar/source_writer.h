/* Writes source text with indentation. What may stand on one line or on several is written on one
 * first, and again on several if it was too wide:
 *
 *     struct attempt attempt = writer_attempt(writer);
 *     do {
 *         writer_open(writer, "(");
 *         ... elements, writer_separate(writer) between them ...
 *         writer_close(writer, ")");
 *     } while (writer_again(writer, &attempt));
 *
 * Failure is that of the text that is written to (base/text.h). */
#ifndef GRAMMAR_SOURCE_WRITER_H
#define GRAMMAR_SOURCE_WRITER_H

#include <stdint.h>

#include "base/text.h"

/* Columns of a line that is not made of one long word. */
#define WRITER_WIDTH 100
/* Blanks of a level. */
#define WRITER_INDENT 4

struct source_writer {
    struct text *out;
    unsigned level;    /* of indentation */
    size_t line_start; /* where in `out` the current line begins */
    bool is_flat;      /* an attempt on one line is made */
    bool is_too_wide;  /* and has failed */
};

struct attempt {
    size_t size, line_start; /* of the text before it */
    bool is_inner;           /* another attempt is made already */
    bool is_second;
};

void writer_string(struct source_writer *writer, const char *string);
__attribute__((format(printf, 2, 3))) void writer_format(struct source_writer *writer,
                                                         const char *format, ...);
/* " 1h30m", with what stands before it. */
void writer_duration(struct source_writer *writer, const char *before, int64_t milliseconds);

/* Ends the line, and begins the next one with its indentation. */
void writer_new_line(struct source_writer *writer);
/* Ends the line only: an empty one follows, or a text with an indentation of its own. */
void writer_end_line(struct source_writer *writer);

struct attempt writer_attempt(struct source_writer *writer);
bool writer_again(struct source_writer *writer, struct attempt *attempt);
/* Between the elements of an attempt, and around them. */
void writer_open(struct source_writer *writer, const char *bracket);
void writer_separate(struct source_writer *writer);
void writer_close(struct source_writer *writer, const char *bracket);

#endif
