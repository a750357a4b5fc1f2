#include "vm/engine/watch_set.h"

#include <errno.h>
#include <unistd.h>

#include "base/memory.h"

struct host_watch {
    struct watch_set *set;
    int descriptor;
    bool enabled;
    bool armed; /* can be told: from ADD or MOD until it is */
    void (*readable)(void *context);
    void *context;
};

void watch_set_init(struct watch_set *set)
{
    set->descriptor = -1;
    set->told_count = 0;
}

enum bamboo_status watch_set_open(struct watch_set *set, struct bamboo_error *error)
{
    set->descriptor = epoll_create1(EPOLL_CLOEXEC);
    return set->descriptor >= 0
               ? BAMBOO_OK
               : fail_errno(error, BAMBOO_E_IO, errno, "descriptors cannot be watched");
}

void watch_set_close(struct watch_set *set)
{
    if (set->descriptor >= 0) close(set->descriptor);
    set->descriptor = -1;
}

/* Each is told once: what comes to its end with that costs no call to be taken out of the set. */
static bool control(struct host_watch *watch, int operation)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.ptr = watch};
    if (epoll_ctl(watch->set->descriptor, operation, watch->descriptor, &event) != 0) return false;
    watch->armed = operation != EPOLL_CTL_DEL;
    return true;
}

static void tell(const struct epoll_event *told)
{
    struct host_watch *watch = told->data.ptr;
    if (!watch) return;
    watch->armed = false;
    watch->readable(watch->context);
    if (told->data.ptr) control(watch, EPOLL_CTL_MOD); /* is neither destroyed nor disabled */
}

void watch_set_tell(struct watch_set *set)
{
    int count = epoll_wait(set->descriptor, set->told, WATCH_TOLD_MAX, 0);
    set->told_count = count > 0 ? count : 0; /* a failure is found at the next look */
    for (int i = 0; i < set->told_count; i++)
        tell(&set->told[i]);
    set->told_count = 0;
}

enum bamboo_status watch_create(struct watch_set *set, int descriptor,
                                void (*readable)(void *context), void *context,
                                struct host_watch **out, struct bamboo_error *error)
{
    struct host_watch *watch = memory_allocate(sizeof *watch);
    if (!watch) return fail_memory(error);
    *watch = (struct host_watch){.set = set,
                                 .descriptor = descriptor,
                                 .enabled = true,
                                 .readable = readable,
                                 .context = context};
    if (!control(watch, EPOLL_CTL_ADD)) {
        memory_free(watch);
        return fail_errno(error, BAMBOO_E_IO, errno, "a descriptor cannot be watched");
    }
    *out = watch;
    return BAMBOO_OK;
}

/* It may be about to be told. */
static void forget_told(const struct host_watch *watch)
{
    struct watch_set *set = watch->set;
    for (int i = 0; i < set->told_count; i++)
        if (set->told[i].data.ptr == watch) set->told[i].data.ptr = NULL;
}

/* Taken out and put in again: a descriptor whose other end is closed tells of that whatever it is
 * asked for. */
void host_watch_enable(struct host_watch *watch, bool enabled)
{
    if (!watch || watch->enabled == enabled) return;
    if (!enabled) forget_told(watch);
    /* Without memory of the kernel it stays silent: the end of the process still tells. */
    watch->enabled = control(watch, enabled ? EPOLL_CTL_ADD : EPOLL_CTL_DEL) == enabled;
}

void host_watch_destroy(struct host_watch *watch)
{
    if (!watch) return;
    forget_told(watch);
    /* A copy of the descriptor in a process that is just being forked can outlive the caller's. */
    if (watch->armed) control(watch, EPOLL_CTL_DEL);
    memory_free(watch);
}
