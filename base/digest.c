#include "base/digest.h"

#include <assert.h>
#include <nettle/sha2.h>

static_assert(DIGEST_SIZE == SHA256_DIGEST_SIZE, "a digest is a SHA-256");

void digest_compute(const void *bytes, size_t size, uint8_t out[DIGEST_SIZE])
{
    digest_compute_two(bytes, size, NULL, 0, out);
}

void digest_compute_two(const void *first, size_t first_size, const void *second,
                        size_t second_size, uint8_t out[DIGEST_SIZE])
{
    struct sha256_ctx context;
    sha256_init(&context);
    if (first_size) sha256_update(&context, first_size, first);
    if (second_size) sha256_update(&context, second_size, second);
    sha256_digest(&context, DIGEST_SIZE, out);
}

void digest_print(const uint8_t digest[DIGEST_SIZE], char out[DIGEST_TEXT_SIZE])
{
    static const char DIGITS[] = "0123456789abcdef";
    for (size_t i = 0; i < DIGEST_SIZE; i++) {
        *out++ = DIGITS[digest[i] >> 4];
        *out++ = DIGITS[digest[i] & 0xF];
    }
    *out = '\0';
}
