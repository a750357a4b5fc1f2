/* The exit codes of the program, by name. */
#ifndef CLI_EXIT_CODE_H
#define CLI_EXIT_CODE_H

enum exit_code {
#define EXIT_CODE(name, number, meaning) EXIT_##name = (number),
#include "cli/exit_codes.def"
#undef EXIT_CODE
};

#endif
