/* The steps of a case as control operations. */
#ifndef TESTS_CONFORMANCE_OPERATION_H
#define TESTS_CONFORMANCE_OPERATION_H

#include "tests/conformance/session.h"

/* Does a step of the case `content`. A refused one is an error that is_refusal(). */
BAMBOO_MUST_CHECK enum bamboo_status operate(struct session *session, struct bamboo_value content,
                                             struct bamboo_value step, struct bamboo_error *error);

#endif
