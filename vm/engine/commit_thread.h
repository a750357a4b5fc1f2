/* Commits to the store, one at a time: on a thread of its own, so that runs go on meanwhile, or at
 * once, where nothing could go on anyway. The thread is made when it is first needed. */
#ifndef VM_ENGINE_COMMIT_THREAD_H
#define VM_ENGINE_COMMIT_THREAD_H

#include "vm/engine/host.h"
#include "vm/store/store.h"

struct commit_thread;

/* `store` and `host` are borrowed; host_wake() is called when a commit of the thread has ended. */
MUST_CHECK enum bamboo_status commit_thread_create(struct store *store, struct host *host,
                                                   struct commit_thread **out,
                                                   struct bamboo_error *error);
/* Waits for the commit that is under way. NULL is accepted. */
void commit_thread_destroy(struct commit_thread *thread);

/* Shall its engine wait for a commit by which nothing else could go on (`alone`)? Handing it to the
 * other thread would only cost time; a simulated one looks what happens then. */
bool commit_thread_is_waited_for(const struct commit_thread *thread, bool alone);

/* Commits `writes`, which stay as they are until commit_thread_result(). With `at_once` it is done
 * when this returns. None may be under way. */
void commit_thread_start(struct commit_thread *thread, const struct store_write *writes,
                         size_t count, bool at_once);
/* Was something started whose result was not taken yet? */
bool commit_thread_is_busy(const struct commit_thread *thread);
/* Is there a result to be taken? With `wait` it waits for one. Something must have been started. */
bool commit_thread_is_done(struct commit_thread *thread, bool wait);
/* What store_commit() came to. There must be a result. */
MUST_CHECK enum bamboo_status commit_thread_result(struct commit_thread *thread, size_t *refused,
                                                   struct bamboo_error *error);

#endif
