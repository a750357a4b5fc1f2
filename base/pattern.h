/* Regular expressions whose matching takes time proportional to text times pattern, whatever they
 * are: no back-references, no backtracking. POSIX extended ones, on code points: . [abc] [^a-z]
 * [[:digit:]] (group) a|b * + ? {2} {2,} {2,5} ^ $, and \ before a character that is meant itself;
 * \d \w \s \D \W \S and \n \t \r as in Python. ^ and $ are the ends of the text; '.' is any
 * character, a newline too; letters and digits are those of ASCII. */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct pattern;

/* Reads a pattern of `size` bytes of UTF-8. *out is the caller's, to be given to pattern_destroy().
 * Errors: EVALUATION (no pattern: what is wrong with it), LIMIT (too large), MEMORY. */
MUST_CHECK enum bamboo_status pattern_compile(const char *bytes, size_t size, struct pattern **out,
                                              struct bamboo_error *error);

/* Does the pattern occur anywhere in the text, which is UTF-8? Errors: LIMIT (it would take
 * seconds, for a text of many MiB). */
MUST_CHECK enum bamboo_status pattern_occurs(struct pattern *pattern, const char *bytes,
                                             size_t size, bool *out, struct bamboo_error *error);

/* Frees it; NULL is accepted. */
void pattern_destroy(struct pattern *pattern);

#endif
