/* Liveness: once nothing fails any more, every run that can end does, and soon. A run that can go
 * on by itself is helped by nobody, so that no help hides that it does not; one that waits for
 * people gets help, and the answer is owed. Time is that of the simulation. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/memory.h"
#include "tests/simulate/world.h"
#include "vm/run/state.h"

/* So soon after it could, a run has moved: a look around, a claim and a commit lie in between. */
#define MOVE_NS (30 * NS_PER_S)
/* So soon a run is over, with all its timers, and people who help at each step. */
#define END_NS (3600 * NS_PER_S)

void liveness_note(struct world *world, struct simulated_run *run, uint64_t sequence)
{
    if (run->sequence == sequence && run->moved_ns > 0) return;
    run->sequence = sequence;
    run->moved_ns = world->monotonic_ns;
}

/* What a run does next by itself, and since when it could. */
struct next {
    const char *what; /* NULL: nothing */
    uint32_t scope, node;
    bool is_of_token; /* not only of a timer beside it: nobody has to help */
    int64_t since_ns;
};

static void note_next(struct next *next, const char *what, uint32_t scope, uint32_t node,
                      int64_t since_ns)
{
    if (next->what && next->since_ns <= since_ns) return;
    next->what = what;
    next->scope = scope;
    next->node = node;
    next->since_ns = since_ns;
}

/* When this time has come by the clocks of all machines, whichever owns the run. */
static int64_t due_ns(const struct world *world, int64_t wall_ms)
{
    int64_t slowest = world->machines[0].clock_offset_ms;
    for (size_t i = 1; i < ENGINE_COUNT; i++)
        if (world->machines[i].clock_offset_ms < slowest)
            slowest = world->machines[i].clock_offset_ms;
    int64_t due = world->monotonic_ns + (wall_ms - world_now_ms(world) - slowest) * NS_PER_MS;
    return due > world->free_ns ? due : world->free_ns;
}

/* The timeout and the timers of nodes that are RUNNING. */
static void note_timers(const struct world *world, const struct run *run, uint32_t scope,
                        struct next *next)
{
    const struct image_pipeline *pipeline = scope_pipeline(run, scope);
    for (uint32_t i = 0; i < pipeline->node_count; i++) {
        uint32_t node = pipeline->first_node + i;
        const struct node_record *record = &run->scopes[scope].records[i];
        if (record->state != NODE_RUNNING) continue;
        if (record->deadline > 0)
            note_next(next, "has a timeout that was due", scope, node,
                      due_ns(world, record->deadline));
        for (uint32_t t = 0; record->extra && t < record->extra->timer_count; t++) {
            int64_t time = record->extra->timers[t].next;
            if (time == 0) continue;
            if (time < record->started) time = record->started; /* `at` a time long ago */
            note_next(next, "has a timer that was due", scope, node, due_ns(world, time));
        }
    }
}

/* A timer is owed whatever else happens; that a token goes on, once nothing else does. Read from
 * the state alone: what the product derives from it, queue and heap of timers, is what is tested.
 */
static struct next find_next(const struct world *world, const struct run *run, int64_t moved_ns)
{
    struct next next = {.what = NULL};
    int64_t since = moved_ns > world->free_ns ? moved_ns : world->free_ns;
    for (size_t i = 0; i < run->token_count; i++) {
        const struct token *at = &run->tokens[i];
        bool is_timed = at->state == TOKEN_POLL || at->state == TOKEN_RETRY;
        if (at->state == TOKEN_READY) note_next(&next, "can go on", at->scope, at->node, since);
        if (at->state == TOKEN_WORKING) note_next(&next, "is at work", at->scope, at->node, since);
        if (is_timed)
            note_next(&next, "waits for a time that has come", at->scope, at->node,
                      due_ns(world, at->wake_at));
        next.is_of_token |= is_timed || at->state == TOKEN_READY || at->state == TOKEN_WORKING;
    }
    for (uint32_t scope = 0; scope < run->scope_count; scope++)
        note_timers(world, run, scope, &next);
    return next;
}

static const char *owner_of(const struct world *world, uint64_t owner)
{
    static const char *const NAMES[ENGINE_COUNT] = {"engine 0 owns it", "engine 1 owns it"};
    for (size_t i = 0; i < ENGINE_COUNT; i++)
        for (size_t n = 0; n < world->machines[i].disk.number_count; n++)
            if (world->machines[i].disk.numbers[n] == owner) return NAMES[i];
    return owner ? "an engine that is gone owns it" : "nobody owns it";
}

/* `what` is true since then, and nothing comes of it. */
__attribute__((format(printf, 5, 6))) static void say(struct world *world,
                                                      const struct store_run *row,
                                                      const struct run *run, int64_t since_ns,
                                                      const char *what, ...)
{
    char reason[200];
    va_list arguments;
    va_start(arguments, what);
    vsnprintf(reason, sizeof reason, what, arguments);
    va_end(arguments);
    world_break(world, "run %s, %s, does not end: after event %" PRIu64 ", %s, for %.1f s; %s",
                row->id, run_state_name((enum run_state)run->state), row->sequence, reason,
                (double)(world->monotonic_ns - since_ns) / (double)NS_PER_S,
                owner_of(world, row->owner));
}

static bool is_answered(struct world *world, uint64_t mail)
{
    bool answered = false;
    enum bamboo_status status;
    char *text = NULL;
    struct bamboo_error error;
    if (store_read_reply(world->store, mail, &answered, &status, &text, &error) != BAMBOO_OK)
        world_break(world, "an answer cannot be read: %s", error.message);
    memory_free(text);
    return answered;
}

/* Somebody helps, unless somebody does already: then the answer is owed. */
static void help(struct world *world, size_t index, const struct store_run *row,
                 const struct run *run)
{
    struct simulated_run *of = &world->runs[index];
    int64_t since = of->helped_ns > world->free_ns ? of->helped_ns : world->free_ns;
    if (of->help && is_answered(world, of->help)) of->help = 0;
    if (of->help && world->monotonic_ns - since > MOVE_NS)
        say(world, row, run, since, "whoever helps it gets no answer");
    if (of->help) return;
    of->help = operators_help(world, index, run);
    of->helped_ns = world->monotonic_ns;
}

static void look_at(struct world *world, size_t index, const struct store_run *row)
{
    const struct simulated_run *of = &world->runs[index];
    struct run *run = check_load(world, of);
    if (!run) return;
    struct next next = find_next(world, run, of->moved_ns);
    if (next.what && world->monotonic_ns - next.since_ns > MOVE_NS) {
        struct text path = {0};
        run_append_path(run, next.scope, next.node, &path);
        say(world, row, run, next.since_ns, "%s %s", text_string(&path), next.what);
        text_release(&path);
    } else if (world->monotonic_ns - world->free_ns > END_NS) {
        say(world, row, run, world->free_ns, "people have helped it again and again");
    } else if (!next.is_of_token) {
        help(world, index, row, run);
    }
    run_destroy(run);
}

void liveness_look(struct world *world)
{
    for (size_t i = 0; i < world->run_count && !world->broken[0]; i++) {
        struct store_run row = {0};
        if (store_find_run(world->store, world->runs[i].id, &row, NULL) == BAMBOO_OK &&
            !row.summary.ended) {
            liveness_note(world, &world->runs[i], row.sequence);
            look_at(world, i, &row);
        }
        store_run_release(&row);
    }
}
