/* A child process of an activity: in a process group of its own, with default signals, nothing
 * inherited but its three streams. It is started with posix_spawn and watched through a pidfd.
 *
 * It has ended when the process itself is gone and its output is at its end. A grandchild that
 * keeps the output open cannot hold it up: after the process is gone, what is there is read, and
 * after CHILD_DRAIN_MS more the pipes are closed. */
#ifndef VM_ENGINE_CHILD_H
#define VM_ENGINE_CHILD_H

#include <sys/types.h>

#include "include/bamboo_component.h"
#include "vm/engine/host.h"

/* How long a process has to end after SIGTERM, before SIGKILL. */
#define CHILD_GRACE_MS 5000
/* How long output is read after the process is gone, if somebody else still holds it. */
#define CHILD_DRAIN_MS 500

struct child;

struct child_options {
    const char *const *argv;        /* NULL-terminated */
    const char *program;            /* where argv[0] was found, or NULL: it is looked up in PATH */
    const char *const *environment; /* all of it, NULL-terminated */
    const char *directory;          /* or NULL: this process's */
    const char *input;              /* bytes for standard input, or NULL: /dev/null */
    size_t input_size;
    size_t capture_size; /* bytes of each stream kept for the result */
    int64_t timeout_ms;  /* then child_terminate(); 0: no limit */
};

/* What a process tells; all from within host_wait(). */
struct child_events {
    /* A piece of output; pieces end between UTF-8 sequences where they can. */
    void (*output)(void *context, enum bamboo_stream stream, const char *bytes, size_t size);
    /* The last call; child_destroy() is allowed in it. */
    void (*ended)(void *context, const struct bamboo_process_result *result);
};

/* Starts a process; everything is borrowed but `events`, which is kept. Errors: IO (it cannot be
 * started: says why), MEMORY. */
MUST_CHECK enum bamboo_status child_start(struct host *host, const struct child_options *options,
                                          const struct child_events *events, void *context,
                                          struct child **out, struct bamboo_error *error);

/* SIGTERM to the group, SIGKILL after CHILD_GRACE_MS. */
void child_terminate(struct child *child);
/* SIGKILL to the group. */
void child_kill(struct child *child);
/* Stops and starts reading output: a child whose pipe is full waits. */
void child_read_output(struct child *child, bool reading);

/* Was there no memory to capture all that was to be captured? */
bool child_lost_output(const struct child *child);

/* Kills the process if it has not ended, waits for it, and frees everything; `ended` is not called.
 * NULL is accepted. */
void child_destroy(struct child *child);

/* --- Environments --- */

/* An environment made of this process's, `first` over it and `second` over that; NULL-terminated
 * lists of "NAME=value", which are borrowed, or NULL. The array is the caller's (memory_free);
 * its texts are borrowed. Errors: MEMORY. */
MUST_CHECK enum bamboo_status child_environment(const char *const *first, const char *const *second,
                                                const char ***out, struct bamboo_error *error);

/* --- Between child.c and child_spawn.c --- */

/* What a started process consists of, for whoever watches it. */
struct child_ends {
    pid_t pid;
    int process;        /* child_watch_open() */
    int output, errors; /* read ends, non-blocking */
};
MUST_CHECK enum bamboo_status child_spawn(struct host *host, const struct child_options *options,
                                          struct child_ends *out, struct bamboo_error *error);

#endif
