/* Commands a second as activities, with 1, 8 and 64 in flight, beside a plain posix_spawn loop that
 * captures their output, in turn; and what a large parent costs both. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/flows.h"
#include "bench/spawn_loop.h"

#define COMMANDS 384

static char *const SHELL[] = {(char *)"sh", (char *)"-c", (char *)"true", NULL};

/* Commands a second. */
static double time_shells(const struct bamboo_library *library, const struct bamboo_flow *flow,
                          enum bamboo_durability durability)
{
    struct bamboo_error error = {0};
    struct bamboo_engine *engine = open_engine(library, durability);
    struct bamboo_value parameters = no_parameters();
    char id[BAMBOO_RUN_ID_SIZE];
    double start = seconds_now();
    must(bamboo_start(engine, flow, parameters, NULL, id, &error), &error, "start");
    must(bamboo_engine_loop(engine, BAMBOO_UNTIL_ENDED, &error), &error, "loop");
    must(bamboo_engine_flush(engine, &error), &error, "flush");
    double seconds = seconds_now() - start;
    bamboo_engine_close(engine);
    bamboo_value_release(parameters);
    return COMMANDS / seconds;
}

static void measure(const struct bamboo_library *library, int in_flight,
                    enum bamboo_durability durability, const char *size)
{
    double ours[BENCH_REPEATS], one[BENCH_REPEATS], two[BENCH_REPEATS];
    char name[96];
    struct bamboo_flow *flow =
        wide_flow(library, in_flight, COMMANDS / in_flight, "shell(\"true\")");
    for (int repeat = -BENCH_WARM; repeat < BENCH_REPEATS; repeat++) {
        int at = repeat < 0 ? 0 : repeat;
        ours[at] = time_shells(library, flow, durability);
        two[at] = spawn_loop(SHELL, COMMANDS, in_flight, true);
        one[at] = spawn_loop(SHELL, COMMANDS, in_flight, false);
    }
    snprintf(name, sizeof name, "shell activities, %d in flight%s", in_flight, size);
    report(name, durability_name(durability), "a second", ours, BENCH_REPEATS);
    report_ratio(name, durability_name(durability), "posix_spawn loop, two pipes", AT_LEAST(0.9),
                 ours, two, BENCH_REPEATS);
    report_ratio(name, durability_name(durability), "posix_spawn loop, one pipe", AT_LEAST(0.9),
                 ours, one, BENCH_REPEATS);
    snprintf(name, sizeof name, "limit: posix_spawn of sh -c true, two pipes, %d in flight%s",
             in_flight, size);
    report(name, "-", "a second", two, BENCH_REPEATS);
    bamboo_flow_release(flow);
}

/* What an engine in a large program does: a gibibyte that is really there. */
static void measure_large(const struct bamboo_library *library)
{
    const size_t size = (size_t)1 << 30;
    char *memory = malloc(size);
    if (!memory) {
        fprintf(stderr, "there is no memory for a process of 1 GiB: not measured\n");
        return;
    }
    memset(memory, 1, size);
    measure(library, 8, BAMBOO_DURABILITY_NONE, ", 1 GiB resident");
    if (memory[size / 2] != 1) exit(1); /* it is used, so it stays */
    free(memory);
}

int main(void)
{
    static const int IN_FLIGHT[] = {1, 8, 64};
    static const enum bamboo_durability DURABILITIES[] = {BAMBOO_DURABILITY_NONE,
                                                          BAMBOO_DURABILITY_FULL};
    struct bamboo_library *library = NULL;
    struct bamboo_error error = {0};
    must(bamboo_library_create(NULL, 0, &library, &error), &error, "library");
    for (size_t d = 0; d < 2; d++)
        for (size_t i = 0; i < 3; i++)
            measure(library, IN_FLIGHT[i], DURABILITIES[d], "");
    measure_large(library);
    bamboo_library_destroy(library);
    remove_folder();
    return 0;
}
