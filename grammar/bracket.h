/* A look ahead in the source, for recovery from syntax errors. */
#ifndef GRAMMAR_BRACKET_H
#define GRAMMAR_BRACKET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

/* Brackets that are open, innermost first. */
struct open_brackets {
    const char *closers; /* what each of them wants */
    size_t count;
    size_t outermost; /* where the last of them is */
};

/* Do the brackets that are open behind the token at `token` seem to be closed further down? A wrong
 * bracket says that they are not, and so does a line that begins with `name =` and is not indented
 * more than the line of the outermost bracket. Looks at BRACKET_LOOK_MAX bytes at most. */
bool brackets_close(const struct source *source, struct span token, struct open_brackets open);

/* Enough for any call that a person writes; bounds the work for a source full of mistakes. */
#define BRACKET_LOOK_MAX (64u << 10)

#endif
