/* How commands speak: answers, errors, colours, values. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "include/bamboo.h"

enum style {
    STYLE_PLAIN,
    STYLE_BOLD,
    STYLE_DIM,
    STYLE_RED,
    STYLE_GREEN,
    STYLE_YELLOW,
    STYLE_CYAN,
};

/* Writes to people: to a terminal with colours, or to a file without. */
struct pen {
    FILE *file;
    bool is_terminal;
    bool color;
    bool unicode; /* symbols may be used */
};

/* In the order of the words of --color. */
enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* A pen for `file`, one of the standard streams. */
struct pen pen_create(FILE *file, enum color_choice choice);

/* printf in a style. */
__attribute__((format(printf, 3, 4))) void pen_print(const struct pen *pen, enum style style,
                                                     const char *format, ...);
/* What turns a style on and off; "" without colours. */
const char *pen_on(const struct pen *pen, enum style style);
const char *pen_off(const struct pen *pen, enum style style);

/* "bamboo: <sentence>" on standard error. */
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

/* complain() with the error's place and sentence, and what can be done next; returns the exit code
 * for it. */
int complain_error(const struct bamboo_error *error);

/* Something could not be made that belongs into this output: the command will say so, and not end
 * as if it were complete. */
void output_lacks(FILE *file);

/* Prints a value as JSON and a newline; `indent` as bamboo_json_print(). Returns an exit code. */
int print_json(FILE *file, struct bamboo_value value, unsigned indent);

/* Writes the bytes of a string as they are; nothing for a value that is none. */
void write_text(FILE *file, struct bamboo_value text);

/* print_json() of a document that is being built; consumes the builder. */
int print_document(struct bamboo_map_builder *document);

/* print_document() of {version: 1, `name`: `rows`}. */
int print_rows_document(const char *name, struct bamboo_value rows);

/* The first line of a stream of JSON lines: {"version": 1, "stream": "events"}. */
void print_stream_header(FILE *file, const char *stream);

/* Writes out standard output; returns `code`, or that of an error if something was lost. */
int output_finish(int code);

#endif
