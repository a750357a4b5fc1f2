/* The descriptors of the standard components, each defined in a file of its own. */
#ifndef STDLIB_COMPONENT_LIST_H
#define STDLIB_COMPONENT_LIST_H

#include "include/bamboo_component.h"

#define COMPONENT(code) extern const struct bamboo_component STDLIB_##code;
#include "stdlib/components.def"
#undef COMPONENT

/* Inputs or outputs of a descriptor, with their count. */
#define STDLIB_INPUTS(array)  .inputs = (array), .input_count = sizeof(array) / sizeof *(array)
#define STDLIB_OUTPUTS(array) .outputs = (array), .output_count = sizeof(array) / sizeof *(array)

#endif
