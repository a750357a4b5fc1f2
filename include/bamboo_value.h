/* Values: what parameters, inputs, outputs and variables are made of. JSON's types, durations,
 * and "missing", which is the absence of a value and never equal to null.
 *
 * A value is two words, passed by value. Strings, lists and maps are immutable and counted:
 * bamboo_value_retain() adds an owner, bamboo_value_release() ends one. Arguments are borrowed for
 * the call, results belong to the caller; a function with `take` in its name consumes that
 * argument, even when it fails. Not thread-safe: one value, one thread. */
#ifndef BAMBOO_VALUE_H
#define BAMBOO_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bamboo_error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Order is the encoding in artifacts and journals: append, never insert. */
enum bamboo_type {
    BAMBOO_MISSING,
    BAMBOO_NULL,
    BAMBOO_BOOL,
    BAMBOO_INTEGER,  /* 64 bits, signed; arithmetic that overflows is an error */
    BAMBOO_FLOAT,    /* IEEE double, always finite */
    BAMBOO_DURATION, /* milliseconds, signed 64 bits; in JSON a text such as "1h30m" */
    BAMBOO_STRING,   /* UTF-8, may contain NUL */
    BAMBOO_LIST,
    BAMBOO_MAP, /* text keys, unique, in order of insertion */
    /* An integer beyond 64 bits, as its decimal digits: it is kept, printed and compared, and
     * computed with in templates; flows do not compute with it. */
    BAMBOO_BIG_INTEGER,
    BAMBOO_TYPE_COUNT
};

struct bamboo_string;
struct bamboo_list;
struct bamboo_map;

struct bamboo_value {
    enum bamboo_type type;
    union {
        bool boolean;
        int64_t integer; /* also a duration's milliseconds */
        double number;
        struct bamboo_string *string; /* also a big integer's digits */
        struct bamboo_list *list;
        struct bamboo_map *map;
    } as;
};

/* "string", "list", ...: the name that the language uses. Constant storage. */
BAMBOO_API const char *bamboo_type_name(enum bamboo_type type);

static inline struct bamboo_value bamboo_value_of_integer(enum bamboo_type type, int64_t integer)
{
    struct bamboo_value value;
    value.type = type;
    value.as.integer = integer;
    return value;
}
static inline struct bamboo_value bamboo_missing(void)
{
    return bamboo_value_of_integer(BAMBOO_MISSING, 0);
}
static inline struct bamboo_value bamboo_null(void)
{
    return bamboo_value_of_integer(BAMBOO_NULL, 0);
}
static inline struct bamboo_value bamboo_bool(bool boolean)
{
    struct bamboo_value value = bamboo_value_of_integer(BAMBOO_BOOL, 0);
    value.as.boolean = boolean;
    return value;
}
static inline struct bamboo_value bamboo_integer(int64_t integer)
{
    return bamboo_value_of_integer(BAMBOO_INTEGER, integer);
}
/* `number` must be finite. */
static inline struct bamboo_value bamboo_float(double number)
{
    struct bamboo_value value;
    value.type = BAMBOO_FLOAT;
    value.as.number = number;
    return value;
}
static inline struct bamboo_value bamboo_duration(int64_t milliseconds)
{
    return bamboo_value_of_integer(BAMBOO_DURATION, milliseconds);
}

/* Adds an owner; returns `value`, so that `x = bamboo_value_retain(y)` reads well. */
BAMBOO_API struct bamboo_value bamboo_value_retain(struct bamboo_value value);

/* Ends one ownership; frees with the last. Releasing a deep value uses no deep C stack. */
BAMBOO_API void bamboo_value_release(struct bamboo_value value);

/* A string of `size` bytes of UTF-8, copied. Errors: MEMORY, LIMIT (longer than 16 MiB),
 * EVALUATION (not UTF-8). */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_string_create(const char *bytes, size_t size,
                                                                     struct bamboo_value *out,
                                                                     struct bamboo_error *error);

/* The bytes of a string, followed by a NUL that is not counted; valid while the value lives.
 * `size` may be NULL. `string` must be a string, or a big integer: then they are its digits, with a
 * '-' before them if it is negative. */
BAMBOO_API const char *bamboo_string_bytes(struct bamboo_value string, size_t *size);

/* Elements of a list; 0 <= index < count. The element is borrowed. */
BAMBOO_API size_t bamboo_list_count(struct bamboo_value list);
BAMBOO_API struct bamboo_value bamboo_list_at(struct bamboo_value list, size_t index);

/* Entries of a map, in order of insertion. Keys and values are borrowed; a key is a string. */
BAMBOO_API size_t bamboo_map_count(struct bamboo_value map);
BAMBOO_API struct bamboo_value bamboo_map_key_at(struct bamboo_value map, size_t index);
BAMBOO_API struct bamboo_value bamboo_map_value_at(struct bamboo_value map, size_t index);

/* The value under a key, borrowed; BAMBOO_MISSING if there is none. */
BAMBOO_API struct bamboo_value bamboo_map_get(struct bamboo_value map, const char *key);
BAMBOO_API struct bamboo_value bamboo_map_find(struct bamboo_value map, struct bamboo_value key);

/* Builders make lists and maps. A failure sticks and is told by finish(): MEMORY, LIMIT (more than
 * 2^20 elements, nested deeper than 256 levels, more than 128 MiB as a whole), EVALUATION (a key
 * that is not UTF-8). Every builder must be finished or released; finish() releases it too. */
struct bamboo_list_builder {
    struct bamboo_list *list;
    enum bamboo_status failed;
};
BAMBOO_API void bamboo_list_builder_init(struct bamboo_list_builder *builder);
BAMBOO_API void bamboo_list_builder_append_take(struct bamboo_list_builder *builder,
                                                struct bamboo_value value);
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_list_builder_finish(
    struct bamboo_list_builder *builder, struct bamboo_value *out, struct bamboo_error *error);
BAMBOO_API void bamboo_list_builder_release(struct bamboo_list_builder *builder);

struct bamboo_map_builder {
    struct bamboo_map *map;
    enum bamboo_status failed;
};
BAMBOO_API void bamboo_map_builder_init(struct bamboo_map_builder *builder);
/* Sets an entry; a key that is there already keeps its place and gets the new value. */
BAMBOO_API void bamboo_map_builder_set_take(struct bamboo_map_builder *builder, const char *key,
                                            struct bamboo_value value);
/* The same with a key that is a string value; `key` is borrowed. */
BAMBOO_API void bamboo_map_builder_put_take(struct bamboo_map_builder *builder,
                                            struct bamboo_value key, struct bamboo_value value);
/* Conveniences for the commonest entries: text is copied; NULL text becomes null. */
BAMBOO_API void bamboo_map_builder_set_text(struct bamboo_map_builder *builder, const char *key,
                                            const char *text);
BAMBOO_API void bamboo_map_builder_set_integer(struct bamboo_map_builder *builder, const char *key,
                                               int64_t integer);
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_map_builder_finish(
    struct bamboo_map_builder *builder, struct bamboo_value *out, struct bamboo_error *error);
BAMBOO_API void bamboo_map_builder_release(struct bamboo_map_builder *builder);

/* Equality as the language has it: 1 == 1.0, 1 != "1", true != 1; lists and maps by content,
 * maps in any order. */
BAMBOO_API bool bamboo_value_equal(struct bamboo_value left, struct bamboo_value right);

/* Values from JSON text and back. Durations print as text; missing prints as null. `indent`: 0 for
 * one line, else spaces a level. The text is a string, the caller's. Integers keep all their
 * digits, up to 4,300. Errors of parsing: PARAMETER with line and column; LIMIT for nesting above
 * 256 levels; MEMORY. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_json_parse(const char *text, size_t size,
                                                                  struct bamboo_value *out,
                                                                  struct bamboo_error *error);
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_json_print(struct bamboo_value value,
                                                                  unsigned indent,
                                                                  struct bamboo_value *out,
                                                                  struct bamboo_error *error);

#ifdef __cplusplus
}
#endif

#endif
