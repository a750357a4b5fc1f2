/* property SEED COUNT: from each seed a flow and what an operator does to it; every promise of
 * world.h is checked after every step. Each seed runs in a process of its own batch, so that a
 * crash is a finding too. A failing case is made smaller, and printed as a flow and a list of
 * steps. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/generate/flow.h"
#include "tests/property/world.h"

#define FLOW_NUMBER_COUNT 120
#define STEP_COUNT        60
#define SHRINK_TRIES_MAX  3000

/* What a case is made of. */
struct scenario {
    uint32_t flow[FLOW_NUMBER_COUNT];
    size_t flow_count;
    struct step steps[STEP_COUNT];
    size_t step_count;
};

static struct scenario scenario_of(uint64_t seed)
{
    struct scenario scenario = {.flow_count = FLOW_NUMBER_COUNT, .step_count = STEP_COUNT};
    uint64_t state = seed;
    for (size_t i = 0; i < FLOW_NUMBER_COUNT; i++)
        scenario.flow[i] = random_next(&state);
    for (size_t i = 0; i < STEP_COUNT; i++)
        scenario.steps[i] =
            (struct step){random_next(&state), random_next(&state) >> 8, random_next(&state) >> 8};
    return scenario;
}

/* Runs a case; false, with the reason in `why`, if a promise is broken. */
static bool hold(const struct scenario *scenario, char *why, size_t size)
{
    struct choices choices = {scenario->flow, scenario->flow_count, 0};
    struct text flow = {0};
    struct world world;
    flow_generate(&choices, &flow);
    bool holds = world_begin(&world, text_string(&flow));
    for (size_t i = 0; i < scenario->step_count && holds; i++)
        holds = world_step(&world, scenario->steps[i]);
    holds = holds && world_finish(&world);
    if (!holds) snprintf(why, size, "%s", world.broken[0] ? world.broken : "it is broken");
    world_end(&world);
    text_release(&flow);
    return holds;
}

/* The same in a process of its own. */
static bool hold_apart(const struct scenario *scenario, char *why, size_t size)
{
    int ends[2];
    if (pipe(ends) != 0) return false;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        char text[1200] = "";
        alarm(20);
        if (!freopen("/dev/null", "w", stderr)) _exit(2); /* print() lets the last one speak */
        bool holds = hold(scenario, text, sizeof text);
        if (!holds && write(ends[1], text, strlen(text)) < 0) _exit(2);
        _exit(holds ? 0 : 1);
    }
    close(ends[1]);
    size_t length = 0;
    for (ssize_t got = 1; child > 0 && got > 0 && length + 1 < size; length += (size_t)got)
        if ((got = read(ends[0], why + length, size - 1 - length)) <= 0) break;
    why[length] = '\0';
    close(ends[0]);
    int status = 1;
    waitpid(child, &status, 0);
    if (length == 0 && status != 0) snprintf(why, size, "the process ends with status %d", status);
    return status == 0;
}

/* --- Making it smaller --- */

static bool still_fails(const struct scenario *scenario, unsigned *tries)
{
    char why[1200];
    return ++*tries < SHRINK_TRIES_MAX && !hold_apart(scenario, why, sizeof why) &&
           strncmp(why, "the flow does not compile", 25) != 0;
}

static void remove_steps(struct scenario *scenario, size_t from, size_t count)
{
    memmove(&scenario->steps[from], &scenario->steps[from + count],
            (scenario->step_count - from - count) * sizeof *scenario->steps);
    scenario->step_count -= count;
}

static bool shrink_steps(struct scenario *scenario, size_t chunk, unsigned *tries)
{
    bool smaller = false;
    for (size_t from = 0; from + chunk <= scenario->step_count;) {
        struct scenario tried = *scenario;
        remove_steps(&tried, from, chunk);
        if (still_fails(&tried, tries)) {
            *scenario = tried;
            smaller = true;
        } else {
            from += chunk;
        }
    }
    return smaller;
}

/* Fewer decisions, or simpler ones. */
static bool shrink_flow(struct scenario *scenario, size_t chunk, unsigned *tries)
{
    bool smaller = false;
    for (size_t from = 0; from + chunk <= scenario->flow_count; from += chunk) {
        struct scenario tried = *scenario;
        memmove(&tried.flow[from], &tried.flow[from + chunk],
                (tried.flow_count - from - chunk) * sizeof *tried.flow);
        tried.flow_count -= chunk;
        if (still_fails(&tried, tries)) {
            *scenario = tried;
            smaller = true;
            continue;
        }
        tried = *scenario;
        bool is_simple = true;
        for (size_t i = from; i < from + chunk; i++) {
            is_simple &= tried.flow[i] == 0;
            tried.flow[i] = 0;
        }
        if (!is_simple && still_fails(&tried, tries)) {
            *scenario = tried;
            smaller = true;
        }
    }
    return smaller;
}

static void shrink(struct scenario *scenario)
{
    unsigned tries = 0;
    for (size_t chunk = 32; chunk > 0; chunk /= 2) {
        bool smaller = true;
        while (smaller && tries < SHRINK_TRIES_MAX) {
            smaller = shrink_steps(scenario, chunk, &tries);
            smaller |= shrink_flow(scenario, chunk, &tries);
        }
    }
}

static void print_steps(const struct scenario *scenario, const char *flow)
{
    struct world world;
    bool holds = world_begin(&world, flow);
    world.tells = true;
    for (size_t i = 0; i < scenario->step_count && holds; i++)
        holds = world_step(&world, scenario->steps[i]);
    if (holds) world_tell(&world, "    (then everything is answered and skipped)\n");
    world_end(&world);
}

static void print(const struct scenario *scenario, uint64_t seed, const char *why)
{
    struct choices choices = {scenario->flow, scenario->flow_count, 0};
    struct text flow = {0};
    flow_generate(&choices, &flow);
    printf("seed %llu: %s\n\n%s\nsteps:\n", (unsigned long long)seed, why, text_string(&flow));
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        alarm(20);
        print_steps(scenario, text_string(&flow));
        _exit(0);
    }
    if (child > 0) waitpid(child, NULL, 0);
    text_release(&flow);
}

/* --- Seeds --- */

/* Runs seeds in one process; the first that is broken, or `end`. */
static uint64_t run_batch(uint64_t seed, uint64_t end)
{
    int ends[2];
    if (pipe(ends) != 0) return seed;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        char why[1200];
        close(ends[0]);
        for (; seed < end; seed++) {
            struct scenario scenario = scenario_of(seed);
            alarm(20);
            if (!hold(&scenario, why, sizeof why)) _exit(1);
            if (write(ends[1], ".", 1) != 1) _exit(2);
        }
        _exit(0);
    }
    close(ends[1]);
    char done[256];
    for (ssize_t got; (got = read(ends[0], done, sizeof done)) > 0;)
        seed += (uint64_t)got;
    close(ends[0]);
    waitpid(child, NULL, 0);
    return seed;
}

int main(int argc, char **argv)
{
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000;
    uint64_t failed = 0;
    for (uint64_t seed = first; seed < first + count && failed < 3;) {
        uint64_t end = seed + 200 < first + count ? seed + 200 : first + count;
        seed = run_batch(seed, end);
        if (seed >= end) continue;
        struct scenario scenario = scenario_of(seed);
        char why[1200] = "";
        hold_apart(&scenario, why, sizeof why);
        if (strncmp(why, "the flow does not compile", 25) != 0) shrink(&scenario);
        hold_apart(&scenario, why, sizeof why);
        print(&scenario, seed++, why);
        failed++;
    }
    printf("%llu passed, %llu failed\n", (unsigned long long)(count - failed),
           (unsigned long long)failed);
    return failed != 0;
}
