/* Times as ISO 8601 writes them, where JSON or a flow gives one. */
#ifndef BASE_ISO_TIME_H
#define BASE_ISO_TIME_H

#include <stdint.h>

#include "base/text.h"

/* Each returns NULL, or a sentence that says what is wrong; then nothing is set. */

/* "2026-12-01T10:00:00Z", "2026-12-01T10:00:00.5+02:00[Europe/Berlin]" (the zone's name is for
 * people): milliseconds since 1970. Without an offset it is UTC. */
const char *iso_time_parse(const char *text, int64_t *time_ms);

/* The shortest text in UTC that iso_time_parse() reads back. Years from 0 to 9999. */
void iso_time_append(struct text *text, int64_t time_ms);

/* "PT1H30M", "P14DT0.5S": milliseconds, above 0. A year has 365 days, a month 30. */
const char *iso_duration_parse(const char *text, int64_t *duration_ms);

/* "R5/PT10S": how often (0: "R/PT10S", without a bound) and how far apart. */
const char *iso_cycle_parse(const char *text, int64_t *count, int64_t *interval_ms);

#endif
