/* Floats as text. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include "base/text.h"

/* The shortest text that reads back as the same finite double, in Python's form: it always has a
 * point or an exponent ("1.0", "1e+16"), so that a float stays a float. In any locale. */
void number_append(struct text *text, double number);

#endif
