/* A short execution of whatever a fuzzer has made: time passes, and what is asked of the world
 * outside is answered, well or not. */
#ifndef TESTS_FUZZ_EXECUTE_H
#define TESTS_FUZZ_EXECUTE_H

#include "bytecode/program.h"
#include "stdlib/components.h"
#include "stdlib/functions.h"
#include "vm/run/run.h"

/* Completes every external activity at once, a few times. */
static inline void drive(struct interpreter *interpreter, struct run *run)
{
    int64_t now = 1000;
    for (int turn = 0; turn < 20; turn++) {
        if (run_advance(interpreter, run, now, 50, NULL) != BAMBOO_OK) return;
        struct run_outbox outbox;
        run_take_outbox(run, &outbox);
        enum bamboo_status status = BAMBOO_OK;
        for (size_t i = 0; i < outbox.effect_count && status == BAMBOO_OK; i++) {
            struct run_result result = {.scope = outbox.effects[i].scope,
                                        .node = outbox.effects[i].node,
                                        .version = outbox.effects[i].version,
                                        .outcome = turn % 3 ? BAMBOO_SUCCESS : BAMBOO_FAILURE,
                                        .outputs = bamboo_missing()};
            if (outbox.effects[i].kind == EFFECT_EXECUTE ||
                outbox.effects[i].kind == EFFECT_SCHEDULE)
                status = run_complete(interpreter, run, &result, now, NULL);
        }
        run_outbox_release(&outbox);
        if (status != BAMBOO_OK) return;
        now += 60000;
        if (run_fire_timers(interpreter, run, now, NULL) != BAMBOO_OK) return;
    }
}

static inline void execute(struct program *program)
{
    struct linked_program *linked = NULL;
    struct interpreter *interpreter = NULL;
    struct run *run = NULL;
    struct bamboo_map_builder builder;
    struct bamboo_value parameters = bamboo_missing();
    bamboo_map_builder_init(&builder);
    if (bamboo_map_builder_finish(&builder, &parameters, NULL) == BAMBOO_OK &&
        link_program(program, stdlib_components(), stdlib_functions(), &linked, NULL) ==
            BAMBOO_OK &&
        interpreter_create(&interpreter, NULL) == BAMBOO_OK &&
        run_create(linked, "0123456789abcdef", parameters, bamboo_missing(), 1000, &run, NULL) ==
            BAMBOO_OK)
        drive(interpreter, run);
    run_destroy(run);
    interpreter_destroy(interpreter);
    linked_program_release(linked);
    bamboo_value_release(parameters);
}

#endif
