/* Descriptors that are watched, in an epoll set of their own: one system call to watch one, one
 * more each time that it has told and goes on, and none for its end when it tells of that itself;
 * none at all for one that is to be watched from the next wait on and is gone by then. libuv takes
 * five (it tries each descriptor first). A host's loop watches the set. */
#ifndef VM_ENGINE_WATCH_SET_H
#define VM_ENGINE_WATCH_SET_H

#include <sys/epoll.h>

#include "vm/engine/host.h"

/* What is told at a time: the rest is told at the next look. */
#define WATCH_TOLD_MAX 64

struct watch_set {
    int descriptor; /* of the set; -1: not made yet */
    struct epoll_event told[WATCH_TOLD_MAX];
    int told_count;             /* 0: nothing is being told */
    struct host_watch *waiting; /* to be put into it */
};

/* An empty set, not made yet. */
void watch_set_init(struct watch_set *set);
/* Makes it. Errors: IO. */
MUST_CHECK enum bamboo_status watch_set_open(struct watch_set *set, struct bamboo_error *error);
/* Calls those whose descriptors can be read; does not wait. Was there one? */
bool watch_set_tell(struct watch_set *set);
/* Before something waits for the set: the same, then those that are still waiting go into it. */
bool watch_set_prepare(struct watch_set *set);
/* All watches must have been destroyed. */
void watch_set_close(struct watch_set *set);

/* As host_watch_create() says, or, with `later`, host_watch_create_later(); the set must be open.
 */
MUST_CHECK enum bamboo_status watch_create(struct watch_set *set, int descriptor,
                                           void (*readable)(void *context), void *context,
                                           bool later, struct host_watch **out,
                                           struct bamboo_error *error);

#endif
