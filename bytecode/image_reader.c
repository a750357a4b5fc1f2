#include "bytecode/image_reader.h"

#include <string.h>

#include "base/digest.h"
#include "base/limits.h"

/* Of the header, before the table of sections. */
#define HEADER_SIZE_MIN offsetof(struct image_header, sections)

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
    if (size < HEADER_SIZE_MIN + header->section_count * sizeof *header->sections)
        return fail(error, BAMBOO_E_ARTIFACT, "%s: the artifact ends inside its header", name);
    return BAMBOO_OK;
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
    while (size > 0 && bytes[size - 1] == 0)
        size--;
    return size == 0;
}

/* Sections lie one behind the other, in the order of their numbers, each at the next multiple of 8:
 * so they cannot overlap, and nothing is hidden between them. */
static enum bamboo_status check_sections(const uint8_t *image, const struct image_header *header,
                                         const char *name, struct bamboo_error *error)
{
    size_t next = HEADER_SIZE_MIN + header->section_count * sizeof *header->sections;
    for (uint32_t i = 0; i < header->section_count; i++) {
        struct image_range range = header->sections[i];
        if (range.offset != next || range.size > header->size - next)
            return fail(error, BAMBOO_E_ARTIFACT,
                        "%s: section %s does not lie at its place inside the artifact", name,
                        SECTION_NAMES[i]);
        if (range.size % ROW_SIZES[i] != 0)
            return fail(error, BAMBOO_E_ARTIFACT,
                        "%s: section %s has %u bytes, which is no multiple of its rows' %u", name,
                        SECTION_NAMES[i], range.size, ROW_SIZES[i]);
        size_t end = next + range.size;
        next = (end + 7) / 8 * 8;
        if (next > header->size || !is_zero(image + end, next - end))
            return fail(error, BAMBOO_E_ARTIFACT,
                        "%s: section %s is not followed by zeros up to a multiple of 8", name,
                        SECTION_NAMES[i]);
    }
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
                                     struct image_header *out, struct bamboo_error *error)
{
    struct image_header header = {.size = 0};
    enum bamboo_status status;
    if (size < IMAGE_MAGIC_SIZE || memcmp(image, IMAGE_MAGIC, IMAGE_MAGIC_SIZE) != 0)
        return fail(error, BAMBOO_E_ARTIFACT, "%s: this is not an artifact of bamboo", name);
    if (size < HEADER_SIZE_MIN)
        return fail(error, BAMBOO_E_ARTIFACT, "%s: the artifact ends inside its header", name);
    memcpy(&header, image, HEADER_SIZE_MIN);
    if ((status = check_start(&header, size, name, error)) != BAMBOO_OK) return status;
    memcpy(header.sections, image + HEADER_SIZE_MIN,
           header.section_count * sizeof *header.sections);
    if (!has_its_checksum(image, &header))
        return fail(error, BAMBOO_E_ARTIFACT,
                    "%s: the artifact is damaged: its checksum does not fit", name);
    if ((status = check_sections(image, &header, name, error)) != BAMBOO_OK) return status;
    *out = header;
    return BAMBOO_OK;
}

const void *image_rows(const uint8_t *image, const struct image_header *header,
                       enum image_section section, uint32_t *count)
{
    *count = header->sections[section].size / ROW_SIZES[section];
    return image + header->sections[section].offset;
}
