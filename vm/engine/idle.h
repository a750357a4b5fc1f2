/* Runs that only wait leave memory, so that an engine can own millions of them: what is durable is
 * read again when a callback, an operator or a timer wants them. They stay owned, and count for the
 * loop as they did; only a deadline of theirs is kept here. */
#ifndef VM_ENGINE_IDLE_H
#define VM_ENGINE_IDLE_H

#include "vm/engine/engine_state.h"

/* So many idle runs are kept, and none for longer than this. */
#define IDLE_KEPT_MAX 4096
#define IDLE_KEPT_MS  30000
/* A run whose next deadline is nearer than this is not idle. */
#define IDLE_DEADLINE_MS 5000

/* All that the run recorded is durable: notes whether it only waits now. */
void idle_note(struct engine *engine, struct owned_run *owned);
/* Lets idle runs go that are too many or too old. */
void idle_send_away(struct engine *engine);

/* Is the run with this number ours, but away? (`row`: as the store has it now) */
bool idle_is_away(const struct engine *engine, const struct store_run *row);
/* May it be? Then only the store knows. */
bool idle_may_be_away(const struct engine *engine, uint64_t number);
/* Brings the run with this number back into memory. Errors: OWNERSHIP (it is not ours), NOT_FOUND,
 * COMPONENT, STORE, MEMORY. */
MUST_CHECK enum bamboo_status idle_recall(struct engine *engine, uint64_t number,
                                          struct owned_run **out, struct bamboo_error *error);
/* Brings back the runs whose deadline is near. */
void idle_recall_due(struct engine *engine);
/* The time of the wall clock at which idle_recall_due() has something to do; 0: never. */
int64_t idle_next_ms(const struct engine *engine);
/* Those that are away are not ours any more. */
void idle_lose_all(struct engine *engine);
void idle_release(struct engine *engine);

#endif
