/* An image in a smaller file: the start of a header whose kind is IMAGE_COMPRESSED, then the whole
 * image compressed (base/compression.h). The size in that header is the image's. */
#ifndef BYTECODE_IMAGE_COMPRESS_H
#define BYTECODE_IMAGE_COMPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The file that holds `image`; *bytes is the caller's (memory_free). Errors: MEMORY. */
MUST_CHECK enum bamboo_status image_compress(const uint8_t *image, size_t image_size,
                                             uint8_t **bytes, size_t *size,
                                             struct bamboo_error *error);

/* Is this such a file of our format? Anything else is for image_read_header() to judge. */
bool image_is_compressed(const void *bytes, size_t size);

/* The image in such a file, which may be damaged or malicious; *image is the caller's
 * (memory_free). `name` is for messages. Errors: ARTIFACT, LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status image_decompress(const void *bytes, size_t size, const char *name,
                                               uint8_t **image, size_t *image_size,
                                               struct bamboo_error *error);

#endif
