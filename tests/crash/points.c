/* kill -9 at every place in turn: each scenario is executed in a process that dies at its n-th
 * crash point (after an event, before, inside and after a commit, before and after an effect), for
 * every n until it does not come that far. What is left must be sound (fsck), the next process must
 * end the run as an undisturbed one ends, and what was finished, or acknowledged, must not happen
 * again or be lost. Twice for each n: the second time the process that takes over is killed as
 * well.
 *
 *   points [SCENARIO]   a part of a name; CRASH_EVERY=3: only each third place */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crash_point.h"
#include "tests/crash/play.h"

#define PLACE_SIZE 32

/* Of the test and the processes that it kills. */
struct shared {
    struct play play;
    uint64_t points, crash_at; /* places that were met; where to die, 0: nowhere */
    bool small_steps;
    char place[PLACE_SIZE]; /* where it died */
};
static struct shared *shared;
static struct bamboo_library *library;

void crash_point(const char *place)
{
    uint64_t point = __atomic_add_fetch(&shared->points, 1, __ATOMIC_RELAXED);
    if (point != shared->crash_at) return;
    snprintf(shared->place, sizeof shared->place, "%s", place);
    raise(SIGKILL);
}

bool crash_small_steps(void)
{
    return shared->small_steps;
}

/* --- One process --- */

enum death { DIED, ENDED, WENT_WRONG };

static enum death execute(const struct scenario *scenario, uint64_t crash_at)
{
    int status = 0;
    shared->points = 0;
    shared->crash_at = crash_at;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) _exit(play_process(&shared->play, library, scenario));
    if (pid < 0 || waitpid(pid, &status, 0) < 0) return WENT_WRONG;
    shared->crash_at = 0;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return DIED;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return ENDED;
    if (!*shared->play.failure)
        snprintf(shared->play.failure, sizeof shared->play.failure, "the process ended with %d",
                 status);
    return WENT_WRONG;
}

/* --- The judge --- */

/* A `once` node whose process died failed instead of being executed again: the operator decides. */
static bool settle_once(const struct scenario *scenario, struct play_state *state)
{
    static const struct scenario retry = {.steps = {{"retry", "a", NULL}}};
    struct play *play = &shared->play;
    if (strcmp(scenario->name, "once") != 0 || !strstr(state->text, "\"failed\"")) return true;
    if (play->effects['A'] > 1) {
        snprintf(play->failure, sizeof play->failure, "a `once` node was executed twice");
        return false;
    }
    play->step = 0;
    return execute(&retry, 0) == ENDED && play_judge(play, library, state);
}

struct expectation {
    struct play_state state;
    uint64_t points;
};

/* Kills at the n-th place, and the next process at the m-th (0: not at all). DIED: it was as it
 * must be; ENDED: it did not come so far. */
static enum death disturb(const struct scenario *scenario, const struct expectation *expected,
                          uint64_t n, uint64_t m)
{
    struct play *play = &shared->play;
    struct play_state between, end;
    unsigned finished[EFFECT_COUNT] = {0};
    play_begin(play);
    enum death first = execute(scenario, n);
    if (first != DIED) return first;
    for (int i = 0; i < 2; i++) {
        if (!play_judge(play, library, &between)) return WENT_WRONG;
        for (size_t e = 0; e < EFFECT_COUNT; e++)
            if (finished[e] == 0) finished[e] = between.finished[e];
        enum death next = execute(scenario, i == 0 ? m : 0);
        if (next == WENT_WRONG) return next;
        if (next == ENDED) break;
    }
    if (!play_judge(play, library, &end) || !settle_once(scenario, &end)) return WENT_WRONG;
    for (size_t i = 0; i < EFFECT_COUNT && !scenario->repeats; i++)
        if (finished[i] > 0 && finished[i] != play->effects[i]) {
            snprintf(play->failure, sizeof play->failure,
                     "the finished node with key %c had its effect again", (char)i);
            return WENT_WRONG;
        }
    if (strcmp(end.text, expected->state.text) == 0) return DIED;
    snprintf(play->failure, sizeof play->failure, "it ended as\n%.500s\nand not as\n%.500s",
             end.text, expected->state.text);
    return WENT_WRONG;
}

/* --- All --- */

struct tally {
    uint64_t kills, failures;
};

static void explore(const struct scenario *scenario, uint64_t every, struct tally *tally)
{
    static struct expectation expected;
    struct play *play = &shared->play;
    play_begin(play);
    if (execute(scenario, 0) != ENDED || !play_judge(play, library, &expected.state)) {
        printf("FAILED %s, undisturbed: %s\n", scenario->name, play->failure);
        tally->failures++;
        return;
    }
    expected.points = shared->points;
    enum death last = DIED;
    uint64_t n = 1;
    for (; last != ENDED && n < 20 * expected.points; n += every)
        for (int twice = 0; twice < 2 && last != ENDED; twice++) {
            uint64_t m = twice ? 1 + n * 7 % expected.points : 0;
            last = disturb(scenario, &expected, n, m);
            tally->kills += last == DIED;
            if (last != WENT_WRONG) continue;
            tally->failures++;
            printf("FAILED %s, killed at place %llu (%s), then at %llu: %s\n", scenario->name,
                   (unsigned long long)n, shared->place, (unsigned long long)m, play->failure);
        }
    printf("%-44s %4llu places\n", scenario->name, (unsigned long long)(n - every));
    fflush(stdout);
}

int main(int argc, char *argv[])
{
    const char *name = argc > 1 ? argv[1] : "", *every = getenv("CRASH_EVERY");
    const char *folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    struct tally tally = {0};
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return 1;
    snprintf(shared->play.store, sizeof shared->play.store, "%s/bamboo-crash-%ld.db", folder,
             (long)getpid());
    struct bamboo_error error;
    library = crash_library(NULL, &error);
    if (!library) return 1;
    crash_effects_set(shared->play.effects);
    shared->play.durability = BAMBOO_DURABILITY_OS;
    shared->small_steps = getenv("CRASH_LARGE_STEPS") == NULL;
    uint64_t step = every ? strtoull(every, NULL, 10) : 1;
    for (size_t i = 0; i < SCENARIO_COUNT; i++)
        if (strstr(SCENARIOS[i].name, name)) explore(&SCENARIOS[i], step ? step : 1, &tally);
    play_begin(&shared->play);
    bamboo_library_destroy(library);
    printf("%llu passed, %llu failed\n", (unsigned long long)tally.kills,
           (unsigned long long)tally.failures);
    return tally.failures > 0;
}
