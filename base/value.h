/* Values for bamboo's own code: what include/bamboo_value.h leaves to us. */
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include "base/error.h"
#include "base/text.h"
#include "include/bamboo_value.h"

/* --- Owners: bamboo_value_retain() and _release(), inline where a look is enough --- */

/* A count of owners that never changes: constant objects, and those with 2^32 - 1 owners. */
#define OWNERS_FOREVER UINT32_MAX

static inline bool value_is_counted(struct bamboo_value value)
{
    return value.type >= BAMBOO_STRING;
}
/* Of a value that is counted: strings, lists and maps begin with the count of their owners. */
static inline uint32_t *value_owners(struct bamboo_value value)
{
    return (uint32_t *)(void *)value.as.string;
}
static inline struct bamboo_value value_retain(struct bamboo_value value)
{
    if (value_is_counted(value) && *value_owners(value) != OWNERS_FOREVER) ++*value_owners(value);
    return value;
}
static inline void value_release(struct bamboo_value value)
{
    if (value_is_counted(value) && *value_owners(value) != OWNERS_FOREVER)
        bamboo_value_release(value);
}

/* A value that may have been written a moment ago, read word by word as it was written: the
 * processor would have to wait with a read of all of it until what was written has left it. */
static inline struct bamboo_value value_read(const struct bamboo_value *place)
{
    return bamboo_value_of_integer(place->type, place->as.integer);
}

/* --- Making and asking --- */

/* "an int", "a list", "null": the type with its article, for sentences. Constant storage. */
const char *value_type_phrase(enum bamboo_type type);

/* A string value from a text that did not fail, or an error if it did. The text keeps its memory.
 */
MUST_CHECK enum bamboo_status value_from_text(const struct text *text, struct bamboo_value *out,
                                              struct bamboo_error *error);

/* A string of bytes of any origin: what is not UTF-8 becomes '?'. Errors: LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status value_from_bytes(const char *bytes, size_t size,
                                               struct bamboo_value *out,
                                               struct bamboo_error *error);

/* A string value for a C string, which has to be UTF-8. */
MUST_CHECK enum bamboo_status value_from_string(const char *string, struct bamboo_value *out,
                                                struct bamboo_error *error);

/* A string of `size` bytes that the caller fills at once with UTF-8 at *bytes, before anyone else
 * sees it. Errors: LIMIT (longer than VALUE_SIZE_MAX), MEMORY. */
MUST_CHECK enum bamboo_status value_string_reserve(size_t size, struct bamboo_value *out,
                                                   char **bytes, struct bamboo_error *error);

/* An integer from its decimal digits, behind a '-' or not: of 64 bits where that is enough. Errors:
 * EVALUATION (these are no digits, or with a zero before the first), LIMIT (more than
 * INTEGER_DIGITS_MAX), MEMORY. */
MUST_CHECK enum bamboo_status value_integer_from_digits(const char *digits, size_t size,
                                                        struct bamboo_value *out,
                                                        struct bamboo_error *error);

/* Code points of a string value; counted once. */
size_t value_string_count(struct bamboo_value value);

/* Is it an int or a float? */
static inline bool value_is_number(struct bamboo_value value)
{
    return value.type == BAMBOO_INTEGER || value.type == BAMBOO_FLOAT;
}
/* An int, a duration's milliseconds or a float as a double. */
static inline double value_as_double(struct bamboo_value value)
{
    return value.type == BAMBOO_FLOAT ? value.as.number : (double)value.as.integer;
}

/* Bytes of memory that this value holds itself, without what is inside its elements: what an
 * evaluation is charged for making it. 0 for the unboxed types. */
size_t value_size(struct bamboo_value value);

/* Truth as in Python: missing, null, false, 0, 0.0, "", [] and {} are false. */
bool value_is_true(struct bamboo_value value);

/* The empty map and the empty list, without an allocation. */
struct bamboo_value value_empty_map(void);
struct bamboo_value value_empty_list(void);

/* bamboo_map_get() for a key that does not end with a NUL. */
struct bamboo_value value_map_get(struct bamboo_value map, const char *bytes, size_t size);

/* Makes room for `count` entries at once: a builder grows from nothing else. */
void value_map_builder_reserve(struct bamboo_map_builder *builder, uint32_t count);

/* `map` with `key` set to `value` (taken), as a new map. `map` is borrowed; missing counts as {}.
 */
MUST_CHECK enum bamboo_status value_map_with_take(struct bamboo_value map, const char *key,
                                                  struct bamboo_value value,
                                                  struct bamboo_value *out,
                                                  struct bamboo_error *error);

/* What going through a value meets, as a list: the elements of a list, the characters of a string,
 * the keys of a map. Errors: EVALUATION (another type), LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status value_elements(struct bamboo_value value, struct bamboo_value *out,
                                             struct bamboo_error *error);

/* Appends `value` (taken, even on failure) to the list in *list: in place if it has one owner, else
 * *list becomes a new list and loses one ownership of the old. On failure *list is as it was. */
MUST_CHECK enum bamboo_status value_list_append_take(struct bamboo_value *list,
                                                     struct bamboo_value value,
                                                     struct bamboo_error *error);

/* Does a value have the type that a declaration names: "int", "duration|string", "any"? An integer
 * is accepted for a float. Unknown names match nothing. */
bool value_has_type(struct bamboo_value value, const char *type);

/* As text in an interpolation: a string as it is, numbers, true and false, null, durations as
 * written in a flow, lists and maps as JSON. A missing value has no text and must not get here from
 * an interpolation; it is written as "missing". */
void value_append_text(struct text *text, struct bamboo_value value);

/* One word of a POSIX shell, quoted where that is needed (it is never a keyword, an assignment, a
 * redirection's number or a pattern); a list becomes several words. Right only where the shell
 * expects a word, not inside quotes of its own. Errors: EVALUATION for missing, a map, a nested
 * list, or a string with a NUL. */
MUST_CHECK enum bamboo_status value_append_shell(struct text *text, struct bamboo_value value,
                                                 struct bamboo_error *error);

#endif
