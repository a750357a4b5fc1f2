/* Escapes in texts and in names between backquotes: \n \t \r \\ \" \$ \uXXXX \u{X...}. */
#ifndef GRAMMAR_ESCAPE_H
#define GRAMMAR_ESCAPE_H

#include "base/text.h"
#include "grammar/parser.h"

/* Resolves the escape whose backslash is at `next`, and returns how many bytes of the source it
 * takes. One that is none is reported and left out. `end` is where the text ends. */
size_t escape_append(struct parser *parser, struct text *out, const char *next, const char *end);

#endif
