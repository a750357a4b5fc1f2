/* What has to hold, seen from outside: in the ledger of deeds, in the store, and in the journals.
 */
#include <string.h>

#include "base/bytes.h"
#include "base/memory.h"
#include "tests/simulate/world.h"
#include "vm/engine/load.h"
#include "vm/run/activity.h"
#include "vm/run/path.h"

static struct simulated_run *find_run(struct world *world, const char *id)
{
    for (size_t i = 0; i < world->run_count; i++)
        if (strcmp(world->runs[i].id, id) == 0) return &world->runs[i];
    return NULL;
}

struct run *check_load(struct world *world, const struct simulated_run *of)
{
    struct store_run row = {0};
    struct run *run = NULL;
    struct bamboo_error error;
    enum bamboo_status status = store_find_run(world->store, of->id, &row, &error);
    if (status == BAMBOO_OK)
        status = load_run(world->store, of->linked, row.id, row.number, 0, &run, &error);
    store_run_release(&row);
    if (status != BAMBOO_OK) world_break(world, "run %s cannot be read: %s", of->id, error.message);
    return run;
}

/* --- Deeds --- */

static uint64_t hash_of(const struct deed *deed)
{
    uint64_t hash = UINT64_C(14695981039346656037) ^ deed->attempt;
    for (const char *at = deed->run; *at; at++)
        hash = (hash ^ (uint8_t)*at) * UINT64_C(1099511628211);
    for (const char *at = deed->node; *at; at++)
        hash = (hash ^ (uint8_t)*at) * UINT64_C(1099511628211);
    return hash;
}

static bool was_done(const struct world *world, const struct deed *deed)
{
    for (size_t i = 0; i < world->deed_count; i++)
        if (world->deeds[i].hash == deed->hash) return true;
    return false;
}

static void note(struct world *world, const struct deed *deed)
{
    if (!memory_grow((void **)&world->deeds, &world->deed_capacity, world->deed_count + 1,
                     sizeof *world->deeds))
        world_break(world, "the simulator has no memory");
    else
        world->deeds[world->deed_count++] = *deed;
}

/* Does the machine whose turn it is own the run, by the store's word? */
static bool is_owner(const struct world *world, const char *run)
{
    struct store_run row = {0};
    bool is_ours = false;
    const struct disk *disk = &world->acting->disk;
    if (store_find_run(world->store, run, &row, NULL) != BAMBOO_OK) return false;
    for (size_t i = 0; i < disk->number_count; i++)
        is_ours |= disk->numbers[i] == row.owner;
    store_run_release(&row);
    return is_ours;
}

static void check_record(struct world *world, const struct run *run, const struct deed *deed)
{
    uint32_t scope, node;
    struct bamboo_error error;
    if (run_find_node(run, deed->node, &scope, &node, &error) != BAMBOO_OK) {
        world_break(world, "%s of %s is executed, and the store does not know it: %s", deed->node,
                    deed->run, error.message);
        return;
    }
    const struct node_record *record = record_of(run, scope, node);
    bool is_once = node_of(run, node)->flags & NODE_FLAG_ONCE;
    if (is_once && was_done(world, deed))
        world_break(world, "execution %llu of %s is `once`, and happens a second time",
                    (unsigned long long)deed->attempt, deed->node);
    if (record->version < deed->attempt)
        world_break(world, "execution %llu of %s happens before its beginning is durable",
                    (unsigned long long)deed->attempt, deed->node);
    /* Whoever has lost the run may not know it yet. */
    bool is_over = record->version > deed->attempt || record->state != NODE_RUNNING;
    if (is_over && is_owner(world, deed->run))
        world_break(world, "execution %llu of %s is over (%s), and happens",
                    (unsigned long long)deed->attempt, deed->node,
                    node_state_name((enum node_state)record->state));
}

void check_deed(struct world *world, const struct bamboo_activity *activity)
{
    struct deed deed = {.attempt = activity->attempt};
    strncpy(deed.run, activity->run, sizeof deed.run - 1);
    strncpy(deed.node, activity->node, sizeof deed.node - 1);
    deed.hash = hash_of(&deed);
    const struct simulated_run *of = find_run(world, deed.run);
    struct run *run = of ? check_load(world, of) : NULL;
    if (!of) world_break(world, "run %s acts, and nobody has started it", deed.run);
    if (run) check_record(world, run, &deed);
    run_destroy(run);
    note(world, &deed);
    world_tell(world, "    %s, execution %llu, of %s", deed.node, (unsigned long long)deed.attempt,
               deed.run);
}

/* --- Commits --- */

void check_commit(struct world *world, const struct disk *disk, const struct store_write *writes,
                  size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct store_run row = {0};
        bool is_ours = false;
        if (writes[i].kind != STORE_APPEND && writes[i].kind != STORE_CREATE_RUN) continue;
        if (store_find_number(world->store, *writes[i].number, &row, NULL) != BAMBOO_OK) {
            world_break(world, "events were committed of a run that is not there");
            continue;
        }
        for (size_t n = 0; n < disk->number_count; n++)
            is_ours |= disk->numbers[n] == row.owner;
        if (!is_ours && row.owner != 0)
            world_break(world, "run %s is written by an engine that does not own it", row.id);
        if (row.sequence != writes[i].last)
            world_break(world, "run %s has event %llu after a commit of %llu", row.id,
                        (unsigned long long)row.sequence, (unsigned long long)writes[i].last);
        store_run_release(&row);
    }
}

/* --- Journals --- */

/* Who has made how many events. */
struct counting {
    const struct world *world;
    uint32_t *counts; /* by request */
};

static enum bamboo_status count_actor(void *context, struct bamboo_value event,
                                      struct bamboo_error *error)
{
    const struct counting *counting = context;
    struct bamboo_value actor = bamboo_map_get(event, "actor");
    (void)error;
    if (actor.type != BAMBOO_STRING) return BAMBOO_OK;
    for (size_t i = 0; i < counting->world->request_count; i++)
        if (strcmp(counting->world->requests[i].actor, bamboo_string_bytes(actor, NULL)) == 0)
            counting->counts[i]++;
    return BAMBOO_OK;
}

struct replaying {
    struct run *run;
    struct replay_listener listener;
};

static enum bamboo_status replay_batch(void *context, uint64_t first, uint64_t last,
                                       const void *bytes, size_t size, struct bamboo_error *error)
{
    struct replaying *replaying = context;
    (void)first, (void)last;
    return run_replay_each(replaying->run, bytes, size, &replaying->listener, error);
}

static void compare(struct world *world, const char *id, struct run *one, struct run *other)
{
    struct byte_writer first = {0}, second = {0};
    run_snapshot(one, &first);
    run_snapshot(other, &second);
    if (first.size != second.size || memcmp(first.bytes, second.bytes, first.size) != 0)
        world_break(world, "run %s is another one from its snapshot than from its journal", id);
    const char *fault = run_fault(one);
    if (fault) world_break(world, "run %s: %s", id, fault);
    writer_release(&first);
    writer_release(&second);
}

/* The whole journal, from the first event on. */
static void check_journal(struct world *world, const struct simulated_run *of, uint32_t *counts)
{
    struct counting counting = {world, counts};
    struct replaying replaying = {.listener = {.event = count_actor, .context = &counting}};
    struct store_run row = {0};
    struct bamboo_error error;
    enum bamboo_status status = store_find_run(world->store, of->id, &row, &error);
    if (status == BAMBOO_E_NOT_FOUND && !of->is_durable) return;
    if (status == BAMBOO_OK)
        status = run_restore(of->linked, of->id, NULL, 0, &replaying.run, &error);
    if (status == BAMBOO_OK)
        status = store_read_events(world->store, row.number, 0, replay_batch, &replaying, &error);
    if (status != BAMBOO_OK)
        world_break(world, "the journal of %s does not replay: %s", of->id, error.message);
    struct run *now = status == BAMBOO_OK ? check_load(world, of) : NULL;
    if (now) compare(world, of->id, now, replaying.run);
    run_destroy(now);
    run_destroy(replaying.run);
    store_run_release(&row);
}

/* --- Requests --- */

/* So soon a request is answered when nothing fails: a look around, a claim and a commit. */
#define ANSWER_NS (30 * NS_PER_S)

static void check_request(struct world *world, const struct request *request, uint32_t events,
                          bool is_end)
{
    bool answered = false;
    enum bamboo_status status = BAMBOO_OK;
    char *text = NULL;
    struct bamboo_error error;
    if (store_read_reply(world->store, request->mail, &answered, &status, &text, &error) !=
        BAMBOO_OK) {
        world_break(world, "the answer to %s cannot be read: %s", request->what, error.message);
        return;
    }
    /* Whoever asks shortly before the run is over learns that it is. */
    const struct simulated_run *run = &world->runs[request->run];
    int64_t since = request->asked_ns > world->free_ns ? request->asked_ns : world->free_ns;
    if (!answered && is_end && run->over_ns > since + ANSWER_NS)
        world_break(world, "%s was accepted by the store, and nobody has answered", request->what);
    if (answered && status == BAMBOO_OK && events == 0)
        world_break(world, "%s is answered '%s', and the journal has nothing of it", request->what,
                    text);
    if (answered && status != BAMBOO_OK && events > 0)
        world_break(world, "%s is refused (%s), and the journal has it", request->what, text);
    /* A pause may open subprocesses on its way; what is reserved is done later. */
    bool may_repeat = strstr(request->what, "pause") || strstr(request->what, "reserve");
    if (events > 1 && !may_repeat)
        world_break(world, "%s was done %u times", request->what, events);
    memory_free(text);
}

void check_all(struct world *world, bool is_end)
{
    uint32_t *counts = memory_allocate_zeroed(world->request_count + 1, sizeof *counts);
    if (!counts) {
        world_break(world, "the simulator has no memory");
        return;
    }
    for (size_t i = 0; i < world->run_count && !world->broken[0]; i++)
        check_journal(world, &world->runs[i], counts);
    for (size_t i = 0; i < world->request_count && !world->broken[0]; i++)
        check_request(world, &world->requests[i], counts[i], is_end);
    memory_free(counts);
}
