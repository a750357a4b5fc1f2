/* Where a generated flow and a generated operator get their decisions from: a list of numbers, so
 * that a failing case can be made smaller by leaving numbers out. */
#ifndef TESTS_GENERATE_CHOICES_H
#define TESTS_GENERATE_CHOICES_H

#include <stddef.h>
#include <stdint.h>

struct choices {
    const uint32_t *numbers;
    size_t count, next;
};

/* One of `count` things: 0 to count - 1. 0, the simplest, when the list is used up. */
static inline uint32_t choose(struct choices *choices, uint32_t count)
{
    if (choices->next >= choices->count) return 0;
    return choices->numbers[choices->next++] % count;
}

/* True in `percent` of a hundred cases; false when the list is used up. */
static inline int chance(struct choices *choices, uint32_t percent)
{
    return choices->next < choices->count && choose(choices, 100) < percent;
}

/* The next number of a sequence that a seed begins (splitmix64). */
static inline uint32_t random_next(uint64_t *state)
{
    uint64_t mixed = *state += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((mixed ^ mixed >> 31) >> 32);
}

#endif
