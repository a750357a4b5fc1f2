/* A batch: what all runs have recorded since the last, as writes of one transaction. */
#ifndef VM_ENGINE_BATCH_H
#define VM_ENGINE_BATCH_H

#include "vm/engine/engine_state.h"

/* Takes the outboxes of all dirty runs, the logs and the replies into the engine's batch, which
 * must be empty. Errors: MEMORY (what was taken is in it). */
MUST_CHECK enum bamboo_status batch_gather(struct engine *engine, struct bamboo_error *error);
/* Makes the writes, without those of runs that are gone. `number` is the engine's. Errors: MEMORY.
 */
MUST_CHECK enum bamboo_status batch_make_writes(struct batch *batch, uint64_t number,
                                                struct bamboo_error *error);
/* The run that a write is about; NULL: none. */
struct owned_run *batch_run_of(const struct batch *batch, size_t write);
/* What keeps the run now. */
enum run_standing batch_standing_of(const struct owned_run *owned);
/* Empties it; keeps memory of ordinary size. */
void batch_clear(struct batch *batch);
void batch_release(struct batch *batch);

#endif
