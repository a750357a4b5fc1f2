/* A part of a run in a process of its own, which answers with a value. */
#ifndef TESTS_CONFORMANCE_CHILD_H
#define TESTS_CONFORMANCE_CHILD_H

#include "include/bamboo.h"

enum child_end {
    CHILD_EXITS, /* in order: what it leaks is a failure */
    CHILD_DIES,  /* of SIGKILL, at once after its answer */
};

/* Does `work` in a child process and takes its answer. A process that ends otherwise than `end`
 * says, or takes too long, is an error. `work` fills `out` with the answer, or fails. */
BAMBOO_MUST_CHECK enum bamboo_status in_child(
    enum child_end end,
    enum bamboo_status (*work)(void *context, struct bamboo_value *out, struct bamboo_error *error),
    void *context, struct bamboo_value *out, struct bamboo_error *error);

#endif
