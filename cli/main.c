/* Finds the command in the table and performs it. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/characters.h"
#include "cli/help.h"
#include "cli/output.h"

static int unknown_command(const char *name)
{
    const char *nearest = command_nearest(name);
    if (nearest)
        complain("there is no command '%s'; did you mean '%s'?", name, nearest);
    else
        complain("there is no command '%s'; see: bamboo help", name);
    return EXIT_USAGE;
}

static int perform(struct invocation *invocation, int argc, char *argv[])
{
    int index = options_read_global(invocation, argc, argv);
    if (index == 0) return EXIT_USAGE;
    if (option_given(invocation, OPTION_TOP_VERSION)) return version_command(invocation);
    if (index == argc) {
        bool asked = option_given(invocation, OPTION_HELP);
        if (asked)
            help_print_all();
        else
            complain("which command? see: bamboo help");
        return asked ? EXIT_FINISHED : EXIT_USAGE;
    }
    invocation->command = command_find(argv[index]);
    if (!invocation->command) return unknown_command(argv[index]);
    if (!options_read_command(invocation, argc - index, argv + index)) return EXIT_USAGE;
    if (option_given(invocation, OPTION_HELP)) {
        help_print_command(invocation->command);
        return EXIT_FINISHED;
    }
    return invocation->command->perform(invocation);
}

/* What is opened must not get the number of a standard stream that is closed, and be written into.
 * In its place comes one that fails as it did. */
static void hold_standard_streams(void)
{
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        if (fcntl(stream, F_GETFD) < 0)
            (void)open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char *argv[])
{
    struct invocation invocation = {0};
    hold_standard_streams();
    /* A line is one write, for what is followed has many of them. */
    setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
    characters_init();
    int code = perform(&invocation, argc, argv);
    invocation_release(&invocation);
    return output_finish(code);
}
