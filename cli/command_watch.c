/* Following a run that another process executes: its journal and its output are read from the store
 * again and again. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <poll.h>
#include <unistd.h>

#include "cli/clock.h"
#include "cli/command.h"
#include "cli/look.h"
#include "cli/result.h"

struct watch {
    struct follower *follower;
    uint64_t sequence, log; /* of what was told last */
};

static void tell_event(void *context, struct bamboo_value event)
{
    struct watch *watch = context;
    watch->sequence = (uint64_t)map_integer(event, "sequence");
    follower_tell(watch->follower, event);
}

/* A log of the store is told as the observer of an engine would be. */
static void tell_log(void *context, struct bamboo_value log)
{
    struct watch *watch = context;
    struct bamboo_map_builder map;
    struct bamboo_value event;
    watch->log = (uint64_t)map_integer(log, "number");
    bamboo_map_builder_init(&map);
    for (size_t i = 0; i < bamboo_map_count(log); i++)
        bamboo_map_builder_put_take(&map, bamboo_map_key_at(log, i),
                                    bamboo_value_retain(bamboo_map_value_at(log, i)));
    bamboo_map_builder_set_text(&map, "type", "log");
    if (bamboo_map_builder_finish(&map, &event, NULL) != BAMBOO_OK) return;
    follower_tell(watch->follower, event);
    bamboo_value_release(event);
}

/* Nothing more will come: it has ended, waits for an operator, or nobody carries it on. */
static bool is_over(struct bamboo_value shown)
{
    const char *settled = map_text(shown, "settled");
    if (strcmp(settled, "waiting") == 0 || strcmp(settled, "suspended") == 0)
        return !map_flag(shown, "owner_alive");
    return strcmp(settled, "moving") != 0;
}

/* Tells what is new. *over says whether that was all. */
static enum bamboo_status look(const struct session *session, const char *run, struct watch *watch,
                               bool *over, struct bamboo_error *error)
{
    struct bamboo_value shown;
    /* What `shown` says is not newer than what is told after it. */
    enum bamboo_status status = bamboo_show(session->engine, run, &shown, error);
    if (status != BAMBOO_OK) return status;
    *over = is_over(shown);
    bamboo_value_release(shown);
    status = bamboo_logs(session->engine, run, NULL, watch->log, tell_log, watch, error);
    if (status == BAMBOO_OK)
        status = bamboo_events(session->engine, run, watch->sequence, tell_event, watch, error);
    return status;
}

/* SIGINT and SIGTERM, to be read instead of what they do else. -1: they do that. */
static int catch_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (pthread_sigmask(SIG_BLOCK, &signals, NULL) != 0) return -1;
    int descriptor = signalfd(-1, &signals, SFD_CLOEXEC);
    if (descriptor < 0) pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
    return descriptor;
}

/* Waits for the next look; false: a signal came first. */
static bool wait_for_next(int signals)
{
    struct pollfd watched = {.fd = signals, .events = POLLIN};
    return poll(&watched, 1, POLL_INTERVAL_MS) <= 0;
}

static int watch_run(const struct session *session, const char *run)
{
    struct watch watch = {0};
    struct bamboo_error error;
    int signals = catch_signals();
    int code = follower_open(session->invocation, stdout, &watch.follower);
    if (code != EXIT_FINISHED) return code;
    enum progress progress = follower_progress(watch.follower);
    bool over = false, interrupted = false;
    enum bamboo_status status = BAMBOO_OK;
    while (status == BAMBOO_OK && !over && !interrupted) {
        status = look(session, run, &watch, &over, &error);
        if (status == BAMBOO_OK && !over) interrupted = !wait_for_next(signals);
    }
    follower_close(watch.follower);
    if (signals >= 0) close(signals);
    if (interrupted) return EXIT_INTERRUPTED; /* the run goes on without a watcher */
    if (status != BAMBOO_OK) return complain_error(&error);
    return result_print(session, run, progress);
}

int watch_command(const struct invocation *invocation)
{
    struct session session = {0};
    char run[BAMBOO_RUN_ID_SIZE];
    int code = session_open(&session, invocation, SESSION_LOOKS);
    if (code == EXIT_FINISHED) code = session_find_run(&session, operand(invocation, 0), run);
    if (code == EXIT_FINISHED) code = watch_run(&session, run);
    session_close(&session);
    return code;
}
