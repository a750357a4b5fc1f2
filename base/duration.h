/* Durations as text: whole numbers with units, largest first: "1h30m", "500ms", "2d". */
#ifndef BASE_DURATION_H
#define BASE_DURATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

/* Reads a duration; units ms, s, m, h, d, w, each at most once, largest first; an optional leading
 * '-'. Errors: PARAMETER, with what is wrong and the units. */
MUST_CHECK enum bamboo_status duration_parse(const char *bytes, size_t size, int64_t *milliseconds,
                                             struct bamboo_error *error);

/* The shortest text that duration_parse() reads back; "0s" for zero. */
void duration_append(struct text *text, int64_t milliseconds);

#endif
