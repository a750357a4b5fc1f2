#include "vm/engine/watch_set.h"

#include <errno.h>
#include <unistd.h>

#include "base/memory.h"

struct host_watch {
    struct watch_set *set;
    int descriptor;
    bool enabled;
    bool is_inside; /* the kernel's set */
    bool is_armed;  /* can be told: each is told once, and armed again after that */
    void (*readable)(void *context);
    void *context;
    struct host_watch *previous, *next; /* of those that are waiting: enabled and not inside */
};

void watch_set_init(struct watch_set *set)
{
    set->descriptor = -1;
    set->told_count = 0;
    set->waiting = NULL;
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

static void wait_for_turn(struct host_watch *watch)
{
    watch->previous = NULL;
    watch->next = watch->set->waiting;
    if (watch->next) watch->next->previous = watch;
    watch->set->waiting = watch;
}

static bool is_waiting(const struct host_watch *watch)
{
    return watch->enabled && !watch->is_inside;
}

static void stop_waiting(struct host_watch *watch)
{
    if (watch->next) watch->next->previous = watch->previous;
    if (watch->previous)
        watch->previous->next = watch->next;
    else
        watch->set->waiting = watch->next;
}

/* What comes to its end with being told costs no call to be taken out: that is why each is told
 * once. */
static bool control(struct host_watch *watch, int operation)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.ptr = watch};
    if (epoll_ctl(watch->set->descriptor, operation, watch->descriptor, &event) != 0) return false;
    watch->is_inside = watch->is_armed = operation != EPOLL_CTL_DEL;
    return true;
}

static void tell_all(struct watch_set *set)
{
    for (int i = 0; i < set->told_count; i++) {
        struct host_watch *watch = set->told[i].data.ptr;
        if (!watch) continue;
        watch->is_armed = false;
        watch->readable(watch->context);
        /* Is it neither destroyed nor disabled? */
        if (set->told[i].data.ptr && watch->is_inside) control(watch, EPOLL_CTL_MOD);
    }
    set->told_count = 0;
}

bool watch_set_tell(struct watch_set *set)
{
    int count = epoll_wait(set->descriptor, set->told, WATCH_TOLD_MAX, 0);
    set->told_count = count > 0 ? count : 0; /* a failure is found at the next look */
    tell_all(set);
    return count > 0;
}

/* Without memory of the kernel they go on waiting, and are asked instead, some at a time. */
bool watch_set_prepare(struct watch_set *set)
{
    if (!set->waiting) return false;
    bool told = watch_set_tell(set);
    for (struct host_watch *watch = set->waiting, *next; watch; watch = next) {
        next = watch->next;
        if (control(watch, EPOLL_CTL_ADD))
            stop_waiting(watch);
        else if (set->told_count < WATCH_TOLD_MAX)
            set->told[set->told_count++].data.ptr = watch;
    }
    tell_all(set);
    return told;
}

enum bamboo_status watch_create(struct watch_set *set, int descriptor,
                                void (*readable)(void *context), void *context, bool later,
                                struct host_watch **out, struct bamboo_error *error)
{
    struct host_watch *watch = memory_allocate(sizeof *watch);
    if (!watch) return fail_memory(error);
    *watch = (struct host_watch){.set = set,
                                 .descriptor = descriptor,
                                 .enabled = true,
                                 .readable = readable,
                                 .context = context};
    if (later) {
        wait_for_turn(watch);
    } else if (!control(watch, EPOLL_CTL_ADD)) {
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
    if (enabled) {
        wait_for_turn(watch);
    } else if (is_waiting(watch)) {
        stop_waiting(watch);
    } else if (!control(watch, EPOLL_CTL_DEL)) {
        return; /* it goes on telling */
    }
    forget_told(watch);
    watch->enabled = enabled;
}

void host_watch_destroy(struct host_watch *watch)
{
    if (!watch) return;
    forget_told(watch);
    if (is_waiting(watch)) stop_waiting(watch);
    /* A copy of the descriptor in a process that is just being forked can outlive the caller's. */
    if (watch->is_armed) control(watch, EPOLL_CTL_DEL);
    memory_free(watch);
}
