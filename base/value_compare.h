/* Comparing numbers exactly: no integer of 64 bits is rounded to a double. Equality of values is
 * bamboo_value_equal(). */
#ifndef BASE_VALUE_COMPARE_H
#define BASE_VALUE_COMPARE_H

#include "include/bamboo_value.h"

/* Less than, equal to or greater than 0. `number` is finite. */
int compare_integer_with_float(int64_t integer, double number);

/* The same for two values that are integers or floats. */
int compare_numbers(struct bamboo_value left, struct bamboo_value right);

#endif
