/* No-op transitions and nothing else, for as many seconds as the first argument says (3), to be
 * watched by a profiler: perf record build/release/bench/bench_profile
 * They are those of one run after the other; with a second argument `runs`, of 1,000 runs of 102
 * nodes at a time, where beginning and ending a run costs, too. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/flows.h"

/* Of this thread: the machine's, as the disk is written by another one. */
static double processor_seconds(void)
{
    struct timespec spent;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return (double)spent.tv_sec + (double)spent.tv_nsec / 1e9;
}

int main(int count, char **arguments)
{
    double seconds = count > 1 ? strtod(arguments[1], NULL) : 3, transitions = 0;
    bool many = count > 2 && strcmp(arguments[2], "runs") == 0;
    int runs = many ? 1000 : 1;
    struct bamboo_library *library = NULL;
    struct bamboo_error error = {0};
    char id[BAMBOO_RUN_ID_SIZE];
    must(bamboo_library_create(NULL, 0, &library, &error), &error, "library");
    struct bamboo_flow *flow = many ? chain_flow(library, 100) : loop_flow(library, 50000);
    struct bamboo_engine *engine = open_engine(library, BAMBOO_DURABILITY_FULL);
    struct bamboo_value parameters = no_parameters();
    double start = seconds_now(), spent = processor_seconds();
    for (; seconds_now() - start < seconds; transitions += many ? 102000 : 1100000) {
        for (int i = 0; i < runs; i++)
            must(bamboo_start(engine, flow, parameters, NULL, id, &error), &error, "start");
        must(bamboo_engine_loop(engine, BAMBOO_UNTIL_ENDED, &error), &error, "loop");
    }
    double rate = transitions / (seconds_now() - start);
    double each = 1e9 * (processor_seconds() - spent) / transitions;
    report(many ? "no-op transitions over 1,000 runs"
                : "no-op transitions in one run after the other",
           "full", "a second", &rate, 1);
    report("processor time of the machine's thread for each", "full", "ns", &each, 1);
    bamboo_engine_close(engine);
    bamboo_flow_release(flow);
    bamboo_value_release(parameters);
    bamboo_library_destroy(library);
    remove_folder();
    return 0;
}
