/* JSON made fit for libyaml, which takes it for YAML 1.1. Rewritten are: escaped surrogate pairs,
 * which it refuses; characters in texts that it takes for ends of lines or for not printable; and
 * keys, which may be long or stand on another line than their colon. Rewriting stops at what is not
 * JSON, and libyaml says what is wrong there. */
#ifndef COMPILER_DOCUMENT_JSON_H
#define COMPILER_DOCUMENT_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* From here on (in the rewritten text), byte `to` is what byte `from` of the source was. */
struct document_shift {
    size_t to, from;
};

struct document_rewritten {
    struct text text;
    struct document_shift *shifts; /* ascending; memory_free */
    size_t shift_count, shift_capacity;
};

/* Rewrites JSON; `out` is zeroed and to be released in any case. Returns false without memory. */
bool document_rewrite_json(const char *bytes, size_t size, struct document_rewritten *out);
void document_rewritten_release(struct document_rewritten *rewritten);

/* Where byte `offset` of the rewritten text stands in the source. */
size_t document_rewritten_source(const struct document_rewritten *rewritten, size_t offset);

#endif
