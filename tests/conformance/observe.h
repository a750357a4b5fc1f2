/* What a run came to, in the form of a record. */
#ifndef TESTS_CONFORMANCE_OBSERVE_H
#define TESTS_CONFORMANCE_OBSERVE_H

#include "tests/conformance/session.h"

/* {states, inputs, outputs, context, history}: maps by the ids of nodes and pipelines. `root` is
 * the id of the root pipeline. */
BAMBOO_MUST_CHECK enum bamboo_status observe(struct session *session, const char *root,
                                             struct bamboo_value *out, struct bamboo_error *error);

#endif
