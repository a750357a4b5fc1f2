/* The host on a libuv loop. Handles are freed in their close callbacks, as libuv wants it. */
#include "vm/engine/host.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "base/memory.h"
#include "vm/engine/watch_set.h"

static const int SIGNALS[] = {SIGINT, SIGTERM, SIGHUP};
#define SIGNAL_COUNT     (sizeof SIGNALS / sizeof *SIGNALS)
#define LOOP_DESCRIPTORS 6 /* an epoll, two pipes, an eventfd */

struct host {
    uv_loop_t loop;
    uv_async_t wake;
    uv_timer_t timeout; /* ends host_wait() */
    uv_fs_event_t file;
    struct watch_set watches;
    uv_poll_t poll; /* of the set */
    uv_signal_t signals[SIGNAL_COUNT];
    bool has_file, has_signals, has_poll;
    int null_device; /* -1: not opened yet */
    void (*changed)(void *context);
    void *changed_context;
    void (*arrived)(void *context, int number);
    void *arrived_context;
};

static enum bamboo_status fail_uv(struct bamboo_error *error, int result, const char *what)
{
    if (result == UV_ENOMEM) return fail_memory(error);
    return fail(error, BAMBOO_E_IO, "%s: %s", what, uv_strerror(result));
}

static void nothing_async(uv_async_t *handle)
{
    (void)handle; /* host_wait() ends, that is all */
}

static void nothing_timer(uv_timer_t *handle)
{
    (void)handle;
}

/* libuv ends the program where it cannot have the pipe of its signals: are there descriptors for
 * that, and for the rest that a loop needs? */
static bool has_descriptors(void)
{
    int descriptors[LOOP_DESCRIPTORS], count = 0;
    while (count < LOOP_DESCRIPTORS && (descriptors[count] = eventfd(0, EFD_CLOEXEC)) >= 0)
        count++;
    for (int i = 0; i < count; i++)
        close(descriptors[i]);
    return count == LOOP_DESCRIPTORS;
}

enum bamboo_status host_create(struct host **out, struct bamboo_error *error)
{
    if (!has_descriptors())
        return fail(error, BAMBOO_E_IO, "the event loop cannot be made: %s", strerror(errno));
    struct host *host = memory_allocate_zeroed(1, sizeof *host);
    if (!host) return fail_memory(error);
    watch_set_init(&host->watches);
    host->null_device = -1;
    int result = uv_loop_init(&host->loop);
    if (result < 0) {
        memory_free(host);
        return fail_uv(error, result, "the event loop cannot be made");
    }
    result = uv_async_init(&host->loop, &host->wake, nothing_async);
    if (result < 0) {
        uv_loop_close(&host->loop);
        memory_free(host);
        return fail_uv(error, result, "the event loop cannot be made");
    }
    uv_timer_init(&host->loop, &host->timeout);
    *out = host;
    return BAMBOO_OK;
}

void host_destroy(struct host *host)
{
    if (!host) return;
    for (size_t i = 0; i < SIGNAL_COUNT && host->has_signals; i++)
        uv_close((uv_handle_t *)&host->signals[i], NULL);
    if (host->has_file) uv_close((uv_handle_t *)&host->file, NULL);
    if (host->has_poll) uv_close((uv_handle_t *)&host->poll, NULL);
    uv_close((uv_handle_t *)&host->timeout, NULL);
    uv_close((uv_handle_t *)&host->wake, NULL);
    uv_run(&host->loop, UV_RUN_DEFAULT); /* the close callbacks */
    int result = uv_loop_close(&host->loop);
    assert(result == 0);
    (void)result;
    watch_set_close(&host->watches);
    if (host->null_device >= 0) close(host->null_device);
    memory_free(host);
}

int64_t host_wall_ms(const struct host *host)
{
    (void)host;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t host_monotonic_ns(const struct host *host)
{
    (void)host;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void host_wait(struct host *host, int64_t timeout_ms)
{
    bool has_told = watch_set_prepare(&host->watches);
    if (has_told || timeout_ms <= 0) {
        uv_run(&host->loop, UV_RUN_NOWAIT);
        return;
    }
    uv_update_time(&host->loop);
    /* Repeated: libuv looks at its timers before it waits, and a short one may be over by then. */
    uv_timer_start(&host->timeout, nothing_timer, (uint64_t)timeout_ms, (uint64_t)timeout_ms);
    uv_run(&host->loop, UV_RUN_ONCE);
    uv_timer_stop(&host->timeout);
}

void host_wake(struct host *host)
{
    uv_async_send(&host->wake);
}

/* --- Descriptors --- */

static void set_told(uv_poll_t *handle, int status, int events)
{
    (void)status, (void)events; /* an error is found by reading */
    struct host *host = handle->data;
    watch_set_tell(&host->watches);
}

/* The set is made when it is first needed: most programs start no process. */
static enum bamboo_status open_watches(struct host *host, struct bamboo_error *error)
{
    if (host->has_poll) return BAMBOO_OK;
    enum bamboo_status status = watch_set_open(&host->watches, error);
    if (status != BAMBOO_OK) return status;
    int result = uv_poll_init(&host->loop, &host->poll, host->watches.descriptor);
    if (result == 0) {
        host->poll.data = host;
        host->has_poll = true;
        result = uv_poll_start(&host->poll, UV_READABLE, set_told);
        if (result == 0) return BAMBOO_OK;
    }
    if (!host->has_poll) watch_set_close(&host->watches);
    return fail_uv(error, result, "descriptors cannot be watched");
}

enum bamboo_status host_watch_create(struct host *host, int descriptor,
                                     void (*readable)(void *context), void *context,
                                     struct host_watch **out, struct bamboo_error *error)
{
    enum bamboo_status status = open_watches(host, error);
    if (status != BAMBOO_OK) return status;
    return watch_create(&host->watches, descriptor, readable, context, false, out, error);
}

enum bamboo_status host_watch_create_later(struct host *host, int descriptor,
                                           void (*readable)(void *context), void *context,
                                           struct host_watch **out, struct bamboo_error *error)
{
    enum bamboo_status status = open_watches(host, error);
    if (status != BAMBOO_OK) return status;
    return watch_create(&host->watches, descriptor, readable, context, true, out, error);
}

enum bamboo_status host_null_device(struct host *host, int *descriptor, struct bamboo_error *error)
{
    if (host->null_device < 0) host->null_device = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (host->null_device < 0)
        return fail_errno(error, BAMBOO_E_IO, errno, "/dev/null cannot be opened");
    *descriptor = host->null_device;
    return BAMBOO_OK;
}

static void free_data(uv_handle_t *handle)
{
    memory_free(handle->data);
}

/* --- Timers --- */

struct host_timer {
    uv_timer_t handle;
    void (*expired)(void *context);
    void *context;
};

enum bamboo_status host_timer_create(struct host *host, void (*expired)(void *context),
                                     void *context, struct host_timer **out,
                                     struct bamboo_error *error)
{
    struct host_timer *timer = memory_allocate(sizeof *timer);
    if (!timer) return fail_memory(error);
    uv_timer_init(&host->loop, &timer->handle);
    timer->handle.data = timer;
    timer->expired = expired;
    timer->context = context;
    *out = timer;
    return BAMBOO_OK;
}

static void timer_told(uv_timer_t *handle)
{
    struct host_timer *timer = handle->data;
    timer->expired(timer->context);
}

void host_timer_start(struct host_timer *timer, int64_t delay_ms)
{
    uv_update_time(timer->handle.loop);
    uv_timer_start(&timer->handle, timer_told, delay_ms > 0 ? (uint64_t)delay_ms : 0, 0);
}

void host_timer_destroy(struct host_timer *timer)
{
    if (timer) uv_close((uv_handle_t *)&timer->handle, free_data);
}

/* --- Files and signals --- */

static void file_told(uv_fs_event_t *handle, const char *name, int events, int status)
{
    (void)name, (void)events, (void)status;
    struct host *host = handle->data;
    host->changed(host->changed_context);
}

enum bamboo_status host_watch_file(struct host *host, const char *path,
                                   void (*changed)(void *context), void *context,
                                   struct bamboo_error *error)
{
    host->changed = changed;
    host->changed_context = context;
    if (!host->has_file) uv_fs_event_init(&host->loop, &host->file);
    host->file.data = host;
    host->has_file = true;
    assert(!uv_is_active((const uv_handle_t *)&host->file));
    int result = uv_fs_event_start(&host->file, file_told, path, 0);
    return result < 0 ? fail_uv(error, result, path) : BAMBOO_OK;
}

static void signal_told(uv_signal_t *handle, int number)
{
    struct host *host = handle->data;
    host->arrived(host->arrived_context, number);
}

/* nohup has SIGHUP ignored: that is to stay so. An ignored SIGINT is what a shell gives to any
 * program in the background, and means nothing. */
static bool is_wanted(int number)
{
    struct sigaction action;
    return number != SIGHUP || sigaction(number, NULL, &action) != 0 ||
           action.sa_handler != SIG_IGN;
}

enum bamboo_status host_watch_signals(struct host *host, void (*arrived)(void *context, int number),
                                      void *context, struct bamboo_error *error)
{
    host->arrived = arrived;
    host->arrived_context = context;
    int result = 0;
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        if (!host->has_signals) uv_signal_init(&host->loop, &host->signals[i]);
        host->signals[i].data = host;
        if (result == 0 && is_wanted(SIGNALS[i]))
            result = uv_signal_start(&host->signals[i], signal_told, SIGNALS[i]);
    }
    host->has_signals = true;
    return result < 0 ? fail_uv(error, result, "signals cannot be watched") : BAMBOO_OK;
}

void host_ignore_signals(struct host *host)
{
    for (size_t i = 0; i < SIGNAL_COUNT && host->has_signals; i++)
        uv_signal_stop(&host->signals[i]);
}
