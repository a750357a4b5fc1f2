/* Telling an observer what is durable. A run has moved on by then, so a second one, the shadow,
 * replays the durable bytes behind it. Without an observer there are no shadows. */
#ifndef VM_ENGINE_OBSERVE_H
#define VM_ENGINE_OBSERVE_H

#include "vm/engine/engine_state.h"

/* Tells the events of an outbox that was made durable. */
void observe_events(struct engine *engine, struct owned_run *owned,
                    const struct run_outbox *outbox);
/* Tells the output that was made durable. */
void observe_logs(struct engine *engine, const struct log_buffer *logs);

/* Tells that a signal asked the loop to end, and for how many executions it waits. */
void observe_stopping(struct engine *engine);

#endif
