#include "bytecode/image_reader.h"

#include <string.h>

#include "base/digest.h"
#include "base/limits.h"

/* Of the header, before the sizes of sections. */
#define HEADER_SIZE_MIN offsetof(struct image_header, section_sizes)

static const uint32_t ROW_SIZES[] = {
#define SECTION(name, row, meaning) [SECTION_##name] = sizeof(row),
#include "bytecode/sections.def"
#undef SECTION
};

static const char *const SECTION_NAMES[] = {
#define SECTION(name, row, meaning) [SECTION_##name] = #name,
#include "bytecode/sections.def"
#undef SECTION
};

const char *image_section_name(enum image_section section)
{
    return SECTION_NAMES[section];
}

static enum bamboo_status check_start(const struct image_header *header, size_t size,
                                      const char *name, struct bamboo_error *error)
{
    if (header->format != IMAGE_FORMAT)
        return fail(error, BAMBOO_E_ARTIFACT,
                    "%s: the artifact has format %u, this bamboo reads format %u", name,
                    header->format, (unsigned)IMAGE_FORMAT);
    if (header->size != size)
        return fail(error, BAMBOO_E_ARTIFACT, "%s: the artifact should have %u bytes, but has %zu",
                    name, header->size, size);
    if (header->kind >= IMAGE_KIND_COUNT)
        return fail(error, BAMBOO_E_ARTIFACT, "%s: the artifact is of the unknown kind %u", name,
                    header->kind);
    if (header->section_count > SECTION_COUNT)
        return fail(error, BAMBOO_E_ARTIFACT,
                    "%s: the artifact has %u sections, this bamboo knows %u; a newer one made it",
                    name, header->section_count, (unsigned)SECTION_COUNT);
    if (size < HEADER_SIZE_MIN + header->section_count * sizeof *header->section_sizes)
        return fail(error, BAMBOO_E_ARTIFACT, "%s: the artifact ends inside its header", name);
    return BAMBOO_OK;
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
    while (size > 0 && bytes[size - 1] == 0)
        size--;
    return size == 0;
}

/* The first multiple of the sections' alignment at or after `end`, if there are only zeros between;
 * else 0. */
static size_t skip_filling(const uint8_t *image, size_t size, size_t end)
{
    size_t next = (end + SECTION_ALIGNMENT - 1) / SECTION_ALIGNMENT * SECTION_ALIGNMENT;
    return next <= size && is_zero(image + end, next - end) ? next : 0;
}

/* Sections lie one behind the other, in the order of their numbers, each at the next multiple of 8:
 * so they cannot overlap, and nothing is hidden between them. */
static enum bamboo_status find_sections(const uint8_t *image, const struct image_header *header,
                                        const char *name, struct image_content *out,
                                        struct bamboo_error *error)
{
    size_t end = HEADER_SIZE_MIN + header->section_count * sizeof *header->section_sizes;
    size_t next = skip_filling(image, header->size, end);
    for (uint32_t i = 0; i < header->section_count && next > 0; i++) {
        uint32_t size = header->section_sizes[i];
        if (size > header->size - next)
            return fail(error, BAMBOO_E_ARTIFACT, "%s: section %s does not lie inside the artifact",
                        name, SECTION_NAMES[i]);
        if (size % ROW_SIZES[i] != 0)
            return fail(error, BAMBOO_E_ARTIFACT,
                        "%s: section %s has %u bytes, which is no multiple of its rows' %u", name,
                        SECTION_NAMES[i], size, ROW_SIZES[i]);
        out->sections[i] = (struct image_range){(uint32_t)next, size};
        next = skip_filling(image, header->size, next + size);
    }
    if (next == 0)
        return fail(error, BAMBOO_E_ARTIFACT,
                    "%s: a section is not followed by zeros up to a multiple of %u", name,
                    SECTION_ALIGNMENT);
    if (next != header->size)
        return fail(error, BAMBOO_E_ARTIFACT, "%s: the artifact goes on behind its last section",
                    name);
    return BAMBOO_OK;
}

static bool has_its_checksum(uint8_t *image, const struct image_header *header)
{
    uint8_t *place = image + offsetof(struct image_header, checksum);
    uint8_t digest[DIGEST_SIZE];
    memset(place, 0, DIGEST_SIZE);
    digest_compute(image, header->size, digest);
    memcpy(place, header->checksum, DIGEST_SIZE);
    return memcmp(digest, header->checksum, DIGEST_SIZE) == 0;
}

enum bamboo_status image_read_header(uint8_t *image, size_t size, const char *name,
                                     struct image_content *out, struct bamboo_error *error)
{
    struct image_header header = {.size = 0};
    enum bamboo_status status;
    if (size < IMAGE_MAGIC_SIZE || memcmp(image, IMAGE_MAGIC, IMAGE_MAGIC_SIZE) != 0)
        return fail(error, BAMBOO_E_ARTIFACT, "%s: this is not an artifact of bamboo", name);
    if (size < HEADER_SIZE_MIN)
        return fail(error, BAMBOO_E_ARTIFACT, "%s: the artifact ends inside its header", name);
    memcpy(&header, image, HEADER_SIZE_MIN);
    if ((status = check_start(&header, size, name, error)) != BAMBOO_OK) return status;
    memcpy(header.section_sizes, image + HEADER_SIZE_MIN,
           header.section_count * sizeof *header.section_sizes);
    if (!has_its_checksum(image, &header))
        return fail(error, BAMBOO_E_ARTIFACT,
                    "%s: the artifact is damaged: its checksum does not fit", name);
    *out = (struct image_content){.kind = (enum image_kind)header.kind};
    return find_sections(image, &header, name, out, error);
}

const void *image_rows(const uint8_t *image, const struct image_content *content,
                       enum image_section section, uint32_t *count)
{
    *count = content->sections[section].size / ROW_SIZES[section];
    return image + content->sections[section].offset;
}
