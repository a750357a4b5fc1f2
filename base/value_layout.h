/* How strings, lists and maps lie in memory. Only the value*.c files look; everybody else uses
 * include/bamboo_value.h.
 *
 * All begin with the count of their owners (value.h), and are immutable once a builder has finished
 * them, but for their owners and what is computed when it is first asked for. `depth` and `total`
 * are kept so that no value is nested deeper than VALUE_DEPTH_MAX or larger, shared parts counted
 * at each place, than VALUE_TOTAL_MAX: every walk over a value, the release included, may recurse
 * and ends soon. */
#ifndef BASE_VALUE_LAYOUT_H
#define BASE_VALUE_LAYOUT_H

#include "include/bamboo_value.h"

#define COUNT_NOT_KNOWN UINT32_MAX

struct bamboo_string {
    uint32_t owners;
    uint32_t size;
    uint32_t hash;            /* 0: not computed yet */
    uint32_t character_count; /* or COUNT_NOT_KNOWN */
    char bytes[];             /* NUL after the last one; none at all if the size is 0 */
};

struct bamboo_list {
    uint32_t owners;
    uint32_t count;
    uint32_t capacity;
    uint32_t depth; /* levels of lists and maps, this one included */
    uint32_t total; /* bytes, with everything inside */
    struct bamboo_value items[];
};

struct map_entry {
    struct bamboo_string *key;
    struct bamboo_value value;
};

/* A map of more than MAP_LINEAR_MAX entries has a hash index behind its entries: `slot_count` (a
 * power of two, at least twice the capacity) numbers, 0 for an empty slot, else an entry's place
 * + 1; collisions go to the next slot. */
#define MAP_LINEAR_MAX 8
struct bamboo_map {
    uint32_t owners;
    uint32_t count;
    uint32_t capacity;
    uint32_t slot_count; /* 0: no index */
    uint32_t depth;
    uint32_t total;
    struct map_entry entries[];
};

static inline struct bamboo_value value_of_string(struct bamboo_string *string)
{
    return (struct bamboo_value){.type = BAMBOO_STRING, .as = {.string = string}};
}
static inline struct bamboo_value value_of_list(struct bamboo_list *list)
{
    return (struct bamboo_value){.type = BAMBOO_LIST, .as = {.list = list}};
}
static inline struct bamboo_value value_of_map(struct bamboo_map *map)
{
    return (struct bamboo_value){.type = BAMBOO_MAP, .as = {.map = map}};
}

/* Equal bytes have equal hashes within one process, never 0; other processes hash otherwise. */
uint32_t string_hash_bytes(const char *bytes, size_t size);
uint32_t string_hash(struct bamboo_string *string);
bool string_equal(const struct bamboo_string *left, const struct bamboo_string *right);

/* Levels, and bytes with everything inside; 0 for unboxed values. */
uint32_t value_depth(struct bamboo_value value);
uint32_t value_total(struct bamboo_value value);

/* Would a list or map of `depth` and `total` still be within the limits with `value` in it? */
bool value_fits_inside(struct bamboo_value value, uint32_t total);

/* End the content and the memory of an object without owners. */
void list_free(struct bamboo_list *list);
void map_free(struct bamboo_map *map);
size_t map_size(const struct bamboo_map *map);

/* The failure that stuck in a builder, as a sentence. */
enum bamboo_status builder_fail(enum bamboo_status failed, const char *what, size_t count,
                                struct bamboo_error *error);

#endif
