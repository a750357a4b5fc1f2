/* The events of a run, or of all, as they become durable. */
#include <stdio.h>
#include <string.h>

#include "cli/clock.h"
#include "cli/command.h"
#include "cli/event_line.h"
#include "cli/session.h"

/* What is followed: one run up to its end, or the stream of all. */
struct source {
    struct session session;
    char run[BAMBOO_RUN_ID_SIZE]; /* "": all */
    uint64_t after;               /* of one run: the last event that was told */
    bool has_ended;
    struct bamboo_event_stream *stream; /* of all */
    struct event_lines lines;
};

static void print_event_of_run(void *context, struct bamboo_value event)
{
    struct source *source = context;
    source->after = (uint64_t)map_integer(event, "sequence");
    const char *state = map_text(event, "run_state");
    if (strcmp(map_text(event, "type"), "run-revoked") == 0) state = "revoked";
    source->has_ended |= strcmp(state, "finished") == 0 || strcmp(state, "revoked") == 0;
    event_lines_print(&source->lines, event);
}

static int open_source(struct source *source, const struct invocation *invocation)
{
    struct bamboo_error error;
    const char *run = operand(invocation, 0);
    if (!run) {
        return bamboo_event_stream_open(source->session.engine, &source->stream, &error) ==
                       BAMBOO_OK
                   ? EXIT_FINISHED
                   : complain_error(&error);
    }
    return session_find_run(&source->session, run, source->run);
}

static int print_new(struct source *source)
{
    struct bamboo_error error;
    enum bamboo_status status =
        source->stream
            ? bamboo_event_stream_read(source->stream, event_lines_print, &source->lines, &error)
            : bamboo_events(source->session.engine, source->run, source->after, print_event_of_run,
                            source, &error);
    fflush(stdout);
    return status == BAMBOO_OK ? EXIT_FINISHED : complain_error(&error);
}

static int check_usage(const struct invocation *invocation)
{
    bool has_run = operand(invocation, 0) != NULL;
    if (has_run != option_given(invocation, OPTION_ALL_RUNS)) return EXIT_FINISHED;
    complain(has_run ? "events: either RUN or --all" : "events: which run? Name one, or say --all");
    return EXIT_USAGE;
}

int events_command(const struct invocation *invocation)
{
    struct source source = {.lines = {.pen = standard_output(invocation),
                                      .json = option_given(invocation, OPTION_JSON),
                                      .with_run = option_given(invocation, OPTION_ALL_RUNS)}};
    int code = check_usage(invocation);
    if (code == EXIT_FINISHED) code = session_open(&source.session, invocation, SESSION_LOOKS);
    if (code == EXIT_FINISHED) code = open_source(&source, invocation);
    if (code == EXIT_FINISHED && source.lines.json) print_stream_header(stdout, "events");
    while (code == EXIT_FINISHED) {
        code = print_new(&source);
        if (!option_given(invocation, OPTION_FOLLOW) || source.has_ended || ferror(stdout)) break;
        clock_sleep(POLL_INTERVAL_MS);
    }
    bamboo_event_stream_close(source.stream);
    session_close(&source.session);
    return code;
}
