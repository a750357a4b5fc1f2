/* A process plays a scenario, from where the one before it came to: for tests that let processes
 * die (points.c) or calls fail (tests/faults/). What has to survive a process lies in memory that
 * it shares with the test. */
#ifndef TESTS_CRASH_PLAY_H
#define TESTS_CRASH_PLAY_H

#include <stdbool.h>

#include "include/bamboo.h"
#include "tests/crash/components.h"
#include "tests/crash/scenarios.h"

struct play {
    char store[128];
    enum bamboo_durability durability;
    char id[BAMBOO_RUN_ID_SIZE]; /* of the run; empty: there is none yet */
    size_t step;                 /* operations that were acknowledged */
    uint64_t operations; /* in the journal, before the operation under way; UINT64_MAX: none is */
    unsigned effects[EFFECT_COUNT];
    char failure[1200]; /* why a process did not do what it should */
};

/* A new course: the files of the store are removed. */
void play_begin(struct play *play);

/* What a process does, to its end or its death: 0, or 1 with `failure`. */
int play_process(struct play *play, struct bamboo_library *library,
                 const struct scenario *scenario);

/* The same, after an operator has retried what is FAILED. */
int play_mended(struct play *play, struct bamboo_library *library, const struct scenario *scenario);

enum { PLAY_STATE_SIZE = 4096 };

/* All that must be the same in the end. */
struct play_state {
    char text[PLAY_STATE_SIZE];      /* with the outputs of nodes */
    char outline[PLAY_STATE_SIZE];   /* without */
    unsigned finished[EFFECT_COUNT]; /* effects of nodes that are FINISHED, which must not change */
};

/* Is the store sound (fsck)? And what does the run look like? False if `failure` says what is
 * wrong. */
bool play_judge(struct play *play, struct bamboo_library *library, struct play_state *out);

#endif
