#include <string.h>

#include "cli/characters.h"
#include "cli/clock.h"
#include "cli/command.h"
#include "cli/look.h"
#include "cli/node_reference.h"

#define NODE_COLUMNS 24
#define TYPE_COLUMNS 18

struct history {
    struct pen pen;
    const char *node; /* NULL: all */
    bool json;
};

static void print_who(const struct pen *pen, struct bamboo_value event)
{
    const char *actor = map_text(event, "actor"), *reason = map_text(event, "reason");
    if (map_flag(event, "automatic")) {
        fputs("  by policy", pen->file);
    } else if (*actor) {
        fputs("  by ", pen->file);
        print_escaped(pen->file, actor, strlen(actor), false);
    }
    if (*reason) {
        fputs(": ", pen->file);
        print_escaped(pen->file, reason, strlen(reason), false);
    }
}

/* Which execution it is, and why it failed. */
static void print_execution(const struct pen *pen, struct bamboo_value event)
{
    int64_t loop = map_integer(event, "loop"), retry = map_integer(event, "retry");
    const char *why = map_text(map_at(event, "outputs"), "ex_data");
    if (loop > 1) fprintf(pen->file, "  round %lld", (long long)loop);
    if (retry > 0) fprintf(pen->file, "  retry %lld", (long long)retry);
    enum look look = look_of_node(event);
    if (*why && (look == LOOK_FAILED || look == LOOK_RETRYING || look == LOOK_IGNORED)) {
        fputs("  ", pen->file);
        print_escaped(pen->file, why, strlen(why), false);
    }
}

static void print_event(void *context, struct bamboo_value event)
{
    const struct history *history = context;
    const struct pen *pen = &history->pen;
    const char *node = map_text(event, "node");
    char time[CLOCK_TEXT_SIZE];
    if (!node_holds(history->node, node)) return;
    if (history->json) {
        print_json(pen->file, event, 0);
        return;
    }
    enum look look = *node ? look_of_node(event) : look_of_settled(map_text(event, "state"));
    fprintf(pen->file, "%6lld  %s  %-*s  ", (long long)map_integer(event, "sequence"),
            clock_time(map_integer(event, "time"), time), TYPE_COLUMNS, map_text(event, "type"));
    print_column(pen->file, node_label(event), NODE_COLUMNS);
    fprintf(pen->file, "  %s%s%s", pen_on(pen, look_style(look)), look_word(look),
            pen_off(pen, look_style(look)));
    print_execution(pen, event);
    print_who(pen, event);
    putc('\n', pen->file);
}

int history_command(const struct invocation *invocation)
{
    struct session session = {0};
    struct bamboo_error error;
    const char *run = operand(invocation, 0);
    struct bamboo_value path = bamboo_missing();
    struct history history = {.pen = standard_output(invocation),
                              .json = option_given(invocation, OPTION_JSON)};
    int code = session_open(&session, invocation, SESSION_LOOKS);
    if (code == EXIT_FINISHED) code = node_resolve(&session, run, operand(invocation, 1), &path);
    if (code == EXIT_FINISHED) {
        if (path.type == BAMBOO_STRING) history.node = bamboo_string_bytes(path, NULL);
        if (history.json) print_stream_header(stdout, "events");
        if (bamboo_events(session.engine, run, 0, print_event, &history, &error) != BAMBOO_OK)
            code = complain_error(&error);
    }
    bamboo_value_release(path);
    session_close(&session);
    return code;
}
