#include "cli/executions.h"

#include <stdlib.h>
#include <string.h>

#include "cli/characters.h"
#include "cli/clock.h"
#include "cli/exit_code.h"
#include "cli/memory.h"
#include "cli/node_reference.h"
#include "cli/output.h"

#define NODE_COLUMNS 24

struct executions {
    const char *node; /* NULL: all */
    struct bamboo_value *rows;
    size_t count, capacity;
    bool out_of_memory;
};

static void add(void *context, struct bamboo_value row)
{
    struct executions *executions = context;
    if (!*map_text(row, "state") || !node_holds(executions->node, map_text(row, "node"))) return;
    if (!grow((void **)&executions->rows, &executions->capacity, executions->count + 1,
              sizeof *executions->rows))
        executions->out_of_memory = true;
    else
        executions->rows[executions->count++] = bamboo_value_retain(row);
}

/* Versions grow over the whole run. A node that an operator paused before its first has none. */
static int by_version(const void *left, const void *right)
{
    int64_t one = map_integer(*(const struct bamboo_value *)left, "version");
    int64_t other = map_integer(*(const struct bamboo_value *)right, "version");
    return (one > other) - (one < other);
}

static int gather(const struct session *session, const char *run, struct executions *executions)
{
    struct bamboo_error error;
    struct bamboo_value shown;
    if (bamboo_history(session->engine, run, add, executions, &error) != BAMBOO_OK ||
        bamboo_show(session->engine, run, &shown, &error) != BAMBOO_OK)
        return complain_error(&error);
    struct bamboo_value nodes = map_at(shown, "nodes");
    for (size_t i = 0; nodes.type == BAMBOO_LIST && i < bamboo_list_count(nodes); i++)
        add(executions, bamboo_list_at(nodes, i));
    bamboo_value_release(shown);
    if (executions->out_of_memory) {
        complain("out of memory");
        return EXIT_INTERNAL;
    }
    if (executions->count > 0)
        qsort(executions->rows, executions->count, sizeof *executions->rows, by_version);
    return EXIT_FINISHED;
}

static void print_row(const struct pen *pen, struct bamboo_value row)
{
    enum look look = look_of_node(row);
    int64_t started = map_integer(row, "started"), archived = map_integer(row, "archived");
    char time[CLOCK_TEXT_SIZE] = "", elapsed[CLOCK_TEXT_SIZE] = "";
    const char *why = map_text(map_at(row, "outputs"), "ex_data");
    const char *superseded_by = map_text(row, "superseded_by");
    if (started) clock_time(started, time);
    if (started && archived) clock_elapsed(archived - started, elapsed);
    fprintf(pen->file, "%6lld  %8s  ", (long long)map_integer(row, "version"), time);
    print_column(pen->file, node_label(row), NODE_COLUMNS);
    fprintf(pen->file, "  %s%-*s%s %8s  round %lld  retry %lld", pen_on(pen, look_style(look)),
            LOOK_COLUMNS, look_word(look), pen_off(pen, look_style(look)), elapsed,
            (long long)map_integer(row, "loop"), (long long)map_integer(row, "retry"));
    if (*superseded_by) fprintf(pen->file, "  until %s", superseded_by);
    if (*why) {
        fputs("  ", pen->file);
        print_escaped(pen->file, why, strlen(why), false);
    }
    putc('\n', pen->file);
}

int executions_print(const struct session *session, const char *run,
                     const struct event_lines *lines)
{
    struct executions executions = {.node = lines->node};
    int code = gather(session, run, &executions);
    if (code == EXIT_FINISHED && lines->json) print_stream_header(stdout, "executions");
    for (size_t i = 0; i < executions.count; i++) {
        if (code == EXIT_FINISHED && lines->json)
            print_json(lines->pen.file, executions.rows[i], 0);
        else if (code == EXIT_FINISHED)
            print_row(&lines->pen, executions.rows[i]);
        bamboo_value_release(executions.rows[i]);
    }
    free(executions.rows);
    return code;
}
