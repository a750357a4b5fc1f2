/* UTF-8, checked and counted. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Is it well-formed UTF-8 (no surrogates, no overlong forms, at most U+10FFFF)? */
bool utf8_is_valid(const char *bytes, size_t size);

/* Code points in well-formed text. */
size_t utf8_count(const char *bytes, size_t size);

/* Byte offset of the index-th code point (index <= count) of well-formed text. */
size_t utf8_offset(const char *bytes, size_t size, size_t index);

/* Reads one code point at `bytes`; returns its size in bytes, 0 if it is malformed or size is 0. */
size_t utf8_decode(const char *bytes, size_t size, uint32_t *code_point);

/* Writes 1 to 4 bytes; returns how many, 0 if it is not a scalar value. */
size_t utf8_encode(uint32_t code_point, char out[4]);

/* Makes bytes fit to be shown to people: what is not well-formed, and control characters other than
 * newline and tab, become '?'. */
void utf8_sanitize(char *bytes, size_t size);

/* Columns of a terminal that a code point takes: 0 combining, 2 wide, else 1. */
unsigned utf8_width(uint32_t code_point);

#endif
