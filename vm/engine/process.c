/* A child while it lives. */
#include "vm/engine/process.h"

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

struct process_stream {
    struct process *process;
    enum bamboo_stream kind;
    int descriptor; /* -1: at its end */
    struct host_watch *watch;
    struct text captured;
    size_t capture_size;
    bool truncated;
    char rest[UTF8_SIZE_MAX]; /* the beginning of a sequence that a piece ended in */
    size_t rest_size;
};

enum process_phase {
    PROCESS_RUNNING,
    PROCESS_TERMINATING, /* its group got SIGTERM; the timer sends SIGKILL */
    PROCESS_LINGERING,   /* is gone after SIGTERM, others of its group may be at work; not waited
                            for yet, so that the group's number stays its own */
    PROCESS_DRAINING,    /* was waited for; the timer closes what is still open */
};

struct process {
    struct host *host;
    struct process_events events;
    void *context;
    enum process_phase phase;
    pid_t pid;
    int descriptor; /* pidfd; -1: waited for */
    struct host_watch *watch;
    struct host_timer *timer; /* or NULL: not needed yet */
    struct process_stream output, errors;
    struct bamboo_process_result result;
};

/* --- Output --- */

static void capture(struct process_stream *stream, const char *bytes, size_t size)
{
    size_t space = stream->capture_size - stream->captured.size;
    if (size > space) {
        stream->truncated = true;
        size = space;
    }
    if (size > 0) text_append(&stream->captured, bytes, size);
    if (stream->captured.failed) stream->truncated = true;
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

static void tell_output(struct process_stream *stream, const char *bytes, size_t size)
{
    if (size == 0) return;
    capture(stream, bytes, size);
    stream->process->events.output(stream->process->context, stream->kind, bytes, size);
}

static void close_stream(struct process_stream *stream)
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
static void read_stream(struct process_stream *stream, unsigned pieces)
{
    char buffer[UTF8_SIZE_MAX + READ_SIZE];
    while (pieces-- > 0 && stream->descriptor >= 0) {
        memcpy(buffer, stream->rest, stream->rest_size);
        ssize_t count = read(stream->descriptor, buffer + stream->rest_size, READ_SIZE);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0) {
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

static bool output_is_closed(const struct process *process)
{
    return process->output.descriptor < 0 && process->errors.descriptor < 0;
}

static void tell_end(struct process *process)
{
    struct bamboo_process_result *result = &process->result;
    host_timer_destroy(process->timer);
    process->timer = NULL;
    result->output = text_string(&process->output.captured);
    result->output_size = process->output.captured.size;
    result->output_truncated = process->output.truncated;
    result->error = text_string(&process->errors.captured);
    result->error_size = process->errors.captured.size;
    result->error_truncated = process->errors.truncated;
    process->events.ended(process->context, result);
}

/* To the group; the process is not waited for yet, so that its number is still its own. */
static void signal_group(const struct process *process, int number)
{
    if (process->descriptor >= 0) kill(-process->pid, number);
}

static void reap(struct process *process)
{
    siginfo_t about = {0};
    int result;
    do
        result = waitid(P_PIDFD, (id_t)process->descriptor, &about, WEXITED);
    while (result < 0 && errno == EINTR);
    host_watch_destroy(process->watch);
    process->watch = NULL;
    close(process->descriptor);
    process->descriptor = -1;
    if (result == 0 && about.si_code == CLD_EXITED) {
        process->result.exit_code = about.si_status;
    } else {
        /* Somebody else's wait() may have taken the status away: then it counts as killed. */
        process->result.signal = result == 0 ? about.si_status : SIGKILL;
        process->result.exit_code = 128 + process->result.signal;
    }
}

static void timer_expired(void *context);

/* The timer of a process, made when it is first needed. Without memory for it, what it would do is
 * done at once. */
static void start_timer(struct process *process, int64_t delay_ms)
{
    if (!process->timer && host_timer_create(process->host, timer_expired, process, &process->timer,
                                             NULL) != BAMBOO_OK)
        timer_expired(process);
    else
        host_timer_start(process->timer, delay_ms);
}

/* The process is gone. What it wrote is in the pipes; whatever comes later is from others. */
static void drain(struct process *process)
{
    if (process->phase != PROCESS_RUNNING) signal_group(process, SIGKILL); /* the rest of it */
    reap(process);
    process->phase = PROCESS_DRAINING;
    process_read_output(process, true);
    read_stream(&process->output, READ_COUNT_MAX);
    read_stream(&process->errors, READ_COUNT_MAX);
    if (output_is_closed(process))
        tell_end(process);
    else
        start_timer(process, PROCESS_DRAIN_MS);
}

static void process_gone(void *context)
{
    struct process *process = context;
    if (process->phase == PROCESS_TERMINATING && !output_is_closed(process)) {
        host_watch_enable(process->watch, false);
        process->phase = PROCESS_LINGERING;
    } else {
        drain(process);
    }
}

static void stream_readable(void *context)
{
    struct process_stream *stream = context;
    struct process *process = stream->process;
    read_stream(stream, READ_COUNT_MAX);
    if (!output_is_closed(process)) return;
    if (process->phase == PROCESS_LINGERING)
        drain(process);
    else if (process->phase == PROCESS_DRAINING)
        tell_end(process);
}

static void timer_expired(void *context)
{
    struct process *process = context;
    switch (process->phase) {
    case PROCESS_RUNNING:
    case PROCESS_TERMINATING: process_kill(process); break;
    case PROCESS_LINGERING: drain(process); break;
    case PROCESS_DRAINING:
        close_stream(&process->output);
        close_stream(&process->errors);
        tell_end(process);
        break;
    }
}

/* --- From outside --- */

static enum bamboo_status watch_stream(struct process *process, struct process_stream *stream,
                                       enum bamboo_stream kind, int descriptor, size_t capture_size,
                                       struct bamboo_error *error)
{
    stream->process = process;
    stream->kind = kind;
    stream->descriptor = descriptor;
    stream->capture_size = capture_size;
    return host_watch_create(process->host, descriptor, stream_readable, stream, &stream->watch,
                             error);
}

enum bamboo_status process_start(struct host *host, const struct process_options *options,
                                 const struct process_events *events, void *context,
                                 struct process **out, struct bamboo_error *error)
{
    struct process *process = memory_allocate_zeroed(1, sizeof *process);
    if (!process) return fail_memory(error);
    process->host = host;
    process->events = *events;
    process->context = context;
    struct process_ends ends;
    enum bamboo_status status = process_spawn(options, &ends, error);
    if (status != BAMBOO_OK) {
        memory_free(process);
        return status;
    }
    process->pid = ends.pid;
    process->descriptor = ends.process;
    process->errors.descriptor = ends.errors; /* to be closed, whatever happens */
    status = watch_stream(process, &process->output, BAMBOO_STREAM_OUTPUT, ends.output,
                          options->capture_size, error);
    if (status == BAMBOO_OK)
        status = watch_stream(process, &process->errors, BAMBOO_STREAM_ERROR, ends.errors,
                              options->capture_size, error);
    if (status == BAMBOO_OK)
        status =
            host_watch_create(host, ends.process, process_gone, process, &process->watch, error);
    if (status != BAMBOO_OK) {
        process_destroy(process);
        return status;
    }
    *out = process;
    return BAMBOO_OK;
}

void process_terminate(struct process *process)
{
    if (process->phase != PROCESS_RUNNING) return;
    process->phase = PROCESS_TERMINATING;
    signal_group(process, SIGTERM);
    start_timer(process, PROCESS_GRACE_MS);
}

void process_kill(struct process *process)
{
    signal_group(process, SIGKILL);
}

void process_read_output(struct process *process, bool reading)
{
    host_watch_enable(process->output.watch, reading);
    host_watch_enable(process->errors.watch, reading);
}

static void stream_release(struct process_stream *stream)
{
    host_watch_destroy(stream->watch);
    if (stream->descriptor >= 0) close(stream->descriptor);
    text_release(&stream->captured);
}

void process_destroy(struct process *process)
{
    if (!process) return;
    if (process->descriptor >= 0) {
        process_kill(process);
        reap(process);
    }
    host_timer_destroy(process->timer);
    stream_release(&process->output);
    stream_release(&process->errors);
    memory_free(process);
}
