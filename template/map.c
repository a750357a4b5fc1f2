#include "template/map.h"

#include <string.h>

#include "base/limits.h"
#include "template/scalar.h"

enum bamboo_status object_map(struct evaluation *evaluation, enum object_kind kind,
                              struct object *out)
{
    struct map_object *map = evaluation_allocate(evaluation, 1, sizeof *map);
    if (!map) return evaluation->status;
    *out = (struct object){.kind = kind, .as = {.map = map}};
    return evaluation_pay(evaluation, 1);
}

static void index_entry(struct map_object *map, uint32_t entry)
{
    size_t mask = map->index_size - 1;
    size_t at = map->entries[entry].hash & mask;
    while (map->index[at] != 0)
        at = (at + 1) & mask;
    map->index[at] = entry + 1;
}

/* Room for twice the entries; the removed ones are left behind. */
static enum bamboo_status grow(struct evaluation *evaluation, struct map_object *map)
{
    if (map->count >= VALUE_COUNT_MAX) return evaluation_refuse_size(evaluation, "a map");
    size_t capacity = map->count < 4 ? 8 : map->count * 2;
    size_t index_size = 16;
    while (index_size < capacity * 2)
        index_size *= 2;
    struct map_entry *entries = evaluation_allocate(evaluation, capacity, sizeof *entries);
    uint32_t *index = evaluation_allocate(evaluation, index_size, sizeof *index);
    if (!entries || !index) return evaluation->status;
    size_t used = 0, at = 0;
    for (const struct map_entry *entry; (entry = map_next(map, &at));)
        entries[used++] = *entry;
    map->entries = entries;
    map->index = index;
    map->index_size = index_size;
    map->used = used;
    map->capacity = capacity;
    for (uint32_t i = 0; i < used; i++)
        index_entry(map, i);
    return evaluation_pay(evaluation, used);
}

static enum bamboo_status find(struct evaluation *evaluation, struct map_object *map,
                               struct object key, uint64_t hash, struct map_entry **out)
{
    *out = NULL;
    if (map->index_size == 0) return BAMBOO_OK;
    size_t mask = map->index_size - 1;
    for (size_t at = hash & mask; map->index[at] != 0; at = (at + 1) & mask) {
        struct map_entry *entry = &map->entries[map->index[at] - 1];
        bool is_equal = false;
        enum bamboo_status status = evaluation_pay(evaluation, 1);
        if (status == BAMBOO_OK && entry->is_live && entry->hash == hash)
            status = key_equal(evaluation, entry->key, key, &is_equal);
        if (status != BAMBOO_OK) return status;
        if (!is_equal) continue;
        *out = entry;
        return BAMBOO_OK;
    }
    return BAMBOO_OK;
}

enum bamboo_status map_find(struct evaluation *evaluation, struct map_object *map,
                            struct object key, struct map_entry **out)
{
    uint64_t hash = 0;
    enum bamboo_status status = key_hash(evaluation, key, &hash);
    if (status != BAMBOO_OK) return status;
    return find(evaluation, map, key, hash, out);
}

enum bamboo_status map_set(struct evaluation *evaluation, struct map_object *map, struct object key,
                           struct object value)
{
    uint64_t hash = 0;
    struct map_entry *entry = NULL;
    enum bamboo_status status = key_hash(evaluation, key, &hash);
    if (status == BAMBOO_OK) status = find(evaluation, map, key, hash, &entry);
    if (status != BAMBOO_OK) return status;
    if (entry) {
        entry->value = value;
        return BAMBOO_OK;
    }
    if (map->used == map->capacity && (status = grow(evaluation, map)) != BAMBOO_OK) return status;
    map->entries[map->used] =
        (struct map_entry){.key = key, .value = value, .hash = hash, .is_live = true};
    index_entry(map, (uint32_t)map->used);
    map->used++;
    map->count++;
    return evaluation_pay(evaluation, 1);
}

void map_remove(struct map_object *map, struct map_entry *entry)
{
    entry->is_live = false;
    map->count--;
}

struct map_entry *map_next(struct map_object *map, size_t *at)
{
    while (*at < map->used) {
        struct map_entry *entry = &map->entries[(*at)++];
        if (entry->is_live) return entry;
    }
    return NULL;
}
