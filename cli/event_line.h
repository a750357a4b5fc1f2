/* Events, a line each: for people, or as JSON. */
#ifndef CLI_EVENT_LINE_H
#define CLI_EVENT_LINE_H

#include "cli/look.h"

struct event_lines {
    struct pen pen;
    const char *node; /* only this one and what is inside it; NULL: all */
    bool json;
    bool with_run; /* of several runs: each line says which */
};

/* A bamboo_observer; its context is a struct event_lines. */
void event_lines_print(void *context, struct bamboo_value event);

#endif
