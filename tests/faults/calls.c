#include "tests/faults/calls.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include "tests/faults/call_sites.h"
#include "tests/powerloss/disk.h"

static struct {
    enum call call;
    int error;
    atomic_uint_fast64_t n; /* 0: none */
    uint64_t stack;         /* of the site whose first call is the n-th, or 0 */
    bool from_then_on;
    atomic_uint_fast64_t counts[CALL_COUNT];
    atomic_bool has_failed;
    struct call_sites *sites; /* are noted, or NULL */
    unsigned depth;           /* of a site */
} armed;

uint64_t calls_counted(enum call call)
{
    return atomic_load(&armed.counts[call]);
}

bool calls_have_failed(void)
{
    return atomic_load(&armed.has_failed);
}

static bool is_told_to_fail(enum call call, uint64_t count, uint64_t stack)
{
    uint64_t n = atomic_load(&armed.n), none = 0;
    if (call != armed.call) return false;
    if (n == 0) /* does the first from the site become the n-th? */
        return stack && stack == armed.stack &&
               atomic_compare_exchange_strong(&armed.n, &none, count);
    return armed.from_then_on ? count >= n : count == n;
}

/* The error that this call has, or 0. */
static int decide(enum call call)
{
    uint64_t count = atomic_fetch_add(&armed.counts[call], 1) + 1;
    /* Asked for in one place, which is a part of it. */
    bool asks = armed.sites || (armed.stack && call == armed.call && atomic_load(&armed.n) == 0);
    uint64_t stack = asks ? call_stack(armed.depth) : 0;
    if (armed.sites) call_sites_add(armed.sites, call, stack);
    if (!armed.error || !is_told_to_fail(call, count, stack)) return 0;
    atomic_store(&armed.has_failed, true);
    return armed.error;
}

static int decide_disk(enum disk_call call)
{
    static const enum call CALLS[] = {
        [DISK_OPEN] = CALL_disk_open,         [DISK_READ] = CALL_disk_read,
        [DISK_WRITE] = CALL_disk_write,       [DISK_SYNC] = CALL_disk_sync,
        [DISK_TRUNCATE] = CALL_disk_truncate, [DISK_LOCK] = CALL_disk_lock,
        [DISK_SHM_MAP] = CALL_disk_shm_map};
    return decide(CALLS[call]);
}

static void arm(enum call call, int error, uint64_t n, uint64_t stack, bool from_then_on)
{
    for (int i = 0; i < CALL_COUNT; i++)
        atomic_store(&armed.counts[i], 0);
    armed.call = call;
    armed.error = error;
    atomic_store(&armed.n, n);
    atomic_store(&armed.has_failed, false);
    armed.stack = stack;
    armed.from_then_on = from_then_on;
    disk_ask(decide_disk);
}

void calls_arm(enum call call, int error, uint64_t n, bool from_then_on)
{
    arm(call, error, n, 0, from_then_on);
}

void calls_arm_site(const struct call_site *site, int error, bool from_then_on)
{
    arm(site->call, error, 0, site->stack, from_then_on);
}

void calls_note_sites(struct call_sites *sites)
{
    armed.sites = sites;
}

/* True, with errno, if the call fails. */
static bool fails(enum call call)
{
    int error = decide(call);
    if (error) errno = error;
    return error != 0;
}

/* --- In the place of the real ones --- */

#define REPLACE(result, name, failure, parameters, arguments) \
    result __real_##name parameters; \
    result __wrap_##name parameters; \
    result __wrap_##name parameters \
    { \
        if (fails(CALL_##name)) return failure; \
        return __real_##name arguments; \
    }
/* Those that give the error as their result. */
#define REPLACE_DIRECT(name, parameters, arguments) \
    int __real_##name parameters; \
    int __wrap_##name parameters; \
    int __wrap_##name parameters \
    { \
        int error = decide(CALL_##name); \
        return error ? error : __real_##name arguments; \
    }

/* The half of it, but not nothing. */
static size_t size_of(enum call call, size_t size, bool *has_failed)
{
    int error = decide(call);
    *has_failed = error != 0 && error != CALL_SHORT;
    if (*has_failed) errno = error;
    return error == CALL_SHORT && size > 1 ? size / 2 : size;
}

#define REPLACE_TRANSFER(name, parameters, bytes) \
    ssize_t __real_##name parameters; \
    ssize_t __wrap_##name parameters; \
    ssize_t __wrap_##name parameters \
    { \
        bool has_failed; \
        size_t part = size_of(CALL_##name, size, &has_failed); \
        return has_failed ? -1 : __real_##name(file, bytes, part); \
    }

REPLACE_TRANSFER(read, (int file, void *bytes, size_t size), bytes)
REPLACE_TRANSFER(write, (int file, const void *bytes, size_t size), bytes)
REPLACE(off_t, lseek, -1, (int file, off_t offset, int whence), (file, offset, whence))
REPLACE(int, access, -1, (const char *path, int mode), (path, mode))
REPLACE(int, faccessat, -1, (int folder, const char *path, int mode, int flags),
        (folder, path, mode, flags))
REPLACE(int, gethostname, -1, (char *out, size_t size), (out, size))
REPLACE(locale_t, newlocale, (locale_t)0, (int mask, const char *name, locale_t base),
        (mask, name, base))
REPLACE(int, stat, -1, (const char *path, struct stat *out), (path, out))
REPLACE(int, futimens, -1, (int file, const struct timespec times[2]), (file, times))
REPLACE(int, rename, -1, (const char *from, const char *to), (from, to))
REPLACE(int, unlink, -1, (const char *path), (path))
REPLACE(int, fsync, -1, (int file), (file))
REPLACE(int, fchmod, -1, (int file, mode_t mode), (file, mode))
REPLACE(char *, realpath, NULL, (const char *path, char *out), (path, out))
REPLACE(int, eventfd, -1, (unsigned count, int flags), (count, flags))
REPLACE(int, sigaction, -1, (int number, const struct sigaction *to, struct sigaction *from),
        (number, to, from))
REPLACE(int, getrlimit, -1, (__rlimit_resource_t what, struct rlimit *out), (what, out))
REPLACE(pid_t, fork, -1, (void), ())
REPLACE(pid_t, waitpid, -1, (pid_t pid, int *status, int options), (pid, status, options))
REPLACE(int, dup2, -1, (int file, int as), (file, as))
REPLACE(pid_t, setsid, -1, (void), ())
REPLACE(int, signalfd, -1, (int file, const sigset_t *signals, int flags), (file, signals, flags))
REPLACE(int, poll, -1, (struct pollfd * files, nfds_t count, int timeout), (files, count, timeout))
REPLACE(char *, getcwd, NULL, (char *out, size_t size), (out, size))
REPLACE(int, nanosleep, -1, (const struct timespec *span, struct timespec *left), (span, left))
REPLACE(void *, reallocarray, NULL, (void *memory, size_t count, size_t size),
        (memory, count, size))
REPLACE(FILE *, open_memstream, NULL, (char **bytes, size_t *size), (bytes, size))
REPLACE(int, memfd_create, -1, (const char *name, unsigned flags), (name, flags))
REPLACE(int, kill, -1, (pid_t pid, int number), (pid, number))
REPLACE(int, epoll_wait, -1, (int set, struct epoll_event *events, int count, int timeout),
        (set, events, count, timeout))
REPLACE(void *, dlsym, NULL, (void *object, const char *name), (object, name))
REPLACE(int, mkdir, -1, (const char *path, mode_t mode), (path, mode))
REPLACE(int, pipe2, -1, (int ends[2], int flags), (ends, flags))
REPLACE(int, pidfd_open, -1, (pid_t pid, unsigned flags), (pid, flags))
REPLACE(int, waitid, -1, (idtype_t type, id_t id, siginfo_t *info, int options),
        (type, id, info, options))
REPLACE(int, epoll_create1, -1, (int flags), (flags))
REPLACE(int, epoll_ctl, -1, (int set, int operation, int file, struct epoll_event *event),
        (set, operation, file, event))
REPLACE(ssize_t, getrandom, -1, (void *bytes, size_t size, unsigned flags), (bytes, size, flags))
REPLACE(void *, malloc, NULL, (size_t size), (size))
REPLACE(void *, calloc, NULL, (size_t count, size_t size), (count, size))
REPLACE(void *, realloc, NULL, (void *memory, size_t size), (memory, size))
REPLACE_DIRECT(pthread_create,
               (pthread_t * thread, const pthread_attr_t *attributes, void *(*start)(void *),
                void *context),
               (thread, attributes, start, context))
REPLACE_DIRECT(getpwuid_r,
               (uid_t user, struct passwd *out, char *buffer, size_t size, struct passwd **found),
               (user, out, buffer, size, found))
REPLACE_DIRECT(posix_spawn,
               (pid_t * pid, const char *path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *attributes, char *const *arguments,
                char *const *environment),
               (pid, path, actions, attributes, arguments, environment))
REPLACE_DIRECT(posix_spawnp,
               (pid_t * pid, const char *file, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *attributes, char *const *arguments,
                char *const *environment),
               (pid, file, actions, attributes, arguments, environment))
REPLACE_DIRECT(posix_spawn_file_actions_init, (posix_spawn_file_actions_t * actions), (actions))
REPLACE_DIRECT(posix_spawn_file_actions_adddup2,
               (posix_spawn_file_actions_t * actions, int file, int as), (actions, file, as))
REPLACE_DIRECT(posix_spawn_file_actions_addclosefrom_np,
               (posix_spawn_file_actions_t * actions, int from), (actions, from))
REPLACE_DIRECT(posix_spawn_file_actions_addchdir_np,
               (posix_spawn_file_actions_t * actions, const char *path), (actions, path))
REPLACE_DIRECT(posix_spawnattr_init, (posix_spawnattr_t * attributes), (attributes))
REPLACE_DIRECT(uv_loop_init, (uv_loop_t * loop), (loop))
REPLACE_DIRECT(uv_poll_init, (uv_loop_t * loop, uv_poll_t *poll, int file), (loop, poll, file))
REPLACE_DIRECT(uv_poll_start, (uv_poll_t * poll, int events, uv_poll_cb called),
               (poll, events, called))
REPLACE_DIRECT(uv_signal_start, (uv_signal_t * handle, uv_signal_cb called, int number),
               (handle, called, number))
REPLACE_DIRECT(uv_async_init, (uv_loop_t * loop, uv_async_t *async, uv_async_cb called),
               (loop, async, called))
REPLACE_DIRECT(uv_fs_event_start,
               (uv_fs_event_t * event, uv_fs_event_cb called, const char *path, unsigned flags),
               (event, called, path, flags))

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return fails(CALL_open) ? -1 : __real_open(path, flags, mode);
}

int __real_fcntl(int file, int command, ...);
int __wrap_fcntl(int file, int command, ...);
int __wrap_fcntl(int file, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return fails(CALL_fcntl) ? -1 : __real_fcntl(file, command, argument);
}

int __real_ioctl(int file, unsigned long request, ...);
int __wrap_ioctl(int file, unsigned long request, ...);
int __wrap_ioctl(int file, unsigned long request, ...)
{
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return fails(CALL_ioctl) ? -1 : __real_ioctl(file, request, argument);
}

/* With as many arguments as the product gives it. */
long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);
long __wrap_syscall(long number, ...)
{
    va_list arguments;
    va_start(arguments, number);
    long first = va_arg(arguments, long);
    void *second = va_arg(arguments, void *);
    long third = va_arg(arguments, long), fourth = va_arg(arguments, long);
    va_end(arguments);
    return fails(CALL_syscall) ? -1 : __real_syscall(number, first, second, third, fourth);
}

/* It is closed all the same, as Linux does it. */
int __real_close(int file);
int __wrap_close(int file);
int __wrap_close(int file)
{
    int result = __real_close(file);
    return fails(CALL_close) ? -1 : result;
}

/* A real failure, so that dlerror() says something. */
void *__real_dlopen(const char *path, int flags);
void *__wrap_dlopen(const char *path, int flags);
void *__wrap_dlopen(const char *path, int flags)
{
    return __real_dlopen(fails(CALL_dlopen) ? "/no/such/plugin" : path, flags);
}

/* --- The standard streams --- */

/* In whole, as the C library does it for a file. */
static ssize_t write_stream(void *file, const char *bytes, size_t size)
{
    size_t done = 0;
    if (fails(CALL_stdio_output)) return 0; /* what a stream takes for a failure */
    while (done < size) {
        ssize_t written = __real_write((int)(intptr_t)file, bytes + done, size - done);
        if (written <= 0) break;
        done += (size_t)written;
    }
    return (ssize_t)done;
}

static ssize_t read_stream(void *file, char *bytes, size_t size)
{
    bool has_failed;
    size_t part = size_of(CALL_stdio_input, size, &has_failed);
    return has_failed ? -1 : __real_read((int)(intptr_t)file, bytes, part);
}

static FILE *stream_over(int file, const char *mode)
{
    cookie_io_functions_t functions = {.read = read_stream, .write = write_stream};
    FILE *stream = fopencookie((void *)(intptr_t)file, mode, functions);
    if (!stream) _exit(2);
    return stream;
}

void calls_take_streams(void)
{
    stdin = stream_over(STDIN_FILENO, "r");
    stdout = stream_over(STDOUT_FILENO, "w");
    stderr = stream_over(STDERR_FILENO, "w");
    setvbuf(stderr, NULL, _IONBF, 0);
}

int __real_fileno(FILE *stream);
int __wrap_fileno(FILE *stream);
int __wrap_fileno(FILE *stream)
{
    if (stream == stdin) return STDIN_FILENO;
    if (stream == stdout) return STDOUT_FILENO;
    return stream == stderr ? STDERR_FILENO : __real_fileno(stream);
}

/* --- SQLite's memory --- */

static sqlite3_mem_methods real_memory;

static void *allocate(int size)
{
    return decide(CALL_disk_memory) ? NULL : real_memory.xMalloc(size);
}

static void *resize(void *memory, int size)
{
    return decide(CALL_disk_memory) ? NULL : real_memory.xRealloc(memory, size);
}

void calls_install(unsigned depth)
{
    armed.depth = depth;
    /* libuv ends the process when it cannot resize. */
    uv_replace_allocator(__wrap_malloc, __real_realloc, __wrap_calloc, free);
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory);
    sqlite3_mem_methods ours = real_memory;
    ours.xMalloc = allocate;
    ours.xRealloc = resize;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
    disk_install();
}
