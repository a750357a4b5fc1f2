#include "tests/property/world.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/diagnostics.h"
#include "base/memory.h"
#include "compiler/compile.h"
#include "tests/generate/choices.h"
#include "tests/property/components.h"
#include "vm/run/can.h"

enum step_kind { ADVANCE, ANSWER, WAIT, OPERATE, CRASH, SNAPSHOT };

void world_break(struct world *world, const char *format, ...)
{
    va_list arguments;
    if (world->broken[0]) return; /* the first one counts */
    va_start(arguments, format);
    vsnprintf(world->broken, sizeof world->broken, format, arguments);
    va_end(arguments);
}

void world_tell(const struct world *world, const char *format, ...)
{
    va_list arguments;
    if (!world->tells) return;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    fflush(stdout); /* the next thing may be a crash */
}

/* --- Beginning and end --- */

static bool compile(struct world *world, const char *text)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct compile_options options = {.components = &PROPERTY_COMPONENTS,
                                      .functions = &PROPERTY_FUNCTIONS};
    struct program *program = NULL;
    struct text report = {0};
    uint8_t *image = NULL;
    size_t size = 0;
    enum bamboo_status status = compile_flow("generated", text, strlen(text), &options, diagnostics,
                                             &image, &size, &world->error);
    if (status != BAMBOO_OK) diagnostics_print(diagnostics, false, &report);
    if (status == BAMBOO_OK)
        status = program_load(image, size, "generated", &program, &world->error);
    if (status == BAMBOO_OK)
        status = link_program(program, &PROPERTY_COMPONENTS, &PROPERTY_FUNCTIONS, &world->linked,
                              &world->error);
    if (status != BAMBOO_OK)
        world_break(world, "the flow does not compile: %s\n%s", world->error.message,
                    text_string(&report));
    text_release(&report);
    program_release(program);
    memory_free(image);
    diagnostics_destroy(diagnostics);
    return status == BAMBOO_OK;
}

bool world_begin(struct world *world, const char *text)
{
    *world = (struct world){.now = 1000000};
    if (!compile(world, text)) return false;
    struct bamboo_value parameters = value_empty_map();
    enum bamboo_status status = interpreter_create(&world->machine, &world->error);
    if (status == BAMBOO_OK)
        status = run_create(world->linked, "0123456789abcdef", parameters, bamboo_missing(),
                            world->now, &world->run, &world->error);
    if (status == BAMBOO_OK)
        status =
            run_restore(world->linked, "0123456789abcdef", NULL, 0, &world->shadow, &world->error);
    if (status != BAMBOO_OK) world_break(world, "the run does not begin: %s", world->error.message);
    return world_check(world);
}

static void drop_effects(struct world *world)
{
    while (world->effect_count > 0)
        effect_release(&world->effects[--world->effect_count]);
}

void world_end(struct world *world)
{
    drop_effects(world);
    memory_free(world->effects);
    memory_free(world->states);
    run_destroy(world->run);
    run_destroy(world->shadow);
    interpreter_destroy(world->machine);
    linked_program_release(world->linked);
    writer_release(&world->base);
    writer_release(&world->journal);
}

/* --- Steps --- */

static bool succeed(struct world *world, enum bamboo_status status, const char *what)
{
    if (status != BAMBOO_OK) world_break(world, "%s fails: %s", what, world->error.message);
    return world_check(world);
}

static bool advance(struct world *world, uint32_t budget)
{
    return succeed(world,
                   run_advance(world->machine, world->run, world->now, budget, &world->error),
                   "advance");
}

/* Something outside has ended, well or not; or goes on waiting, if it can be called back. */
static bool answer(struct world *world, uint32_t which, uint32_t how)
{
    if (world->effect_count == 0) return advance(world, 1);
    uint32_t index = which % (uint32_t)world->effect_count;
    struct effect effect = world->effects[index];
    world->effects[index] = world->effects[--world->effect_count];
    struct bamboo_value outputs = value_empty_map();
    struct run_result result = {.scope = effect.scope,
                                .node = effect.node,
                                .version = effect.version,
                                .outcome = how % 4 ? BAMBOO_SUCCESS : BAMBOO_FAILURE,
                                .outputs = outputs,
                                .failure = "as generated"};
    if (effect.kind == EFFECT_EXECUTE && effect.component->kind == BAMBOO_KIND_MULTI_CALLBACK)
        result.outcome = BAMBOO_PENDING;
    enum bamboo_status status =
        run_complete(world->machine, world->run, &result, world->now, &world->error);
    effect_release(&effect);
    return succeed(world, status, "answer");
}

/* Up to the next deadline, or a little. */
static bool wait(struct world *world, uint32_t how)
{
    int64_t deadline = run_next_deadline(world->run);
    world->now += how % 500;
    if (how % 3 == 0 && deadline > world->now) world->now = deadline;
    return succeed(world, run_fire_timers(world->machine, world->run, world->now, &world->error),
                   "timers");
}

/* The process dies, another one carries on. */
static bool crash(struct world *world)
{
    struct run *restored = world_restore(world);
    if (!restored) return false;
    bool same = world_same_state(world, world->run, restored, "after a crash") &&
                world_same_description(world, world->run, restored, "after a crash");
    run_destroy(world->run);
    world->run = restored;
    drop_effects(world);
    return same && succeed(world, run_recover(world->machine, restored, world->now, &world->error),
                           "recovery");
}

static bool snapshot(struct world *world)
{
    writer_release(&world->base);
    writer_release(&world->journal);
    world->base = world->journal = (struct byte_writer){0};
    run_snapshot(world->run, &world->base);
    struct run *restored = world_restore(world);
    if (restored) {
        world_same_state(world, world->run, restored, "after a snapshot");
        world_same_description(world, world->run, restored, "after a snapshot");
    }
    run_destroy(restored);
    return !world->broken[0];
}

static enum step_kind kind_of(struct step step)
{
    static const enum step_kind KINDS[] = {ADVANCE, ADVANCE, ADVANCE, ANSWER,  ANSWER, WAIT,
                                           WAIT,    OPERATE, OPERATE, OPERATE, CRASH,  SNAPSHOT};
    return KINDS[step.kind % (sizeof KINDS / sizeof *KINDS)];
}

static bool do_step(struct world *world, struct step step)
{
    switch (kind_of(step)) {
    case ADVANCE: return advance(world, 1 + step.which % 20);
    case ANSWER: return answer(world, step.which, step.how);
    case WAIT: return wait(world, step.how);
    case OPERATE: return world_operate(world, step.which, step.how) && world_check(world);
    case CRASH: return crash(world);
    case SNAPSHOT: return snapshot(world);
    }
    return true;
}

bool world_step(struct world *world, struct step step)
{
    static const char *const NAMES[] = {"advance", "answer", "wait",
                                        "operate", "crash",  "snapshot"};
    world_tell(world, "    %s", NAMES[kind_of(step)]);
    bool holds = do_step(world, step) && world_check_sleepers(world);
    world_tell(world, "\n");
    return holds;
}

/* --- The end of all things --- */

/* An operator who wants the run to end: resumes, skips, calls back. */
static bool help(struct world *world)
{
    struct bamboo_value rows;
    bool accepted = false;
    if (run_can(world->run, NULL, &rows, &world->error) != BAMBOO_OK) return false;
    static const char *const HELPFUL[] = {"resume", "callback", "skip", "retry"};
    for (size_t h = 0; h < sizeof HELPFUL / sizeof *HELPFUL && !accepted; h++)
        for (size_t i = 0; i < bamboo_list_count(rows) && !accepted; i++) {
            struct bamboo_value row = bamboo_list_at(rows, i);
            struct bamboo_value node = bamboo_map_get(row, "node");
            const char *name = bamboo_string_bytes(bamboo_map_get(row, "operation"), NULL);
            if (strcmp(name, HELPFUL[h]) != 0 || !value_is_true(bamboo_map_get(row, "allowed")))
                continue;
            const char *path = node.type == BAMBOO_STRING ? bamboo_string_bytes(node, NULL) : NULL;
            if (!world_apply(world, name, path, bamboo_null(), &accepted)) break;
        }
    bamboo_value_release(rows);
    return accepted && world_check(world);
}

/* A gateway that has failed is told a way, any: one leads to the end. */
static bool help_gateways(struct world *world)
{
    const struct run *run = world->run;
    const struct program *program = run->linked->program;
    for (uint32_t i = 0; i < run->token_count; i++) {
        const struct token *token = &run->tokens[i];
        const struct image_node *node = node_of(run, token->node);
        if (token->state != TOKEN_FAILED || node->flow_count == 0 ||
            (node->kind != NODE_KIND_EXCLUSIVE && node->kind != NODE_KIND_INCLUSIVE))
            continue;
        struct text path = {0};
        struct bamboo_map_builder map;
        struct bamboo_value data = bamboo_missing();
        bool accepted = false;
        run_append_path(run, token->scope, token->node, &path);
        bamboo_map_builder_init(&map);
        uint32_t way = node->first_flow + random_next(&world->luck) % node->flow_count;
        bamboo_map_builder_set_text(
            &map, "to", program_name(program, program->nodes[program->flows[way].target].name));
        if (bamboo_map_builder_finish(&map, &data, NULL) == BAMBOO_OK)
            world_apply(world, "skip", text_string(&path), data, &accepted);
        bamboo_value_release(data);
        text_release(&path);
        if (accepted) return world_check(world);
    }
    return false;
}

bool world_finish(struct world *world)
{
    for (int turn = 0; turn < 3000 && !world->broken[0]; turn++) {
        if (run_state_is_ended((enum run_state)world->run->state)) return true;
        if (!advance(world, 1000)) return false;
        if (world->effect_count > 0) {
            answer(world, 0, 1);
        } else if (run_next_deadline(world->run) > 0) {
            world->now = run_next_deadline(world->run) > world->now ? run_next_deadline(world->run)
                                                                    : world->now;
            wait(world, 0);
        }
        if (world->effect_count == 0 && !run_is_runnable(world->run) && !help_gateways(world))
            (void)help(world);
    }
    world_break(world, "the run does not end");
    return false;
}
