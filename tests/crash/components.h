/* Components whose effects survive the death of the process: counts in memory that it shares with
 * the test.
 *   mark(key, ok)     counts an effect of `key`; fails unless `ok`
 *   large(key)        the same, with 40 KB of output, so that snapshots are taken
 *   ask(key, times)   a poll that is done when it has asked so often */
#ifndef TESTS_CRASH_COMPONENTS_H
#define TESTS_CRASH_COMPONENTS_H

#include "include/bamboo.h"

#define EFFECT_COUNT 128

/* Where effects are counted, by the first character of their key. */
void crash_effects_set(unsigned *counts);

/* The standard library, these, and those of a plugin (NULL: none). NULL: *error says why. */
struct bamboo_library *crash_library(const char *plugin, struct bamboo_error *error);

#endif
