/* What json-c (0.16) lets pass although it is not JSON, or keeps only in part, found beforehand in
 * the text: keys with a NUL, control characters, NaN and Infinity, numbers such as "01" or "1.",
 * floats that overflow, and integers beyond 64 bits, which it cuts to the nearest it can hold. */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct json_scan {
    const char *text;
    size_t size;
    size_t at;         /* where the scan stands */
    const char *wrong; /* why it stopped at `at`, or NULL */
};

/* Goes on behind the next integer beyond 64 bits and returns true, or to the end of the text, or to
 * what is not JSON, which `wrong` explains. Mistakes of structure are left to json-c. */
bool json_scan_next(struct json_scan *scan);

#endif
