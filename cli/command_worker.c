#include <string.h>

#include "cli/characters.h"
#include "cli/clock.h"
#include "cli/command.h"
#include "cli/follow.h"
#include "cli/look.h"

struct worker {
    enum progress progress;
    struct pen pen;
};

/* A worker has many runs: what a person wants to see is how they end, and what fails. */
static void print_event(const struct worker *worker, struct bamboo_value event)
{
    const char *type = map_text(event, "type"), *node = node_label(event);
    const char *run_state = map_text(event, "run_state");
    enum look look = *node ? look_of_node(event) : look_of_settled(map_text(event, "state"));
    char time[CLOCK_TEXT_SIZE];
    if (*run_state)
        look = look_of_settled(run_state);
    else if (strcmp(type, "log") == 0 || strcmp(type, "stopping") == 0 ||
             (*node && look != LOOK_FAILED))
        return;
    const struct pen *pen = &worker->pen;
    const char *why = map_text(map_at(event, "outputs"), "ex_data");
    pen_print(pen, STYLE_DIM, "%s", clock_time(map_integer(event, "time"), time));
    fprintf(pen->file, " %s%s %-*s%s run %s ", pen_on(pen, look_style(look)),
            look_symbol(pen, look), LOOK_COLUMNS, look_word(look), pen_off(pen, look_style(look)),
            map_text(event, "run"));
    if (look == LOOK_FAILED) {
        print_escaped(pen->file, node, strlen(node), false);
        fputs(*why ? ": " : "", pen->file);
        print_escaped(pen->file, why, strlen(why), false);
    }
    putc('\n', pen->file);
}

static void observe(void *context, struct bamboo_value event)
{
    const struct worker *worker = context;
    if (worker->progress == PROGRESS_JSON)
        print_json(worker->pen.file, event, 0);
    else
        print_event(worker, event);
    fflush(worker->pen.file);
}

int worker_command(const struct invocation *invocation)
{
    struct session session = {0};
    struct bamboo_error error;
    struct worker worker = {.pen = standard_output(invocation)};
    worker.progress = progress_choice(invocation, &worker.pen);
    int code = session_open(&session, invocation, SESSION_EXECUTES);
    if (code == EXIT_FINISHED) {
        if (worker.progress == PROGRESS_JSON) print_stream_header(stdout, "events");
        if (worker.progress != PROGRESS_NONE)
            bamboo_engine_observe(session.engine, observe, &worker);
        enum bamboo_status status =
            bamboo_engine_loop(session.engine, BAMBOO_UNTIL_STOPPED, &error);
        /* To be interrupted is how a worker ends. */
        if (status != BAMBOO_OK && status != BAMBOO_E_INTERRUPTED) code = complain_error(&error);
    }
    session_close(&session);
    return code;
}
