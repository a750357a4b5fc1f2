#include "vm/engine/log_buffer.h"

#include <string.h>

#include "base/memory.h"

/* More than this is given back when the buffer is cleared. */
#define KEPT_SIZE_MAX (1u << 20)

const char *log_stream_name(uint32_t stream)
{
    if (stream == BAMBOO_STREAM_OUTPUT) return "stdout";
    return stream == BAMBOO_STREAM_ERROR ? "stderr" : "log";
}

/* The last piece, if this output can be appended to it: its text is then the last of the bytes. */
static struct log_piece *piece_to_extend(struct log_buffer *buffer, const struct log_piece *piece,
                                         const char *node, size_t size)
{
    if (buffer->count == 0) return NULL;
    struct log_piece *last = &buffer->pieces[buffer->count - 1];
    if (last->run != piece->run || last->attempt != piece->attempt ||
        last->stream != piece->stream || last->size + size > LOG_PIECE_SIZE_MAX ||
        strcmp(log_piece_node(buffer, last), node) != 0)
        return NULL;
    return last;
}

bool log_buffer_add(struct log_buffer *buffer, const struct log_piece *piece, const char *node,
                    const char *bytes, size_t size)
{
    struct text *text = &buffer->bytes;
    struct log_piece *last = piece_to_extend(buffer, piece, node, size);
    size_t before = text->size;
    struct log_piece added = *piece;
    if (!last) {
        if (!memory_grow((void **)&buffer->pieces, &buffer->capacity, buffer->count + 1,
                         sizeof *buffer->pieces))
            return false;
        added.node = text->size;
        added.node_size = strlen(node);
        text_append(text, node, added.node_size + 1);
        added.text = text->size;
        added.size = size;
    }
    text_append(text, bytes, size);
    if (text->failed) { /* a failed append leaves what was there */
        text->failed = false;
        text->size = before;
        return false;
    }
    if (last)
        last->size += size;
    else
        buffer->pieces[buffer->count++] = added;
    return true;
}

const char *log_piece_node(const struct log_buffer *buffer, const struct log_piece *piece)
{
    return text_string(&buffer->bytes) + piece->node;
}

const char *log_piece_bytes(const struct log_buffer *buffer, const struct log_piece *piece)
{
    return text_string(&buffer->bytes) + piece->text;
}

void log_buffer_forget(struct log_buffer *buffer, const struct owned_run *run)
{
    for (size_t i = 0; i < buffer->count; i++)
        if (buffer->pieces[i].run == run) buffer->pieces[i].run = NULL;
}

bool log_buffer_mentions(const struct log_buffer *buffer, const struct owned_run *run)
{
    for (size_t i = 0; i < buffer->count; i++)
        if (buffer->pieces[i].run == run) return true;
    return false;
}

void log_buffer_clear(struct log_buffer *buffer)
{
    buffer->count = 0;
    text_clear(&buffer->bytes);
    if (buffer->bytes.capacity > KEPT_SIZE_MAX) text_release(&buffer->bytes);
}

void log_buffer_release(struct log_buffer *buffer)
{
    memory_free(buffer->pieces);
    text_release(&buffer->bytes);
    *buffer = (struct log_buffer){0};
}
