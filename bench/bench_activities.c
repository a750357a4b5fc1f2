/* Shell activities a second, with 1, 8 and 64 in flight, beside the posix_spawn loops of
 * bench_limits. Durability none, so that only the cost of processes counts, and full. */
#include <stdio.h>

#include "bench/measure.h"

static double time_shells(const struct bamboo_library *library, int in_flight,
                          enum bamboo_durability durability)
{
    static char text[65536];
    const int count = 384;
    struct bamboo_error error = {0};
    char *end = text + sprintf(text, "pipeline shells() {\n    parallel {\n");
    for (int branch = 0; branch < in_flight; branch++) {
        end += sprintf(end, "        {\n");
        for (int i = 0; i < count / in_flight; i++)
            end += sprintf(end, "            shell(\"true\")\n");
        end += sprintf(end, "        }\n");
    }
    sprintf(end, "    }\n}\n");
    struct bamboo_flow *flow = compile_text(library, text);
    struct bamboo_engine *engine = open_engine(library, durability);
    struct bamboo_value parameters = no_parameters();
    char id[BAMBOO_RUN_ID_SIZE];
    double start = seconds_now();
    must(bamboo_start(engine, flow, parameters, NULL, id, &error), &error, "start");
    must(bamboo_engine_loop(engine, BAMBOO_UNTIL_ENDED, &error), &error, "loop");
    double seconds = seconds_now() - start;
    bamboo_engine_close(engine);
    bamboo_flow_release(flow);
    bamboo_value_release(parameters);
    return count / seconds;
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
        for (size_t i = 0; i < 3; i++) {
            double samples[BENCH_REPEATS];
            char name[96];
            for (int repeat = 0; repeat < BENCH_REPEATS; repeat++)
                samples[repeat] = time_shells(library, IN_FLIGHT[i], DURABILITIES[d]);
            snprintf(name, sizeof name, "shell activities, %d in flight (durability %s)",
                     IN_FLIGHT[i], durability_name(DURABILITIES[d]));
            report(name, "a second", samples, BENCH_REPEATS);
        }
    bamboo_library_destroy(library);
    remove_folder();
    return 0;
}
