/* JSON for bamboo's own code; include/bamboo_value.h has bamboo_json_parse() and _print(). */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/text.h"
#include "include/bamboo_value.h"

/* Appends a value as JSON: `indent` spaces a level, or 0 for one line. Durations are texts, missing
 * is null. */
void json_append(struct text *text, struct bamboo_value value, unsigned indent);

/* Appends a text in quotes, with what JSON wants escaped. `bytes` are UTF-8. */
void json_append_string(struct text *text, const char *bytes, size_t size);

#endif
