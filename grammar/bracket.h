/* A look ahead in the source, for recovery from syntax errors. */
#ifndef GRAMMAR_BRACKET_H
#define GRAMMAR_BRACKET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

/* Do the brackets that are open at `offset` seem to be closed further down? `closers` are what they
 * want, innermost first. A line that begins with `name =`, or a wrong bracket, says that they are
 * not. Looks at BRACKET_LOOK_MAX bytes at most. */
bool brackets_close(const struct source *source, size_t offset, const char *closers, size_t count);

/* Enough for any call that a person writes; bounds the work for a source full of mistakes. */
#define BRACKET_LOOK_MAX (64u << 10)

#endif
