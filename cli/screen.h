/* The picture of a run on a terminal, drawn anew by a thread of its own several times a second, so
 * that clocks go on while the engine waits. The cursor is hidden only within the drawing of a
 * frame: however the program ends, the terminal is as it should be. */
#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

#include <pthread.h>

#include "cli/rows.h"

/* What is drawn; whoever changes it holds `lock`. */
struct scene {
    pthread_mutex_t lock;
    struct rows rows;
    char run[BAMBOO_RUN_ID_SIZE];
    char flow[64];
    enum look look;   /* of the run */
    int64_t began;    /* milliseconds since 1970 */
    bool is_stopping; /* a signal asked for it */
};

struct screen;

/* Starts to draw `scene` (borrowed); NULL if there are no resources. */
struct screen *screen_open(const struct pen *pen, struct scene *scene);

/* Draws a last time, leaves the picture where it is and stops. NULL is accepted. */
void screen_close(struct screen *screen);

#endif
