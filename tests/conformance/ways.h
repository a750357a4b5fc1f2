/* The ways in which each flow case is run. */
#ifndef TESTS_CONFORMANCE_WAYS_H
#define TESTS_CONFORMANCE_WAYS_H

#include "include/bamboo.h"

enum way {
    WAY_DIRECT,    /* the tree, in one process */
    WAY_CONVERTED, /* the text that the tree is converted to */
    WAY_KILLED,    /* the process is killed after each step, and another goes on */
    WAY_COUNT
};

const char *way_name(enum way way);

/* The id of the root pipeline of a flow case; "" if it has none. */
const char *root_of(struct bamboo_value content);

/* Runs a case. `store` is a folder for stores, one that is empty. *out is what it came to:
 * {accepted: false, reason} or {accepted: true, step_ok, states, inputs, outputs, context, history,
 * reasons}. An error is something that a run must not come to: a broken store, a hang, a crash. */
BAMBOO_MUST_CHECK enum bamboo_status run_case(enum way way, const struct bamboo_library *library,
                                              struct bamboo_value content, const char *folder,
                                              struct bamboo_value *out, struct bamboo_error *error);

#endif
