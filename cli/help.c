#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#define OPTION_COLUMNS 26

static const struct exit_code_info {
    int number;
    const char *meaning;
} EXIT_CODES[] = {
#define EXIT_CODE(name, number, meaning) {number, meaning},
#include "cli/exit_codes.def"
#undef EXIT_CODE
};

/* "  -p, --param NAME=VALUE    what it does". */
static void print_option(const struct option_info *option)
{
    char left[80];
    int size = option->letter ? snprintf(left, sizeof left, "  -%c, ", option->letter)
                              : snprintf(left, sizeof left, "      ");
    snprintf(left + size, sizeof left - (size_t)size, "--%s%s%s", option->name,
             option->argument ? " " : "", option->argument ? option->argument : "");
    printf("%-*s %s\n", OPTION_COLUMNS, left, option->help);
}

static void print_options(const char *title, uint64_t options)
{
    if (!options) return;
    printf("\n%s:\n", title);
    for (int i = 0; i < OPTION_COUNT; i++)
        if (options & OPTION_BIT(i)) print_option(option_info((enum option_id)i));
}

void help_print_all(void)
{
    printf("bamboo runs flows that survive crashes and that an operator controls.\n\n"
           "usage: bamboo [options] COMMAND [operands and options]\n\ncommands:\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("  %-11s %s\n", COMMANDS[i].name, COMMANDS[i].summary);
    print_options("options of all commands", OPTIONS_GLOBAL);
    printf("\nA run is named by its id, by the beginning of it, or as @last; a node inside a\n"
           "subprocess by its path, such as rollout/push.\n\n"
           "bamboo help COMMAND explains a command; bamboo help exit-codes the exit codes.\n");
}

void help_print_command(const struct command *command)
{
    printf("usage: bamboo %s%s%s%s\n\n%s\n", command->name, *command->operands ? " " : "",
           command->operands, command->options ? " [options]" : "", command->summary);
    print_options("options", command->options);
    print_options("options of all commands", OPTIONS_GLOBAL);
    printf("\nexample:\n  %s\n", command->example);
}

void help_print_exit_codes(void)
{
    for (size_t i = 0; i < sizeof EXIT_CODES / sizeof EXIT_CODES[0]; i++)
        printf("%3d  %s\n", EXIT_CODES[i].number, EXIT_CODES[i].meaning);
}
