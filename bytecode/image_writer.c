#include "bytecode/image_writer.h"

#include <assert.h>
#include <string.h>

#include "base/digest.h"
#include "base/limits.h"
#include "base/memory.h"
#include "bytecode/constant_pool.h"

/* Operands of CALL have 16 bits for the function. */
#define FUNCTION_COUNT_MAX (1u << 16)

struct image_writer {
    enum image_kind kind;
    struct constant_pool constants;
    struct byte_writer sections[SECTION_COUNT]; /* that of constants is in the pool */
    struct image_line line;                     /* of the next instruction */
    bool has_line;
    const char *limit; /* the first limit that was exceeded, or NULL */
};

struct image_writer *image_writer_create(enum image_kind kind)
{
    struct image_writer *writer = memory_allocate_zeroed(1, sizeof *writer);
    if (writer) writer->kind = kind;
    return writer;
}

void image_writer_destroy(struct image_writer *writer)
{
    if (!writer) return;
    constant_pool_release(&writer->constants);
    for (size_t i = 0; i < SECTION_COUNT; i++)
        writer_release(&writer->sections[i]);
    memory_free(writer);
}

static void exceed(struct image_writer *writer, const char *limit)
{
    if (!writer->limit) writer->limit = limit;
}

/* --- constants and references --- */

static uint32_t limited(struct image_writer *writer, uint32_t constant)
{
    if (writer->constants.bytes.size > IMAGE_SIZE_MAX) exceed(writer, "constants are too large");
    return constant;
}

uint32_t image_constant(struct image_writer *writer, struct bamboo_value value)
{
    return limited(writer, constant_pool_add(&writer->constants, value));
}

uint32_t image_name(struct image_writer *writer, const char *bytes, size_t size)
{
    if (size > VALUE_SIZE_MAX) {
        exceed(writer, "a string is too long");
        return 0;
    }
    return limited(writer, constant_pool_add_string(&writer->constants, bytes, size));
}

/* There are no more references than components and functions exist: a search is fast enough. */
static uint32_t add_reference(struct image_writer *writer, enum image_section section,
                              const char *name)
{
    const struct image_reference row = {image_name(writer, name, strlen(name))};
    const struct byte_writer *rows = &writer->sections[section];
    for (size_t i = 0; i + sizeof row <= rows->size; i += sizeof row)
        if (memcmp(rows->bytes + i, &row, sizeof row) == 0) return (uint32_t)(i / sizeof row);
    return image_add(writer, section, &row, sizeof row);
}

uint32_t image_component(struct image_writer *writer, const char *code)
{
    return add_reference(writer, SECTION_COMPONENTS, code);
}

uint32_t image_function(struct image_writer *writer, const char *name)
{
    uint32_t function = add_reference(writer, SECTION_FUNCTIONS, name);
    if (function < FUNCTION_COUNT_MAX) return function;
    exceed(writer, "too many different functions are called");
    return 0;
}

/* --- rows --- */

uint32_t image_add(struct image_writer *writer, enum image_section section, const void *row,
                   size_t row_size)
{
    struct byte_writer *rows = &writer->sections[section];
    if (rows->size + row_size > IMAGE_SIZE_MAX) {
        exceed(writer, "there are too many nodes or instructions");
        return 0;
    }
    uint32_t index = (uint32_t)(rows->size / row_size);
    writer_raw(rows, row, row_size);
    return index;
}

void image_patch(struct image_writer *writer, enum image_section section, uint32_t index,
                 const void *row, size_t row_size)
{
    struct byte_writer *rows = &writer->sections[section];
    if (rows->failed || writer->limit) return; /* the row may not be there */
    assert((index + (size_t)1) * row_size <= rows->size);
    memcpy(rows->bytes + index * row_size, row, row_size);
}

/* --- code --- */

static bool same_place(const struct image_line *one, const struct image_line *other)
{
    return one->source == other->source && one->offset == other->offset && one->size == other->size;
}

static void add_line(struct image_writer *writer, uint32_t pc)
{
    const struct byte_writer *lines = &writer->sections[SECTION_LINES];
    struct image_line last;
    if (!writer->has_line) return;
    if (lines->size >= sizeof last) {
        memcpy(&last, lines->bytes + lines->size - sizeof last, sizeof last);
        if (same_place(&last, &writer->line)) return;
    }
    writer->line.pc = pc;
    image_add(writer, SECTION_LINES, &writer->line, sizeof writer->line);
}

static uint32_t checked_operand(struct image_writer *writer, uint32_t operand)
{
    if (operand <= OPERAND_MAX) return operand;
    exceed(writer, "an instruction's operand is above 2^24 - 1");
    return 0;
}

uint32_t image_emit(struct image_writer *writer, enum opcode opcode, uint32_t operand)
{
    uint32_t word = instruction_pack(opcode, checked_operand(writer, operand));
    add_line(writer, image_pc(writer));
    return image_add(writer, SECTION_CODE, &word, sizeof word);
}

uint32_t image_pc(const struct image_writer *writer)
{
    return (uint32_t)(writer->sections[SECTION_CODE].size / sizeof(uint32_t));
}

void image_set_operand(struct image_writer *writer, uint32_t pc, uint32_t operand)
{
    const struct byte_writer *code = &writer->sections[SECTION_CODE];
    uint32_t word;
    if (code->failed || writer->limit) return;
    assert(pc < image_pc(writer));
    memcpy(&word, code->bytes + pc * sizeof word, sizeof word);
    word =
        instruction_pack((enum opcode)instruction_opcode(word), checked_operand(writer, operand));
    image_patch(writer, SECTION_CODE, pc, &word, sizeof word);
}

void image_line(struct image_writer *writer, uint32_t source, uint32_t offset, uint32_t size)
{
    writer->line = (struct image_line){.source = source, .offset = offset, .size = size};
    writer->has_line = true;
}

/* --- layout --- */

static const struct byte_writer *section_content(const struct image_writer *writer, size_t section)
{
    return section == SECTION_CONSTANTS ? &writer->constants.bytes : &writer->sections[section];
}

static bool is_out_of_memory(const struct image_writer *writer)
{
    bool failed = writer->constants.failed;
    for (size_t i = 0; i < SECTION_COUNT; i++)
        failed = failed || writer->sections[i].failed;
    return failed;
}

static void lay_out(const struct image_writer *writer, struct image_header *header,
                    struct byte_writer *out)
{
    writer_raw(out, header, sizeof *header);
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        const struct byte_writer *content = section_content(writer, i);
        header->section_sizes[i] = (uint32_t)content->size;
        writer_align(out, SECTION_ALIGNMENT);
        writer_raw(out, content->bytes, content->size);
    }
    writer_align(out, SECTION_ALIGNMENT);
    header->size = (uint32_t)out->size;
}

enum bamboo_status image_finish(struct image_writer *writer, uint8_t **bytes, size_t *size,
                                struct bamboo_error *error)
{
    struct byte_writer out = {0};
    struct image_header header = {
        .format = IMAGE_FORMAT, .kind = writer->kind, .section_count = SECTION_COUNT};
    if (writer->limit)
        return fail(error, BAMBOO_E_LIMIT, "no artifact can be made: %s", writer->limit);
    if (is_out_of_memory(writer)) return fail_memory(error);

    memcpy(header.magic, IMAGE_MAGIC, IMAGE_MAGIC_SIZE);
    lay_out(writer, &header, &out);
    if (out.failed || out.size > IMAGE_SIZE_MAX) {
        bool failed = out.failed;
        writer_release(&out);
        if (failed) return fail_memory(error);
        return fail(error, BAMBOO_E_LIMIT,
                    "no artifact can be made: it would be larger than %u MiB",
                    IMAGE_SIZE_MAX >> 20);
    }
    memcpy(out.bytes, &header, sizeof header);
    digest_compute(out.bytes, out.size, header.checksum);
    memcpy(out.bytes, &header, sizeof header);
    *bytes = out.bytes;
    *size = out.size;
    return BAMBOO_OK;
}
