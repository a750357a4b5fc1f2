/* The host functions of vm/engine/host.h, and its commits, in the simulated world. Nothing really
 * waits here: time goes on when somebody would wait. */
#include "vm/engine/host.h"

#include <string.h>
#include <sys/random.h>

#include "base/memory.h"
#include "tests/simulate/world.h"
#include "vm/engine/commit_thread.h"

struct host {
    struct machine *machine;
    int64_t commit_done_ns; /* its thread wakes the engine; 0: there is none under way */
    struct host_timer *timers;
};

static struct machine *new_hosts_machine;

void host_belongs_to(struct machine *machine)
{
    new_hosts_machine = machine;
}

/* Identifiers come from the seed, too. */
ssize_t getrandom(void *buffer, size_t size, unsigned flags)
{
    uint8_t *bytes = buffer;
    (void)flags;
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)draw(the_world, 256);
    return (ssize_t)size;
}

enum bamboo_status host_create(struct host **out, struct bamboo_error *error)
{
    *out = memory_allocate_zeroed(1, sizeof **out);
    if (!*out) return fail_memory(error);
    (*out)->machine = new_hosts_machine;
    return BAMBOO_OK;
}

void host_destroy(struct host *host)
{
    memory_free(host);
}

int64_t host_wall_ms(const struct host *host)
{
    return world_now_ms(the_world) + host->machine->clock_offset_ms;
}

/* Looking at the clock takes a little time, so that slices of time end; on a slow machine before
 * each run had its turn, so that the others go on while a batch is on its way to the disk. */
int64_t host_monotonic_ns(const struct host *host)
{
    (void)host;
    return the_world->monotonic_ns += the_world->look_ns;
}

/* --- Timers --- */

struct host_timer {
    struct host *host;
    void (*expired)(void *context);
    void *context;
    int64_t due_ns; /* 0: stopped */
    struct host_timer *next;
};

enum bamboo_status host_timer_create(struct host *host, void (*expired)(void *context),
                                     void *context, struct host_timer **out,
                                     struct bamboo_error *error)
{
    struct host_timer *timer = memory_allocate_zeroed(1, sizeof *timer);
    if (!timer) return fail_memory(error);
    *timer = (struct host_timer){
        .host = host, .expired = expired, .context = context, .next = host->timers};
    host->timers = *out = timer;
    return BAMBOO_OK;
}

void host_timer_start(struct host_timer *timer, int64_t delay_ms)
{
    timer->due_ns = the_world->monotonic_ns + delay_ms * NS_PER_MS + 1;
}

void host_timer_destroy(struct host_timer *timer)
{
    if (!timer) return;
    struct host_timer **at = &timer->host->timers;
    while (*at != timer)
        at = &(*at)->next;
    *at = timer->next;
    memory_free(timer);
}

static struct host_timer *due_timer(const struct host *host)
{
    for (struct host_timer *timer = host->timers; timer; timer = timer->next)
        if (timer->due_ns > 0 && timer->due_ns <= the_world->monotonic_ns) return timer;
    return NULL;
}

/* The simulator decides how long it was. In a calm world, where nothing else may help, the machine
 * is only heard of again when something wakes it: the timeout, a timer, its commit. */
void host_wait(struct host *host, int64_t timeout_ms)
{
    int64_t until = the_world->monotonic_ns + timeout_ms * NS_PER_MS;
    for (struct host_timer *timer; (timer = due_timer(host));) {
        timer->due_ns = 0;
        timer->expired(timer->context);
        until = 0;
    }
    for (const struct host_timer *timer = host->timers; timer; timer = timer->next)
        if (timer->due_ns > 0 && timer->due_ns < until) until = timer->due_ns;
    if (host->commit_done_ns > 0 && host->commit_done_ns < until) until = host->commit_done_ns;
    host->machine->sleeps_until_ns = until;
}

void host_wake(struct host *host)
{
    host->machine->sleeps_until_ns = 0;
}

/* --- What is not there: descriptors, files, signals --- */

enum bamboo_status host_watch_create(struct host *host, int descriptor, void (*readable)(void *),
                                     void *context, struct host_watch **out,
                                     struct bamboo_error *error)
{
    (void)host, (void)descriptor, (void)readable, (void)context;
    *out = NULL;
    return fail(error, BAMBOO_E_IO, "there are no descriptors in a simulation");
}

enum bamboo_status host_watch_create_later(struct host *host, int descriptor,
                                           void (*readable)(void *), void *context,
                                           struct host_watch **out, struct bamboo_error *error)
{
    return host_watch_create(host, descriptor, readable, context, out, error);
}

void host_watch_enable(struct host_watch *watch, bool enabled)
{
    (void)watch, (void)enabled;
}

void host_watch_destroy(struct host_watch *watch)
{
    (void)watch;
}

enum bamboo_status host_null_device(struct host *host, int *descriptor, struct bamboo_error *error)
{
    (void)host, (void)descriptor;
    return fail(error, BAMBOO_E_IO, "there are no descriptors in a simulation");
}

enum bamboo_status host_watch_file(struct host *host, const char *path, void (*changed)(void *),
                                   void *context, struct bamboo_error *error)
{
    (void)host, (void)path, (void)changed, (void)context;
    return fail(error, BAMBOO_E_IO, "there are no files in a simulation");
}

enum bamboo_status host_watch_signals(struct host *host, void (*arrived)(void *, int),
                                      void *context, struct bamboo_error *error)
{
    (void)host, (void)arrived, (void)context, (void)error;
    return BAMBOO_OK;
}

void host_ignore_signals(struct host *host)
{
    (void)host;
}

/* --- Commits --- */

struct commit_thread {
    struct store *store;
    struct host *host;
    const struct store_write *writes;
    size_t count;
    bool is_busy, is_written;
    int64_t done_ns; /* when the caller is told */
    size_t refused;
    enum bamboo_status status;
    struct bamboo_error error;
};

enum bamboo_status commit_thread_create(struct store *store, struct host *host,
                                        struct commit_thread **out, struct bamboo_error *error)
{
    *out = memory_allocate_zeroed(1, sizeof **out);
    if (!*out) return fail_memory(error);
    (*out)->store = store;
    (*out)->host = host;
    return BAMBOO_OK;
}

static void write_now(struct commit_thread *thread)
{
    if (thread->is_written) return;
    thread->is_written = true;
    thread->refused = 0;
    thread->status = store_commit(thread->store, thread->writes, thread->count, &thread->refused,
                                  &thread->error);
}

void commit_thread_destroy(struct commit_thread *thread)
{
    if (thread && thread->is_busy) write_now(thread);
    memory_free(thread);
}

void commit_thread_start(struct commit_thread *thread, const struct store_write *writes,
                         size_t count, bool at_once)
{
    struct world *world = the_world;
    thread->writes = writes;
    thread->count = count;
    thread->is_busy = true;
    thread->is_written = false;
    thread->done_ns = world->monotonic_ns + draw(world, 20) * NS_PER_MS;
    if (happens(world, world->faults.slow_commit))
        thread->done_ns += draw(world, 15000) * NS_PER_MS;
    thread->host->commit_done_ns = thread->done_ns;
    /* On the disk early, or as late as it is told. */
    if (at_once || draw(world, 2) == 0) write_now(thread);
    if (at_once && world->monotonic_ns < thread->done_ns) world->monotonic_ns = thread->done_ns;
}

/* Its engine goes on more often than it has to: what it does before it hears of a commit counts. */
bool commit_thread_is_waited_for(const struct commit_thread *thread, bool alone)
{
    (void)thread;
    return alone && draw(the_world, 2);
}

bool commit_thread_is_busy(const struct commit_thread *thread)
{
    return thread->is_busy;
}

bool commit_thread_is_done(struct commit_thread *thread, bool wait)
{
    if (wait && the_world->monotonic_ns < thread->done_ns)
        the_world->monotonic_ns = thread->done_ns;
    if (the_world->monotonic_ns < thread->done_ns) return false;
    write_now(thread);
    return true;
}

enum bamboo_status commit_thread_result(struct commit_thread *thread, size_t *refused,
                                        struct bamboo_error *error)
{
    thread->is_busy = false;
    thread->host->commit_done_ns = 0;
    *refused = thread->refused;
    if (thread->status != BAMBOO_OK) *error = thread->error;
    return thread->status;
}
