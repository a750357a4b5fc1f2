/* Which names can be written without backquotes. */
#ifndef GRAMMAR_WORD_H
#define GRAMMAR_WORD_H

#include <stdbool.h>
#include <stddef.h>

/* May these bytes stand as a name without backquotes? `is_declared`: where words of the language
 * cannot. */
bool text_is_word(const char *bytes, bool is_declared);

/* The x of a key "${x}", if x can be written without backquotes; size 0 otherwise. */
struct word {
    const char *bytes;
    size_t size;
};
struct word key_word(const char *key);

#endif
