/* The process is made before the engine is: threads, locks and database handles do not survive a
 * fork. What the child has to say comes back through a pipe. */
#include "cli/detach.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/exit_code.h"

/* What the child reports, once. Both ends are the same program. */
struct report {
    int code; /* EXIT_FINISHED: the run exists */
    char run[BAMBOO_RUN_ID_SIZE];
    struct bamboo_error error; /* else this, unless its status is OK: then it was told already */
};

static bool write_report(int descriptor, const struct report *report)
{
    const char *at = (const char *)report;
    size_t left = sizeof *report;
    while (left > 0) {
        ssize_t written = write(descriptor, at, left);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        at += written;
        left -= (size_t)written;
    }
    return true;
}

static bool read_report(int descriptor, struct report *report)
{
    char *at = (char *)report;
    size_t left = sizeof *report;
    while (left > 0) {
        ssize_t got = read(descriptor, at, left);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        at += got;
        left -= (size_t)got;
    }
    return true;
}

/* Standard error stays until the run exists, so that complaints are seen. */
static bool leave_terminal(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0) return false;
    close(null);
    return setsid() >= 0;
}

static enum bamboo_status start(struct session *session, const struct bamboo_flow *flow,
                                const struct start *how, struct report *report)
{
    enum bamboo_status status = bamboo_start(session->engine, flow, how->parameters, &how->options,
                                             report->run, &report->error);
    if (status == BAMBOO_OK) status = bamboo_engine_flush(session->engine, &report->error);
    if (status != BAMBOO_OK) report->code = bamboo_status_exit(status);
    return status;
}

/* The background process; returns its exit code. */
static int execute(struct session *session, const struct bamboo_flow *flow, const struct start *how,
                   int descriptor)
{
    struct report report = {.code = EXIT_STORE};
    struct bamboo_error error;
    if (!leave_terminal())
        complain("cannot go into the background: %s", strerror(errno));
    else
        report.code = session_open(session, session->invocation, SESSION_EXECUTES);
    bool started = report.code == EXIT_FINISHED && start(session, flow, how, &report) == BAMBOO_OK;
    /* Whoever waits for standard error to be closed must not wait for the run. */
    if (dup2(STDOUT_FILENO, STDERR_FILENO) < 0) close(STDERR_FILENO);
    if (!write_report(descriptor, &report)) started = false; /* nobody knows of the run */
    close(descriptor);
    if (!started) return report.code;
    return bamboo_status_exit(bamboo_engine_loop(session->engine, BAMBOO_UNTIL_ENDED, &error));
}

/* The command's own process: waits for the report. */
static int await(const struct invocation *invocation, int descriptor, pid_t child)
{
    struct report report;
    bool complete = read_report(descriptor, &report);
    close(descriptor);
    if (!complete) {
        int status;
        waitpid(child, &status, 0);
        complain("the background process has died before it started the run");
        return EXIT_INTERNAL;
    }
    if (report.code == EXIT_FINISHED) {
        bool json = option_given(invocation, OPTION_JSON);
        printf(json ? "{\"type\": \"started\", \"id\": \"%s\"}\n" : "%s\n", report.run);
        return EXIT_FINISHED;
    }
    return report.error.status == BAMBOO_OK ? report.code : start_complain(&report.error);
}

int detach_run(struct session *session, const struct bamboo_flow *flow, const struct start *how)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        complain("a pipe cannot be made: %s", strerror(errno));
        return EXIT_STORE;
    }
    fflush(NULL);
    pid_t child = fork();
    if (child > 0) {
        close(ends[1]);
        return await(session->invocation, ends[0], child);
    }
    if (child < 0) complain("a process cannot be made: %s", strerror(errno));
    close(ends[0]);
    int code = child == 0 ? execute(session, flow, how, ends[1]) : EXIT_STORE;
    if (child < 0) close(ends[1]);
    return code;
}
