/* Objects as text. */
#ifndef TEMPLATE_PRINT_H
#define TEMPLATE_PRINT_H

#include "base/text.h"
#include "template/object.h"

/* As Python's str() and repr() write it: a text as it is or quoted. Errors: EVALUATION (what has
 * only an address in Python: an iterator, a bound method; or no value at all), LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status object_append_str(struct evaluation *evaluation, struct text *text,
                                                struct object object);
MUST_CHECK enum bamboo_status object_append_repr(struct evaluation *evaluation, struct text *text,
                                                 struct object object);

/* str() as a text object. */
MUST_CHECK enum bamboo_status object_str(struct evaluation *evaluation, struct object object,
                                         struct object *out);

/* Is a character shown as it is in a quoted text, not as an escape? */
bool character_is_printable(uint32_t character);

/* A text object of what was appended to `text`, which is released in any case. */
MUST_CHECK enum bamboo_status object_take_text(struct evaluation *evaluation, struct text *text,
                                               struct object *out);

#endif
