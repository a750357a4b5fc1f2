/* What is done in each scenario: a flow, and what an operator does with its run. */
#ifndef TESTS_CRASH_SCENARIOS_H
#define TESTS_CRASH_SCENARIOS_H

#include <stdbool.h>
#include <stddef.h>

/* An operation; before each and after the last the engine executes until nothing moves. */
struct step {
    const char *operation; /* NULL: there are no more; "gc": everything that has ended is removed;
                            * "fsck": the store is checked; "convert": the flow, to YAML and back;
                            * "artifact": the flow, into a compressed artifact and back */
    const char *node;      /* NULL: of the run */
    const char *data;      /* JSON, or NULL */
};

#define STEPS_MAX 5

struct scenario {
    const char *name;
    const char *flow; /* of the components of components.h, beside the standard ones */
    struct step steps[STEPS_MAX];
    bool repeats; /* what has finished may happen again: an operator goes back */
};

extern const struct scenario SCENARIOS[];
extern const size_t SCENARIO_COUNT;

#endif
