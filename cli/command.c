#include "cli/command.h"

#include <string.h>

#include "include/bamboo.h"

#define BIT(option) OPTION_BIT(OPTION_##option)

const struct command COMMANDS[] = {
#define COMMAND(name, operands, least, most, options, summary, example) \
    {#name, operands, least, most, options, summary, example, name##_command},
#include "cli/commands.def"
#undef COMMAND
};

const size_t COMMAND_COUNT = sizeof COMMANDS / sizeof COMMANDS[0];

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(COMMANDS[i].name, name) == 0) return &COMMANDS[i];
    return NULL;
}

const char *command_nearest(const char *name)
{
    static const char *const NAMES[] = {
#define COMMAND(word, ...) #word,
#include "cli/commands.def"
#undef COMMAND
    };
    return bamboo_nearest_name(name, NAMES, COMMAND_COUNT);
}
