/* How a followed run ended, or where it stands: for people, as JSON, and as an exit code. */
#ifndef CLI_RESULT_H
#define CLI_RESULT_H

#include "cli/follow.h"

/* Tells where the run stands: state, what failed and what to do about it on standard error, outputs
 * on standard output (with --json one document instead). Returns the exit code for it. */
int result_print(const struct session *session, const char *run, enum progress progress);

/* What keeps a run from going on, and the commands that may help; `shown` is what bamboo_show()
 * gave. */
void result_print_hints(const struct session *session, const struct pen *pen,
                        struct bamboo_value shown);

/* Executes what the session's engine owns, follows `run`, and tells the result. Closes the
 * follower. Returns an exit code. */
int run_to_result(struct session *session, const char *run, enum bamboo_until until,
                  struct follower *follower);

#endif
