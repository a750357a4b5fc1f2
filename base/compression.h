/* Bytes made smaller, and back: raw LZMA (liblzma's) with an end marker, lc = lp = pb = 0 and a
 * dictionary of 1 MiB. docs/artifact.md says why this and no other. */
#ifndef BASE_COMPRESSION_H
#define BASE_COMPRESSION_H

#include "base/bytes.h"
#include "base/error.h"

/* Appends the compressed form of `bytes` to `out`; the same bytes always give the same. Errors:
 * MEMORY. */
MUST_CHECK enum bamboo_status bytes_compress(const void *bytes, size_t size,
                                             struct byte_writer *out, struct bamboo_error *error);

/* Appends what was compressed, which is untrusted, to `out`. Memory grows with what comes out, and
 * nothing goes on beyond `size_expected` bytes. Errors: MEMORY; ARTIFACT if it is damaged, cut off,
 * has a tail, or holds another number of bytes: what is in `out` is good for nothing then. */
MUST_CHECK enum bamboo_status bytes_decompress(const void *bytes, size_t size, size_t size_expected,
                                               struct byte_writer *out, struct bamboo_error *error);

#endif
