#include "base/name_table.h"

#include <string.h>

#define NAME_TABLE_CAPACITY_FIRST 16

/* FNV-1a: short names, no adversary that a longer hash would stop (sources are size-limited). */
static uint32_t name_hash(const char *name)
{
    uint32_t hash = 2166136261u;
    for (const char *next = name; *next != '\0'; next++)
        hash = (hash ^ (uint8_t)*next) * 16777619u;
    return hash;
}

/* The entry of `name`, or the free one where it would go. The table is never full. */
static struct name_entry *entry_of(struct name_entry *entries, size_t capacity, const char *name)
{
    size_t index = name_hash(name) & (capacity - 1);
    while (entries[index].name != NULL && strcmp(entries[index].name, name) != 0)
        index = (index + 1) & (capacity - 1);
    return &entries[index];
}

uint32_t name_table_find(const struct name_table *table, const char *name)
{
    if (table->capacity == 0) return NAME_TABLE_NONE;
    const struct name_entry *entry = entry_of(table->entries, table->capacity, name);
    return entry->name != NULL ? entry->value : NAME_TABLE_NONE;
}

static bool name_table_grow(struct name_table *table, struct arena *arena)
{
    size_t capacity = table->capacity != 0 ? table->capacity * 2 : NAME_TABLE_CAPACITY_FIRST;
    struct name_entry *entries = arena_allocate_array(arena, capacity, sizeof *entries);
    if (entries == NULL) return false;
    for (size_t i = 0; i < table->capacity; i++)
        if (table->entries[i].name != NULL)
            *entry_of(entries, capacity, table->entries[i].name) = table->entries[i];
    table->entries = entries;
    table->capacity = capacity;
    return true;
}

bool name_table_set(struct name_table *table, struct arena *arena, const char *name, uint32_t value)
{
    if (table->count * 2 >= table->capacity && !name_table_grow(table, arena)) return false;
    struct name_entry *entry = entry_of(table->entries, table->capacity, name);
    if (entry->name == NULL) table->count++;
    *entry = (struct name_entry){name, value};
    return true;
}
