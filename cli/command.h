/* The commands. A command gets its invocation, writes its answer to standard output and everything
 * else to standard error, and returns the exit code of the process. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <limits.h>

#include "cli/exit_code.h"
#include "cli/options.h"

/* A command that takes any number of operands takes this many. */
#define UNLIMITED UINT_MAX

extern const struct command COMMANDS[];
extern const size_t COMMAND_COUNT;

/* NULL if there is none. */
const struct command *command_find(const char *name);

/* The nearest command's name, if `name` is probably a slip of it, else NULL. */
const char *command_nearest(const char *name);

#define COMMAND(name, ...) int name##_command(const struct invocation *invocation);
#include "cli/commands.def"
#undef COMMAND

#endif
