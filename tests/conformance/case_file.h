/* Recorded cases: the lines of the .jsonl files of a folder. */
#ifndef TESTS_CONFORMANCE_CASE_FILE_H
#define TESTS_CONFORMANCE_CASE_FILE_H

#include "include/bamboo.h"

enum case_kind {
    CASE_FLOW,     /* {name, pipeline, run, steps, expect} */
    CASE_RULE,     /* {expr | evaluate, context?, result | error, rendered?} */
    CASE_TEMPLATE, /* {template, context?, result} */
};

struct conformance_case {
    const char *file; /* without its folder */
    const char *name; /* the case's, or "line N" */
    enum case_kind kind;
    struct bamboo_value content; /* the map */
};

/* Calls `run` for each case of the folder, files by name, cases in order; everything is borrowed.
 * A line that is not a case is told on standard error. False if there was one, or if the folder or
 * a file of it cannot be read, or if it has no case at all. */
bool read_cases(const char *folder, void (*run)(void *context, const struct conformance_case *each),
                void *context);

#endif
