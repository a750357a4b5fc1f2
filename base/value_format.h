/* "%s of %d" % [..]: Python's formatting by '%'. */
#ifndef BASE_VALUE_FORMAT_H
#define BASE_VALUE_FORMAT_H

#include "base/value.h"

/* Formats the string `format` with `arguments`: a list gives one after the other, a map those that
 * are named as in %(name)s, any other value is the only one. Conversions: d i u x X o e E f F g G s
 * r c %, with the flags - + space 0 #, width and precision. Errors: EVALUATION, LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status value_format(struct bamboo_value format,
                                           struct bamboo_value arguments, struct bamboo_value *out,
                                           struct bamboo_error *error);

#endif
