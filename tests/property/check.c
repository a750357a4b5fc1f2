/* What has to hold after every step. */
#include <string.h>

#include "base/memory.h"
#include "tests/property/world.h"
#include "vm/run/record.h"

bool world_same_state(struct world *world, struct run *one, struct run *other, const char *how)
{
    struct byte_writer first = {0}, second = {0};
    run_snapshot(one, &first);
    run_snapshot(other, &second);
    bool same = first.size == second.size && memcmp(first.bytes, second.bytes, first.size) == 0;
    if (!same) world_break(world, "the state %s is another one", how);
    writer_release(&first);
    writer_release(&second);
    return same;
}

static size_t count_records(const struct run *run)
{
    size_t count = 0;
    for (uint32_t i = 0; i < run->scope_count; i++)
        count += scope_pipeline(run, i)->node_count;
    return count;
}

static bool remember_states(struct world *world)
{
    size_t count = count_records(world->shadow);
    if (count > world->state_count) {
        uint8_t *states = memory_allocate_zeroed(count, 1);
        if (!states) return false;
        if (world->state_count) memcpy(states, world->states, world->state_count);
        memory_free(world->states);
        world->states = states;
        world->state_count = count;
    }
    size_t at = 0;
    for (uint32_t i = 0; i < world->shadow->scope_count; i++)
        for (uint32_t n = 0; n < scope_pipeline(world->shadow, i)->node_count; n++)
            world->states[at++] = world->shadow->scopes[i].records[n].state;
    return true;
}

/* One event may be two transitions: a pure node is entered and done, and a node that only waited is
 * given up by a rollback. */
static bool may_become(enum node_state from, enum node_state to)
{
    static const enum node_state BETWEEN[] = {NODE_RUNNING, NODE_ROLLING_BACK};
    if (from == to || node_state_may_become(from, to)) return true;
    for (size_t i = 0; i < sizeof BETWEEN / sizeof *BETWEEN; i++)
        if (node_state_may_become(from, BETWEEN[i]) && node_state_may_become(BETWEEN[i], to))
            return true;
    return false;
}

static void check_transition(struct world *world, const char *event, uint32_t scope, uint32_t node,
                             enum node_state from)
{
    const struct run *run = world->shadow;
    enum node_state to = (enum node_state)run->scopes[scope].records[node].state;
    if (may_become(from, to)) return;
    uint32_t index = scope_pipeline(run, scope)->first_node + node;
    world_break(world, "event %s takes '%s' from %s to %s", event,
                program_name(run->linked->program, node_of(run, index)->name),
                node_state_name(from), node_state_name(to));
}

static enum bamboo_status look_at_event(void *context, struct bamboo_value event,
                                        struct bamboo_error *error)
{
    struct world *world = context;
    const char *type = bamboo_string_bytes(bamboo_map_get(event, "type"), NULL);
    bool forgets = strcmp(type, "rolled-back") == 0 || strcmp(type, "jumped-back") == 0;
    size_t at = 0;
    if (strcmp(type, "timer-fired") == 0 && world->shadow->state == RUN_SUSPENDED)
        world_break(world, "a timer fires in a run that is paused");
    for (uint32_t i = 0; i < world->shadow->scope_count && !forgets; i++)
        for (uint32_t n = 0; n < scope_pipeline(world->shadow, i)->node_count; n++, at++)
            check_transition(world, type, i, n,
                             at < world->state_count ? (enum node_state)world->states[at]
                                                     : NODE_NONE);
    if (!remember_states(world)) return fail_memory(error);
    return world->broken[0] ? fail(error, BAMBOO_E_INTERNAL, "broken") : BAMBOO_OK;
}

/* The children that are alive, and have joined, are those that were made. */
static void check_joins(struct world *world)
{
    const struct run *run = world->run;
    for (uint32_t i = 0; i < run->token_count; i++) {
        const struct token *token = &run->tokens[i];
        if (token->state != TOKEN_CHILDREN) continue;
        uint32_t alive = 0;
        for (uint32_t k = 0; k < run->token_count; k++)
            if (run->tokens[k].state != TOKEN_DEAD && run->tokens[k].parent == i) alive++;
        if (alive != token->children)
            world_break(world, "token %u waits for %u children, and has %u", i, token->children,
                        alive);
    }
}

static bool take_effects(struct world *world, struct run_outbox *outbox)
{
    for (size_t i = 0; i < outbox->effect_count; i++) {
        struct effect *effect = &outbox->effects[i];
        bool is_work = effect->kind == EFFECT_EXECUTE || effect->kind == EFFECT_SCHEDULE ||
                       effect->kind == EFFECT_ROLLBACK;
        if (!is_work) continue;
        if (!memory_grow((void **)&world->effects, &world->effect_capacity, world->effect_count + 1,
                         sizeof *world->effects))
            return false;
        world->effects[world->effect_count++] = *effect;
        *effect = (struct effect){0};
    }
    return true;
}

bool world_check(struct world *world)
{
    struct run_outbox outbox;
    struct replay_listener listener = {.event = look_at_event, .context = world};
    if (world->broken[0]) return false;
    run_take_outbox(world->run, &outbox);
    writer_raw(&world->journal, outbox.events.bytes, outbox.events.size);
    enum bamboo_status status = run_replay_each(world->shadow, outbox.events.bytes,
                                                outbox.events.size, &listener, &world->error);
    if (status != BAMBOO_OK && !world->broken[0])
        world_break(world, "an event does not fit: %s", world->error.message);
    if (!take_effects(world, &outbox)) world_break(world, "no memory");
    run_outbox_release(&outbox);
    check_joins(world);
    const char *fault = run_fault(world->run);
    if (fault) world_break(world, "%s", fault);
    return !world->broken[0] &&
           world_same_state(world, world->run, world->shadow, "after a replay");
}

/* --- What sleeps --- */

static bool has_effect(const struct world *world, const struct token *token)
{
    for (size_t i = 0; i < world->effect_count; i++)
        if (world->effects[i].scope == token->scope && world->effects[i].node == token->node &&
            world->effects[i].version == token_record(world->run, token)->version)
            return true;
    return false;
}

/* A time has to be known that is not later. */
static void check_time(struct world *world, int64_t time, const char *what)
{
    int64_t next = run_next_deadline(world->run);
    if (time != 0 && (next == 0 || next > time))
        world_break(world, "nothing will happen at the %s %lld, the next time is %lld", what,
                    (long long)time, (long long)next);
}

static void check_sleeper(struct world *world, uint32_t index)
{
    const struct run *run = world->run;
    const struct token *token = &run->tokens[index];
    switch ((enum token_state)token->state) {
    case TOKEN_READY:
        if (!token->queued) world_break(world, "token %u can run, but is in no queue", index);
        break;
    case TOKEN_WORKING:
        if (!has_effect(world, token))
            world_break(world, "token %u waits for work that nobody does", index);
        break;
    case TOKEN_POLL:
    case TOKEN_RETRY:
        if (token->wake_at == 0) world_break(world, "token %u waits for no time", index);
        if (!token->busy) check_time(world, token->wake_at, "wake-up of a token");
        break;
    case TOKEN_SUSPENDED:
        if (!place_is_suspended(run, token->scope, token_record(run, token)))
            world_break(world, "token %u is suspended by nothing", index);
        break;
    case TOKEN_CALLBACK:
    case TOKEN_FAILED:
    case TOKEN_CHILDREN: /* check_joins() */
    case TOKEN_DEAD:
    case TOKEN_STATE_COUNT: break;
    }
}

/* Times of nodes that are at work. Timers of a place that is paused are held. */
static void check_deadlines(struct world *world, uint32_t scope)
{
    const struct run *run = world->run;
    for (uint32_t i = 0; i < scope_pipeline(run, scope)->node_count; i++) {
        const struct node_record *record = &run->scopes[scope].records[i];
        if (record->state != NODE_RUNNING) continue;
        check_time(world, record->deadline, "deadline of a node");
        if (place_is_suspended(run, scope, record)) continue;
        for (uint32_t t = 0; record->extra && t < record->extra->timer_count; t++)
            check_time(world, record->extra->timers[t].next, "timer of a node");
    }
}

/* What people are told of each node at which a token sleeps. */
static void check_told(struct world *world)
{
    struct bamboo_value shown;
    if (run_describe(world->run, &shown, &world->error) != BAMBOO_OK) return;
    struct bamboo_value nodes = bamboo_map_get(shown, "nodes");
    for (uint32_t i = 0; i < world->run->token_count; i++) {
        const struct token *token = &world->run->tokens[i];
        struct text path = {0};
        bool told = false;
        if (token->state == TOKEN_DEAD || token->state == TOKEN_READY ||
            token_record(world->run, token)->token != i)
            continue;
        run_append_path(world->run, token->scope, token->node, &path);
        for (size_t k = 0; k < bamboo_list_count(nodes) && !told; k++) {
            struct bamboo_value node = bamboo_list_at(nodes, k);
            told = strcmp(bamboo_string_bytes(bamboo_map_get(node, "node"), NULL),
                          text_string(&path)) == 0 &&
                   bamboo_map_get(node, "waits_for").type == BAMBOO_STRING;
        }
        if (!told) world_break(world, "nobody tells what '%s' waits for", text_string(&path));
        text_release(&path);
    }
    bamboo_value_release(shown);
}

/* A reservation waits for an execution that has yet to finish. */
static void check_reservations(struct world *world, uint32_t scope)
{
    const struct run *run = world->run;
    for (uint32_t i = 0; i < scope_pipeline(run, scope)->node_count; i++) {
        const struct node_record *record = &run->scopes[scope].records[i];
        if (!record->extra || record->extra->reservation.mode == ROLLBACK_NONE) continue;
        if (record->token == TOKEN_NONE && !(record->flags & RECORD_LOOPING))
            world_break(
                world, "a rollback is reserved for the end of '%s', where no token is",
                program_name(run->linked->program,
                             node_of(run, scope_pipeline(run, scope)->first_node + i)->name));
    }
}

bool world_check_sleepers(struct world *world)
{
    for (uint32_t i = 0; i < world->run->token_count; i++)
        check_sleeper(world, i);
    for (uint32_t i = 0; i < world->run->scope_count; i++)
        check_deadlines(world, i);
    /* It ends with the run, and with a rollback that is under way. */
    bool ends = run_state_is_ended((enum run_state)world->run->state);
    for (uint32_t i = 0; i < world->run->token_count; i++)
        ends = ends || (world->run->tokens[i].state != TOKEN_DEAD &&
                        world->run->tokens[i].back_node != IMAGE_NONE);
    for (uint32_t i = 0; i < world->run->scope_count && !ends; i++)
        check_reservations(world, i);
    check_told(world);
    return !world->broken[0];
}

bool world_same_description(struct world *world, struct run *one, struct run *other,
                            const char *how)
{
    struct bamboo_value first = bamboo_missing(), second = bamboo_missing();
    bool same = run_describe(one, &first, &world->error) == BAMBOO_OK &&
                run_describe(other, &second, &world->error) == BAMBOO_OK &&
                bamboo_value_equal(first, second);
    if (!same) world_break(world, "what is told %s is something else", how);
    bamboo_value_release(first);
    bamboo_value_release(second);
    return same;
}

/* --- Bringing it back --- */

struct run *world_restore(struct world *world)
{
    struct run *restored = NULL;
    bool has_base = world->base.size > 0;
    enum bamboo_status status =
        run_restore(world->linked, "0123456789abcdef", has_base ? world->base.bytes : NULL,
                    world->base.size, &restored, &world->error);
    if (status == BAMBOO_OK)
        status = run_replay(restored, world->journal.bytes, world->journal.size, &world->error);
    if (status == BAMBOO_OK) return restored;
    world_break(world, "the run cannot be restored: %s", world->error.message);
    run_destroy(restored);
    return NULL;
}
