/* A plain loop of posix_spawn and read: what a machine can do at best where an engine starts
 * commands and keeps their output. */
#ifndef BENCH_SPAWN_LOOP_H
#define BENCH_SPAWN_LOOP_H

#include <stdbool.h>

/* Runs `count` commands, at most `in_flight` (up to 64) at a time, each with standard output and,
 * if `two_pipes`, standard error captured through a pipe of its own. Returns commands a second. */
double spawn_loop(char *const *arguments, int count, int in_flight, bool two_pipes);

#endif
