/* Floats as text. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include "base/text.h"

/* The shortest text that reads back as the same finite double, in Python's form: it always has a
 * point or an exponent ("1.0", "1e+16"), so that a float stays a float. In any locale. */
void number_append(struct text *text, double number);

/* printf's %.*e, or with another `letter`: E, f, F, g or G. In any locale. */
void number_append_digits(struct text *text, char letter, int digits, double number);

/* strtod() in any locale; *end (or NULL) is where the number ends. False if there is no memory. */
bool number_read(const char *string, const char **end, double *out);

#endif
