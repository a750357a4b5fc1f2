/* Memory of runs that wait for a callback, each in the engine that owns it. */
#include <malloc.h>
#include <stdio.h>

#include "bench/measure.h"

int main(void)
{
    const int count = 20000;
    struct bamboo_library *library = NULL;
    struct bamboo_error error = {0};
    char id[BAMBOO_RUN_ID_SIZE];
    must(bamboo_library_create(NULL, 0, &library, &error), &error, "library");
    struct bamboo_flow *flow =
        compile_text(library, "pipeline wait() {\n    answer = callback()\n}\n");
    struct bamboo_engine *engine = open_engine(library, BAMBOO_DURABILITY_NONE);
    struct bamboo_value parameters = no_parameters();
    for (int i = 0; i < 1000; i++)
        must(bamboo_start(engine, flow, parameters, NULL, id, &error), &error, "start");
    must(bamboo_engine_loop(engine, BAMBOO_UNTIL_SETTLED, &error), &error, "loop");
    malloc_trim(0);
    size_t before = resident_bytes();
    for (int i = 0; i < count; i++)
        must(bamboo_start(engine, flow, parameters, NULL, id, &error), &error, "start");
    must(bamboo_engine_loop(engine, BAMBOO_UNTIL_SETTLED, &error), &error, "loop");
    malloc_trim(0);
    double sample = (double)(resident_bytes() - before) / count;
    report("memory of a waiting run", "none", "bytes", &sample, 1);
    bamboo_engine_close(engine);
    bamboo_flow_release(flow);
    bamboo_value_release(parameters);
    bamboo_library_destroy(library);
    remove_folder();
    return 0;
}
