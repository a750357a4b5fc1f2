#include "cli/follow.h"

#include <stdlib.h>
#include <string.h>

#include "cli/characters.h"
#include "cli/clock.h"
#include "cli/exit_code.h"
#include "cli/memory.h"
#include "cli/screen.h"

#define NAME_COLUMNS 24
#define LINE_COLUMNS 100 /* of what is said about a node on its line */

struct follower {
    struct bamboo_engine *engine; /* that tells it, or NULL */
    enum progress progress;
    struct pen pen;
    struct scene scene;
    struct screen *screen;
    bool waits;  /* for callbacks and operators */
    bool starts; /* the run is being started: that it is there is news */
};

enum progress progress_choice(const struct invocation *invocation, const struct pen *pen)
{
    int choice = option_choice(invocation, OPTION_PROGRESS, PROGRESS_AUTO);
    if (choice != PROGRESS_AUTO) return (enum progress)choice;
    const char *terminal = getenv("TERM");
    bool can_draw = pen->is_terminal && terminal && strcmp(terminal, "dumb") != 0;
    return can_draw ? PROGRESS_TTY : PROGRESS_PLAIN;
}

int follower_open(const struct invocation *invocation, FILE *file, struct follower **out)
{
    struct follower *follower = NULL;
    size_t capacity = 0;
    struct pen pen = pen_create(file, color_choice(invocation));
    if (!grow((void **)&follower, &capacity, 1, sizeof *follower)) {
        complain("out of memory");
        return EXIT_INTERNAL;
    }
    follower->pen = pen;
    follower->progress = progress_choice(invocation, &pen);
    follower->scene.look = LOOK_RUNNING;
    follower->waits = option_given(invocation, OPTION_WAIT);
    follower->scene.began = clock_now();
    pthread_mutex_init(&follower->scene.lock, NULL);
    if (follower->progress == PROGRESS_JSON) print_stream_header(stdout, "events");
    if (follower->progress == PROGRESS_TTY)
        follower->screen = screen_open(&follower->pen, &follower->scene);
    /* A picture is not worth failing for. */
    if (follower->progress == PROGRESS_TTY && !follower->screen)
        follower->progress = PROGRESS_PLAIN;
    *out = follower;
    return EXIT_FINISHED;
}

enum progress follower_progress(const struct follower *follower)
{
    return follower->progress;
}

void follower_observe(struct follower *follower, struct bamboo_engine *engine)
{
    /* Events are not even made when nobody wants them. */
    if (follower->progress == PROGRESS_NONE) return;
    follower->engine = engine;
    bamboo_engine_observe(engine, follower_tell, follower);
}

void follower_close(struct follower *follower)
{
    if (!follower) return;
    /* After a second signal the engine may have something to tell until it is closed. */
    if (follower->engine) bamboo_engine_observe(follower->engine, NULL, NULL);
    screen_close(follower->screen);
    fflush(follower->pen.file);
    rows_release(&follower->scene.rows);
    pthread_mutex_destroy(&follower->scene.lock);
    free(follower);
}

/* --- Lines --- */

/* Why the node failed; "" if it did not. */
static const char *failure_of(struct bamboo_value node)
{
    return map_text(map_at(node, "outputs"), "ex_data");
}

/* The end of a node's line: how long it took, and what it said last. */
static void print_detail(const struct follower *follower, struct bamboo_value event,
                         const struct row *row)
{
    FILE *file = follower->pen.file;
    char text[CLOCK_TEXT_SIZE];
    size_t size = 0;
    const char *line = "";
    if (row->look != LOOK_RUNNING) line = tail_last_line(&row->tail, &size);
    if (row->archived && row->started)
        fprintf(file, " %7s", clock_elapsed(row->archived - row->started, text));
    if (row->look == LOOK_FAILED || row->look == LOOK_RETRYING || row->look == LOOK_IGNORED) {
        line = failure_of(event);
        size = strlen(line);
    }
    if (size) fputs("  ", file);
    print_fitted(file, line, size, LINE_COLUMNS);
    if (row->wake_at && (row->look == LOOK_SLEEPING || row->look == LOOK_RETRYING))
        fprintf(file, "  until %s", clock_time(row->wake_at, text));
}

static void print_line_start(const struct follower *follower, int64_t time, enum look look,
                             const char *word)
{
    const struct pen *pen = &follower->pen;
    char text[CLOCK_TEXT_SIZE];
    pen_print(pen, STYLE_DIM, "%s", clock_time(time, text));
    fprintf(pen->file, " %s%s %-*s%s ", pen_on(pen, look_style(look)), look_symbol(pen, look),
            LOOK_COLUMNS, word, pen_off(pen, look_style(look)));
}

static void print_node(const struct follower *follower, struct bamboo_value event,
                       const struct row *row)
{
    FILE *file = follower->pen.file;
    const char *label = row_label(row);
    print_line_start(follower, map_integer(event, "time"), row->look, look_word(row->look));
    bool has_detail = row->archived || row->wake_at || row->look == LOOK_FAILED;
    if (has_detail)
        print_column(file, label, NAME_COLUMNS);
    else
        print_escaped(file, label, strlen(label), false);
    print_detail(follower, event, row);
    putc('\n', file);
    if (row->look == LOOK_FAILED) tail_print(&row->tail, &follower->pen);
    /* Where nobody else does, the result of the run will say it. */
    if (row->look == LOOK_WAITING && (follower->waits || map_integer(event, "deadline"))) {
        fprintf(file, "    bamboo callback %s ", follower->scene.run);
        print_escaped(file, row->path, strlen(row->path), false);
        fputs(" --data '{}'\n", file);
    }
    fflush(file);
}

/* Who did what to the run or a node of it, and why. */
static void print_operation(const struct follower *follower, struct bamboo_value event,
                            const char *what)
{
    const struct pen *pen = &follower->pen;
    const char *node = node_label(event), *actor = map_text(event, "actor");
    const char *reason = map_text(event, "reason");
    print_line_start(follower, map_integer(event, "time"), LOOK_READY, what);
    print_escaped(pen->file, node, strlen(node), false);
    if (map_flag(event, "automatic")) actor = "policy";
    if (*actor) {
        fprintf(pen->file, "%sby ", *node ? "  " : "");
        print_escaped(pen->file, actor, strlen(actor), false);
    }
    if (*reason) {
        fputs(": ", pen->file);
        print_escaped(pen->file, reason, strlen(reason), false);
    }
    putc('\n', pen->file);
    fflush(pen->file);
}

/* --- Events --- */

static const struct operation_word {
    const char *type, *word;
} OPERATIONS[] = {
    {"run-paused", "paused"},          {"run-resumed", "resumed"},
    {"run-revoked", "revoked"},        {"node-paused", "paused"},
    {"node-resumed", "resumed"},       {"node-retried", "retried"},
    {"rollback-started", "back to"},   {"jumped-back", "back to"},
    {"rollback-reserved", "reserved"}, {"rollback-cancelled", "cancelled"},
    {"node-skipped", "skip"},          {"node-force-failed", "fail"},
    {"node-called-back", "answered"},
};

/* The word for a control operation; NULL if the event is none. */
static const char *operation_word(const char *type)
{
    for (size_t i = 0; i < sizeof OPERATIONS / sizeof OPERATIONS[0]; i++)
        if (strcmp(OPERATIONS[i].type, type) == 0) return OPERATIONS[i].word;
    return NULL;
}

/* The end of a pipeline is told of its end event: the subprocess around it is done then. */
static struct row *finish_subprocess(struct follower *follower, struct bamboo_value event)
{
    char path[4096];
    snprintf(path, sizeof path, "%s", map_text(event, "node"));
    char *slash = strrchr(path, '/');
    if (!slash) return NULL;
    *slash = '\0';
    struct row *row = rows_find(&follower->scene.rows, path);
    if (!row) return NULL;
    row->look = LOOK_FINISHED;
    row->archived = map_integer(event, "time");
    return row;
}

static void tell_node(struct follower *follower, struct bamboo_value event, const char *type)
{
    struct row *row = rows_get(&follower->scene.rows, map_text(event, "node"));
    if (!row) return;
    enum look before = row->look;
    if (map_flag(event, "enters")) {
        row_begin_attempt(row, map_integer(event, "version"));
        before = LOOK_NOT_REACHED;
    }
    row_update(row, event);
    if (strcmp(type, "pipeline-finished") == 0) {
        row = finish_subprocess(follower, event);
        before = LOOK_NOT_REACHED;
    }
    if (follower->progress != PROGRESS_PLAIN || !row || !row->is_interesting) return;
    if (operation_word(type) && row->look != LOOK_FAILED) return; /* its line says it all */
    bool says_something = row->look != LOOK_READY && row->look != LOOK_NOT_REACHED;
    if (row->look != before && says_something) print_node(follower, event, row);
}

void follower_announce(const struct follower *follower, const char *what)
{
    if (follower->progress != PROGRESS_PLAIN) return;
    pen_print(&follower->pen, STYLE_BOLD, "run %s", follower->scene.run);
    fprintf(follower->pen.file, " %s\n", what);
}

static void tell_run(struct follower *follower, struct bamboo_value event, const char *type)
{
    struct scene *scene = &follower->scene;
    scene->look = look_of_settled(map_text(event, "state"));
    if (strcmp(type, "run-created") != 0) return;
    scene->began = map_integer(event, "time");
    if (follower->starts) follower_announce(follower, "started");
}

static void tell_log(struct follower *follower, struct bamboo_value event)
{
    /* A watcher may see output before the event that began the execution. */
    struct row *row = rows_get(&follower->scene.rows, map_text(event, "node"));
    if (!row) return;
    row_begin_attempt(row, map_integer(event, "attempt"));
    tail_add(&row->tail, map_at(event, "text"));
}

static void tell(struct follower *follower, struct bamboo_value event)
{
    const char *type = map_text(event, "type");
    struct scene *scene = &follower->scene;
    if (!scene->run[0]) snprintf(scene->run, sizeof scene->run, "%s", map_text(event, "run"));
    if (strcmp(type, "log") == 0) {
        tell_log(follower, event);
        return;
    }
    if (strcmp(type, "stopping") == 0) {
        scene->is_stopping = map_flag(event, "waits");
        if (scene->is_stopping && follower->progress == PROGRESS_PLAIN)
            complain("stopping: running activities end first; Ctrl-C again stops at once");
        return;
    }
    const char *operation = operation_word(type);
    bool is_told = strcmp(type, "node-retried") == 0 && map_flag(event, "automatic");
    if (operation && !is_told && follower->progress == PROGRESS_PLAIN)
        print_operation(follower, event, operation);
    if (*map_text(event, "node"))
        tell_node(follower, event, type);
    else
        tell_run(follower, event, type);
    const char *run_state = map_text(event, "run_state");
    if (*run_state) scene->look = look_of_settled(run_state);
}

void follower_tell(void *context, struct bamboo_value event)
{
    struct follower *follower = context;
    if (follower->progress == PROGRESS_JSON) {
        print_json(stdout, event, 0);
        fflush(stdout);
        return;
    }
    if (follower->progress == PROGRESS_NONE) return;
    pthread_mutex_lock(&follower->scene.lock);
    tell(follower, event);
    pthread_mutex_unlock(&follower->scene.lock);
}

void follower_start(struct follower *follower, const char *run, const char *flow)
{
    struct scene *scene = &follower->scene;
    pthread_mutex_lock(&scene->lock);
    snprintf(scene->run, sizeof scene->run, "%s", run);
    snprintf(scene->flow, sizeof scene->flow, "%s", flow);
    follower->starts = true;
    pthread_mutex_unlock(&scene->lock);
}

void follower_begin_with(struct follower *follower, struct bamboo_value shown)
{
    struct scene *scene = &follower->scene;
    struct bamboo_value nodes = map_at(shown, "nodes");
    pthread_mutex_lock(&scene->lock);
    snprintf(scene->run, sizeof scene->run, "%s", map_text(shown, "id"));
    snprintf(scene->flow, sizeof scene->flow, "%s", map_text(shown, "flow"));
    scene->began = map_integer(shown, "created");
    scene->look = look_of_settled(map_text(shown, "state"));
    size_t count = nodes.type == BAMBOO_LIST ? bamboo_list_count(nodes) : 0;
    for (size_t i = 0; i < count; i++) {
        struct bamboo_value node = bamboo_list_at(nodes, i);
        if (!*map_text(node, "state")) continue;
        struct row *row = rows_get(&scene->rows, map_text(node, "node"));
        if (row) row_update(row, node);
    }
    pthread_mutex_unlock(&scene->lock);
}
