/* Tables of tests: a row is a test of its own, named after its promise. Include cmocka.h first. */
#ifndef TESTS_UNIT_ROWS_H
#define TESTS_UNIT_ROWS_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Runs `test` for each row; a row's first member is its promise, a const char *. */
static inline int run_rows(const char *group, const void *rows, size_t count, size_t row_size,
                           CMUnitTestFunction test)
{
    struct CMUnitTest *tests = calloc(count, sizeof *tests);
    if (!tests) return 1;
    for (size_t i = 0; i < count; i++) {
        const char *row = (const char *)rows + i * row_size;
        memcpy(&tests[i].name, row, sizeof tests[i].name);
        tests[i].test_func = test;
        tests[i].initial_state = (void *)(uintptr_t)row;
    }
    int failed = _cmocka_run_group_tests(group, tests, count, NULL, NULL);
    free(tests);
    return failed;
}
#define RUN_ROWS(rows, test) \
    run_rows(#rows, rows, sizeof(rows) / sizeof(rows)[0], sizeof(rows)[0], test)

#endif
