#include "cli/event_line.h"

#include <string.h>

#include "cli/characters.h"
#include "cli/clock.h"
#include "cli/node_reference.h"
#include "cli/output.h"

#define NODE_COLUMNS 24
#define TYPE_COLUMNS 18

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
    const char *unreadable = map_text(event, "why");
    if (loop > 1) fprintf(pen->file, "  round %lld", (long long)loop);
    if (retry > 0) fprintf(pen->file, "  retry %lld", (long long)retry);
    enum look look = look_of_node(event);
    if (*why && (look == LOOK_FAILED || look == LOOK_RETRYING || look == LOOK_IGNORED)) {
        fputs("  ", pen->file);
        print_escaped(pen->file, why, strlen(why), false);
    }
    print_escaped(pen->file, unreadable, strlen(unreadable), false);
}

void event_lines_print(void *context, struct bamboo_value event)
{
    const struct event_lines *lines = context;
    const struct pen *pen = &lines->pen;
    const char *node = map_text(event, "node");
    char time[CLOCK_TEXT_SIZE];
    if (!node_holds(lines->node, node)) return;
    if (lines->json) {
        print_json(pen->file, event, 0);
        return;
    }
    enum look look = *node ? look_of_node(event) : look_of_settled(map_text(event, "state"));
    if (lines->with_run) fprintf(pen->file, "%s ", map_text(event, "run"));
    fprintf(pen->file, "%6lld  %8s  %-*s  ", (long long)map_integer(event, "sequence"),
            clock_time(map_integer(event, "time"), time), TYPE_COLUMNS, map_text(event, "type"));
    print_column(pen->file, node_label(event), NODE_COLUMNS);
    fprintf(pen->file, "  %s%s%s", pen_on(pen, look_style(look)), look_word(look),
            pen_off(pen, look_style(look)));
    print_execution(pen, event);
    print_who(pen, event);
    putc('\n', pen->file);
}
