/* What this machine can do at best: syncs, commits, processes. Other figures stand beside these. */
#include <fcntl.h>
#include <spawn.h>
#include <sqlite3.h>
#include <stdio.h>
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
    for (int repeat = 0; repeat < BENCH_REPEATS; repeat++) {
        int file = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
        double start = seconds_now();
        for (int i = 0; i < 200; i++)
            if (write(file, page, sizeof page) != sizeof page || fdatasync(file) != 0) perror(path);
        samples[repeat] = 200 / (seconds_now() - start);
        close(file);
    }
    report("limit: fdatasync of 4 KiB appends", "a second", samples, BENCH_REPEATS);
}

static void measure_commits(void)
{
    double samples[BENCH_REPEATS];
    char path[128];
    for (int repeat = 0; repeat < BENCH_REPEATS; repeat++) {
        sqlite3 *database;
        snprintf(path, sizeof path, "%s/commit%d.db", make_folder(), repeat);
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
        samples[repeat] = 200 / (seconds_now() - start);
        sqlite3_finalize(insert);
        sqlite3_close(database);
    }
    report("limit: SQLite WAL FULL commits", "a second", samples, BENCH_REPEATS);
}

/* posix_spawn of /bin/true, with `in_flight` of them at a time. */
static void measure_spawn(int in_flight)
{
    double samples[BENCH_REPEATS];
    char name[80];
    char *arguments[] = {(char *)"true", NULL};
    for (int repeat = 0; repeat < BENCH_REPEATS; repeat++) {
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
        samples[repeat] = count / (seconds_now() - start);
    }
    snprintf(name, sizeof name, "limit: posix_spawn of /bin/true, %d in flight", in_flight);
    report(name, "a second", samples, BENCH_REPEATS);
}

/* The same through /bin/sh -c with its output read from a pipe: what a shell activity needs. */
static void measure_shell(int in_flight)
{
    double samples[BENCH_REPEATS];
    char name[80];
    char *arguments[] = {(char *)"sh", (char *)"-c", (char *)"true", NULL};
    for (int repeat = 0; repeat < BENCH_REPEATS; repeat++) {
        const int count = 400;
        int started = 0, ended = 0, pipes[64];
        pid_t children[64] = {0};
        double start = seconds_now();
        while (ended < count) {
            int slot = started % in_flight;
            if (started < count && started - ended < in_flight) {
                int ends[2];
                posix_spawn_file_actions_t actions;
                if (pipe2(ends, O_CLOEXEC) != 0) perror("pipe");
                posix_spawn_file_actions_init(&actions);
                posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
                if (posix_spawn(&children[slot], "/bin/sh", &actions, NULL, arguments, environ))
                    perror("/bin/sh");
                posix_spawn_file_actions_destroy(&actions);
                close(ends[1]);
                pipes[slot] = ends[0];
                started++;
            } else {
                char buffer[4096];
                slot = ended % in_flight;
                while (read(pipes[slot], buffer, sizeof buffer) > 0) {
                }
                close(pipes[slot]);
                waitpid(children[slot], NULL, 0);
                ended++;
            }
        }
        samples[repeat] = count / (seconds_now() - start);
    }
    snprintf(name, sizeof name, "limit: posix_spawn of sh -c true with a pipe, %d in flight",
             in_flight);
    report(name, "a second", samples, BENCH_REPEATS);
}

int main(void)
{
    measure_fdatasync();
    measure_commits();
    measure_spawn(1);
    measure_spawn(8);
    measure_spawn(64);
    measure_shell(1);
    measure_shell(8);
    measure_shell(64);
    remove_folder();
    return 0;
}
