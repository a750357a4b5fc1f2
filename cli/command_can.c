/* Which operations are possible now, and why the others are not. */
#include <string.h>

#include "cli/characters.h"
#include "cli/command.h"
#include "cli/look.h"
#include "cli/session.h"

#define OPERATION_COLUMNS 18
#define NODE_COLUMNS      24

static void print_operation(const struct pen *pen, struct bamboo_value row, bool has_nodes)
{
    bool allowed = map_flag(row, "allowed");
    const char *text = map_text(row, allowed ? "meaning" : "why");
    printf("%s%s%s  %-*s", pen_on(pen, allowed ? STYLE_GREEN : STYLE_DIM), allowed ? "yes" : "no ",
           pen_off(pen, allowed ? STYLE_GREEN : STYLE_DIM), OPERATION_COLUMNS,
           map_text(row, "operation"));
    if (has_nodes) print_column(stdout, node_label(row), NODE_COLUMNS);
    fputs("  ", stdout);
    print_escaped(stdout, text, strlen(text), false);
    if (allowed && *map_text(row, "data")) printf(" (data: %s)", map_text(row, "data"));
    putchar('\n');
}

int can_command(const struct invocation *invocation)
{
    struct session session = {0};
    struct pen pen = standard_output(invocation);
    struct bamboo_value rows = bamboo_missing();
    struct bamboo_error error;
    const char *node = operand(invocation, 1);
    int code = session_open(&session, invocation, SESSION_LOOKS);
    if (code == EXIT_FINISHED &&
        bamboo_can(session.engine, operand(invocation, 0), node, &rows, &error) != BAMBOO_OK)
        code = complain_error(&error);
    if (code == EXIT_FINISHED && option_given(invocation, OPTION_JSON))
        code = print_rows_document("operations", rows);
    else if (code == EXIT_FINISHED)
        for (size_t i = 0; i < bamboo_list_count(rows); i++)
            print_operation(&pen, bamboo_list_at(rows, i), node == NULL);
    bamboo_value_release(rows);
    session_close(&session);
    return code;
}
