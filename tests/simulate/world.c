#include "tests/simulate/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/diagnostics.h"
#include "base/memory.h"
#include "base/value.h"
#include "compiler/compile.h"
#include "tests/generate/flow.h"
#include "vm/engine/ownership.h"

#define EPOCH_MS     INT64_C(1700000000000)
#define FLOW_NUMBERS 80
#define TURN_COUNT   400
#define SQLITE_EVERY \
    4 /* one of so many seeds has SQLite's store, which takes three times as long */
#define SLOW_LOOK_NS (4 * NS_PER_MS) /* a slice of time of an engine */
/* So long an engine may wait for the world in one step, in a calm world. */
#define WAIT_MAX_MS 60000

struct world *the_world;

/* --- Chance and time --- */

uint32_t draw(struct world *world, uint32_t count)
{
    return count ? random_next(&world->random) % count : 0;
}

bool happens(struct world *world, uint32_t thousandths)
{
    return thousandths > 0 && !world->is_calm && draw(world, 1000) < thousandths;
}

int64_t world_now_ms(const struct world *world)
{
    return EPOCH_MS + world->monotonic_ns / NS_PER_MS;
}

static int64_t simulated_now(void *context)
{
    struct world *world = context;
    int64_t now = world_now_ms(world) + world->store_offset_ms;
    if (now > world->store_latest_ms) world->store_latest_ms = now;
    return now;
}

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
    if (!world->is_told) return;
    printf("%10.3f  ", (double)world->monotonic_ns / 1e9);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

/* --- Flows --- */

static struct linked_program *compile(struct world *world, const char *text)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct compile_options options = {.components = &SIMULATED_COMPONENTS,
                                      .functions = &SIMULATED_FUNCTIONS};
    struct program *program = NULL;
    struct linked_program *linked = NULL;
    struct bamboo_error error;
    uint8_t *image = NULL;
    size_t size = 0;
    enum bamboo_status status =
        compile_flow("generated", text, strlen(text), &options, diagnostics, &image, &size, &error);
    if (status == BAMBOO_OK) status = program_load(image, size, "generated", &program, &error);
    if (status == BAMBOO_OK)
        status =
            link_program(program, &SIMULATED_COMPONENTS, &SIMULATED_FUNCTIONS, &linked, &error);
    if (status != BAMBOO_OK) world_break(world, "a flow does not compile: %s", error.message);
    program_release(program);
    memory_free(image);
    diagnostics_destroy(diagnostics);
    return linked;
}

static struct linked_program *generate(struct world *world)
{
    uint32_t numbers[FLOW_NUMBERS];
    for (size_t i = 0; i < FLOW_NUMBERS; i++)
        numbers[i] = random_next(&world->random);
    struct choices choices = {numbers, FLOW_NUMBERS, 0};
    struct text text = {0};
    flow_generate(&choices, &text);
    size_t used = strlen(world->flow);
    snprintf(world->flow + used, sizeof world->flow - used, "%s\n", text_string(&text));
    struct linked_program *linked = compile(world, text_string(&text));
    text_release(&text);
    return linked;
}

/* --- Machines --- */

static void machine_up(struct world *world, struct machine *machine)
{
    struct engine_options options = {
        .store = &machine->disk.store,
        .library = {&SIMULATED_COMPONENTS, &SIMULATED_FUNCTIONS},
        .actor = "engine",
    };
    struct bamboo_error error;
    disk_init(&machine->disk, world);
    host_belongs_to(machine);
    machine->sleeps_until_ns = 0;
    if (engine_create(&options, &machine->engine, &error) != BAMBOO_OK)
        world_break(world, "no engine: %s", error.message);
    world_tell(world, "engine %zu is up", (size_t)(machine - world->machines));
}

/* The process is killed (`at_once`), or ends in order. */
static void machine_down(struct world *world, struct machine *machine, bool at_once)
{
    machine->disk.is_dead = at_once;
    engine_destroy(machine->engine);
    machine->engine = NULL;
    machine->disk.is_dead = true;
    machine->down_until_ms = world_now_ms(world) + draw(world, 20000);
    world_tell(world, "engine %zu %s", (size_t)(machine - world->machines),
               at_once ? "is killed" : "ends");
}

/* A new run, of a new flow. Its creation counts once it is durable. */
static void start_run(struct world *world, struct machine *machine)
{
    struct bamboo_error error;
    struct simulated_run *run = &world->runs[world->run_count];
    struct bamboo_value parameters = value_empty_map();
    run->linked = generate(world);
    if (!run->linked) return;
    if (engine_start(machine->engine, run->linked, parameters, bamboo_missing(), run->id, &error) !=
        BAMBOO_OK) {
        linked_program_release(run->linked);
        run->linked = NULL;
        return;
    }
    world->run_count++;
    run->is_durable = engine_flush(machine->engine, &error) == BAMBOO_OK;
    world_tell(world, "run %s is started%s", run->id, run->is_durable ? "" : ", perhaps");
}

/* What may befall a machine between two turns; false if it cannot have its turn. */
static bool befall(struct world *world, struct machine *machine)
{
    int64_t now = world_now_ms(world);
    if (happens(world, world->faults.clock_jump))
        machine->clock_offset_ms += (int64_t)draw(world, 120000) - 60000;
    if (!machine->engine && (world->is_calm || now >= machine->down_until_ms))
        machine_up(world, machine);
    if (!machine->engine) return false;
    if (happens(world, world->faults.crash)) {
        machine_down(world, machine, true);
        return false;
    }
    if (happens(world, world->faults.pause)) {
        machine->paused_until_ms = now + draw(world, 4 * ENGINE_LEASE_MS);
        world_tell(world, "engine %zu stands still", (size_t)(machine - world->machines));
    }
    return world->is_calm || now >= machine->paused_until_ms;
}

/* An engine that the store or memory has broken ends, as its process would. */
static void end_if_broken(struct world *world, struct machine *machine, enum bamboo_status status,
                          const struct bamboo_error *error)
{
    if (status == BAMBOO_OK || status == BAMBOO_E_OWNERSHIP) return;
    world_tell(world, "engine %zu: %s", (size_t)(machine - world->machines), error->message);
    if (machine->engine->is_broken)
        machine_down(world, machine, draw(world, 2));
    else if (status == BAMBOO_E_INTERNAL)
        world_break(world, "an engine has a defect: %s", error->message);
}

static bool have_turn(struct world *world, struct machine *machine)
{
    struct bamboo_error error;
    bool is_busy = false;
    if (!befall(world, machine)) return false;
    if (world->run_count < world->runs_wanted && draw(world, 10) == 0) start_run(world, machine);
    if (world->is_calm && world->monotonic_ns < machine->sleeps_until_ns) return false;
    world->acting = machine;
    int64_t wait_ms = world->is_calm ? WAIT_MAX_MS : 0;
    enum bamboo_status status = engine_step(machine->engine, wait_ms, &is_busy, &error);
    /* A worker claims whenever it looks around; while that is left to chance, runs wait for long.
     */
    bool claims = draw(world, 4) == 0 || world->is_calm;
    if (status == BAMBOO_OK && claims) {
        ownership_claim_some(machine->engine);
        status = engine_check(machine->engine, &error);
    }
    end_if_broken(world, machine, status, &error);
    return is_busy;
}

/* --- The course of things --- */

static void draw_faults(struct world *world)
{
    uint32_t *all[] = {&world->faults.crash,       &world->faults.pause,
                       &world->faults.lost_commit, &world->faults.false_alarm,
                       &world->faults.slow_commit, &world->faults.failing_read,
                       &world->faults.clock_jump,  &world->faults.lost_request};
    static const uint32_t LARGEST[] = {60, 60, 40, 40, 300, 8, 30, 500};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        *all[i] = draw(world, 2) ? draw(world, LARGEST[i] + 1) : 0;
}

static void pass_time(struct world *world, bool is_busy)
{
    static const int64_t STEPS_MS[] = {0, 0, 1, 10, 100, 500, 1000, 4000};
    uint32_t kind = draw(world, is_busy ? 4 : 8);
    world->monotonic_ns += STEPS_MS[kind] * NS_PER_MS + 1000;
    if (happens(world, world->faults.clock_jump / 4))
        world->store_offset_ms += (int64_t)draw(world, 60000) - 30000;
}

/* Notes when runs are over, and when they move; true: all are over. */
static bool all_are_over(struct world *world)
{
    bool are_over = world->run_count == world->runs_wanted;
    for (size_t i = 0; i < world->run_count; i++) {
        struct store_run row = {0};
        enum bamboo_status status = store_find_run(world->store, world->runs[i].id, &row, NULL);
        bool is_over = status == BAMBOO_E_NOT_FOUND || (status == BAMBOO_OK && row.summary.ended);
        if (!is_over) liveness_note(world, &world->runs[i], row.sequence);
        store_run_release(&row);
        if (is_over && world->runs[i].over_ns == 0) world->runs[i].over_ns = world->monotonic_ns;
        are_over &= is_over;
    }
    return are_over;
}

static void storm(struct world *world)
{
    for (uint32_t turn = 0; turn < world->turns && !world->broken[0]; turn++) {
        bool is_busy = have_turn(world, &world->machines[draw(world, ENGINE_COUNT)]);
        if (world->run_count > 0 && draw(world, 8) == 0) operators_ask(world);
        if (turn % 50 == 49) check_all(world, false);
        if (turn % 8 == 7) (void)all_are_over(world);
        pass_time(world, is_busy);
    }
}

/* No faults any more: everything has to come to an end. */
static void calm(struct world *world)
{
    world->is_calm = true;
    int64_t store_ms = simulated_now(world);
    world->free_ns =
        world->monotonic_ns + (world->store_latest_ms + ENGINE_LEASE_MS - store_ms) * NS_PER_MS;
    world_tell(world, "from here on nothing fails");
    for (int turn = 0; !world->broken[0]; turn++) {
        bool is_busy = have_turn(world, &world->machines[turn % ENGINE_COUNT]);
        if (turn % 8 == 7 && all_are_over(world)) break;
        if (turn % 8 == 3) liveness_look(world);
        pass_time(world, is_busy);
    }
    /* Whoever asked shortly before the end is answered, too. */
    for (int turn = 0; turn < 40 && !world->broken[0]; turn++) {
        (void)have_turn(world, &world->machines[turn % ENGINE_COUNT]);
        world->monotonic_ns += 1500 * NS_PER_MS;
    }
}

void world_remove_store(const struct world *world)
{
    static const char *const ENDS[] = {"", "-wal", "-shm", "-owners", "-wake"};
    char name[sizeof world->path + 10];
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++) {
        snprintf(name, sizeof name, "%s%s", world->path, ENDS[i]);
        unlink(name);
    }
}

/* What a power loss does to it is not asked here (tests/powerloss/), so it waits for no disk. */
static bool open_store(struct world *world)
{
    const struct store_options options = {.durability = STORE_DURABILITY_NONE};
    const char *url = world->is_sqlite ? world->path : "memory:";
    struct bamboo_error error;
    world_remove_store(world);
    if (store_open(url, &options, &world->store, &error) != BAMBOO_OK) {
        world_break(world, "no store: %s", error.message);
        return false;
    }
    world->store->clock = (struct store_clock){simulated_now, world};
    return true;
}

bool world_run(struct world *world, uint64_t seed, enum course course)
{
    memset(world, 0, offsetof(struct world, is_told));
    world->course = course;
    world->is_sqlite = seed % SQLITE_EVERY == 0;
    world->random = seed + ((uint64_t)course << 32); /* each course has chances of its own */
    the_world = world;
    draw_faults(world);
    world->look_ns = draw(world, 3) ? SLOW_LOOK_NS : 1000;
    world->runs_wanted = 1 + draw(world, RUN_COUNT_MAX);
    world->turns = course == COURSE_SAFETY ? TURN_COUNT : draw(world, TURN_COUNT);
    if (!open_store(world)) return false;
    storm(world);
    if (!world->broken[0] && course == COURSE_LIVENESS) calm(world);
    if (!world->broken[0]) check_all(world, course == COURSE_LIVENESS);
    return !world->broken[0];
}

void world_release(struct world *world)
{
    for (size_t i = 0; i < ENGINE_COUNT; i++)
        if (world->machines[i].engine) machine_down(world, &world->machines[i], true);
    for (size_t i = 0; i < world->run_count; i++)
        linked_program_release(world->runs[i].linked);
    memory_free(world->deeds);
    memory_free(world->requests);
    store_close(world->store);
    world->store = NULL;
}
