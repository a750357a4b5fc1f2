/* The recorded cases, a JSON object a line. */
#ifndef TESTS_UNIT_TEMPLATE_CASES_H
#define TESTS_UNIT_TEMPLATE_CASES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "include/bamboo_value.h"

#define RECORDED "tests/conformance/cases/" /* by bamboo-engine */
#define ANSWERED "tests/unit/template/"     /* by Python: see README.md */

/* Calls check() for each line of a file; returns how many there were. check() returns false if the
 * case failed, which counts in *failed. */
static inline unsigned each_case(const char *path, bool (*check)(struct bamboo_value each),
                                 unsigned *failed)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;
    unsigned count = 0;
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    while ((size = getline(&line, &capacity, file)) > 0) {
        struct bamboo_value value = bamboo_missing();
        struct bamboo_error error;
        if (bamboo_json_parse(line, (size_t)size, &value, &error) != BAMBOO_OK) {
            printf("%s: line %u: %s\n", path, count + 1, error.message);
            ++*failed;
        } else if (!check(value)) {
            printf("%s: line %u: %.*s\n", path, count + 1, (int)size - 1, line);
            ++*failed;
        }
        bamboo_value_release(value);
        count++;
    }
    free(line);
    fclose(file);
    return count;
}

#endif
