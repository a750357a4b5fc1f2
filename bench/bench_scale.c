/* How time and memory grow: curves, a point a line, for bench_plot.c. Runs that wait in one store
 * and are called back, runs submitted at once, nodes of a flow, tokens of a gateway. `bench_scale`
 * alone measures a tenth of each; `bench_scale full` the whole. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/engine.h"
#include "bench/flows.h"
#include "bytecode/control_program.h"
#include "base/memory.h"

#define STEPS 20 /* points of a curve */

/* {"curve", "durability", "x", "x_unit", "y", "y_unit"}. */
static void point(const char *curve, const char *durability, double x, const char *x_unit, double y,
                  const char *y_unit)
{
    printf(
        "{\"curve\": \"%s\", \"durability\": \"%s\", \"x\": %.8g, \"x_unit\": \"%s\", \"y\": %.6g, "
        "\"y_unit\": \"%s\"}\n",
        curve, durability, x, x_unit, y, y_unit);
    fflush(stdout);
}

static void settle(struct bamboo_engine *engine)
{
    struct bamboo_error error = {0};
    must(bamboo_engine_loop(engine, BAMBOO_UNTIL_SETTLED, &error), &error, "loop");
    must(bamboo_engine_flush(engine, &error), &error, "flush");
}

static void turn(struct bamboo_engine *engine)
{
    struct bamboo_error error = {0};
    bool busy;
    must(bamboo_engine_step(engine, 0, &busy, &error), &error, "step");
}

static double mebibytes(size_t base)
{
    malloc_trim(0);
    size_t now = resident_bytes();
    return now > base ? (double)(now - base) / (1 << 20) : 0;
}

/* --- Runs that wait --- */

#define BATCH 500 /* callbacks that arrive together */

static void call_back(struct bamboo_engine *engine, uint64_t number, const uint8_t *image,
                      size_t size)
{
    struct bamboo_error error = {0};
    struct text reply = {0};
    must(engine_operate(engine->engine, number, image, size, &reply, &error), &error, "callback");
    text_release(&reply);
}

static void measure_waiting(const struct bamboo_library *library, int count)
{
    struct bamboo_error error = {0};
    struct bamboo_flow *flow =
        compile_text(library, "pipeline wait() {\n    answer = callback()\n}\n");
    struct bamboo_engine *engine = open_engine(library, BAMBOO_DURABILITY_FULL);
    struct bamboo_value parameters = no_parameters();
    uint8_t *image;
    size_t size;
    char id[BAMBOO_RUN_ID_SIZE];
    must(control_program_build(OP_CALLBACK_NODE, "answer", parameters, NULL, &image, &size, &error),
         &error, "control program");
    malloc_trim(0);
    size_t base = resident_bytes();
    for (int done = 0; done < count;) {
        double start = seconds_now();
        for (int end = done + count / STEPS; done < end; done++) {
            must(bamboo_start(engine, flow, parameters, NULL, id, &error), &error, "start");
            if (done % BATCH == 0) turn(engine);
        }
        settle(engine);
        double each = (seconds_now() - start) / (count / STEPS) * 1e6;
        point("a run is created and waits", "full", done, "runs waiting in the store", each, "us");
        point("memory of the engine", "full", done, "runs waiting in the store", mebibytes(base),
              "MiB");
    }
    /* In an order that has nothing to do with the one in which they were made. */
    for (int done = 0; done < count;) {
        double start = seconds_now();
        for (int end = done + count / STEPS; done < end; done++) {
            uint64_t number = (uint64_t)done * 999983 % (uint64_t)count + 1;
            call_back(engine, number, image, size);
            if (done % BATCH == 0) turn(engine);
        }
        settle(engine);
        double each = (seconds_now() - start) / (count / STEPS) * 1e6;
        point("a callback comes, the run ends", "full", done, "runs called back", each, "us");
        point("memory of the engine, called back", "full", done, "runs called back",
              mebibytes(base), "MiB");
    }
    memory_free(image);
    bamboo_engine_close(engine);
    bamboo_flow_release(flow);
    bamboo_value_release(parameters);
}

/* --- Runs that are submitted at once --- */

static void measure_submission(const struct bamboo_library *library, int count)
{
    struct bamboo_error error = {0};
    struct bamboo_flow *flow = chain_flow(library, 3);
    struct bamboo_engine *engine = open_engine(library, BAMBOO_DURABILITY_FULL);
    struct bamboo_value parameters = no_parameters();
    char id[BAMBOO_RUN_ID_SIZE];
    double start = seconds_now();
    for (int i = 0; i < count; i++)
        must(bamboo_start(engine, flow, parameters, NULL, id, &error), &error, "start");
    must(bamboo_engine_loop(engine, BAMBOO_UNTIL_ENDED, &error), &error, "loop");
    must(bamboo_engine_flush(engine, &error), &error, "flush");
    double each = (seconds_now() - start) / count * 1e6;
    point("runs of 3 nodes submitted at once, each", "full", count, "runs", each, "us");
    bamboo_engine_close(engine);
    bamboo_flow_release(flow);
    bamboo_value_release(parameters);
}

/* --- Large flows --- */

static void measure_flow(const struct bamboo_library *library, const char *curve,
                         struct bamboo_flow *flow, int count, const char *unit)
{
    struct bamboo_error error = {0};
    struct bamboo_engine *engine = open_engine(library, BAMBOO_DURABILITY_FULL);
    struct bamboo_value parameters = no_parameters();
    char id[BAMBOO_RUN_ID_SIZE];
    double start = seconds_now();
    must(bamboo_start(engine, flow, parameters, NULL, id, &error), &error, "start");
    must(bamboo_engine_loop(engine, BAMBOO_UNTIL_ENDED, &error), &error, "loop");
    must(bamboo_engine_flush(engine, &error), &error, "flush");
    point(curve, "full", count, unit, (seconds_now() - start) / count * 1e6, "us");
    bamboo_engine_close(engine);
    bamboo_value_release(parameters);
}

static void measure_nodes(const struct bamboo_library *library, int count)
{
    double start = seconds_now();
    struct bamboo_flow *flow = chain_flow(library, count);
    double each = (seconds_now() - start) / count * 1e6;
    point("compiling a flow, each node", "-", count, "nodes", each, "us");
    measure_flow(library, "running it, each node", flow, count, "nodes");
    bamboo_flow_release(flow);
}

static void measure_tokens(const struct bamboo_library *library, int count)
{
    struct bamboo_flow *flow = wide_flow(library, count, 1, "noop()");
    measure_flow(library, "parallel gateway, each token", flow, count, "tokens");
    bamboo_flow_release(flow);
}

int main(int count, char **arguments)
{
    int part = count > 1 && strcmp(arguments[1], "full") == 0 ? 1 : 10;
    struct bamboo_library *library = NULL;
    struct bamboo_error error = {0};
    must(bamboo_library_create(NULL, 0, &library, &error), &error, "library");
    for (int step = 1; step <= 4; step++)
        measure_nodes(library, 100000 / part * step / 4);
    for (int step = 1; step <= 4; step++)
        measure_tokens(library, 50000 / part * step / 4);
    for (int step = 1; step <= 4; step++)
        measure_submission(library, 100000 / part * step / 4);
    measure_waiting(library, 1000000 / part);
    bamboo_library_destroy(library);
    remove_folder();
    return 0;
}
