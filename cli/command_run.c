/* Executing one run: run, continue. */
#include <string.h>

#include "cli/characters.h"
#include "cli/command.h"
#include "cli/detach.h"
#include "cli/look.h"
#include "cli/result.h"

static enum bamboo_until until_of(const struct invocation *invocation)
{
    return option_given(invocation, OPTION_WAIT) ? BAMBOO_UNTIL_ENDED : BAMBOO_UNTIL_SETTLED;
}

/* --- run --- */

static int run_here(struct session *session, const struct bamboo_flow *flow,
                    const struct start *start)
{
    char run[BAMBOO_RUN_ID_SIZE];
    struct bamboo_value description;
    struct bamboo_error error;
    struct follower *follower;
    int code = session_open(session, session->invocation, SESSION_EXECUTES);
    if (code == EXIT_FINISHED) code = follower_open(session->invocation, stderr, &follower);
    if (code != EXIT_FINISHED) return code;
    if (bamboo_start(session->engine, flow, start->parameters, &start->options, run, &error) !=
        BAMBOO_OK) {
        follower_close(follower);
        return start_complain(&error);
    }
    if (bamboo_flow_describe(flow, &description, &error) == BAMBOO_OK) {
        follower_start(follower, run, map_text(description, "name"));
        bamboo_value_release(description);
    }
    follower_observe(follower, session->engine);
    return run_to_result(session, run, until_of(session->invocation), follower);
}

/* --list-start-nodes */
static int list_start_nodes(const struct bamboo_flow *flow)
{
    struct bamboo_value nodes;
    struct bamboo_error error;
    if (bamboo_flow_start_nodes(flow, &nodes, &error) != BAMBOO_OK) return complain_error(&error);
    for (size_t i = 0; i < bamboo_list_count(nodes); i++) {
        const char *name = bamboo_string_bytes(bamboo_list_at(nodes, i), NULL);
        print_escaped(stdout, name, strlen(name), false);
        putchar('\n');
    }
    bamboo_value_release(nodes);
    return EXIT_FINISHED;
}

static int run_flow(struct session *session, const struct bamboo_flow *flow)
{
    const struct invocation *invocation = session->invocation;
    struct start start;
    if (option_given(invocation, OPTION_LIST_STARTS)) return list_start_nodes(flow);
    int code = start_read(invocation, flow, &start);
    if (code == EXIT_FINISHED)
        code = option_given(invocation, OPTION_DETACH) ? detach_run(session, flow, &start)
                                                       : run_here(session, flow, &start);
    start_release(&start);
    return code;
}

int run_command(const struct invocation *invocation)
{
    struct session session = {0};
    struct bamboo_flow *flow = NULL;
    int code = session_open_library(&session, invocation);
    if (code == EXIT_FINISHED) code = session_read_flow(&session, operand(invocation, 0), &flow);
    if (code == EXIT_FINISHED) code = run_flow(&session, flow);
    bamboo_engine_close(session.engine);
    session.engine = NULL;
    bamboo_flow_release(flow);
    session_close(&session);
    return code;
}

/* --- continue --- */

static int continue_claimed(struct session *session, const char *reference)
{
    const struct invocation *invocation = session->invocation;
    struct bamboo_value shown;
    struct bamboo_error error;
    struct follower *follower;
    int code = follower_open(invocation, stderr, &follower);
    if (code != EXIT_FINISHED) return code;
    follower_observe(follower, session->engine);
    char run[BAMBOO_RUN_ID_SIZE];
    enum bamboo_status status = bamboo_show(session->engine, reference, &shown, &error);
    if (status == BAMBOO_OK) {
        follower_begin_with(follower, shown);
        snprintf(run, sizeof run, "%s", map_text(shown, "id"));
        bamboo_value_release(shown);
        status = bamboo_claim(session->engine, run, &error);
    }
    if (status != BAMBOO_OK) {
        follower_close(follower);
        return complain_error(&error);
    }
    follower_announce(follower, "goes on");
    return run_to_result(session, run, until_of(invocation), follower);
}

int continue_command(const struct invocation *invocation)
{
    struct session session = {0};
    int code = session_open(&session, invocation, SESSION_EXECUTES);
    if (code == EXIT_FINISHED) code = continue_claimed(&session, operand(invocation, 0));
    session_close(&session);
    return code;
}
