#include "bytecode/image_compress.h"

#include <string.h>

#include "base/compression.h"
#include "base/limits.h"
#include "bytecode/image_layout.h"

/* What the header of a compressed image has of that of an image. */
#define START_SIZE offsetof(struct image_header, section_count)

enum bamboo_status image_compress(const uint8_t *image, size_t image_size, uint8_t **bytes,
                                  size_t *size, struct bamboo_error *error)
{
    struct byte_writer out = {0};
    writer_raw(&out, IMAGE_MAGIC, IMAGE_MAGIC_SIZE);
    writer_u32(&out, IMAGE_FORMAT);
    writer_u32(&out, IMAGE_COMPRESSED);
    writer_u32(&out, (uint32_t)image_size);
    enum bamboo_status status = bytes_compress(image, image_size, &out, error);
    if (status != BAMBOO_OK) {
        writer_release(&out);
        return status;
    }
    *bytes = out.bytes;
    *size = out.size;
    return BAMBOO_OK;
}

static struct image_header start_of(const void *bytes)
{
    struct image_header header = {.size = 0};
    memcpy(&header, bytes, START_SIZE);
    return header;
}

bool image_is_compressed(const void *bytes, size_t size)
{
    if (size < START_SIZE || memcmp(bytes, IMAGE_MAGIC, IMAGE_MAGIC_SIZE) != 0) return false;
    struct image_header header = start_of(bytes);
    return header.format == IMAGE_FORMAT && header.kind == IMAGE_COMPRESSED;
}

enum bamboo_status image_decompress(const void *bytes, size_t size, const char *name,
                                    uint8_t **image, size_t *image_size, struct bamboo_error *error)
{
    struct byte_writer out = {0};
    struct bamboo_error cause;
    uint32_t declared = start_of(bytes).size;
    if (declared > IMAGE_SIZE_MAX)
        return fail(error, BAMBOO_E_LIMIT, "%s: an artifact has at most %u MiB", name,
                    IMAGE_SIZE_MAX >> 20);
    enum bamboo_status status = bytes_decompress((const uint8_t *)bytes + START_SIZE,
                                                 size - START_SIZE, declared, &out, &cause);
    if (status == BAMBOO_OK) {
        *image = out.bytes;
        *image_size = out.size;
        return BAMBOO_OK;
    }
    writer_release(&out);
    if (status == BAMBOO_E_MEMORY) return fail_memory(error);
    return fail(error, status, "%s: the artifact is damaged: %s", name, cause.message);
}
