/* What a case says and what happened, compared: each difference is printed, with its JSON path. */
#ifndef TESTS_CONFORMANCE_DIFFERENCE_H
#define TESTS_CONFORMANCE_DIFFERENCE_H

#include "include/bamboo.h"

/* Where a difference is. `way` is how the case was run, NULL if there is one way only. */
struct differences {
    const char *file, *name, *way;
    size_t count;
    char path[1024]; /* a JSON pointer to where the comparison is */
};

/* Steps into an entry of a map or a list; returns the length of the path to come back to. */
size_t enter_key(struct differences *differences, const char *key);
size_t enter_index(struct differences *differences, size_t index);
void leave(struct differences *differences, size_t length);

/* Prints and counts a difference at the path; what printf does. */
BAMBOO_FORMAT(2, 3)
void differ(struct differences *differences, const char *format, ...);

/* Compares as JSON; in `expected`, the text "<any>" stands for anything and "<text>" for any text
 * that is not empty. Missing is nothing: it equals missing alone. */
void compare_values(struct differences *differences, struct bamboo_value expected,
                    struct bamboo_value got);

/* The same over the keys of `expected` alone, a map; a key that `got` has not is a difference. */
void compare_keys(struct differences *differences, struct bamboo_value expected,
                  struct bamboo_value got);

#endif
