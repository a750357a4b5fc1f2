/* A child while it lives. */
#include "vm/engine/child.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

/* Large pieces: a system call and a journal row each. */
#define READ_SIZE (64u << 10)
/* Pieces read before others get their turn. */
#define READ_COUNT_MAX 8
#define UTF8_SIZE_MAX  4

struct child_stream {
    struct child *child;
    enum bamboo_stream kind;
    int descriptor; /* -1: at its end */
    struct host_watch *watch;
    struct text captured;
    size_t capture_size;
    bool truncated;
    char rest[UTF8_SIZE_MAX]; /* the beginning of a sequence that a piece ended in */
    size_t rest_size;
};

enum child_phase {
    CHILD_RUNNING,
    CHILD_TERMINATING, /* its group got SIGTERM; the timer sends SIGKILL */
    CHILD_LINGERING,   /* is gone after SIGTERM, others of its group may be at work; not waited
                            for yet, so that the group's number stays its own */
    CHILD_DRAINING,    /* was waited for; the timer closes what is still open */
};

struct child {
    struct host *host;
    struct child_events events;
    void *context;
    enum child_phase phase;
    pid_t pid;
    int descriptor; /* pidfd; -1: waited for */
    struct host_watch *watch;
    struct host_timer *timer; /* or NULL: not needed yet */
    struct child_stream output, errors;
    struct bamboo_process_result result;
};

/* --- Output --- */

static void capture(struct child_stream *stream, const char *bytes, size_t size)
{
    size_t space = stream->capture_size - stream->captured.size;
    if (size > space) {
        stream->truncated = true;
        size = space;
    }
    if (size > 0) text_append(&stream->captured, bytes, size);
}

/* Bytes at the end that begin a UTF-8 sequence which is not complete; 0 if there are none. */
static size_t incomplete_size(const char *bytes, size_t size)
{
    for (size_t back = 1; back < UTF8_SIZE_MAX && back <= size; back++) {
        unsigned char byte = (unsigned char)bytes[size - back];
        if ((byte & 0xC0) == 0x80) continue;
        size_t needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
        return needed > back ? back : 0;
    }
    return 0;
}

static void tell_output(struct child_stream *stream, const char *bytes, size_t size)
{
    if (size == 0) return;
    capture(stream, bytes, size);
    stream->child->events.output(stream->child->context, stream->kind, bytes, size);
}

static void close_stream(struct child_stream *stream)
{
    if (stream->descriptor < 0) return;
    tell_output(stream, stream->rest, stream->rest_size);
    stream->rest_size = 0;
    host_watch_destroy(stream->watch);
    stream->watch = NULL;
    close(stream->descriptor);
    stream->descriptor = -1;
}

/* Reads up to `pieces` pieces of what is there. */
static void read_stream(struct child_stream *stream, unsigned pieces)
{
    char buffer[UTF8_SIZE_MAX + READ_SIZE];
    while (pieces-- > 0 && stream->descriptor >= 0) {
        memcpy(buffer, stream->rest, stream->rest_size);
        ssize_t count = read(stream->descriptor, buffer + stream->rest_size, READ_SIZE);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0) {
            if (count < 0) stream->child->result.unread = errno;
            close_stream(stream);
            return;
        }
        size_t size = stream->rest_size + (size_t)count;
        stream->rest_size = incomplete_size(buffer, size);
        size -= stream->rest_size;
        memcpy(stream->rest, buffer + size, stream->rest_size);
        tell_output(stream, buffer, size);
    }
}

/* --- The end --- */

static bool output_is_closed(const struct child *child)
{
    return child->output.descriptor < 0 && child->errors.descriptor < 0;
}

static void tell_end(struct child *child)
{
    struct bamboo_process_result *result = &child->result;
    host_timer_destroy(child->timer);
    child->timer = NULL;
    result->output = text_string(&child->output.captured);
    result->output_size = child->output.captured.size;
    result->output_truncated = child->output.truncated;
    result->error = text_string(&child->errors.captured);
    result->error_size = child->errors.captured.size;
    result->error_truncated = child->errors.truncated;
    child->events.ended(child->context, result);
}

/* To the group; the process is not waited for yet, so that its number is still its own. */
static void signal_group(const struct child *child, int number)
{
    if (child->descriptor >= 0) kill(-child->pid, number);
}

static void reap(struct child *child)
{
    siginfo_t about = {0};
    int result;
    do
        result = waitid(P_PID, (id_t)child->pid, &about, WEXITED);
    while (result < 0 && errno == EINTR);
    host_watch_destroy(child->watch);
    child->watch = NULL;
    close(child->descriptor);
    child->descriptor = -1;
    if (result == 0 && about.si_code == CLD_EXITED) {
        child->result.exit_code = about.si_status;
    } else {
        /* Somebody else's wait() may have taken the status away: then it counts as killed. */
        child->result.signal = result == 0 ? about.si_status : SIGKILL;
        child->result.exit_code = 128 + child->result.signal;
    }
}

static void timer_expired(void *context);

/* The timer, made when it is first needed. Without memory for it, what it would do is done at once.
 */
static void start_timer(struct child *child, int64_t delay_ms)
{
    if (!child->timer &&
        host_timer_create(child->host, timer_expired, child, &child->timer, NULL) != BAMBOO_OK)
        timer_expired(child);
    else
        host_timer_start(child->timer, delay_ms);
}

/* The process is gone. What it wrote is in the pipes; whatever comes later is from others. */
static void drain(struct child *child)
{
    if (child->phase != CHILD_RUNNING) signal_group(child, SIGKILL); /* the rest of it */
    reap(child);
    child->phase = CHILD_DRAINING;
    child_read_output(child, true);
    read_stream(&child->output, READ_COUNT_MAX);
    read_stream(&child->errors, READ_COUNT_MAX);
    if (output_is_closed(child))
        tell_end(child);
    else
        start_timer(child, CHILD_DRAIN_MS);
}

static void child_gone(void *context)
{
    struct child *child = context;
    if (child->phase == CHILD_TERMINATING && !output_is_closed(child)) {
        host_watch_enable(child->watch, false);
        child->phase = CHILD_LINGERING;
    } else {
        drain(child);
    }
}

static void stream_readable(void *context)
{
    struct child_stream *stream = context;
    struct child *child = stream->child;
    read_stream(stream, READ_COUNT_MAX);
    if (!output_is_closed(child)) return;
    if (child->phase == CHILD_LINGERING)
        drain(child);
    else if (child->phase == CHILD_DRAINING)
        tell_end(child);
}

static void timer_expired(void *context)
{
    struct child *child = context;
    switch (child->phase) {
    case CHILD_RUNNING:
        child->result.timed_out = true;
        child_terminate(child);
        break;
    case CHILD_TERMINATING: child_kill(child); break;
    case CHILD_LINGERING: drain(child); break;
    case CHILD_DRAINING:
        close_stream(&child->output);
        close_stream(&child->errors);
        tell_end(child);
        break;
    }
}

/* --- From outside --- */

static enum bamboo_status watch_stream(struct child *child, struct child_stream *stream,
                                       enum bamboo_stream kind, int descriptor, size_t capture_size,
                                       struct bamboo_error *error)
{
    stream->child = child;
    stream->kind = kind;
    stream->descriptor = descriptor;
    stream->capture_size = capture_size;
    /* Many a child has ended, and is read to the end, before anybody waits. */
    return host_watch_create_later(child->host, descriptor, stream_readable, stream, &stream->watch,
                                   error);
}

enum bamboo_status child_start(struct host *host, const struct child_options *options,
                               const struct child_events *events, void *context, struct child **out,
                               struct bamboo_error *error)
{
    struct child *child = memory_allocate_zeroed(1, sizeof *child);
    if (!child) return fail_memory(error);
    child->host = host;
    child->events = *events;
    child->context = context;
    struct child_ends ends;
    enum bamboo_status status = child_spawn(host, options, &ends, error);
    if (status != BAMBOO_OK) {
        memory_free(child);
        return status;
    }
    child->pid = ends.pid;
    child->descriptor = ends.process;
    child->errors.descriptor = ends.errors; /* to be closed, whatever happens */
    status = watch_stream(child, &child->output, BAMBOO_STREAM_OUTPUT, ends.output,
                          options->capture_size, error);
    if (status == BAMBOO_OK)
        status = watch_stream(child, &child->errors, BAMBOO_STREAM_ERROR, ends.errors,
                              options->capture_size, error);
    if (status == BAMBOO_OK)
        status = host_watch_create(host, ends.process, child_gone, child, &child->watch, error);
    if (status == BAMBOO_OK && options->timeout_ms > 0)
        status = host_timer_create(host, timer_expired, child, &child->timer, error);
    if (status != BAMBOO_OK) {
        child_destroy(child);
        return status;
    }
    if (child->timer) host_timer_start(child->timer, options->timeout_ms);
    *out = child;
    return BAMBOO_OK;
}

void child_terminate(struct child *child)
{
    if (child->phase != CHILD_RUNNING) return;
    child->phase = CHILD_TERMINATING;
    signal_group(child, SIGTERM);
    start_timer(child, CHILD_GRACE_MS);
}

void child_kill(struct child *child)
{
    signal_group(child, SIGKILL);
}

void child_read_output(struct child *child, bool reading)
{
    host_watch_enable(child->output.watch, reading);
    host_watch_enable(child->errors.watch, reading);
}

bool child_lost_output(const struct child *child)
{
    return child->output.captured.failed || child->errors.captured.failed;
}

static void stream_release(struct child_stream *stream)
{
    host_watch_destroy(stream->watch);
    if (stream->descriptor >= 0) close(stream->descriptor);
    text_release(&stream->captured);
}

void child_destroy(struct child *child)
{
    if (!child) return;
    if (child->descriptor >= 0) {
        child_kill(child);
        reap(child);
    }
    host_timer_destroy(child->timer);
    stream_release(&child->output);
    stream_release(&child->errors);
    memory_free(child);
}
