/* What `run` gives a run beside its parameters: --start, --data, --context, --subprocess-context,
 * --rerun-limit. */
#ifndef CLI_START_H
#define CLI_START_H

#include "cli/session.h"

/* How a run is started. Ends with start_release(). */
struct start {
    struct bamboo_value parameters;
    struct bamboo_start_options options;
};

/* Reads all of it. Returns an exit code; what was read is to be released in any case. */
int start_read(const struct invocation *invocation, const struct bamboo_flow *flow,
               struct start *out);
void start_release(struct start *start);

/* complain_error() about a run that could not be started. */
int start_complain(const struct bamboo_error *error);

#endif
