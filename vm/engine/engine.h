/* The engine: executes the runs that it owns. It joins the machine (vm/run), which decides, with
 * the store, which keeps, and the host, which tells the time and watches processes.
 *
 * One thread, but for engine_stop(). Effects are performed once the events recorded with them are
 * durable; nothing else waits for the disk: while a batch is committed, runs go on into the next.
 */
#ifndef VM_ENGINE_ENGINE_H
#define VM_ENGINE_ENGINE_H

#include "include/bamboo.h"
#include "vm/engine/load.h"

struct engine;

struct engine_options {
    struct store *store;        /* borrowed, opened for writing */
    struct run_library library; /* borrowed */
    const char *actor;          /* who acts in events of this process */
    bool handles_signals;       /* SIGINT, SIGTERM and SIGHUP end engine_loop() */
    int64_t lease_ms;           /* of its runs; 0: 10 seconds */
};

/* Joins the store as an engine only when it first owns a run. Errors: IO, MEMORY. */
MUST_CHECK enum bamboo_status engine_create(const struct engine_options *options,
                                            struct engine **out, struct bamboo_error *error);
/* Kills processes, makes what was recorded durable, gives up all runs. NULL is accepted. */
void engine_destroy(struct engine *engine);

/* Makes a run with a new id, owned by this engine; durable after engine_flush(). Errors: PARAMETER,
 * STORE, MEMORY. */
MUST_CHECK enum bamboo_status engine_start(struct engine *engine, struct linked_program *linked,
                                           struct bamboo_value parameters,
                                           struct bamboo_value options, char id[RUN_ID_SIZE],
                                           struct bamboo_error *error);
/* Becomes the owner of a run without a living owner, and recovers it. Errors: OWNERSHIP, NOT_FOUND,
 * REFUSED (it has ended), COMPONENT, STORE, MEMORY. */
MUST_CHECK enum bamboo_status engine_claim(struct engine *engine, const char *id,
                                           struct bamboo_error *error);
/* Does this engine own the run? (`row`: as the store has it now) */
bool engine_owns(const struct engine *engine, const struct store_run *row);

/* Applies a control program (an image) to a run that this engine owns. *reply: one sentence.
 * Errors: REFUSED, NOT_FOUND, PARAMETER (nothing changed), ARTIFACT, STORE, MEMORY. */
MUST_CHECK enum bamboo_status engine_operate(struct engine *engine, uint64_t number,
                                             const void *image, size_t size, struct text *reply,
                                             struct bamboo_error *error);
/* Reads the mailboxes of the runs that this engine owns and does what they say. */
MUST_CHECK enum bamboo_status engine_read_mail(struct engine *engine, struct bamboo_error *error);

/* Keeps the lease of this engine's runs, for a caller that waits outside of the loop. */
MUST_CHECK enum bamboo_status engine_keep(struct engine *engine, struct bamboo_error *error);

/* Waits until all that was recorded is durable; performs no effect. */
MUST_CHECK enum bamboo_status engine_flush(struct engine *engine, struct bamboo_error *error);

/* As bamboo_engine_step(), bamboo_engine_loop(), bamboo_engine_stop() and bamboo_engine_observe()
 * say. */
MUST_CHECK enum bamboo_status engine_step(struct engine *engine, int64_t timeout_ms, bool *busy,
                                          struct bamboo_error *error);
MUST_CHECK enum bamboo_status engine_loop(struct engine *engine, enum bamboo_until until,
                                          struct bamboo_error *error);
void engine_stop(struct engine *engine);
void engine_observe(struct engine *engine, bamboo_observer observer, void *context);

/* How many commits were made: so that tests can see that runs share them. */
size_t engine_commit_count(const struct engine *engine);

#endif
