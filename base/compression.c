#include "base/compression.h"

#include <lzma.h>

#include "base/memory.h"

/* So much memory is enough to decompress, whatever somebody has written into a file. */
#define DICTIONARY_SIZE (1u << 20)
#define PIECE_SIZE      8192
/* Higher ones take longer for artifacts, and give no smaller ones. */
#define PRESET 5

static void *allocate(void *opaque, size_t count, size_t size)
{
    (void)opaque;
    return memory_allocate_zeroed(count, size);
}

static void release(void *opaque, void *memory)
{
    (void)opaque;
    memory_free(memory);
}

static const lzma_allocator ALLOCATOR = {.alloc = allocate, .free = release};

typedef lzma_ret start_coder(lzma_stream *stream, const lzma_filter *filters);

/* Puts `bytes` through a coder, until it ends or has given more than `size_max` bytes. */
static lzma_ret code(start_coder *start, const void *bytes, size_t size, size_t size_max,
                     struct byte_writer *out)
{
    lzma_options_lzma options;
    lzma_filter filters[] = {{LZMA_FILTER_LZMA1, &options}, {LZMA_VLI_UNKNOWN, NULL}};
    lzma_stream stream = LZMA_STREAM_INIT;
    uint8_t piece[PIECE_SIZE];
    size_t first = out->size;
    stream.allocator = &ALLOCATOR;
    stream.next_in = bytes;
    stream.avail_in = size;
    lzma_lzma_preset(&options, PRESET);
    options.dict_size = DICTIONARY_SIZE;
    options.lc = options.lp = options.pb = 0;
    lzma_ret result = start(&stream, filters);
    while (result == LZMA_OK && out->size - first <= size_max) {
        stream.next_out = piece;
        stream.avail_out = sizeof piece;
        result = lzma_code(&stream, LZMA_FINISH);
        writer_raw(out, piece, sizeof piece - stream.avail_out);
        if (out->failed) result = LZMA_MEM_ERROR;
    }
    if (result == LZMA_STREAM_END && stream.avail_in > 0) result = LZMA_DATA_ERROR;
    lzma_end(&stream);
    return result;
}

enum bamboo_status bytes_compress(const void *bytes, size_t size, struct byte_writer *out,
                                  struct bamboo_error *error)
{
    lzma_ret result = code(lzma_raw_encoder, bytes, size, SIZE_MAX, out);
    return result == LZMA_STREAM_END ? BAMBOO_OK : fail_memory(error);
}

enum bamboo_status bytes_decompress(const void *bytes, size_t size, size_t size_expected,
                                    struct byte_writer *out, struct bamboo_error *error)
{
    size_t first = out->size;
    lzma_ret result = code(lzma_raw_decoder, bytes, size, size_expected, out);
    if (result == LZMA_MEM_ERROR) return fail_memory(error);
    if (result != LZMA_STREAM_END || out->size - first != size_expected)
        return fail(error, BAMBOO_E_ARTIFACT, "it does not decompress to %zu bytes", size_expected);
    return BAMBOO_OK;
}
