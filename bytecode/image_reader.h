/* The outermost layer of an untrusted image: its header, its checksum, and where its sections lie.
 * What is inside the rows is the verifier's business (verify.h). */
#ifndef BYTECODE_IMAGE_READER_H
#define BYTECODE_IMAGE_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "bytecode/image_layout.h"

struct image_range {
    uint32_t offset; /* bytes from the start of the image, a multiple of SECTION_ALIGNMENT */
    uint32_t size;   /* bytes */
};

struct image_content {
    enum image_kind kind;
    /* Those that an older writer did not know are empty. */
    struct image_range sections[SECTION_COUNT];
};

/* Reads and checks the header of `image`, which is aligned to 8, written to for a moment, and as
 * before when this returns. `name` is for messages. Errors: ARTIFACT. */
MUST_CHECK enum bamboo_status image_read_header(uint8_t *image, size_t size, const char *name,
                                                struct image_content *out,
                                                struct bamboo_error *error);

/* The rows of a section, in place; never NULL. */
const void *image_rows(const uint8_t *image, const struct image_content *content,
                       enum image_section section, uint32_t *count);

/* "NODES". Constant storage. */
const char *image_section_name(enum image_section section);

#endif
