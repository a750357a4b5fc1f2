/* The constants of an image in the making: each encoding is there once. */
#ifndef BYTECODE_CONSTANT_POOL_H
#define BYTECODE_CONSTANT_POOL_H

#include "base/bytes.h"
#include "include/bamboo_value.h"

struct constant_slot {
    uint32_t hash;
    uint32_t number; /* of the constant, from 1; 0: free */
    uint32_t offset; /* of its encoding */
};

/* Zeroed is empty. */
struct constant_pool {
    struct byte_writer bytes;
    struct byte_writer scratch; /* one encoding */
    struct constant_slot *slots;
    size_t slot_count; /* 0 or a power of two, at least twice the number of constants */
    uint32_t count;
    bool failed; /* out of memory: sticks */
};

/* The index of `value` (borrowed). Two values share an index if their encodings are equal. */
uint32_t constant_pool_add(struct constant_pool *pool, struct bamboo_value value);
/* The same for a string of `size` bytes of UTF-8. */
uint32_t constant_pool_add_string(struct constant_pool *pool, const char *bytes, size_t size);
void constant_pool_release(struct constant_pool *pool);

#endif
