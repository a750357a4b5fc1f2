#include "bytecode/constant_pool.h"

#include <string.h>

#include "base/memory.h"
#include "base/value_codec.h"

#define SLOT_COUNT_FIRST 64

/* FNV-1a. */
static uint32_t hash_bytes(const uint8_t *bytes, size_t size)
{
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * 0x100000001B3u;
    return (uint32_t)(hash ^ hash >> 32);
}

static bool grow_slots(struct constant_pool *pool)
{
    if (2 * ((size_t)pool->count + 1) <= pool->slot_count) return true;
    size_t count = pool->slot_count ? 2 * pool->slot_count : SLOT_COUNT_FIRST;
    struct constant_slot *slots = memory_allocate_zeroed(count, sizeof *slots);
    if (!slots) return false;
    for (size_t i = 0; i < pool->slot_count; i++) {
        if (pool->slots[i].number == 0) continue;
        size_t place = pool->slots[i].hash & (count - 1);
        while (slots[place].number != 0)
            place = (place + 1) & (count - 1);
        slots[place] = pool->slots[i];
    }
    memory_free(pool->slots);
    pool->slots = slots;
    pool->slot_count = count;
    return true;
}

/* No encoding is the beginning of another, so its size need not be known. */
static bool is_encoded_so(const struct constant_pool *pool, uint32_t offset,
                          const struct byte_writer *encoded)
{
    return encoded->size <= pool->bytes.size - offset &&
           memcmp(pool->bytes.bytes + offset, encoded->bytes, encoded->size) == 0;
}

/* The index of what is in the scratch. */
static uint32_t intern_scratch(struct constant_pool *pool)
{
    const struct byte_writer *encoded = &pool->scratch;
    if (pool->failed || encoded->failed || !grow_slots(pool)) {
        pool->failed = true;
        return 0;
    }
    uint32_t hash = hash_bytes(encoded->bytes, encoded->size);
    size_t place = hash & (pool->slot_count - 1);
    while (pool->slots[place].number != 0) {
        struct constant_slot slot = pool->slots[place];
        if (slot.hash == hash && is_encoded_so(pool, slot.offset, encoded)) return slot.number - 1;
        place = (place + 1) & (pool->slot_count - 1);
    }
    pool->slots[place] = (struct constant_slot){hash, pool->count + 1, (uint32_t)pool->bytes.size};
    writer_raw(&pool->bytes, encoded->bytes, encoded->size);
    pool->failed = pool->bytes.failed;
    return pool->count++;
}

uint32_t constant_pool_add(struct constant_pool *pool, struct bamboo_value value)
{
    writer_clear(&pool->scratch);
    value_encode(&pool->scratch, value);
    return intern_scratch(pool);
}

uint32_t constant_pool_add_string(struct constant_pool *pool, const char *bytes, size_t size)
{
    writer_clear(&pool->scratch);
    writer_u8(&pool->scratch, BAMBOO_STRING); /* as value_encode() does */
    writer_sized(&pool->scratch, bytes, size);
    return intern_scratch(pool);
}

void constant_pool_release(struct constant_pool *pool)
{
    writer_release(&pool->bytes);
    writer_release(&pool->scratch);
    memory_free(pool->slots);
    *pool = (struct constant_pool){0};
}
