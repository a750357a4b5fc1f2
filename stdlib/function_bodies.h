/* The bodies of functions.def, by file: functions_value.c, functions_number.c, functions_list.c,
 * functions_map.c, functions_text.c, methods_letters.c, methods_text.c, methods_split.c,
 * methods_find.c, methods_format.c. Arguments are never missing and as many as the table says. */
#ifndef STDLIB_FUNCTION_BODIES_H
#define STDLIB_FUNCTION_BODIES_H

#include "base/function.h"
#include "base/value.h"

#define BODY(name) \
    enum bamboo_status name(const struct bamboo_value *arguments, size_t count, \
                            struct bamboo_value *out, struct bamboo_error *error)
#define FUNCTION(name, minimum, maximum, result, signature, documentation) BODY(function_##name);
#define METHOD(type, name, minimum, maximum, result, signature, documentation) \
    BODY(method_##type##_##name);
#include "stdlib/functions.def"
#undef FUNCTION
#undef METHOD

/* "split() wants a string, not an int": a value of another type than `wanted` was given. */
enum bamboo_status refuse_type(struct bamboo_error *error, const char *function, const char *wanted,
                               struct bamboo_value given);

/* A string argument's bytes; NULL, with the error made, if it is none. */
const char *string_argument(struct bamboo_value argument, const char *function, size_t *size,
                            struct bamboo_error *error);

/* An argument that says how often at most: as often as possible if it is not given or negative. */
enum bamboo_status times_argument(const char *function, const struct bamboo_value *arguments,
                                  size_t count, size_t index, uint64_t *out,
                                  struct bamboo_error *error);

/* Makes a string value of a text, which it releases. */
enum bamboo_status take_text(struct text *text, struct bamboo_value *out,
                             struct bamboo_error *error);

#endif
