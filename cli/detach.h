/* A run in the background: a process of its own executes it, and lives on after the command. */
#ifndef CLI_DETACH_H
#define CLI_DETACH_H

#include "cli/start.h"

/* Starts a run of `flow`, as `how` says, in a new background process, which goes on until the run
 * has ended or only failed nodes keep it. Prints the run's id once the run is durable. Must be
 * called before an engine is open. Returns an exit code. */
int detach_run(struct session *session, const struct bamboo_flow *flow, const struct start *how);

#endif
