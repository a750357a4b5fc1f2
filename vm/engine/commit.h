/* Group commit: what all runs have recorded since the last batch becomes durable together, while
 * they go on. One batch at a time; the next gathers meanwhile.
 *
 * When a batch is durable its effects are queued, its mail is answered and observers are told. When
 * it fails, nothing of it happens: a run that another process took over is let go and the rest is
 * committed again; any other failure breaks the engine. */
#ifndef VM_ENGINE_COMMIT_H
#define VM_ENGINE_COMMIT_H

#include "vm/engine/engine_state.h"

/* Is there something for a next batch? */
bool commit_is_wanted(const struct engine *engine);
/* Takes what there is, but for new runs that have not had their turn, into a batch and starts its
 * commit; none may be under way, and observers must know of the last. With `at_once` all is taken,
 * and its effects are accepted when this returns. */
void commit_begin(struct engine *engine, bool at_once);
/* Is a batch under way? */
bool commit_is_busy(const struct engine *engine);
/* Is there none, or one that only has to be finished? */
bool commit_may_begin(const struct engine *engine);
/* Accepts the effects of the batch under way, if it is done; with `wait` it waits for that. They
 * may be performed before observers are told. */
void commit_accept(struct engine *engine, bool wait);
/* Tells observers of a batch whose effects are accepted, if there is one. */
void commit_tell(struct engine *engine);
/* Waits for the batch under way, accepts its effects and tells observers. */
void commit_finish(struct engine *engine);
/* Finishes all batches there are; does nothing within an observer. */
void commit_all(struct engine *engine);

/* Another process owns the run now: it is stopped, and nothing of it is written any more. */
void commit_lose_run(struct engine *engine, struct owned_run *owned);
/* The lease ran out and somebody was faster: the same for all runs that are others' by now. */
void commit_lose_runs(struct engine *engine);
/* Adds an answer to a mail of this run to the next batch; takes `text`. */
void commit_reply_take(struct engine *engine, struct owned_run *owned, uint64_t mail,
                       enum bamboo_status answer, struct text *text);
void commit_release(struct engine *engine);

#endif
