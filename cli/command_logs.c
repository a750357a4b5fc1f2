#include <string.h>

#include "cli/characters.h"
#include "cli/clock.h"
#include "cli/command.h"
#include "cli/look.h"
#include "cli/node_reference.h"

struct logs {
    struct pen pen;
    bool json;
    bool with_names;    /* output of several nodes: each line says whose it is */
    const char *within; /* path of a subprocess: only of nodes inside; NULL: of all */
    uint64_t last;      /* number of the last piece */
    char node[512];     /* whose line is not at its end yet; "": nobody's */
};

/* What goes to a terminal must not steer it; what goes to a file is kept as it was. */
static void print_bytes(const struct logs *logs, const char *bytes, size_t size)
{
    if (logs->pen.is_terminal)
        print_escaped(logs->pen.file, bytes, size, true);
    else
        fwrite(bytes, 1, size, logs->pen.file);
}

/* Prints output with the node's name before each line. Lines of different nodes do not mix. */
static void print_named(struct logs *logs, const char *node, const char *bytes, size_t size)
{
    const struct pen *pen = &logs->pen;
    if (logs->node[0] && strcmp(logs->node, node) != 0) {
        putc('\n', pen->file);
        logs->node[0] = '\0';
    }
    while (size > 0) {
        const char *newline = memchr(bytes, '\n', size);
        size_t line = newline ? (size_t)(newline - bytes) + 1 : size;
        if (!logs->node[0]) {
            fputs(pen_on(pen, STYLE_CYAN), pen->file);
            print_escaped(pen->file, node, strlen(node), false);
            fprintf(pen->file, "%s | ", pen_off(pen, STYLE_CYAN));
        }
        print_bytes(logs, bytes, line);
        snprintf(logs->node, sizeof logs->node, "%s", newline ? "" : node);
        bytes += line;
        size -= line;
    }
}

static void print_log(void *context, struct bamboo_value log)
{
    struct logs *logs = context;
    struct bamboo_value text = map_at(log, "text");
    logs->last = (uint64_t)map_integer(log, "number");
    if (!node_holds(logs->within, map_text(log, "node"))) return;
    if (logs->json) {
        print_json(stdout, log, 0);
        return;
    }
    if (text.type != BAMBOO_STRING) return;
    size_t size;
    const char *bytes = bamboo_string_bytes(text, &size);
    if (logs->with_names)
        print_named(logs, map_text(log, "node"), bytes, size);
    else
        print_bytes(logs, bytes, size);
}

/* Has the run ended? `id` is complete. An error is told by the next look at the logs. */
static bool has_ended(const struct session *session, const char *id)
{
    struct bamboo_value runs;
    bool ended = true;
    if (bamboo_list_runs(session->engine, false, &runs, NULL) != BAMBOO_OK) return false;
    for (size_t i = 0; i < bamboo_list_count(runs); i++)
        if (strcmp(map_text(bamboo_list_at(runs, i), "id"), id) == 0) ended = false;
    bamboo_value_release(runs);
    return ended;
}

static int print_logs(const struct session *session, const char *run, const char *node,
                      struct logs *logs)
{
    struct bamboo_error error;
    if (bamboo_logs(session->engine, run, node, logs->last, print_log, logs, &error) == BAMBOO_OK)
        return EXIT_FINISHED;
    return complain_error(&error);
}

/* The id stays the same run when `@last` becomes another one. */
static int follow_logs(const struct session *session, const char *reference, const char *node,
                       struct logs *logs)
{
    char id[BAMBOO_RUN_ID_SIZE];
    int code = session_find_run(session, reference, id);
    if (code != EXIT_FINISHED) return code;
    for (;;) {
        bool ended = has_ended(session, id); /* asked first: what came before the end is printed */
        code = print_logs(session, id, node, logs);
        fflush(stdout);
        if (code != EXIT_FINISHED || ended || ferror(stdout)) return code;
        clock_sleep(POLL_INTERVAL_MS);
    }
}

/* Whose output is wanted: a node's, or of all nodes in a subprocess. */
static int choose_nodes(const struct session *session, const char *run, const char *node,
                        struct logs *logs, struct bamboo_value *path)
{
    struct bamboo_value described;
    int code = node_resolve(session, run, node, path);
    if (code == EXIT_FINISHED) code = node_describe(session, run, node, &described);
    if (code != EXIT_FINISHED) return code;
    if (strcmp(map_text(described, "kind"), "subprocess") == 0)
        logs->within = bamboo_string_bytes(*path, NULL);
    logs->with_names = logs->within != NULL;
    bamboo_value_release(described);
    return EXIT_FINISHED;
}

int logs_command(const struct invocation *invocation)
{
    struct session session = {0};
    const char *run = operand(invocation, 0), *node = NULL;
    struct bamboo_value path = bamboo_missing();
    struct logs logs = {.pen = standard_output(invocation),
                        .json = option_given(invocation, OPTION_JSON),
                        .with_names = true};
    int code = session_open(&session, invocation, SESSION_LOOKS);
    if (code == EXIT_FINISHED && operand(invocation, 1))
        code = choose_nodes(&session, run, operand(invocation, 1), &logs, &path);
    if (code == EXIT_FINISHED) {
        if (path.type == BAMBOO_STRING && !logs.within) node = bamboo_string_bytes(path, NULL);
        if (logs.json) print_stream_header(stdout, "logs");
        code = option_given(invocation, OPTION_FOLLOW) ? follow_logs(&session, run, node, &logs)
                                                       : print_logs(&session, run, node, &logs);
    }
    if (logs.node[0]) putchar('\n');
    bamboo_value_release(path);
    session_close(&session);
    return code;
}
