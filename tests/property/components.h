/* The components of generated flows. */
#ifndef TESTS_PROPERTY_COMPONENTS_H
#define TESTS_PROPERTY_COMPONENTS_H

#include "base/function.h"
#include "include/bamboo_component.h"

extern const struct bamboo_component_set PROPERTY_COMPONENTS;
extern const struct function_set PROPERTY_FUNCTIONS;

#endif
