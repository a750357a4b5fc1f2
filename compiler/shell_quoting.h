/* Where in a shell command a value may be spliced in. A spliced value is quoted as a word of its
 * own, which is right only where the shell reads words: inside the shell's own quotes, in
 * arithmetic, in a comment or in a here-document the same characters mean something else, and data
 * could become code. Where sh and bash differ, or what follows is not clear, no value may stand. */
#ifndef COMPILER_SHELL_QUOTING_H
#define COMPILER_SHELL_QUOTING_H

#include <stdbool.h>
#include <stddef.h>

/* Quotes and substitutions of the shell that may be inside each other. */
#define SHELL_DEPTH_MAX 32

/* What the shell reads; WORDS is its beginning. */
enum shell_scope_kind {
    SHELL_WORDS,         /* the command, or what is in $( ) */
    SHELL_SINGLE,        /* '...' */
    SHELL_DOLLAR_SINGLE, /* $'...' */
    SHELL_DOUBLE,        /* "..." */
    SHELL_BACKQUOTE,     /* `...` */
    SHELL_PARAMETER,     /* ${...} */
    SHELL_ARITHMETIC,    /* $((...)) and ((...)) */
    SHELL_COMMENT,       /* # up to the end of the line */
    SHELL_HEREDOC,       /* a here-document, and all behind it */
    SHELL_UNKNOWN,       /* from here on it is not clear how the shell reads */
};

struct shell_scope {
    enum shell_scope_kind kind;
    unsigned parens;   /* ( that are open in it */
    bool in_subscript; /* between the [ behind a name and its ] */
};

/* How far a command was read. Zeroed is its beginning. */
struct shell_reader {
    struct shell_scope scopes[SHELL_DEPTH_MAX];
    size_t depth;          /* the innermost scope's index */
    bool escaped;          /* the last character was a backslash */
    bool after_dollar;     /* ... a '$' */
    bool after_paren;      /* ... a '(' */
    bool inside_word;      /* so that '#' does not begin a comment */
    bool inside_name;      /* the word so far is a name, so that '[' begins a subscript */
    unsigned case_letters; /* of `case`, which the word so far begins with or is */
    unsigned less_signs;   /* '<' in a row */
    bool heredoc_follows;  /* its body begins with the next line */
};

/* Why a value may not be spliced in, and what to do instead. */
struct shell_refusal {
    const char *where; /* "inside the shell's double quotes" */
    const char *help;
};

/* Reads a piece of the command as the author wrote it. */
void shell_read(struct shell_reader *reader, const char *bytes, size_t size);

/* A value was spliced in here. */
void shell_read_value(struct shell_reader *reader);

/* Why no value may be spliced in here; NULL if it may. */
const struct shell_refusal *shell_refusal(const struct shell_reader *reader);

#endif
