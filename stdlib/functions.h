/* The functions and methods of expressions. */
#ifndef STDLIB_FUNCTIONS_H
#define STDLIB_FUNCTIONS_H

#include "base/function.h"

/* Constant; lives for ever. */
const struct function_set *stdlib_functions(void);

#endif
