/* Text of unknown origin on its way to a terminal: what would steer the terminal is shown as an
 * escape, and widths are counted in columns. */
#ifndef CLI_CHARACTERS_H
#define CLI_CHARACTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Sets the locale that the rest relies on. Returns whether the terminal's own is UTF-8. */
bool characters_init(void);

/* Prints text with control characters, reversals of direction and malformed bytes as escapes:
 * \n, \x1b, \u202e. With `keep_lines`, newlines and tabs stay what they are. */
void print_escaped(FILE *file, const char *bytes, size_t size, bool keep_lines);

/* A word for a shell, in quotes where it needs them: what is shown can be typed. */
void print_shell_word(FILE *file, const char *word);

/* The same as print_escaped() on one line, cut to `columns` columns (with an ellipsis); returns the
 * columns used. */
size_t print_fitted(FILE *file, const char *bytes, size_t size, size_t columns);

/* Columns that print_fitted() would use without a limit. */
size_t text_columns(const char *bytes, size_t size);

/* print_fitted() of a C string, filled up with blanks to `columns`. */
void print_column(FILE *file, const char *text, size_t columns);

#endif
