/* A flow made of decisions, as text. */
#ifndef TESTS_PROPERTY_FLOW_H
#define TESTS_PROPERTY_FLOW_H

#include "base/text.h"
#include "tests/property/choices.h"

/* Appends a flow whose activities are those of components.h. */
void flow_generate(struct choices *choices, struct text *out);

#endif
