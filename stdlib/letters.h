/* What kind of character a code point is, as Python's str has it; the same on every machine and in
 * every locale. */
#ifndef STDLIB_LETTERS_H
#define STDLIB_LETTERS_H

#include <stdbool.h>
#include <stdint.h>

bool letter_is_alphabetic(uint32_t code_point);
bool letter_is_digit(uint32_t code_point);
bool letter_is_space(uint32_t code_point);

/* Does splitlines() end a line here? */
bool letter_ends_line(uint32_t code_point);

/* The capital or small letter, or the code point itself. One for one: a sharp s stays. */
uint32_t letter_upper(uint32_t code_point);
uint32_t letter_lower(uint32_t code_point);

#endif
