/* Goes into a bamboo whose calls can fail: one fails as BAMBOO_FAULT says ("CALL ERROR N LATER", in
 * numbers), and how many of each there were goes to the file BAMBOO_FAULT_COUNTS. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/faults/calls.h"

/* Of several processes of one command (it may go into the background) the largest counts. */
static void tell_counts(void)
{
    const char *path = getenv("BAMBOO_FAULT_COUNTS");
    uint64_t counts[CALL_COUNT] = {0};
    FILE *file = path ? fopen(path, "r+") : NULL;
    if (!file) return;
    if (fread(counts, sizeof counts, 1, file) != 1) rewind(file);
    for (int i = 0; i < CALL_COUNT; i++)
        if (calls_counted((enum call)i) > counts[i]) counts[i] = calls_counted((enum call)i);
    rewind(file);
    if (fwrite(counts, sizeof counts, 1, file) != 1) abort();
    fclose(file);
}

__attribute__((constructor)) static void arm(void)
{
    const char *fault = getenv("BAMBOO_FAULT");
    int call = 0, error = 0, later = 0;
    unsigned long n = 0;
    calls_install();
    calls_take_streams();
    if (fault && sscanf(fault, "%d %d %lu %d", &call, &error, &n, &later) != 4) abort();
    atexit(tell_counts);
    calls_arm((enum call)call, error, n, later);
}
