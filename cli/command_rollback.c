/* Going back: rollback, its reservation and cancellation, and where it may go. */
#include <string.h>

#include "cli/characters.h"
#include "cli/command.h"
#include "cli/operate.h"

/* A node, and what has to be said to go there, unless nothing has. */
static void print_target(struct bamboo_value row)
{
    const char *node = node_label(row), *mode = map_text(row, "mode");
    print_escaped(stdout, node, strlen(node), false);
    if (strcmp(mode, "token") != 0) printf("  --mode %s", mode);
    puts(map_flag(row, "skip_token_check") ? " --across-branches" : "");
}

/* --list: the nodes that the run can go back to now; those of mode `token` as they are. */
static int list_targets(const struct invocation *invocation)
{
    struct session session = {0};
    struct bamboo_value rows = bamboo_missing();
    struct bamboo_error error;
    const char *before = "";
    int code = session_open(&session, invocation, SESSION_LOOKS);
    if (code == EXIT_FINISHED &&
        bamboo_rollback_targets(session.engine, operand(invocation, 0),
                                option_text(invocation, OPTION_FROM), &rows, &error) != BAMBOO_OK)
        code = complain_error(&error);
    if (code == EXIT_FINISHED && option_given(invocation, OPTION_JSON))
        code = print_json(stdout, rows, 0);
    else
        for (size_t i = 0; code == EXIT_FINISHED && i < bamboo_list_count(rows); i++) {
            struct bamboo_value row = bamboo_list_at(rows, i);
            const char *node = map_text(row, "node");
            if (strcmp(node, before) != 0) print_target(row); /* its first way is the gentlest */
            before = node;
        }
    bamboo_value_release(rows);
    session_close(&session);
    return code;
}

/* {from?, mode?} */
static int read_request(const struct invocation *invocation, struct bamboo_value *out)
{
    const char *from = option_text(invocation, OPTION_FROM);
    const char *mode = option_text(invocation, OPTION_MODE);
    struct bamboo_map_builder map;
    struct bamboo_error error;
    bamboo_map_builder_init(&map);
    if (from) bamboo_map_builder_set_text(&map, "from", from);
    if (mode) bamboo_map_builder_set_text(&map, "mode", mode);
    if (option_given(invocation, OPTION_ACROSS))
        bamboo_map_builder_set_take(&map, "skip_token_check", bamboo_bool(true));
    return bamboo_map_builder_finish(&map, out, &error) == BAMBOO_OK ? EXIT_FINISHED
                                                                     : complain_error(&error);
}

int rollback_command(const struct invocation *invocation)
{
    struct bamboo_value data = bamboo_missing();
    if (option_given(invocation, OPTION_LIST)) return list_targets(invocation);
    if (!operand(invocation, 1)) {
        complain("rollback: which NODE to go back to? `bamboo rollback %s --list` tells them",
                 operand(invocation, 0));
        return EXIT_USAGE;
    }
    if (option_given(invocation, OPTION_CANCEL))
        return operate(invocation, "cancel_rollback", bamboo_missing());
    const char *operation =
        option_given(invocation, OPTION_WHEN_FINISHED) ? "reserve_rollback" : "rollback";
    int code = read_request(invocation, &data);
    if (code == EXIT_FINISHED) code = operate(invocation, operation, data);
    bamboo_value_release(data);
    return code;
}
