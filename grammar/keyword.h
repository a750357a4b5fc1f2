/* The words of keywords.def. */
#ifndef GRAMMAR_KEYWORD_H
#define GRAMMAR_KEYWORD_H

#include <stdbool.h>
#include <stddef.h>

enum keyword_kind {
    KEYWORD_RESERVED,
    KEYWORD_CONTEXT,
    KEYWORD_BRACED,
    KEYWORD_TOP,
    KEYWORD_LATER,
    KEYWORD_FOREIGN
};

struct keyword {
    const char *text;
    int token;
    enum keyword_kind kind;
};

/* NULL if the word is none. */
const struct keyword *keyword_find(const char *bytes, size_t size);

/* Is this a word that cannot be a name? */
bool keyword_is_reserved(const char *bytes, size_t size);

#endif
