#include "base/bytes.h"

#include <string.h>

#include "base/memory.h"

/* --- writer --- */

uint8_t *writer_grow(struct byte_writer *writer, size_t size)
{
    void *bytes = writer->bytes;
    if (writer->failed || size > SIZE_MAX - writer->size ||
        !memory_grow(&bytes, &writer->capacity, writer->size + size, 1)) {
        writer->failed = true;
        return NULL;
    }
    writer->bytes = bytes;
    return writer->bytes + writer->size;
}

/* Room for `size` bytes more, which are counted as written; NULL if the writer fails, and
 * for none. */
static uint8_t *writer_extend(struct byte_writer *writer, size_t size)
{
    uint8_t *room = size > 0 ? writer_begin(writer, size) : NULL;
    if (room) writer->size += size;
    return room;
}

static void write_little_endian(struct byte_writer *writer, uint64_t value, size_t size)
{
    uint8_t *room = writer_extend(writer, size);
    for (size_t i = 0; room && i < size; i++)
        room[i] = (uint8_t)(value >> (8 * i));
}

void writer_u32(struct byte_writer *writer, uint32_t value)
{
    write_little_endian(writer, value, 4);
}

void writer_u64(struct byte_writer *writer, uint64_t value)
{
    write_little_endian(writer, value, 8);
}

void writer_double(struct byte_writer *writer, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    writer_u64(writer, bits);
}

void writer_varint(struct byte_writer *writer, uint64_t value)
{
    uint8_t *to = writer_begin(writer, VARINT_SIZE_MAX);
    if (to) writer_end(writer, put_varint(to, value));
}

void writer_signed(struct byte_writer *writer, int64_t value)
{
    uint8_t *to = writer_begin(writer, VARINT_SIZE_MAX);
    if (to) writer_end(writer, put_signed(to, value));
}

void writer_raw(struct byte_writer *writer, const void *bytes, size_t size)
{
    uint8_t *room = writer_extend(writer, size);
    if (room) memcpy(room, bytes, size);
}

void writer_sized(struct byte_writer *writer, const void *bytes, size_t size)
{
    writer_varint(writer, size);
    writer_raw(writer, bytes, size);
}

void writer_align(struct byte_writer *writer, size_t alignment)
{
    size_t size = (alignment - writer->size % alignment) % alignment;
    uint8_t *room = writer_extend(writer, size);
    if (room) memset(room, 0, size);
}

void writer_clear(struct byte_writer *writer)
{
    writer->size = 0;
    writer->failed = false;
}

void writer_release(struct byte_writer *writer)
{
    memory_free(writer->bytes);
    *writer = (struct byte_writer){0};
}

/* --- reader --- */

static void *reader_fail(struct byte_reader *reader)
{
    reader->failed = true;
    return NULL;
}

const uint8_t *reader_take(struct byte_reader *reader, size_t size)
{
    if (reader->failed || size > (size_t)(reader->end - reader->next)) return reader_fail(reader);
    const uint8_t *bytes = reader->next;
    if (size) reader->next += size;
    return bytes;
}

static uint64_t read_little_endian(struct byte_reader *reader, size_t size)
{
    const uint8_t *bytes = reader_take(reader, size);
    uint64_t value = 0;
    for (size_t i = size; bytes && i > 0; i--)
        value = value << 8 | bytes[i - 1];
    return value;
}

uint8_t reader_u8(struct byte_reader *reader)
{
    return (uint8_t)read_little_endian(reader, 1);
}

uint64_t reader_u64(struct byte_reader *reader)
{
    return read_little_endian(reader, 8);
}

double reader_double(struct byte_reader *reader)
{
    uint64_t bits = reader_u64(reader);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* A number has one encoding: padding bytes are malformed, so that equal bytes mean equal things. */
uint64_t reader_varint(struct byte_reader *reader)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 7 * VARINT_SIZE_MAX; shift += 7) {
        uint64_t byte = reader_u8(reader);
        bool beyond_64_bits = shift == 63 && byte > 1;
        bool padded = shift > 0 && byte == 0;
        if (reader->failed || beyond_64_bits || padded) break;
        value |= (byte & 0x7F) << shift;
        if (byte < 0x80) return value;
    }
    reader->failed = true;
    return 0;
}

int64_t reader_signed(struct byte_reader *reader)
{
    uint64_t bits = reader_varint(reader);
    uint64_t sign = bits & 1 ? UINT64_MAX : 0;
    return (int64_t)(bits >> 1 ^ sign);
}

uint64_t reader_bounded(struct byte_reader *reader, uint64_t limit)
{
    uint64_t value = reader_varint(reader);
    if (value <= limit) return value;
    reader->failed = true;
    return 0;
}

const uint8_t *reader_sized(struct byte_reader *reader, size_t *size)
{
    *size = reader_bounded(reader, (uint64_t)(reader->end - reader->next));
    const uint8_t *bytes = reader_take(reader, *size);
    if (!bytes) *size = 0;
    return bytes;
}
