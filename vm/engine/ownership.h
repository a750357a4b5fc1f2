/* Which runs are ours: joining the store, keeping the lease, claiming. Every write carries the
 * run's fence, so that whoever lost a run without noticing can write nothing. */
#ifndef VM_ENGINE_OWNERSHIP_H
#define VM_ENGINE_OWNERSHIP_H

#include "vm/engine/engine_state.h"

/* Others may take our runs over when we were silent for so long, unless the options say another
 * time. */
#define LEASE_DEFAULT_MS 10000

/* Joins the store as an engine, if that was not done yet. Errors: STORE, MEMORY. */
MUST_CHECK enum bamboo_status ownership_join(struct engine *engine, struct bamboo_error *error);
/* Makes sure that mail is noticed: watches for it, if the engine has joined and is `at_once` to, or
 * is older than a second; a watch takes the kernel some 15 ms to end. Returns the milliseconds
 * until mail must be looked for again: few as long as a young engine does not watch. */
int64_t ownership_watch_mail(struct engine *engine, bool at_once);
/* Renews the lease, if it is time. Breaks the engine if that does not succeed for as long as the
 * lease lasts; lets go of runs that somebody took over. */
void ownership_renew(struct engine *engine);
/* Claims and recovers a run. Errors: as engine_claim(). */
MUST_CHECK enum bamboo_status ownership_claim(struct engine *engine, const char *id,
                                              struct bamboo_error *error);
/* Reads a run that is ours into the set, by its row; it is not touched yet. Errors: COMPONENT,
 * STORE, MEMORY. */
MUST_CHECK enum bamboo_status ownership_take_in(struct engine *engine, const struct store_run *row,
                                                struct owned_run **out, struct bamboo_error *error);
/* Keeps a program for runs that are claimed or come back. */
void ownership_keep_program(struct engine *engine, struct linked_program *linked);
/* Claims some of the runs that have no living owner; breaks the engine if the store fails. */
void ownership_claim_some(struct engine *engine);
/* Gives up all runs and leaves the store. */
void ownership_leave(struct engine *engine);
void ownership_release(struct engine *engine);

#endif
