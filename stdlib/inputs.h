/* Inputs whose types the compiler cannot know (computed while the flow runs, or set by an operator)
 * are checked by the component, with the rows of its descriptor. */
#ifndef STDLIB_INPUTS_H
#define STDLIB_INPUTS_H

#include "include/bamboo_component.h"

/* Have all inputs the type that their row names? null counts as not given. False: the activity has
 * failed, with a sentence. */
bool inputs_fit(struct bamboo_activity *activity, const struct bamboo_input *rows, size_t count);

/* A string input's bytes, which have no NUL in them: for what the system takes as C strings. NULL
 * with *failed: it has one, and the activity has failed; else it was not given. */
const char *input_c_string(struct bamboo_activity *activity, const char *name, bool *failed);

#endif
