/* What this machine can do at best: memory, syncs, commits, processes. Other figures stand beside
 * these. */
#include <fcntl.h>
#include <spawn.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/measure.h"

extern char **environ;

static void measure_fdatasync(void)
{
    double samples[BENCH_REPEATS];
    char path[128], page[4096];
    memset(page, 7, sizeof page);
    snprintf(path, sizeof path, "%s/sync", make_folder());
    for (int repeat = -BENCH_WARM; repeat < BENCH_REPEATS; repeat++) {
        int file = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
        double start = seconds_now();
        for (int i = 0; i < 200; i++)
            if (write(file, page, sizeof page) != sizeof page || fdatasync(file) != 0) perror(path);
        if (repeat >= 0) samples[repeat] = 200 / (seconds_now() - start);
        close(file);
    }
    report("limit: fdatasync of 4 KiB appends", "full", "a second", samples, BENCH_REPEATS);
}

static void measure_commits(void)
{
    double samples[BENCH_REPEATS];
    char path[128];
    for (int repeat = -BENCH_WARM; repeat < BENCH_REPEATS; repeat++) {
        sqlite3 *database;
        snprintf(path, sizeof path, "%s/commit%d.db", make_folder(), repeat + BENCH_WARM);
        sqlite3_open(path, &database);
        sqlite3_exec(database,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                     "CREATE TABLE t(a INTEGER PRIMARY KEY, b BLOB)",
                     NULL, NULL, NULL);
        sqlite3_stmt *insert;
        sqlite3_prepare_v2(database, "INSERT INTO t(b) VALUES(zeroblob(100))", -1, &insert, NULL);
        double start = seconds_now();
        for (int i = 0; i < 200; i++) {
            sqlite3_step(insert);
            sqlite3_reset(insert);
        }
        if (repeat >= 0) samples[repeat] = 200 / (seconds_now() - start);
        sqlite3_finalize(insert);
        sqlite3_close(database);
    }
    report("limit: SQLite WAL FULL commits of 100 bytes", "full", "a second", samples,
           BENCH_REPEATS);
}

/* posix_spawn of /bin/true, with `in_flight` of them at a time. */
static void measure_spawn(int in_flight)
{
    double samples[BENCH_REPEATS];
    char name[80];
    char *arguments[] = {(char *)"true", NULL};
    for (int repeat = -BENCH_WARM; repeat < BENCH_REPEATS; repeat++) {
        const int count = 400;
        int started = 0, ended = 0;
        double start = seconds_now();
        while (ended < count) {
            pid_t child;
            if (started < count && started - ended < in_flight) {
                if (posix_spawn(&child, "/bin/true", NULL, NULL, arguments, environ) != 0)
                    perror("/bin/true");
                started++;
            } else if (wait(NULL) > 0) {
                ended++;
            }
        }
        if (repeat >= 0) samples[repeat] = count / (seconds_now() - start);
    }
    snprintf(name, sizeof name, "limit: posix_spawn of /bin/true, %d in flight", in_flight);
    report(name, "-", "a second", samples, BENCH_REPEATS);
}

/* Copying 64 MiB that no cache holds: bytes read and bytes written count once each. */
static void measure_memory(void)
{
    const size_t size = (size_t)64 << 20;
    double samples[BENCH_REPEATS];
    char *from = malloc(size), *to = malloc(size);
    if (!from || !to) exit(1);
    memset(from, 1, size);
    memset(to, 2, size);
    for (int repeat = -BENCH_WARM; repeat < BENCH_REPEATS; repeat++) {
        double start = seconds_now();
        for (int i = 0; i < 4; i++) {
            from[i] = (char)repeat; /* so that no copy can be left out */
            memcpy(to, from, size);
            if (to[i] != from[i]) exit(1);
        }
        if (repeat >= 0) samples[repeat] = 2.0 * 4 * (double)size / (seconds_now() - start) / 1e9;
    }
    report("limit: memory bandwidth, memcpy of 64 MiB", "-", "GB/s", samples, BENCH_REPEATS);
    free(from);
    free(to);
}

int main(void)
{
    measure_memory();
    measure_fdatasync();
    measure_commits();
    measure_spawn(1);
    measure_spawn(8);
    measure_spawn(64);
    remove_folder();
    return 0;
}
