/* No-op node transitions a second, the 1,000-node flow, and 100 concurrent flows of 17 nodes, for
 * each durability. A transition is a node entered and finished. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"

static const enum bamboo_durability DURABILITIES[] = {BAMBOO_DURABILITY_NONE, BAMBOO_DURABILITY_OS,
                                                      BAMBOO_DURABILITY_FULL};
#define DURABILITY_COUNT (sizeof DURABILITIES / sizeof *DURABILITIES)

/* Runs `count` runs of a flow to their end; returns the seconds from the first start to the last
 * event being durable. The engine and its store are new and warm. */
static double time_runs(const struct bamboo_library *library, const struct bamboo_flow *flow,
                        enum bamboo_durability durability, int count)
{
    struct bamboo_error error = {0};
    struct bamboo_engine *engine = open_engine(library, durability);
    struct bamboo_value parameters = no_parameters();
    char id[BAMBOO_RUN_ID_SIZE];
    /* Warm: the first run joins the store and fills its caches. */
    must(bamboo_start(engine, flow, parameters, NULL, id, &error), &error, "start");
    must(bamboo_engine_loop(engine, BAMBOO_UNTIL_ENDED, &error), &error, "loop");
    must(bamboo_engine_flush(engine, &error), &error, "flush");

    double start = seconds_now();
    for (int i = 0; i < count; i++)
        must(bamboo_start(engine, flow, parameters, NULL, id, &error), &error, "start");
    must(bamboo_engine_loop(engine, BAMBOO_UNTIL_ENDED, &error), &error, "loop");
    must(bamboo_engine_flush(engine, &error), &error, "flush");
    double seconds = seconds_now() - start;

    bamboo_value_release(parameters);
    bamboo_engine_close(engine);
    return seconds;
}

static void measure(const struct bamboo_library *library, const char *what, const char *text,
                    int runs, double transitions_a_run)
{
    struct bamboo_flow *flow = compile_text(library, text);
    for (size_t d = 0; d < DURABILITY_COUNT; d++) {
        double samples[BENCH_REPEATS];
        char name[160];
        for (int repeat = 0; repeat < BENCH_REPEATS; repeat++) {
            double seconds = time_runs(library, flow, DURABILITIES[d], runs);
            samples[repeat] =
                transitions_a_run > 0 ? runs * transitions_a_run / seconds : seconds * 1000;
        }
        snprintf(name, sizeof name, "%s (durability %s)", what, durability_name(DURABILITIES[d]));
        report(name, transitions_a_run > 0 ? "transitions a second" : "ms", samples, BENCH_REPEATS);
    }
    bamboo_flow_release(flow);
}

/* A loop of 20 no-op nodes: 22 a round with the loop's own two. */
static const char LOOP[] = "pipeline loop() {\n"
                           "    repeat up to 10000 times {\n"
                           "%s"
                           "    }\n"
                           "}\n";

static char *loop_flow(void)
{
    static char body[2048], text[4096];
    body[0] = '\0';
    for (int i = 0; i < 20; i++)
        strcat(body, "        noop()\n");
    snprintf(text, sizeof text, LOOP, body);
    return text;
}

static char *chain_flow(int nodes)
{
    static char text[65536];
    strcpy(text, "pipeline chain() {\n");
    for (int i = 0; i < nodes; i++)
        strcat(text, "    noop()\n");
    strcat(text, "}\n");
    return text;
}

static char *wide_flow(int branches, int length)
{
    static char text[1 << 20];
    char *end = text + sprintf(text, "pipeline wide() {\n    parallel {\n");
    for (int b = 0; b < branches; b++) {
        end += sprintf(end, "        {\n");
        for (int i = 0; i < length; i++)
            end += sprintf(end, "            noop()\n");
        end += sprintf(end, "        }\n");
    }
    sprintf(end, "    }\n}\n");
    return text;
}

/* 17 nodes: 2 activities, a subprocess of 2, parallel of 3, exclusive of 2 (with events and
 * gateways). */
static const char *seventeen_flow(void)
{
    return "pipeline seventeen(kind: string = \"b\") {\n"
           "    first = noop()\n"
           "    inner()\n"
           "    parallel {\n"
           "        noop()\n"
           "        noop()\n"
           "        noop()\n"
           "    }\n"
           "    exclusive {\n"
           "        when kind == \"a\" { noop() }\n"
           "        when kind == \"b\" { noop() }\n"
           "    }\n"
           "    last = noop()\n"
           "}\n"
           "pipeline inner() {\n"
           "    noop()\n"
           "    noop()\n"
           "}\n";
}

int main(void)
{
    struct bamboo_library *library = NULL;
    struct bamboo_error error = {0};
    must(bamboo_library_create(NULL, 0, &library, &error), &error, "library");
    measure(library, "no-op transitions in one run", loop_flow(), 1, 10000 * 22.0);
    measure(library, "no-op transitions over 1,000 runs", chain_flow(100), 1000, 102);
    measure(library, "flow of 1,000 nodes, 100 branches of 10", wide_flow(100, 10), 1, 0);
    measure(library, "100 concurrent flows of 17 nodes", seventeen_flow(), 100, 0);
    bamboo_library_destroy(library);
    remove_folder();
    return 0;
}
