/* Places where a process may die between two things that belong together: around each event, each
 * commit and each effect. A test program may define the functions below; in a debug build they are
 * then called (tests/crash/points.c kills the process at each place in turn). Elsewhere they cost
 * nothing. */
#ifndef BASE_CRASH_POINT_H
#define BASE_CRASH_POINT_H

#include <stdbool.h>

/* Called at each place. */
__attribute__((weak)) void crash_point(const char *place);
/* Shall the engine enter one node at a time and commit before the next, in one thread? Then every
 * run of the test meets the same places in the same order. */
__attribute__((weak)) bool crash_small_steps(void);

static inline void may_crash(const char *place)
{
#ifdef BAMBOO_DEBUG
    if (crash_point) crash_point(place);
#else
    (void)place;
#endif
}

static inline bool takes_small_steps(void)
{
#ifdef BAMBOO_DEBUG
    return crash_small_steps && crash_small_steps();
#else
    return false;
#endif
}

#endif
