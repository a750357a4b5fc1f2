/* simulate FIRST COUNT [tell]: a simulated world for each seed. One that breaks a promise is told:
 * its options, its flows, and, with `tell`, its course; the same seed gives the same course. Seeds
 * run in processes of their own, so that a crash is a finding, too. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/simulate/world.h"

#define BATCH 100

static void print_options(const struct world *world)
{
    const struct faults *faults = &world->faults;
    printf("in thousandths: crash %u, pause %u, lost commit %u, false alarm %u, slow commit %u, "
           "failing read %u, clock jump %u, lost request %u\n",
           faults->crash, faults->pause, faults->lost_commit, faults->false_alarm,
           faults->slow_commit, faults->failing_read, faults->clock_jump, faults->lost_request);
}

/* Every seed of a batch; exits with 1 at the first that fails. */
static void run_seeds(uint64_t seed, uint64_t end, bool is_told, int progress)
{
    static struct world world;
    for (; seed < end; seed++) {
        world.is_told = is_told;
        alarm(60);
        bool holds = world_run(&world, seed);
        if (!holds) {
            printf("seed %llu: %s\n", (unsigned long long)seed, world.broken);
            print_options(&world);
            if (!is_told)
                printf("\n%s\n(its course: make simulate SEED=%llu SEEDS=1 TELL=tell)\n\n",
                       world.flow, (unsigned long long)seed);
            fflush(stdout);
            _exit(1);
        }
        world_release(&world);
        if (write(progress, ".", 1) != 1) _exit(2);
    }
    exit(0);
}

/* The first seed that is broken, or `end`. */
static uint64_t run_batch(uint64_t seed, uint64_t end, bool is_told)
{
    int ends[2];
    if (pipe(ends) != 0) return seed;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        run_seeds(seed, end, is_told, ends[1]);
    }
    close(ends[1]);
    char done[BATCH];
    for (ssize_t got; (got = read(ends[0], done, sizeof done)) > 0;)
        seed += (uint64_t)got;
    close(ends[0]);
    int status = 1;
    waitpid(child, &status, 0);
    if (seed == end && status != 0) {
        printf("seeds up to %llu: the process ends with status %d (a leak?)\n",
               (unsigned long long)end, status);
        return end - 1;
    }
    if (seed < end && !WIFEXITED(status))
        printf("seed %llu: the process dies of signal %d\n", (unsigned long long)seed,
               WTERMSIG(status));
    return seed;
}

int main(int argc, char **argv)
{
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 200;
    bool is_told = argc > 3 && strcmp(argv[3], "tell") == 0;
    uint64_t failed = 0;
    setvbuf(stdout, NULL, _IOLBF, 0); /* the course of a process that dies is told, too */
    for (uint64_t seed = first; seed < first + count && failed < 5;) {
        uint64_t end = seed + BATCH < first + count ? seed + BATCH : first + count;
        seed = run_batch(seed, end, is_told);
        if (seed >= end) continue;
        failed++;
        seed++;
    }
    printf("%llu passed, %llu failed\n", (unsigned long long)(count - failed),
           (unsigned long long)failed);
    return failed != 0;
}
