/* The inputs that a component declares, for those who give some from outside. */
#ifndef VM_RUN_COMPONENT_INPUT_H
#define VM_RUN_COMPONENT_INPUT_H

#include "base/error.h"
#include "include/bamboo_component.h"

/* The input of this name; NULL if the component declares none. */
const struct bamboo_input *component_input_find(const struct bamboo_component *component,
                                                const char *name);

/* Says that there is no such input, and the nearest. Returns PARAMETER. */
enum bamboo_status component_input_refuse(const struct bamboo_component *component,
                                          const char *name, struct bamboo_error *error);

/* May a map of these inputs be given? Texts that are `templates` become what they become. Errors:
 * PARAMETER (there is no such input; it wants another type). */
MUST_CHECK enum bamboo_status component_inputs_check(const struct bamboo_component *component,
                                                     struct bamboo_value inputs, bool templates,
                                                     struct bamboo_error *error);

#endif
