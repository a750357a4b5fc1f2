/* Making a child: everything between the options and a running process. Standard input is a file in
 * memory, so that nobody has to feed a pipe and no SIGPIPE can come back. */
#include "vm/engine/child.h"
#include "vm/engine/child_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

extern char **environ;

/* Descriptors of both sides while a child is made; -1: none. */
struct spawn_descriptors {
    int input;                /* written for this child, or the host's null device */
    int output[2], errors[2]; /* read end, write end */
};

static void close_descriptor(int *descriptor)
{
    if (*descriptor >= 0) close(*descriptor);
    *descriptor = -1;
}

static void close_all(struct spawn_descriptors *descriptors, bool owns_input)
{
    if (owns_input) close_descriptor(&descriptors->input);
    for (int i = 0; i < 2; i++) {
        close_descriptor(&descriptors->output[i]);
        close_descriptor(&descriptors->errors[i]);
    }
}

static enum bamboo_status write_input(int file, const char *bytes, size_t size,
                                      struct bamboo_error *error)
{
    while (size > 0) {
        ssize_t written = write(file, bytes, size);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0)
            return fail_errno(error, BAMBOO_E_IO, errno, "standard input cannot be prepared");
        bytes += written;
        size -= (size_t)written;
    }
    if (lseek(file, 0, SEEK_SET) != 0)
        return fail_errno(error, BAMBOO_E_IO, errno, "standard input cannot be prepared");
    return BAMBOO_OK;
}

static enum bamboo_status open_input(struct host *host, const struct child_options *options,
                                     int *file, struct bamboo_error *error)
{
    if (!options->input) return host_null_device(host, file, error);
    *file = memfd_create("bamboo input", MFD_CLOEXEC);
    if (*file < 0)
        return fail_errno(error, BAMBOO_E_IO, errno, "standard input cannot be prepared");
    return write_input(*file, options->input, options->input_size, error);
}

static enum bamboo_status open_output(int ends[2], struct bamboo_error *error)
{
    if (pipe2(ends, O_CLOEXEC) != 0) {
        ends[0] = ends[1] = -1;
        return fail_errno(error, BAMBOO_E_IO, errno, "a pipe for output cannot be made");
    }
    if (fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0)
        return fail_errno(error, BAMBOO_E_IO, errno, "a pipe for output cannot be made");
    return BAMBOO_OK;
}

/* The sentence for a program that cannot be started: ENOENT may mean the directory. */
static enum bamboo_status fail_start(const struct child_options *options, int number,
                                     struct bamboo_error *error)
{
    const char *program = options->argv[0];
    struct stat about;
    if (options->directory && stat(options->directory, &about) != 0)
        return fail_errno(error, BAMBOO_E_IO, errno, "the directory '%s'", options->directory);
    if (options->directory && !S_ISDIR(about.st_mode))
        return fail(error, BAMBOO_E_IO, "'%s' is not a directory", options->directory);
    switch (number) {
    case ENOENT: return fail(error, BAMBOO_E_IO, "the program '%s' was not found", program);
    case EACCES:
        return fail(error, BAMBOO_E_IO, "the program '%s' may not be executed: %s", program,
                    strerror(number));
    case ENOEXEC:
        return fail(error, BAMBOO_E_IO,
                    "'%s' is no program that can be executed (a script begins with #!)", program);
    case E2BIG:
        return fail(error, BAMBOO_E_IO,
                    "the program '%s' was given more arguments and environment than the system "
                    "allows; pass long texts through standard input",
                    program);
    default: return fail_errno(error, BAMBOO_E_IO, number, "the program '%s'", program);
    }
}

static int prepare_actions(posix_spawn_file_actions_t *actions,
                           const struct spawn_descriptors *descriptors, const char *directory)
{
    int number = posix_spawn_file_actions_adddup2(actions, descriptors->input, STDIN_FILENO);
    if (!number)
        number = posix_spawn_file_actions_adddup2(actions, descriptors->output[1], STDOUT_FILENO);
    if (!number)
        number = posix_spawn_file_actions_adddup2(actions, descriptors->errors[1], STDERR_FILENO);
    if (!number) number = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
    if (!number && directory) number = posix_spawn_file_actions_addchdir_np(actions, directory);
    return number;
}

/* A group of its own, no blocked signal, and each signal does what it does by default: an ignored
 * SIGPIPE or a blocked SIGTERM of this process must not become the child's. */
static int prepare_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setpgroup(attributes, 0);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &all);
    return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                    POSIX_SPAWN_SETSIGDEF);
}

/* Where the program was last found, or wherever it is now. posix_spawn() promises not to change
 * what it is given. */
static int spawn_program(const struct child_options *options,
                         const posix_spawn_file_actions_t *actions,
                         const posix_spawnattr_t *attributes, pid_t *pid)
{
    char *const *argv = (char *const *)(uintptr_t)options->argv;
    char *const *environment = (char *const *)(uintptr_t)options->environment;
    if (options->program &&
        posix_spawn(pid, options->program, actions, attributes, argv, environment) == 0)
        return 0;
    return posix_spawnp(pid, options->argv[0], actions, attributes, argv, environment);
}

static int spawn(const struct child_options *options, const struct spawn_descriptors *descriptors,
                 pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int number = posix_spawn_file_actions_init(&actions);
    if (number) return number;
    number = posix_spawnattr_init(&attributes);
    if (!number) {
        number = prepare_actions(&actions, descriptors, options->directory);
        if (!number) number = prepare_attributes(&attributes);
        if (!number) number = spawn_program(options, &actions, &attributes, pid);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return number;
}

enum bamboo_status child_spawn(struct host *host, const struct child_options *options,
                               struct child_ends *out, struct bamboo_error *error)
{
    struct spawn_descriptors descriptors = {-1, {-1, -1}, {-1, -1}};
    enum bamboo_status status;
    int number;

    if ((status = open_input(host, options, &descriptors.input, error)) != BAMBOO_OK) goto done;
    if ((status = open_output(descriptors.output, error)) != BAMBOO_OK) goto done;
    if ((status = open_output(descriptors.errors, error)) != BAMBOO_OK) goto done;
    if ((number = spawn(options, &descriptors, &out->pid)) != 0) {
        status = fail_start(options, number, error);
        goto done;
    }
    if ((out->process = child_watch_open(out->pid)) < 0) {
        status = fail_errno(error, BAMBOO_E_IO, errno, "the process cannot be watched");
        kill(-out->pid, SIGKILL);
        while (waitpid(out->pid, NULL, 0) < 0 && errno == EINTR) {
        }
        goto done;
    }
    out->output = descriptors.output[0];
    out->errors = descriptors.errors[0];
    descriptors.output[0] = descriptors.errors[0] = -1; /* now the caller's */
done:
    close_all(&descriptors, options->input != NULL);
    return status;
}

/* --- Environments --- */

static size_t count_of(const char *const *list)
{
    size_t count = 0;
    while (list && list[count])
        count++;
    return count;
}

/* Puts an entry over one of the same name, or at the end. */
static void put(const char **entries, size_t *count, const char *entry)
{
    size_t name = strcspn(entry, "=");
    for (size_t i = 0; i < *count; i++)
        if (entries[i][0] == entry[0] && strncmp(entries[i], entry, name) == 0 &&
            entries[i][name] == '=') {
            entries[i] = entry;
            return;
        }
    entries[(*count)++] = entry;
}

enum bamboo_status child_environment(const char *const *first, const char *const *second,
                                     const char ***out, struct bamboo_error *error)
{
    size_t count = count_of((const char *const *)environ);
    const char **entries =
        memory_allocate((count + count_of(first) + count_of(second) + 1) * sizeof *entries);
    if (!entries) return fail_memory(error);
    for (size_t i = 0; i < count; i++)
        entries[i] = environ[i];
    for (; first && *first; first++)
        put(entries, &count, *first);
    for (; second && *second; second++)
        put(entries, &count, *second);
    entries[count] = NULL;
    *out = entries;
    return BAMBOO_OK;
}
