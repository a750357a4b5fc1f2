/* Cold start: a whole `bamboo run` of a flow with one node, as a process, on a store that exists.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/measure.h"

extern char **environ;

/* Milliseconds of a command with its output thrown away. */
static double time_command(char **arguments)
{
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status = 0;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    double start = seconds_now();
    if (posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ) != 0 ||
        waitpid(child, &status, 0) < 0 || status != 0) {
        fprintf(stderr, "%s failed\n", arguments[0]);
        exit(1);
    }
    posix_spawn_file_actions_destroy(&actions);
    return (seconds_now() - start) * 1000;
}

static void measure(const char *name, char **arguments)
{
    double samples[50];
    for (int i = 0; i < 5; i++)
        time_command(arguments);
    for (size_t i = 0; i < 50; i++)
        samples[i] = time_command(arguments);
    report(name, "ms", samples, 50);
}

int main(void)
{
    char *bamboo = getenv("BAMBOO");
    if (!bamboo) bamboo = (char *)"./bamboo";
    char flow[128], none[128], full[128];
    const char *folder = make_folder();
    snprintf(flow, sizeof flow, "%s/one.bamboo", folder);
    snprintf(none, sizeof none, "--store=%s/none.db", folder);
    snprintf(full, sizeof full, "--store=%s/full.db", folder);
    FILE *file = fopen(flow, "w");
    if (!file || fputs("pipeline one() {\n    noop()\n}\n", file) < 0 || fclose(file) != 0) {
        perror(flow);
        return 1;
    }
    measure("limit: start of /bin/true", (char *[]){(char *)"/bin/true", NULL});
    measure("limit: sqlite3 :memory: select 1",
            (char *[]){(char *)"sqlite3", (char *)":memory:", (char *)"select 1", NULL});
    measure("cold start of bamboo run, one node (durability none)",
            (char *[]){bamboo, (char *)"run", flow, none, (char *)"--durability", (char *)"none",
                       NULL});
    measure("cold start of bamboo run, one node (durability full)",
            (char *[]){bamboo, (char *)"run", flow, full, (char *)"--durability", (char *)"full",
                       NULL});
    remove_folder();
    return 0;
}
