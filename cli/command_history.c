/* What happened to a run or a node: its journal, or the executions of its nodes. */
#include "cli/characters.h"
#include "cli/clock.h"
#include "cli/command.h"
#include "cli/event_line.h"
#include "cli/executions.h"
#include "cli/node_reference.h"

int history_command(const struct invocation *invocation)
{
    struct session session = {0};
    struct bamboo_error error;
    const char *run = operand(invocation, 0);
    struct bamboo_value path = bamboo_missing();
    struct event_lines lines = {.pen = standard_output(invocation),
                                .json = option_given(invocation, OPTION_JSON)};
    int code = session_open(&session, invocation, SESSION_LOOKS);
    if (code == EXIT_FINISHED) code = node_resolve(&session, run, operand(invocation, 1), &path);
    if (path.type == BAMBOO_STRING) lines.node = bamboo_string_bytes(path, NULL);
    if (code == EXIT_FINISHED && option_given(invocation, OPTION_EXECUTIONS)) {
        code = executions_print(&session, run, &lines);
    } else if (code == EXIT_FINISHED) {
        if (lines.json) print_stream_header(stdout, "events");
        if (bamboo_events(session.engine, run, 0, event_lines_print, &lines, &error) != BAMBOO_OK)
            code = complain_error(&error);
    }
    bamboo_value_release(path);
    session_close(&session);
    return code;
}
