#include "base/value.h"

#include <assert.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "base/value_layout.h"

static const char *const TYPE_NAMES[] = {
    [BAMBOO_MISSING] = "missing",    [BAMBOO_NULL] = "null",   [BAMBOO_BOOL] = "bool",
    [BAMBOO_INTEGER] = "int",        [BAMBOO_FLOAT] = "float", [BAMBOO_DURATION] = "duration",
    [BAMBOO_STRING] = "string",      [BAMBOO_LIST] = "list",   [BAMBOO_MAP] = "map",
    [BAMBOO_BIG_INTEGER] = "bigint",
};
static_assert(sizeof TYPE_NAMES / sizeof TYPE_NAMES[0] == BAMBOO_TYPE_COUNT, "a name for each");

const char *bamboo_type_name(enum bamboo_type type)
{
    return (unsigned)type < BAMBOO_TYPE_COUNT ? TYPE_NAMES[type] : "unknown";
}

const char *value_type_phrase(enum bamboo_type type)
{
    static const char *const PHRASES[] = {
        [BAMBOO_MISSING] = "a missing value",
        [BAMBOO_NULL] = "null",
        [BAMBOO_BOOL] = "a bool",
        [BAMBOO_INTEGER] = "an int",
        [BAMBOO_FLOAT] = "a float",
        [BAMBOO_DURATION] = "a duration",
        [BAMBOO_STRING] = "a string",
        [BAMBOO_LIST] = "a list",
        [BAMBOO_MAP] = "a map",
        [BAMBOO_BIG_INTEGER] = "an int beyond 64 bits",
    };
    return (unsigned)type < BAMBOO_TYPE_COUNT ? PHRASES[type] : "an unknown value";
}

bool value_has_type(struct bamboo_value value, const char *type)
{
    const char *name = bamboo_type_name(value.type);
    for (;;) {
        size_t size = strcspn(type, "|");
        if (size == strlen(name) && memcmp(type, name, size) == 0) return true;
        if (size == 3 && memcmp(type, "any", 3) == 0) return value.type != BAMBOO_MISSING;
        if (size == 5 && memcmp(type, "float", 5) == 0 && value.type == BAMBOO_INTEGER) return true;
        if (!type[size]) return false;
        type += size + 1;
    }
}

/* --- owners --- */

static_assert(offsetof(struct bamboo_string, owners) == 0 &&
                  offsetof(struct bamboo_list, owners) == 0 &&
                  offsetof(struct bamboo_map, owners) == 0,
              "value_owners()");

struct bamboo_value bamboo_value_retain(struct bamboo_value value)
{
    return value_retain(value);
}

void bamboo_value_release(struct bamboo_value value)
{
    if (!value_is_counted(value) || *value_owners(value) == OWNERS_FOREVER) return;
    assert(*value_owners(value) > 0);
    if (--*value_owners(value) > 0) return;
    if (value.type == BAMBOO_STRING || value.type == BAMBOO_BIG_INTEGER)
        memory_free(value.as.string);
    else if (value.type == BAMBOO_LIST)
        list_free(value.as.list);
    else
        map_free(value.as.map);
}

/* --- strings --- */

static const struct bamboo_string EMPTY_STRING = {.owners = OWNERS_FOREVER, .hash = 1};

enum bamboo_status value_string_reserve(size_t size, struct bamboo_value *out, char **bytes,
                                        struct bamboo_error *error)
{
    struct bamboo_string *string;
    if (size > VALUE_SIZE_MAX)
        return fail(error, BAMBOO_E_LIMIT, "a string of %zu bytes is longer than the limit of %u",
                    size, VALUE_SIZE_MAX);
    if (size == 0) {
        string = (struct bamboo_string *)&EMPTY_STRING; /* never written: its owners are forever */
    } else {
        string = memory_allocate(sizeof *string + size + 1);
        if (!string) return fail_memory(error);
        *string = (struct bamboo_string){
            .owners = 1, .size = (uint32_t)size, .character_count = COUNT_NOT_KNOWN};
        string->bytes[size] = '\0';
    }
    *bytes = string->bytes;
    *out = value_of_string(string);
    return BAMBOO_OK;
}

enum bamboo_status bamboo_string_create(const char *bytes, size_t size, struct bamboo_value *out,
                                        struct bamboo_error *error)
{
    char *room = NULL;
    if (size <= VALUE_SIZE_MAX && !utf8_is_valid(bytes, size))
        return fail(error, BAMBOO_E_EVALUATION, "a string must be UTF-8, and this is not");
    enum bamboo_status status = value_string_reserve(size, out, &room, error);
    if (status == BAMBOO_OK && room && size) memcpy(room, bytes, size);
    return status;
}

const char *bamboo_string_bytes(struct bamboo_value string, size_t *size)
{
    assert(string.type == BAMBOO_STRING || string.type == BAMBOO_BIG_INTEGER);
    if (size) *size = string.as.string->size;
    return string.as.string->size ? string.as.string->bytes : "";
}

enum bamboo_status value_from_text(const struct text *text, struct bamboo_value *out,
                                   struct bamboo_error *error)
{
    if (text->failed) return fail_memory(error);
    return bamboo_string_create(text->bytes, text->size, out, error);
}

enum bamboo_status value_from_string(const char *string, struct bamboo_value *out,
                                     struct bamboo_error *error)
{
    return bamboo_string_create(string, strlen(string), out, error);
}

enum bamboo_status value_from_bytes(const char *bytes, size_t size, struct bamboo_value *out,
                                    struct bamboo_error *error)
{
    char *text = NULL;
    uint32_t code_point;
    enum bamboo_status status = value_string_reserve(size, out, &text, error);
    if (status != BAMBOO_OK) return status;
    for (size_t at = 0, width; text && at < size; at += width) {
        width = utf8_decode(bytes + at, size - at, &code_point);
        if (width > 0) {
            memcpy(text + at, bytes + at, width);
        } else {
            text[at] = '?';
            width = 1;
        }
    }
    return BAMBOO_OK;
}

size_t value_string_count(struct bamboo_value value)
{
    assert(value.type == BAMBOO_STRING);
    struct bamboo_string *string = value.as.string;
    if (string->character_count == COUNT_NOT_KNOWN)
        string->character_count = (uint32_t)utf8_count(string->bytes, string->size);
    return string->character_count;
}

static uint64_t mix(uint64_t left, uint64_t right)
{
    __extension__ unsigned __int128 product = (unsigned __int128)left * right;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The seed is an address, which the system randomises: keys of untrusted JSON cannot be chosen so
 * that all collide. Nothing that is seen depends on the order of hashes. */
uint32_t string_hash_bytes(const char *bytes, size_t size)
{
    if (size == 0) return EMPTY_STRING.hash;
    uint64_t hash = (uint64_t)(uintptr_t)&EMPTY_STRING ^ size * UINT64_C(0x9E3779B97F4A7C15);
    for (; size > 0;) {
        uint64_t word = 0;
        size_t step = size < sizeof word ? size : sizeof word;
        memcpy(&word, bytes, step);
        hash = mix(hash ^ word, UINT64_C(0xD6E8FEB86659FD93));
        bytes += step;
        size -= step;
    }
    uint32_t folded = (uint32_t)(hash ^ hash >> 32);
    return folded ? folded : 1;
}

uint32_t string_hash(struct bamboo_string *string)
{
    if (string->hash == 0) string->hash = string_hash_bytes(string->bytes, string->size);
    return string->hash;
}

bool string_equal(const struct bamboo_string *left, const struct bamboo_string *right)
{
    if (left == right) return true;
    if (left->size != right->size) return false;
    if (left->hash && right->hash && left->hash != right->hash) return false;
    return memcmp(left->bytes, right->bytes, left->size) == 0;
}

/* --- sizes --- */

uint32_t value_depth(struct bamboo_value value)
{
    if (value.type == BAMBOO_LIST) return value.as.list->depth;
    return value.type == BAMBOO_MAP ? value.as.map->depth : 0;
}

uint32_t value_total(struct bamboo_value value)
{
    if (value.type == BAMBOO_LIST) return value.as.list->total;
    if (value.type == BAMBOO_MAP) return value.as.map->total;
    return (uint32_t)value_size(value);
}

bool value_fits_inside(struct bamboo_value value, uint32_t total)
{
    return value_depth(value) < VALUE_DEPTH_MAX && total <= VALUE_TOTAL_MAX &&
           value_total(value) <= VALUE_TOTAL_MAX - total;
}

size_t value_size(struct bamboo_value value)
{
    if (value.type == BAMBOO_STRING || value.type == BAMBOO_BIG_INTEGER)
        return sizeof *value.as.string + value.as.string->size + 1;
    if (value.type == BAMBOO_LIST)
        return sizeof *value.as.list + value.as.list->capacity * sizeof value;
    return value.type == BAMBOO_MAP ? map_size(value.as.map) : 0;
}

bool value_is_true(struct bamboo_value value)
{
    switch (value.type) {
    case BAMBOO_MISSING:
    case BAMBOO_NULL:
    case BAMBOO_TYPE_COUNT: return false;
    case BAMBOO_BOOL: return value.as.boolean;
    case BAMBOO_INTEGER:
    case BAMBOO_DURATION: return value.as.integer != 0;
    case BAMBOO_FLOAT: return value.as.number < 0 || value.as.number > 0;
    case BAMBOO_BIG_INTEGER:
    case BAMBOO_STRING: return value.as.string->size > 0;
    case BAMBOO_LIST: return value.as.list->count > 0;
    case BAMBOO_MAP: return value.as.map->count > 0;
    }
    return false;
}

enum bamboo_status builder_fail(enum bamboo_status failed, const char *what, size_t count,
                                struct bamboo_error *error)
{
    if (failed == BAMBOO_E_MEMORY) return fail_memory(error);
    if (failed == BAMBOO_E_LIMIT && count >= VALUE_COUNT_MAX)
        return fail(error, failed, "a %s has more than %u elements", what, VALUE_COUNT_MAX);
    if (failed == BAMBOO_E_LIMIT)
        return fail(error, failed, "a %s is nested deeper than %d levels or larger than %u bytes",
                    what, VALUE_DEPTH_MAX, VALUE_TOTAL_MAX);
    return fail(error, failed, "a key of a %s is not UTF-8 or too long", what);
}
