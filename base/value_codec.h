/* Values as bytes, for artifacts, journals and snapshots: a type byte, then the content.
 * docs/artifact.md describes the encoding; it never changes. */
#ifndef BASE_VALUE_CODEC_H
#define BASE_VALUE_CODEC_H

#include "base/bytes.h"
#include "base/error.h"
#include "include/bamboo_value.h"

/* A failure sticks in the writer. */
void value_encode(struct byte_writer *writer, struct bamboo_value value);

/* Reads one value from untrusted bytes. Errors: ARTIFACT (malformed, too deep, not UTF-8), MEMORY.
 */
MUST_CHECK enum bamboo_status value_decode(struct byte_reader *reader, struct bamboo_value *out,
                                           struct bamboo_error *error);

#endif
