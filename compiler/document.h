/* A parsed JSON or YAML document: nodes with their places, in an arena, never changed after
 * reading. Both are read by libyaml; what of JSON it refuses or bends is rewritten before
 * (document_json.h).
 *
 * Plain scalars follow the core schema of YAML 1.2; quoted ones are texts. Aliases are copied in
 * place, up to a bound. Keys are texts without NUL, and unique. No document is deeper than
 * DOCUMENT_DEPTH_MAX, so that walks may be recursive. */
#ifndef COMPILER_DOCUMENT_H
#define COMPILER_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/error.h"
#include "base/name_table.h"
#include "base/span.h"
#include "base/text.h"
#include "include/bamboo_value.h"

enum document_kind {
    DOCUMENT_NULL,
    DOCUMENT_BOOL,
    DOCUMENT_INTEGER,
    DOCUMENT_FLOAT,
    DOCUMENT_STRING,
    DOCUMENT_LIST,
    DOCUMENT_MAP
};

struct document_node {
    enum document_kind kind;
    bool quoted;      /* a STRING in quotes or a block: never to be read as something else */
    bool is_big;      /* an INTEGER beyond 64 bits: only its text is right */
    uint32_t index;   /* among the children of its parent */
    struct span span; /* of a list or map: all of it */
    const struct document_node *parent; /* NULL: the root */
    const struct document_node *key;    /* of an entry of a map: a scalar; else NULL */
    struct document_node *next;         /* the next child of the same parent */

    /* Scalars: as read (escapes resolved), NUL-terminated; it may contain NUL itself. */
    const char *text;
    size_t size;
    union {
        bool boolean;
        int64_t integer;
        double number; /* finite */
    } as;

    /* Lists and maps. */
    struct document_node *first, *last;
    uint32_t count;
    struct name_table names; /* of a larger map: key -> index in the document's entries */
};

struct document {
    struct diagnostics *diagnostics;
    struct arena *arena;
    uint32_t source;
    bool is_json;
    struct document_node *root;           /* NULL: it could not be read, and diagnostics say why */
    const struct document_node **entries; /* of larger maps */
    size_t entry_count, entry_capacity;
    uint32_t node_count;
};

/* Is this text JSON (it begins with '{' or '[', after space), not YAML? */
bool document_is_json(const char *text, size_t size);

/* Reads source number `source` of `diagnostics`. What is wrong with it goes to the diagnostics, and
 * then the root may be NULL. *out lives in the arena. Errors: MEMORY. */
MUST_CHECK enum bamboo_status document_read(struct diagnostics *diagnostics, uint32_t source,
                                            struct arena *arena, struct document **out,
                                            struct bamboo_error *error);

/* The value under a key of a map; NULL if there is none or `map` is not a map (or NULL). */
const struct document_node *document_get(const struct document *document,
                                         const struct document_node *map, const char *key);

/* Is the node a STRING with exactly this text? `node` may be NULL. */
bool document_is_text(const struct document_node *node, const char *text);

/* "a text", "a list", "null": for sentences. */
const char *document_kind_phrase(enum document_kind kind);

/* Appends the node's JSON pointer (RFC 6901), "" for the root; long keys are cut in the middle. */
void document_pointer(const struct document_node *node, struct text *out);

/* Makes the diagnostics tell the JSON pointer of every place in this document, until
 * diagnostics_set_pointers() takes that back, which has to be before the document dies. */
void document_tell_pointers(const struct document *document);

/* The node as a value, to be released by the caller. Errors: EVALUATION (an integer beyond 64
 * bits that is not decimal), LIMIT (nested too deeply, too large), MEMORY. */
MUST_CHECK enum bamboo_status document_value(const struct document_node *node,
                                             struct bamboo_value *out, struct bamboo_error *error);

#endif
