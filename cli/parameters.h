/* The parameters of a run, from -p and --params. */
#ifndef CLI_PARAMETERS_H
#define CLI_PARAMETERS_H

#include "cli/session.h"

/* Makes the map of parameters; *out is the caller's. Returns an exit code. */
int parameters_read(const struct invocation *invocation, const struct bamboo_flow *flow,
                    struct bamboo_value *out);

/* Splits "name=value": *name is to be freed, the value is returned, borrowed. NULL after a
 * complaint that names the option. */
const char *split_assignment(const char *text, const char *option, char **name);

/* Reads the JSON that an option gives, or names with @FILE. *out stays missing if the option is not
 * given. Returns an exit code. */
int read_json_option(const struct invocation *invocation, enum option_id option,
                     struct bamboo_value *out);

/* Reads the JSON map that an option gives, or names with @FILE. *out stays missing if the option is
 * not given. Returns an exit code. */
int read_map_option(const struct invocation *invocation, enum option_id option,
                    struct bamboo_value *out);

#endif
