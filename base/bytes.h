/* Little-endian bytes: a writer that grows and a reader of untrusted bytes, both with a sticky
 * failure that is asked once. Variable-length integers are LEB128: 7 bits a byte, low bits first.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed is empty. */
struct byte_writer {
    uint8_t *bytes;
    size_t size;
    size_t capacity;
    bool failed;
};

void writer_u32(struct byte_writer *writer, uint32_t value);
void writer_u64(struct byte_writer *writer, uint64_t value);
void writer_double(struct byte_writer *writer, double value);
void writer_raw(struct byte_writer *writer, const void *bytes, size_t size);
/* What writer_begin() does where there is no room yet. */
uint8_t *writer_grow(struct byte_writer *writer, size_t size);
/* Room for `size` bytes, to be filled from the place that it returns; writer_end() then says how
 * far. NULL: there is no memory, which sticks. */
static inline uint8_t *writer_begin(struct byte_writer *writer, size_t size)
{
    return size <= writer->capacity - writer->size && !writer->failed ? writer->bytes + writer->size
                                                                      : writer_grow(writer, size);
}
static inline void writer_end(struct byte_writer *writer, const uint8_t *end)
{
    writer->size = (size_t)(end - writer->bytes);
}
/* For what is between these: write at `to`, where there is room, and return what is behind it. */
#define VARINT_SIZE_MAX 10 /* 64 bits, 7 a byte */
static inline uint8_t *put_varint(uint8_t *to, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *to++ = (uint8_t)(value | 0x80);
    *to++ = (uint8_t)value;
    return to;
}
/* Numbers near zero become small ones. */
static inline uint64_t zigzag(int64_t value)
{
    return ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0);
}
static inline uint8_t *put_signed(uint8_t *to, int64_t value)
{
    return put_varint(to, zigzag(value));
}

void writer_varint(struct byte_writer *writer, uint64_t value);
void writer_signed(struct byte_writer *writer, int64_t value);
static inline void writer_u8(struct byte_writer *writer, uint8_t value)
{
    if (writer->size < writer->capacity && !writer->failed)
        writer->bytes[writer->size++] = value;
    else
        writer_raw(writer, &value, 1);
}
/* The size as a varint, then the bytes. */
void writer_sized(struct byte_writer *writer, const void *bytes, size_t size);
/* Zero bytes up to a multiple of `alignment` (a power of two). */
void writer_align(struct byte_writer *writer, size_t alignment);
/* Empties and keeps the memory. */
void writer_clear(struct byte_writer *writer);
void writer_release(struct byte_writer *writer);

struct byte_reader {
    const uint8_t *next;
    const uint8_t *end;
    bool failed; /* something was read beyond the end or malformed; all later reads give 0 */
};

static inline struct byte_reader reader_of(const void *bytes, size_t size)
{
    return (struct byte_reader){bytes, bytes ? (const uint8_t *)bytes + size : NULL, false};
}
uint8_t reader_u8(struct byte_reader *reader);
uint64_t reader_u64(struct byte_reader *reader);
double reader_double(struct byte_reader *reader);
uint64_t reader_varint(struct byte_reader *reader);
int64_t reader_signed(struct byte_reader *reader);
/* A varint that must not be above `limit`. */
uint64_t reader_bounded(struct byte_reader *reader, uint64_t limit);
/* `size` bytes in place; NULL (and failed) if there are not so many. */
const uint8_t *reader_take(struct byte_reader *reader, size_t size);
/* What writer_sized() wrote, in place. */
const uint8_t *reader_sized(struct byte_reader *reader, size_t *size);
static inline bool reader_at_end(const struct byte_reader *reader)
{
    return reader->next == reader->end;
}

#endif
