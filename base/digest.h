/* SHA-256 (nettle's). */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define DIGEST_SIZE      32
#define DIGEST_TEXT_SIZE 65

void digest_compute(const void *bytes, size_t size, uint8_t out[DIGEST_SIZE]);

/* The digest of `first` followed by `second`. */
void digest_compute_two(const void *first, size_t first_size, const void *second,
                        size_t second_size, uint8_t out[DIGEST_SIZE]);

/* 64 hexadecimal digits and a NUL. */
void digest_print(const uint8_t digest[DIGEST_SIZE], char out[DIGEST_TEXT_SIZE]);

#endif
