/* Compares what a run came to with the record of a case. */
#ifndef TESTS_CONFORMANCE_COMPARE_H
#define TESTS_CONFORMANCE_COMPARE_H

#include "tests/conformance/difference.h"

/* `root` is the id of the root pipeline; `expected` is the `expect` of the case, `got` has its
 * form (observe.h). In a revoked run only the root's state counts, of a rejected tree only that it
 * was rejected. */
void compare_run(struct differences *differences, const char *root, struct bamboo_value expected,
                 struct bamboo_value got);

#endif
