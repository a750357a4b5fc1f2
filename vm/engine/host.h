/* What the engine asks of the world: time, and to be told when something happens. There is one
 * implementation, on a libuv loop; another file that defines the same functions can stand in for
 * it (a simulated world).
 *
 * One thread, but for host_wake(). Callbacks are called from within host_wait() only. */
#ifndef VM_ENGINE_HOST_H
#define VM_ENGINE_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct host;

MUST_CHECK enum bamboo_status host_create(struct host **out, struct bamboo_error *error);
/* All watches and timers must have been destroyed. NULL is accepted. */
void host_destroy(struct host *host);

/* Milliseconds since 1970: jumps when somebody sets the clock. */
int64_t host_wall_ms(const struct host *host);
/* Nanoseconds of a clock that only goes forward: for intervals. */
int64_t host_monotonic_ns(const struct host *host);

/* Calls what is due. Waits at most `timeout_ms` for something to happen (0: does not wait). */
void host_wait(struct host *host, int64_t timeout_ms);
/* Ends host_wait(). May be called from any thread and from a signal handler. */
void host_wake(struct host *host);

/* --- Descriptors --- */

/* A descriptor that can be read, or whose other end is closed, or (a pidfd) whose process ended. */
struct host_watch;
MUST_CHECK enum bamboo_status host_watch_create(struct host *host, int descriptor,
                                                void (*readable)(void *context), void *context,
                                                struct host_watch **out,
                                                struct bamboo_error *error);
/* The same, but from the next host_wait() on: cheaper for what may be gone by then. Errors: IO,
 * MEMORY. */
MUST_CHECK enum bamboo_status host_watch_create_later(struct host *host, int descriptor,
                                                      void (*readable)(void *context),
                                                      void *context, struct host_watch **out,
                                                      struct bamboo_error *error);
/* Stops telling at once, and starts with the next host_wait(); a new watch tells. */
void host_watch_enable(struct host_watch *watch, bool enabled);
/* The descriptor stays the caller's, to be closed afterwards. NULL is accepted. */
void host_watch_destroy(struct host_watch *watch);

/* A descriptor that has nothing to read: one for all children, opened when it is first asked for.
 * It stays the host's. Errors: IO. */
MUST_CHECK enum bamboo_status host_null_device(struct host *host, int *descriptor,
                                               struct bamboo_error *error);

/* --- Timers --- */

struct host_timer;
MUST_CHECK enum bamboo_status host_timer_create(struct host *host, void (*expired)(void *context),
                                                void *context, struct host_timer **out,
                                                struct bamboo_error *error);
/* Expires once, this many milliseconds from now; takes the place of an earlier start. */
void host_timer_start(struct host_timer *timer, int64_t delay_ms);
/* NULL is accepted. */
void host_timer_destroy(struct host_timer *timer);

/* --- Files and signals --- */

/* Tells when the file changes; one file a host. Errors: IO (it cannot be watched), MEMORY; then it
 * may be tried again. */
MUST_CHECK enum bamboo_status host_watch_file(struct host *host, const char *path,
                                              void (*changed)(void *context), void *context,
                                              struct bamboo_error *error);
/* Tells of SIGINT, SIGTERM and, unless it is ignored, SIGHUP in place of what they do else. */
MUST_CHECK enum bamboo_status host_watch_signals(struct host *host,
                                                 void (*arrived)(void *context, int number),
                                                 void *context, struct bamboo_error *error);
/* They do again what they do by default, until host_watch_signals(). */
void host_ignore_signals(struct host *host);

#endif
