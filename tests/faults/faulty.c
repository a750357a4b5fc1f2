/* Goes into a bamboo whose calls can fail: one fails as BAMBOO_FAULT says ("CALL ERROR N STACK
 * LATER", in numbers: the n-th, or if N is 0 the first of a site); without a fault the sites of all
 * are noted. What happened goes to the file BAMBOO_FAULT_REPORT. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/faults/call_report.h"
#include "tests/faults/calls.h"

/* Of the way to a call that is enough: all of it is another one in each command. */
#define SITE_DEPTH 8

static struct call_sites sites;

/* Of several processes of one command (it may go into the background) the largest counts. */
static void tell_report(void)
{
    const char *path = getenv("BAMBOO_FAULT_REPORT");
    struct call_report report = {{0}, 0};
    FILE *file = path ? fopen(path, "r+") : NULL;
    if (!file) return;
    if (fread(&report, sizeof report, 1, file) != 1) rewind(file);
    for (int i = 0; i < CALL_COUNT; i++)
        if (calls_counted((enum call)i) > report.counts[i])
            report.counts[i] = calls_counted((enum call)i);
    report.faults += calls_have_failed();
    rewind(file);
    if (fwrite(&report, sizeof report, 1, file) != 1 || fseek(file, 0, SEEK_END) != 0 ||
        fwrite(sites.items, sizeof *sites.items, sites.count, file) != sites.count)
        abort();
    fclose(file);
}

__attribute__((constructor)) static void arm(void)
{
    const char *fault = getenv("BAMBOO_FAULT");
    int call = 0, error = 0, later = 0;
    unsigned long n = 0, stack = 0;
    calls_install(SITE_DEPTH);
    calls_take_streams();
    if (fault && sscanf(fault, "%d %d %lu %lu %d", &call, &error, &n, &stack, &later) != 5) abort();
    if (!fault) calls_note_sites(&sites);
    atexit(tell_report);
    if (stack)
        calls_arm_site(&(struct call_site){(enum call)call, stack}, error, later);
    else
        calls_arm((enum call)call, error, n, later);
}
