/* Characters that no token may contain, and other languages' tokens: what to say about them. */
#ifndef GRAMMAR_CHARACTER_H
#define GRAMMAR_CHARACTER_H

#include <stdbool.h>

#include "grammar/parser.h"

/* Is the source UTF-8 without NUL bytes? Otherwise reports the first bad byte. */
bool characters_are_text(struct parser *parser);

/* Has the word at `span` only letters, digits and _? Otherwise reports the first character that is
 * something else (typographic quotes, blanks that are not spaces, ...). */
bool characters_are_letters(struct parser *parser, struct span span);

/* May this code point above U+007F stand in a word? */
bool character_is_letter(uint32_t code_point);

/* Reports an invalid token, and returns what to take it for: TOKEN_INVALID, or the token that was
 * meant. */
int report_invalid(struct parser *parser, struct span span);

/* Reports another language's word for the keyword `token`. */
void report_foreign_word(struct parser *parser, struct span span, int token);

#endif
