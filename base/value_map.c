#include <assert.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/value.h"
#include "base/value_layout.h"

#define CAPACITY_FIRST 4u
#define NOT_FOUND      UINT32_MAX

static const struct bamboo_map EMPTY_MAP = {
    .owners = OWNERS_FOREVER, .depth = 1, .total = sizeof EMPTY_MAP};

struct bamboo_value value_empty_map(void)
{
    return value_of_map((struct bamboo_map *)&EMPTY_MAP); /* never written */
}

static size_t size_for(uint32_t capacity, uint32_t slot_count)
{
    return sizeof(struct bamboo_map) + capacity * sizeof(struct map_entry) +
           slot_count * sizeof(uint32_t);
}

size_t map_size(const struct bamboo_map *map)
{
    return size_for(map->capacity, map->slot_count);
}

void map_free(struct bamboo_map *map)
{
    for (uint32_t i = 0; i < map->count; i++) {
        bamboo_value_release(value_of_string(map->entries[i].key));
        bamboo_value_release(map->entries[i].value);
    }
    memory_free(map);
}

/* --- finding --- */

static uint32_t *slots_of(const struct bamboo_map *map)
{
    return (uint32_t *)(map->entries + map->capacity);
}

struct sought {
    const char *bytes;
    size_t size;
    const struct bamboo_string *string; /* or NULL */
};

static bool is_sought(const struct bamboo_string *key, const struct sought *sought)
{
    if (sought->string) return string_equal(key, sought->string);
    return key->size == sought->size && memcmp(key->bytes, sought->bytes, key->size) == 0;
}

/* The entry's place, or NOT_FOUND. `hash` is needed only where the map has an index. */
static uint32_t map_find(const struct bamboo_map *map, const struct sought *sought, uint32_t hash)
{
    if (map->slot_count == 0) {
        for (uint32_t i = 0; i < map->count; i++)
            if (is_sought(map->entries[i].key, sought)) return i;
        return NOT_FOUND;
    }
    const uint32_t *slots = slots_of(map);
    uint32_t mask = map->slot_count - 1;
    for (uint32_t slot = hash & mask; slots[slot]; slot = (slot + 1) & mask) {
        const struct bamboo_string *key = map->entries[slots[slot] - 1].key;
        if (key->hash == hash && is_sought(key, sought)) return slots[slot] - 1;
    }
    return NOT_FOUND;
}

static uint32_t map_find_string(const struct bamboo_map *map, struct bamboo_string *key)
{
    struct sought sought = {key->bytes, key->size, key};
    return map_find(map, &sought, map->slot_count ? string_hash(key) : 0);
}

struct bamboo_value value_map_get(struct bamboo_value map, const char *bytes, size_t size)
{
    assert(map.type == BAMBOO_MAP);
    struct sought sought = {bytes, size, NULL};
    uint32_t hash = map.as.map->slot_count ? string_hash_bytes(bytes, size) : 0;
    uint32_t found = map_find(map.as.map, &sought, hash);
    return found == NOT_FOUND ? bamboo_missing() : map.as.map->entries[found].value;
}

struct bamboo_value bamboo_map_get(struct bamboo_value map, const char *key)
{
    return value_map_get(map, key, strlen(key));
}

struct bamboo_value bamboo_map_find(struct bamboo_value map, struct bamboo_value key)
{
    assert(map.type == BAMBOO_MAP && key.type == BAMBOO_STRING);
    uint32_t found = map_find_string(map.as.map, key.as.string);
    return found == NOT_FOUND ? bamboo_missing() : map.as.map->entries[found].value;
}

size_t bamboo_map_count(struct bamboo_value map)
{
    assert(map.type == BAMBOO_MAP);
    return map.as.map->count;
}

struct bamboo_value bamboo_map_key_at(struct bamboo_value map, size_t index)
{
    assert(map.type == BAMBOO_MAP && index < map.as.map->count);
    return value_of_string(map.as.map->entries[index].key);
}

struct bamboo_value bamboo_map_value_at(struct bamboo_value map, size_t index)
{
    assert(map.type == BAMBOO_MAP && index < map.as.map->count);
    return map.as.map->entries[index].value;
}

/* --- building --- */

static void add_to_index(struct bamboo_map *map, uint32_t entry)
{
    if (map->slot_count == 0) return;
    uint32_t *slots = slots_of(map);
    uint32_t mask = map->slot_count - 1;
    uint32_t slot = string_hash(map->entries[entry].key) & mask;
    while (slots[slot])
        slot = (slot + 1) & mask;
    slots[slot] = entry + 1;
}

/* Moves the map (NULL: a new one) to memory with room for `capacity` entries and their index. */
static struct bamboo_map *map_resize(struct bamboo_map *map, uint32_t capacity)
{
    uint32_t slot_count = 0;
    if (capacity > MAP_LINEAR_MAX)
        for (slot_count = 32; slot_count < capacity * 2; slot_count *= 2)
            continue;
    bool is_new = !map;
    map = memory_resize(map, size_for(capacity, slot_count));
    if (!map) return NULL;
    if (is_new) *map = (struct bamboo_map){.owners = 1, .depth = 1, .total = sizeof *map};
    map->capacity = capacity;
    map->slot_count = slot_count;
    memset(slots_of(map), 0, slot_count * sizeof(uint32_t));
    for (uint32_t i = 0; i < map->count; i++)
        add_to_index(map, i);
    return map;
}

static void map_deepen(struct bamboo_map *map, struct bamboo_value value)
{
    if (map->depth <= value_depth(value)) map->depth = value_depth(value) + 1;
}

/* Takes key and value only if it succeeds. */
static enum bamboo_status map_append(struct bamboo_map **map, struct bamboo_string *key,
                                     struct bamboo_value value)
{
    uint32_t count = *map ? (*map)->count : 0;
    uint32_t total = (*map ? (*map)->total : (uint32_t)sizeof **map) +
                     (uint32_t)sizeof(struct map_entry) + value_total(value_of_string(key));
    if (count >= VALUE_COUNT_MAX || !value_fits_inside(value, total)) return BAMBOO_E_LIMIT;
    if (!*map || count == (*map)->capacity) {
        struct bamboo_map *grown = map_resize(*map, count ? count * 2 : CAPACITY_FIRST);
        if (!grown) return BAMBOO_E_MEMORY;
        *map = grown;
    }
    (*map)->entries[(*map)->count++] = (struct map_entry){key, value};
    (*map)->total = total + value_total(value);
    map_deepen(*map, value);
    add_to_index(*map, count);
    return BAMBOO_OK;
}

static enum bamboo_status map_replace(struct bamboo_map *map, uint32_t entry,
                                      struct bamboo_value value)
{
    struct bamboo_value *place = &map->entries[entry].value;
    uint32_t total = map->total - value_total(*place);
    if (!value_fits_inside(value, total)) return BAMBOO_E_LIMIT;
    map->total = total + value_total(value);
    map_deepen(map, value);
    bamboo_value_release(*place);
    *place = value;
    return BAMBOO_OK;
}

void bamboo_map_builder_init(struct bamboo_map_builder *builder)
{
    *builder = (struct bamboo_map_builder){0};
}

void value_map_builder_reserve(struct bamboo_map_builder *builder, uint32_t count)
{
    if (builder->failed || (builder->map && builder->map->capacity >= count)) return;
    struct bamboo_map *grown = map_resize(builder->map, count);
    if (grown)
        builder->map = grown;
    else
        builder->failed = BAMBOO_E_MEMORY;
}

void bamboo_map_builder_put_take(struct bamboo_map_builder *builder, struct bamboo_value key,
                                 struct bamboo_value value)
{
    assert(key.type == BAMBOO_STRING);
    uint32_t found = NOT_FOUND;
    if (!builder->failed && builder->map) found = map_find_string(builder->map, key.as.string);
    if (!builder->failed && found != NOT_FOUND) {
        builder->failed = map_replace(builder->map, found, value);
    } else if (!builder->failed) {
        builder->failed = map_append(&builder->map, key.as.string, value);
        if (!builder->failed) bamboo_value_retain(key);
    }
    if (builder->failed) bamboo_value_release(value);
}

void bamboo_map_builder_set_take(struct bamboo_map_builder *builder, const char *key,
                                 struct bamboo_value value)
{
    struct bamboo_value string = bamboo_missing();
    if (!builder->failed) builder->failed = value_from_string(key, &string, NULL);
    if (builder->failed)
        bamboo_value_release(value);
    else
        bamboo_map_builder_put_take(builder, string, value);
    bamboo_value_release(string);
}

void bamboo_map_builder_set_text(struct bamboo_map_builder *builder, const char *key,
                                 const char *text)
{
    struct bamboo_value value = bamboo_null();
    if (text && !builder->failed) builder->failed = value_from_string(text, &value, NULL);
    bamboo_map_builder_set_take(builder, key, value);
}

void bamboo_map_builder_set_integer(struct bamboo_map_builder *builder, const char *key,
                                    int64_t integer)
{
    bamboo_map_builder_set_take(builder, key, bamboo_integer(integer));
}

enum bamboo_status bamboo_map_builder_finish(struct bamboo_map_builder *builder,
                                             struct bamboo_value *out, struct bamboo_error *error)
{
    enum bamboo_status status = builder->failed;
    if (status)
        status = builder_fail(status, "map", builder->map ? builder->map->count : 0, error);
    else
        *out = builder->map ? value_of_map(builder->map) : value_empty_map();
    if (!status) builder->map = NULL;
    bamboo_map_builder_release(builder);
    return status;
}

void bamboo_map_builder_release(struct bamboo_map_builder *builder)
{
    if (builder->map) map_free(builder->map);
    bamboo_map_builder_init(builder);
}

/* Entries are put one by one, so that a replaced value no longer counts for depth and total. */
enum bamboo_status value_map_with_take(struct bamboo_value map, const char *key,
                                       struct bamboo_value value, struct bamboo_value *out,
                                       struct bamboo_error *error)
{
    assert(map.type == BAMBOO_MAP || map.type == BAMBOO_MISSING);
    struct bamboo_map_builder builder;
    bamboo_map_builder_init(&builder);
    size_t key_size = strlen(key);
    uint32_t count = map.type == BAMBOO_MAP ? map.as.map->count : 0;
    if (count > 0) {
        builder.map = map_resize(NULL, count + 1);
        if (!builder.map) builder.failed = BAMBOO_E_MEMORY;
    }
    bool is_set = false;
    for (uint32_t i = 0; i < count && !builder.failed; i++) {
        struct map_entry *entry = &map.as.map->entries[i];
        bool is_this = entry->key->size == key_size && !memcmp(entry->key->bytes, key, key_size);
        struct bamboo_value kept = is_this ? value : bamboo_value_retain(entry->value);
        is_set = is_set || is_this;
        builder.failed = map_append(&builder.map, entry->key, kept);
        if (builder.failed)
            bamboo_value_release(kept);
        else
            bamboo_value_retain(value_of_string(entry->key));
    }
    if (!is_set) bamboo_map_builder_set_take(&builder, key, value);
    return bamboo_map_builder_finish(&builder, out, error);
}
