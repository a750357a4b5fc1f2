/* simulate FIRST COUNT [safety|liveness|both [tell]]: a simulated world for each seed, or two of
 * them. One that breaks a promise is told: its options, its flows, how it is seen again, and, with
 * `tell`, its course; the same seed gives the same course. Seeds run in processes of their own, so
 * that a crash or a hang is a finding, too. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/simulate/world.h"

/* Seeds of one process. */
#define BATCH 100
/* No seed takes longer, in real time. */
#define SEED_SECONDS 60
#define FAILED_MAX   5

#ifdef BAMBOO_DEBUG
#define BUILD "MODE=debug "
#else
#define BUILD ""
#endif

static const char *const COURSES[COURSE_COUNT] = {"safety", "liveness"};

/* What is wanted, and how far it is. `world` and `seed` are shared with the process that is at
 * work, so that they are known when it dies. */
struct trial {
    struct world *world;
    uint64_t *seed;
    bool wanted[COURSE_COUNT];
    bool is_told;
};

static void report(const struct trial *trial, const char *why)
{
    const struct world *world = trial->world;
    const struct faults *faults = &world->faults;
    unsigned long long seed = (unsigned long long)*trial->seed;
    printf("seed %llu, %s: %s\n", seed, COURSES[world->course], why);
    printf("in thousandths: crash %u, pause %u, lost commit %u, false alarm %u, slow commit %u, "
           "failing read %u, clock jump %u, lost request %u; %u turns with faults, %u runs, a look "
           "at the clock takes %lld us, the store is %s\n",
           faults->crash, faults->pause, faults->lost_commit, faults->false_alarm,
           faults->slow_commit, faults->failing_read, faults->clock_jump, faults->lost_request,
           world->turns, world->runs_wanted, (long long)world->look_ns / 1000,
           world->is_sqlite ? "SQLite's" : "in memory");
    if (!trial->is_told) printf("\n%s", world->flow);
    printf("(its course: make " BUILD "simulate SEED=%llu SEEDS=1 COURSE=%s TELL=tell)\n\n", seed,
           COURSES[world->course]);
    fflush(stdout);
}

/* Every seed from *trial->seed on; exits with 1 at the first that fails, which is then
 * *trial->seed. */
static void run_seeds(const struct trial *trial, uint64_t end)
{
    for (; *trial->seed < end; ++*trial->seed)
        for (int course = 0; course < COURSE_COUNT; course++) {
            if (!trial->wanted[course]) continue;
            trial->world->is_told = trial->is_told;
            alarm(SEED_SECONDS);
            if (!world_run(trial->world, *trial->seed, (enum course)course)) _exit(1);
            world_release(trial->world);
        }
    exit(0);
}

/* Says what has become of the process that was to come to `end`. */
static void tell_death(const struct trial *trial, int status)
{
    char why[100];
    if (trial->world->broken[0])
        report(trial, trial->world->broken);
    else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        report(trial, "it is not done after a minute");
    else {
        snprintf(why, sizeof why, "the process dies of %s",
                 WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "a sanitizer's finding");
        report(trial, why);
    }
}

/* The first seed that is broken, or `end`. What is only seen when a process ends, a leak, is looked
 * for again, a seed a process. */
static uint64_t run_batch(const struct trial *trial, uint64_t seed, uint64_t end)
{
    int status = 1;
    uint64_t first = seed;
    *trial->seed = seed;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) run_seeds(trial, end);
    while (waitpid(child, &status, 0) < 0)
        ;
    if (status == 0) return end;
    if (*trial->seed < end) {
        tell_death(trial, status);
        return *trial->seed;
    }
    for (seed = first; first + 1 < end && seed < end; seed++)
        if (run_batch(trial, seed, seed + 1) == seed) return seed;
    *trial->seed = end - 1;
    report(trial, "the process ends, but not well: a leak?");
    return end - 1;
}

int main(int argc, char **argv)
{
    struct trial trial = {.is_told = argc > 4 && strcmp(argv[4], "tell") == 0};
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 200;
    const char *wanted = argc > 3 ? argv[3] : "both";
    uint64_t failed = 0;
    bool is_any = false;
    for (int i = 0; i < COURSE_COUNT; i++)
        is_any |= trial.wanted[i] = strcmp(wanted, COURSES[i]) == 0 || strcmp(wanted, "both") == 0;
    struct {
        struct world world;
        uint64_t seed;
    } *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!is_any || shared == MAP_FAILED) {
        printf("%s\n", is_any ? "there is no memory" : "a course is safety, liveness or both");
        return 2;
    }
    trial.world = &shared->world;
    trial.seed = &shared->seed;
    snprintf(trial.world->path, sizeof trial.world->path, "%s/bamboo-simulate-%ld.db",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (long)getpid());
    setvbuf(stdout, NULL, _IOLBF, 0); /* the course of a process that dies is told, too */
    for (uint64_t seed = first; seed < first + count && failed < FAILED_MAX;) {
        uint64_t end = seed + BATCH < first + count ? seed + BATCH : first + count;
        seed = run_batch(&trial, seed, end);
        if (seed >= end) continue;
        failed++;
        seed++;
    }
    world_remove_store(trial.world);
    printf("%llu passed, %llu failed\n", (unsigned long long)(count - failed),
           (unsigned long long)failed);
    return failed != 0;
}
