/* Runs that only wait leave memory, so that an engine can own millions of them: what is durable is
 * read again when a callback, an operator or a timer wants them. */
#ifndef VM_ENGINE_AWAY_H
#define VM_ENGINE_AWAY_H

#include "vm/engine/engine_state.h"

/* Lets idle runs go that are too many or too old. */
void away_send_idle(struct engine *engine);

/* Brings the run with this number back into memory. Errors: OWNERSHIP (it is not ours), NOT_FOUND,
 * COMPONENT, STORE, MEMORY. */
MUST_CHECK enum bamboo_status away_recall(struct engine *engine, uint64_t number,
                                          struct owned_run **out, struct bamboo_error *error);
/* Brings back the runs whose deadline is near. */
void away_recall_due(struct engine *engine);

#endif
