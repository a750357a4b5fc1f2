/* The latency of one durable step: from the call to its events being on the disk, beside a commit
 * of the same bytes by bare SQLite (WAL, synchronous FULL), in turn. */
#include <stdio.h>
#include <stdlib.h>

#include "api/engine.h"
#include "base/memory.h"
#include "bench/flows.h"
#include "bench/recording.h"
#include "bytecode/control_program.h"

#define STEPS 300

struct world {
    struct bamboo_engine *engine;
    struct bamboo_flow *flow;
    struct bamboo_value parameters, data;
    uint8_t *image; /* the control program of the callback */
    size_t size;
    char id[BAMBOO_RUN_ID_SIZE];
};

static void settle(struct world *world)
{
    struct bamboo_error error = {0};
    must(bamboo_engine_loop(world->engine, BAMBOO_UNTIL_SETTLED, &error), &error, "loop");
    must(bamboo_engine_flush(world->engine, &error), &error, "flush");
}

/* A run of one node from its start to its end. */
static void step_of_a_new_run(struct world *world)
{
    struct bamboo_error error = {0};
    must(bamboo_start(world->engine, world->flow, world->parameters, NULL, world->id, &error),
         &error, "start");
    settle(world);
}

/* A callback to a run that waits for it, up to its waiting for the next: one commit, as where a
 * worker finds it in a mailbox. */
static void step_of_a_run_under_way(struct world *world)
{
    struct bamboo_error error = {0};
    struct text reply = {0};
    must(engine_operate(world->engine->engine, 1, world->image, world->size, &reply, &error),
         &error, "callback");
    text_release(&reply);
    settle(world);
}

/* The same by the public function, which answers when the callback is durable, before the run
 * moves: two commits. */
static void step_by_an_embedding_program(struct world *world)
{
    struct bamboo_error error = {0};
    struct bamboo_value reply = bamboo_missing();
    bool claimed;
    struct bamboo_operation operation = {
        .operation = "callback", .run = world->id, .node = "answer", .data = world->data};
    must(bamboo_operate(world->engine, &operation, &reply, &claimed, &error), &error, "callback");
    bamboo_value_release(reply);
    settle(world);
}

static void measure(const struct bamboo_library *library, const char *name, const char *text,
                    void (*step)(struct world *world), bool starts)
{
    static double ours[STEPS], theirs[STEPS];
    struct bamboo_error error = {0};
    struct world world = {.flow = compile_text(library, text), .parameters = no_parameters()};
    struct bamboo_map_builder builder;
    bamboo_map_builder_init(&builder);
    bamboo_map_builder_set_take(&builder, "data", no_parameters());
    must(bamboo_map_builder_finish(&builder, &world.data, NULL), &(struct bamboo_error){0}, "data");
    must(control_program_build(OP_CALLBACK_NODE, "answer", world.data, NULL, &world.image,
                               &world.size, &error),
         &error, "control program");
    world.engine = open_engine(library, BAMBOO_DURABILITY_FULL);
    struct replay *replay = replay_open(BAMBOO_DURABILITY_FULL);
    if (starts) step_of_a_new_run(&world);
    for (int i = -20; i < STEPS; i++) {
        struct recording recording = {0};
        recording_begin(&recording, world.engine);
        double start = seconds_now();
        step(&world);
        double seconds = seconds_now() - start;
        recording_end(world.engine);
        double sqlite = replay_run(replay, &recording, REPLAY_BATCHES);
        recording_release(&recording);
        if (i < 0) continue;
        ours[i] = seconds * 1e6;
        theirs[i] = sqlite * 1e6;
    }
    report(name, "full", "us", ours, STEPS);
    char limit[160];
    snprintf(limit, sizeof limit, "limit: the same commits by SQLite: %s", name);
    report(limit, "full", "us", theirs, STEPS);
    report_ratio(name, "full", "SQLite WAL FULL, the same commits", AT_MOST(1.3), ours, theirs,
                 STEPS);
    replay_close(replay);
    bamboo_engine_close(world.engine);
    bamboo_flow_release(world.flow);
    bamboo_value_release(world.parameters);
    bamboo_value_release(world.data);
    memory_free(world.image);
}

int main(void)
{
    static const char WAITS[] =
        "pipeline wait() {\n    repeat up to 1000 times {\n        answer = callback()\n    }\n}\n";
    struct bamboo_library *library = NULL;
    struct bamboo_error error = {0};
    must(bamboo_library_create(NULL, 0, &library, &error), &error, "library");
    measure(library, "one step: a new run of one node", "pipeline one() {\n    noop()\n}\n",
            step_of_a_new_run, false);
    measure(library, "one step: a callback to a waiting run", WAITS, step_of_a_run_under_way, true);
    measure(library, "one step and its answer: the same by bamboo_operate(), 2 commits", WAITS,
            step_by_an_embedding_program, true);
    bamboo_library_destroy(library);
    remove_folder();
    return 0;
}
