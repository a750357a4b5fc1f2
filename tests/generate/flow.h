/* A flow made of decisions, as text. */
#ifndef TESTS_GENERATE_FLOW_H
#define TESTS_GENERATE_FLOW_H

#include "base/text.h"
#include "tests/generate/choices.h"

/* Appends a flow whose activities are those that the tests have: echo, work, check, called, .... */
void flow_generate(struct choices *choices, struct text *out);

#endif
