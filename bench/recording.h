/* What an engine commits, written down batch by batch, to be committed again by bare SQLite: the
 * same number of bytes in the same transactions, with nothing else done. */
#ifndef BENCH_RECORDING_H
#define BENCH_RECORDING_H

#include <stddef.h>

#include "include/bamboo.h"

/* One write: so many bytes, of so many events. */
struct recorded_row {
    size_t size, events;
};

/* A batch ends where `ends` says. Zeroed is empty. */
struct recording {
    struct recorded_row *rows;
    size_t row_count, row_capacity;
    size_t *ends; /* of batches, in rows */
    size_t batch_count, batch_capacity;
};

/* How SQLite is to commit it again. */
enum replay_way {
    REPLAY_BATCHES, /* the same rows in the same transactions */
    REPLAY_EVENTS,  /* the same transactions, each event a row of its own */
    REPLAY_AS_ONE,  /* the same rows in one transaction */
};

/* From here on the commits of this engine are recorded, one engine at a time. */
void recording_begin(struct recording *recording, struct bamboo_engine *engine);
/* Before the engine is closed. */
void recording_end(struct bamboo_engine *engine);
void recording_release(struct recording *recording);

/* A new database of bare SQLite, in WAL mode with the `synchronous` of this durability, warm. */
struct replay;
struct replay *replay_open(enum bamboo_durability durability);
/* The seconds that it takes for a recording. */
double replay_run(struct replay *replay, const struct recording *recording, enum replay_way way);
void replay_close(struct replay *replay);

/* The same in a database of its own. */
double replay_once(const struct recording *recording, enum bamboo_durability durability,
                   enum replay_way way);

#endif
