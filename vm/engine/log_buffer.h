/* Output of activities on its way to the store: pieces that wait for the next commit. Pieces that
 * follow each other in one stream of one execution become one. */
#ifndef VM_ENGINE_LOG_BUFFER_H
#define VM_ENGINE_LOG_BUFFER_H

#include "base/error.h"
#include "base/text.h"
#include "include/bamboo_component.h"

/* A piece that has grown to this takes no more. */
#define LOG_PIECE_SIZE_MAX (64u << 10)

struct owned_run;

struct log_piece {
    struct owned_run *run; /* NULL: not wanted any more */
    uint64_t attempt;
    enum bamboo_stream stream;
    int64_t time;
    size_t node, node_size; /* offset and size in `bytes`, a NUL follows */
    size_t text, size;      /* the output */
};

/* "stdout", "stderr", "log": how a stream (enum bamboo_stream) is called for people. Constant
 * storage. */
const char *log_stream_name(uint32_t stream);
/* Zeroed is empty. */
struct log_buffer {
    struct log_piece *pieces;
    size_t count, capacity;
    struct text bytes;
};

/* Adds output; everything is copied. False if there is no memory: then it is not in. */
bool log_buffer_add(struct log_buffer *buffer, const struct log_piece *piece, const char *node,
                    const char *bytes, size_t size);
const char *log_piece_node(const struct log_buffer *buffer, const struct log_piece *piece);
const char *log_piece_bytes(const struct log_buffer *buffer, const struct log_piece *piece);
/* Pieces of this run are not wanted any more. */
void log_buffer_forget(struct log_buffer *buffer, const struct owned_run *run);
/* Is there a piece of this run? */
bool log_buffer_mentions(const struct log_buffer *buffer, const struct owned_run *run);
/* Empties the buffer; keeps memory of ordinary size. */
void log_buffer_clear(struct log_buffer *buffer);
void log_buffer_release(struct log_buffer *buffer);

#endif
