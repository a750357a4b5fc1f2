/* Where in a shell command a value may be spliced in. A spliced value is quoted as a word of its
 * own, which is right only where the shell reads words: inside the shell's own quotes, in a comment
 * or in a here-document the same characters mean something else, and data could become code. */
#ifndef COMPILER_SHELL_QUOTING_H
#define COMPILER_SHELL_QUOTING_H

#include <stdbool.h>
#include <stddef.h>

/* How far a command was read. Zeroed is its beginning. */
struct shell_reader {
    char quote;           /* '\'', '"', '`' or '#' (a comment) while inside one, else 0 */
    bool escaped;         /* the last character was a backslash */
    bool inside_word;     /* so that '#' does not begin a comment */
    unsigned less_signs;  /* '<' in a row */
    bool heredoc_follows; /* its body begins with the next line */
    bool in_heredoc;      /* from there on nothing is known any more */
};

/* Reads a piece of the command as the author wrote it. */
void shell_read(struct shell_reader *reader, const char *bytes, size_t size);

/* A value was spliced in here. */
void shell_read_value(struct shell_reader *reader);

/* Why no value may be spliced in here: "inside the shell's double quotes"; NULL if it may. */
const char *shell_refusal(const struct shell_reader *reader);

#endif
