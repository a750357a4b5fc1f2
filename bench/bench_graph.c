/* The same graph of 1,000 `true` commands, all of which may run at once, by GNU make, ninja and
 * bamboo, each as a whole process, in turn. make keeps nothing, ninja a log that is not synced;
 * bamboo keeps a durable record of each command's start, end and output. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/measure.h"

#define COMMANDS 1000

/* Writes a file of the folder; `line` is repeated with the number of the command. */
static void write_file(const char *path, const char *before, const char *line, const char *after)
{
    FILE *file = fopen(path, "w");
    if (!file) exit(1);
    fputs(before, file);
    for (int i = 0; i < COMMANDS; i++)
        for (const char *at = line; *at; at++)
            if (*at == '#')
                fprintf(file, "%d", i);
            else
                fputc(*at, file);
    fputs(after, file);
    if (fclose(file) != 0) exit(1);
}

static bool is_there(const char *program)
{
    char command[64];
    snprintf(command, sizeof command, "command -v %s >/dev/null", program);
    if (system(command) == 0) return true;
    fprintf(stderr, "%s is missing: not measured (Debian packages make, ninja-build)\n", program);
    return false;
}

enum { MAKE_ALL, MAKE_FEW, NINJA, PEER_COUNT };
static const char *const PEERS[] = {"GNU make -j", "GNU make -j4", "ninja"};

/* Milliseconds, each program once a round. */
static double ours[BENCH_REPEATS], theirs[PEER_COUNT][BENCH_REPEATS];
static bool has[PEER_COUNT];

static void measure(char *bamboo, const char *folder, const char *durability)
{
    char flow[128], store[128], makefile[128], logs[128], directory[128], name[128];
    snprintf(flow, sizeof flow, "%s/graph.bamboo", folder);
    snprintf(store, sizeof store, "--store=%s/graph-%s.db", folder, durability);
    snprintf(makefile, sizeof makefile, "%s/Makefile", folder);
    snprintf(directory, sizeof directory, "%s", folder);
    snprintf(logs, sizeof logs, "%s/.ninja_log", folder);
    char *commands[PEER_COUNT][8] = {
        {(char *)"make", (char *)"-s", (char *)"-j", (char *)"-f", makefile, NULL},
        {(char *)"make", (char *)"-s", (char *)"-j4", (char *)"-f", makefile, NULL},
        {(char *)"ninja", (char *)"-C", directory, NULL},
    };
    char *run[] = {bamboo, (char *)"run", flow, store, (char *)"--durability", (char *)durability,
                   NULL};
    for (int repeat = -BENCH_WARM; repeat < BENCH_REPEATS; repeat++) {
        int at = repeat < 0 ? 0 : repeat;
        for (int peer = 0; peer < PEER_COUNT; peer++)
            if (has[peer]) theirs[peer][at] = time_command(commands[peer]);
        ours[at] = time_command(run);
        unlink(logs); /* so that the next run is like the first */
    }
    snprintf(name, sizeof name, "graph of 1,000 true commands");
    report(name, durability, "ms", ours, BENCH_REPEATS);
    for (int peer = 0; peer < PEER_COUNT; peer++) {
        if (!has[peer]) continue;
        report_ratio(name, durability, PEERS[peer], AT_MOST(1), ours, theirs[peer], BENCH_REPEATS);
        if (strcmp(durability, "full") != 0) continue;
        snprintf(store, sizeof store, "peer: graph of 1,000 true commands, %s", PEERS[peer]);
        report(store, "-", "ms", theirs[peer], BENCH_REPEATS);
    }
}

int main(void)
{
    static const char *const DURABILITIES[] = {"none", "os", "full"};
    char path[128];
    char *bamboo = getenv("BAMBOO");
    const char *folder = make_folder();
    snprintf(path, sizeof path, "%s/Makefile", folder);
    write_file(path, ".PHONY: all\nall:\n", "all: c#\n.PHONY: c#\nc#:\n\t@true\n", "");
    snprintf(path, sizeof path, "%s/build.ninja", folder);
    write_file(path, "rule true\n  command = true\n", "build c#: true\n", "");
    snprintf(path, sizeof path, "%s/graph.bamboo", folder);
    write_file(path, "pipeline commands() {\n    parallel {\n", "        { exec(\"true\") }\n",
               "    }\n}\n");
    has[MAKE_ALL] = has[MAKE_FEW] = is_there("make");
    has[NINJA] = is_there("ninja");
    for (size_t i = 0; i < sizeof DURABILITIES / sizeof *DURABILITIES; i++)
        measure(bamboo ? bamboo : (char *)"./bamboo", folder, DURABILITIES[i]);
    remove_folder();
    return 0;
}
