/* Effects: what runs want done in the world. They come here once their events are durable, wait for
 * a free place among the processes, and are performed in order. What they come to goes back into
 * the run. */
#ifndef VM_ENGINE_EFFECTS_H
#define VM_ENGINE_EFFECTS_H

#include "vm/engine/engine_state.h"

/* Takes the effects of a durable outbox into the queue; cancellations are done at once. */
void effects_accept(struct engine *engine, struct owned_run *owned, struct run_outbox *outbox);
/* Can one be performed now? */
bool effects_are_ready(const struct engine *engine);
/* Performs what can be performed now. */
void effects_perform(struct engine *engine);

/* Adds to a node's log, from a run without an execution: pure components. */
void effects_log(struct engine *engine, struct owned_run *owned, const struct effect *effect);
/* The run is not ours any more, or does not go on: nothing of it is performed, its processes are
 * killed, its results and logs are dropped. */
void effects_abandon(struct engine *engine, struct owned_run *owned);
/* Kills all processes and drops everything that was to be performed. */
void effects_kill_all(struct engine *engine);
void effects_release(struct engine *engine);

#endif
