/* Help, made of the tables of commands, options and exit codes. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/command.h"

/* What bamboo is, its commands, and the options that all of them take. */
void help_print_all(void);

/* Usage, summary, options and example of a command. */
void help_print_command(const struct command *command);

void help_print_exit_codes(void);

#endif
