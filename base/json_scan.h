/* What json-c (0.16) lets pass although it is not JSON, or does not keep, found beforehand in the
 * text. Not JSON: keys with a NUL, control characters, NaN and Infinity, numbers such as "01" or
 * "1.", floats that overflow. Not kept: integers beyond 64 bits (it takes the nearest that it can
 * hold, but keeps the text of a number with a fraction: see JSON_BIG_MARK) and escaped surrogate
 * pairs whose character looks like a surrogate in its low 16 bits. */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* Stands behind an integer beyond 64 bits in what json-c reads: no other number ends so. (One that
 * does is the same integer.) */
#define JSON_BIG_MARK ".0E-00000"

/* Zeroed but for text and size. */
struct json_scan {
    const char *text;
    size_t size;
    size_t at;         /* where the scan stands */
    const char *wrong; /* what is not JSON at `at`, or NULL */
    size_t values;     /* that have begun so far, those within others as well */

    /* What json-c is to read at `at` instead of the `skipped` bytes there. */
    char instead[16];
    size_t instead_size;
    size_t skipped;

    bool in_string;
    bool has_nul; /* the string that begins at `string_start` has an escaped NUL */
    size_t string_start;
};

/* Goes on to the next place where json-c must read something else and returns true, or to the end
 * of the text, or to what is not JSON. Mistakes of structure are left to json-c. The caller adds
 * `skipped` to `at` before the next call. */
bool json_scan_next(struct json_scan *scan);

#endif
