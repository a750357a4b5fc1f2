/* The standard components: what activities exist without a plugin. */
#ifndef STDLIB_COMPONENTS_H
#define STDLIB_COMPONENTS_H

#include "include/bamboo_component.h"

/* Constant; lives for ever. */
const struct bamboo_component_set *stdlib_components(void);

#endif
