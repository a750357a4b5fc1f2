#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

/* A debug build takes small blocks, so that a block ends in the middle of everything. */
#ifdef BAMBOO_DEBUG
#define BLOCK_SIZE ((size_t)256)
#else
#define BLOCK_SIZE ((size_t)64 << 10)
#endif
#define ALIGNMENT alignof(max_align_t)

struct block {
    struct block *next;
    size_t used;
    size_t size;
    alignas(max_align_t) char bytes[];
};

struct releaser {
    struct releaser *next;
    void (*release)(void *object);
    void *object;
};

struct arena {
    struct block *blocks; /* the first one is being filled */
    struct releaser *releasers;
};

struct arena *arena_create(void)
{
    return memory_allocate_zeroed(1, sizeof(struct arena));
}

/* A large object gets a block of its own, behind the one that is being filled. */
static struct block *add_block(struct arena *arena, size_t size)
{
    bool large = size > BLOCK_SIZE / 4;
    size_t block_size = large ? size : BLOCK_SIZE;
    struct block *block = memory_allocate_zeroed(1, sizeof *block + block_size);
    if (!block) return NULL;
    block->size = block_size;
    if (large && arena->blocks) {
        block->next = arena->blocks->next;
        arena->blocks->next = block;
    } else {
        block->next = arena->blocks;
        arena->blocks = block;
    }
    return block;
}

void *arena_allocate(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2) return NULL;
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct block *block = arena->blocks;
    if (!block || block->size - block->used < size) block = add_block(arena, size);
    if (!block) return NULL;
    void *memory = block->bytes + block->used;
    block->used += size;
    return memory;
}

void *arena_allocate_array(struct arena *arena, size_t count, size_t element_size)
{
    size_t size;
    if (__builtin_mul_overflow(count, element_size, &size)) return NULL;
    return arena_allocate(arena, size);
}

char *arena_copy_text(struct arena *arena, const char *bytes, size_t size)
{
    char *copy = size < SIZE_MAX ? arena_allocate(arena, size + 1) : NULL;
    if (copy && size) memcpy(copy, bytes, size);
    return copy;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_format_arguments(arena, format, arguments);
    va_end(arguments);
    return text;
}

char *arena_format_arguments(struct arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = size < 0 ? NULL : arena_allocate(arena, (size_t)size + 1);
    if (text) vsnprintf(text, (size_t)size + 1, format, arguments);
    return text;
}

bool arena_on_destroy(struct arena *arena, void (*release)(void *object), void *object)
{
    struct releaser *releaser = arena_allocate(arena, sizeof *releaser);
    if (!releaser) {
        release(object);
        return false;
    }
    *releaser = (struct releaser){arena->releasers, release, object};
    arena->releasers = releaser;
    return true;
}

void arena_destroy(struct arena *arena)
{
    if (!arena) return;
    for (struct releaser *releaser = arena->releasers; releaser; releaser = releaser->next)
        releaser->release(releaser->object);
    for (struct block *block = arena->blocks; block;) {
        struct block *next = block->next;
        memory_free(block);
        block = next;
    }
    memory_free(arena);
}
