#include "cli/command.h"
#include "cli/session.h"

/* What can be removed is removed; the worst that happened to the others is the exit code. */
int rm_command(const struct invocation *invocation)
{
    struct session session = {0};
    struct bamboo_error error;
    bool force = option_given(invocation, OPTION_FORCE);
    int worst = session_open(&session, invocation, SESSION_WRITES);
    for (size_t i = 0; session.engine && i < invocation->operand_count; i++) {
        if (bamboo_remove(session.engine, operand(invocation, i), force, &error) == BAMBOO_OK)
            continue;
        int code = complain_error(&error);
        if (code > worst) worst = code;
    }
    session_close(&session);
    return worst;
}
