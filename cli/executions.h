/* The executions of nodes, as a table. */
#ifndef CLI_EXECUTIONS_H
#define CLI_EXECUTIONS_H

#include "cli/event_line.h"
#include "cli/session.h"

/* Prints each execution that the run's nodes had, in the order in which they began: those that a
 * retry, a skip or a re-entry has put behind its node, and the present ones. Returns an exit code.
 */
int executions_print(const struct session *session, const char *run,
                     const struct event_lines *lines);

#endif
