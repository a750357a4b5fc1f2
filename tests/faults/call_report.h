/* What a bamboo with calls that can fail tells of them: this, and then the sites. */
#ifndef TESTS_FAULTS_CALL_REPORT_H
#define TESTS_FAULTS_CALL_REPORT_H

#include "tests/faults/call_sites.h"

struct call_report {
    uint64_t counts[CALL_COUNT];
    uint64_t faults; /* processes in which one came */
};

#endif
