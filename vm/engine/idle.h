/* Which runs only wait, and may leave memory (away.h does that): they stay owned, and count for the
 * loop as they did; only a deadline of theirs is kept. */
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
/* Is the run with this number ours, but away? (`row`: as the store has it now) */
bool idle_is_away(const struct engine *engine, const struct store_run *row);
/* May it be? Then only the store knows. */
bool idle_may_be_away(const struct engine *engine, uint64_t number);
/* A run that is away is wanted back at this time. False if there is no memory. */
bool idle_add_deadline(struct engine *engine, int64_t time, uint64_t number);
/* The first one, taken out; there has to be one. */
struct idle_deadline idle_take_deadline(struct engine *engine);
/* The time of the wall clock at which away_recall_due() has something to do; 0: never. */
int64_t idle_next_ms(const struct engine *engine);
/* Those that are away are not ours any more. */
void idle_lose_all(struct engine *engine);
void idle_release(struct engine *engine);

#endif
