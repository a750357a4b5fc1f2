#include "bench/spawn_loop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/measure.h"

#define IN_FLIGHT_MAX 64

extern char **environ;

struct slot {
    pid_t child; /* 0: free */
    int pipes[2];
    int open;
};

static void start(struct slot *slot, char *const *arguments, int pipe_count)
{
    int ends[2];
    int writers[2] = {-1, -1};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (int i = 0; i < pipe_count; i++) {
        if (pipe2(ends, O_CLOEXEC) != 0) exit(1);
        slot->pipes[i] = ends[0];
        writers[i] = ends[1];
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1 + i);
    }
    if (posix_spawnp(&slot->child, arguments[0], &actions, NULL, arguments, environ) != 0) {
        perror(arguments[0]);
        exit(1);
    }
    posix_spawn_file_actions_destroy(&actions);
    for (int i = 0; i < pipe_count; i++)
        close(writers[i]);
    slot->open = pipe_count;
}

/* Reads what there is; true when the command has ended. */
static bool read_slot(struct slot *slot, int pipe)
{
    char buffer[4096];
    if (read(slot->pipes[pipe], buffer, sizeof buffer) > 0) return false;
    close(slot->pipes[pipe]);
    slot->pipes[pipe] = -1;
    if (--slot->open > 0) return false;
    if (waitpid(slot->child, NULL, 0) < 0) perror("waitpid");
    slot->child = 0;
    return true;
}

double spawn_loop(char *const *arguments, int count, int in_flight, bool two_pipes)
{
    struct slot slots[IN_FLIGHT_MAX] = {0};
    struct pollfd polls[2 * IN_FLIGHT_MAX];
    int pipe_count = two_pipes ? 2 : 1, started = 0, ended = 0;
    for (int i = 0; i < 2 * IN_FLIGHT_MAX; i++)
        polls[i] = (struct pollfd){.fd = -1, .events = POLLIN};
    double begin = seconds_now();
    while (ended < count) {
        for (int i = 0; i < in_flight && started < count; i++) {
            if (slots[i].child) continue;
            start(&slots[i], arguments, pipe_count);
            for (int j = 0; j < pipe_count; j++)
                polls[2 * i + j].fd = slots[i].pipes[j];
            started++;
        }
        if (poll(polls, 2 * (nfds_t)in_flight, -1) < 0 && errno != EINTR) exit(1);
        for (int i = 0; i < 2 * in_flight; i++)
            if (polls[i].fd >= 0 && polls[i].revents) {
                ended += read_slot(&slots[i / 2], i % 2);
                polls[i].fd = slots[i / 2].pipes[i % 2];
                polls[i].revents = 0;
            }
    }
    return count / (seconds_now() - begin);
}
