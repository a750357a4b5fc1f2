/* A hash table from names to numbers. Names are C strings that are borrowed and must outlive the
 * table; the table's memory is the arena's. Nothing is ever removed. */
#ifndef BASE_NAME_TABLE_H
#define BASE_NAME_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define NAME_TABLE_NONE UINT32_MAX

struct name_entry {
    const char *name; /* NULL: free */
    uint32_t value;
};

/* Zeroed is empty. */
struct name_table {
    struct name_entry *entries;
    size_t capacity; /* 0 or a power of two */
    size_t count;
};

/* The number under a name, or NAME_TABLE_NONE. */
uint32_t name_table_find(const struct name_table *table, const char *name);

/* Puts `value` under `name`, over what was there. Returns false if there is no memory; then the
 * table is as before. */
bool name_table_set(struct name_table *table, struct arena *arena, const char *name,
                    uint32_t value);

#endif
