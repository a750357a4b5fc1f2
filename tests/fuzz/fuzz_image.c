/* The loader, the verifier and a short execution: any bytes are refused with one sentence, or run
 * without reading or writing out of bounds. The checksum is mended first, so that it does not keep
 * the fuzzer out. */
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "bytecode/disassemble.h"
#include "bytecode/program.h"
#include "stdlib/components.h"
#include "stdlib/functions.h"
#include "tests/fuzz/fuzz.h"
#include "vm/run/run.h"

static void mend_checksum(uint8_t *bytes, size_t size)
{
    const size_t at = offsetof(struct image_header, checksum);
    if (size < at + DIGEST_SIZE)
        return;
    memset(bytes + at, 0, DIGEST_SIZE);
    uint8_t digest[DIGEST_SIZE];
    digest_compute(bytes, size, digest);
    memcpy(bytes + at, digest, DIGEST_SIZE);
}

/* Completes every external activity at once, a few times. */
static void drive(struct interpreter *interpreter, struct run *run)
{
    int64_t now = 1000;
    for (int turn = 0; turn < 20; turn++) {
        if (run_advance(interpreter, run, now, 50, NULL) != BAMBOO_OK)
            return;
        struct run_outbox outbox;
        run_take_outbox(run, &outbox);
        enum bamboo_status status = BAMBOO_OK;
        for (size_t i = 0; i < outbox.effect_count && status == BAMBOO_OK; i++) {
            struct run_result result = {.scope = outbox.effects[i].scope,
                                        .node = outbox.effects[i].node,
                                        .version = outbox.effects[i].version,
                                        .outcome = turn % 3 ? BAMBOO_SUCCESS : BAMBOO_FAILURE,
                                        .outputs = bamboo_missing()};
            if (outbox.effects[i].kind == EFFECT_EXECUTE || outbox.effects[i].kind == EFFECT_SCHEDULE)
                status = run_complete(interpreter, run, &result, now, NULL);
        }
        run_outbox_release(&outbox);
        if (status != BAMBOO_OK)
            return;
        now += 60000;
        if (run_fire_timers(interpreter, run, now, NULL) != BAMBOO_OK)
            return;
    }
}

static void execute(struct program *program)
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
        run_create(linked, "0123456789abcdef", parameters, bamboo_missing(), 1000, &run, NULL) == BAMBOO_OK)
        drive(interpreter, run);
    run_destroy(run);
    interpreter_destroy(interpreter);
    linked_program_release(linked);
    bamboo_value_release(parameters);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = memory_allocate(size ? size : 1);
    if (!copy)
        return 0;
    memcpy(copy, bytes, size);
    mend_checksum(copy, size);
    struct program *program = NULL;
    struct bamboo_error error = {0};
    if (program_load(copy, size, "fuzz.bbc", &program, &error) == BAMBOO_OK) {
        struct text listing = {0};
        disassemble_program(program, &listing);
        text_release(&listing);
        execute(program);
        program_release(program);
    }
    memory_free(copy);
    return 0;
}
