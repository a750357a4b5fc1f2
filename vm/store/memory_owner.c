/* Who owns a run in memory: engines with leases, as in SQLite, but without processes to watch. */
#include <unistd.h>

#include "base/memory.h"
#include "vm/store/store_memory.h"
#include "vm/store/store_refusals.h"

static bool is_alive(const struct memory_store *memory, const struct memory_engine *engine)
{
    return engine && engine->alive_until > memory_now(memory);
}

bool memory_engine_is_alive(const struct memory_store *memory, uint64_t engine)
{
    return is_alive(memory, list_find(&memory->engines, engine));
}

enum bamboo_status memory_engine_join(struct store *store, int64_t lease_ms, uint64_t *engine,
                                      struct bamboo_error *error)
{
    struct memory_store *memory = memory_of(store);
    struct memory_engine *joined = memory_allocate(sizeof *joined);
    if (!joined || !list_reserve(&memory->engines)) {
        memory_free(joined);
        return fail_memory(error);
    }
    *engine = ++memory->last_engine;
    *joined = (struct memory_engine){*engine, lease_ms, memory_now(memory) + lease_ms};
    list_add(&memory->engines, joined);
    return BAMBOO_OK;
}

enum bamboo_status memory_engine_renew(struct store *store, uint64_t engine,
                                       struct bamboo_error *error)
{
    struct memory_store *memory = memory_of(store);
    struct memory_engine *renewed = list_find(&memory->engines, engine);
    if (!renewed) return refuse_renewal(engine, error);
    renewed->alive_until = memory_now(memory) + renewed->lease_ms;
    return BAMBOO_OK;
}

static void forget_engine(struct memory_store *memory, uint64_t engine)
{
    size_t place = list_place(&memory->engines, engine);
    memory_free(memory->engines.items[place]);
    list_remove(&memory->engines, place);
}

/* Takes the runs of an engine from it that have not ended, with `fence_step` added to their fences;
 * were there any? */
static bool free_runs(const struct memory_store *memory, uint64_t engine, uint64_t fence_step)
{
    bool freed = false;
    for (size_t i = 0; i < memory->runs.count; i++) {
        struct store_run *row = &((struct memory_run *)memory->runs.items[i])->row;
        if (row->owner != engine || row->summary.ended) continue;
        row->owner = 0;
        row->fence += fence_step;
        freed = true;
    }
    return freed;
}

enum bamboo_status memory_engine_leave(struct store *store, uint64_t engine,
                                       struct bamboo_error *error)
{
    (void)error;
    struct memory_store *memory = memory_of(store);
    free_runs(memory, engine, 0);
    if (list_find(&memory->engines, engine)) forget_engine(memory, engine);
    return BAMBOO_OK;
}

/* Takes the runs of an engine that is not alive. It is forgotten, which its next renewal tells it,
 * unless it has lost nothing. Is it? */
static bool bury(struct memory_store *memory, uint64_t engine)
{
    if (!free_runs(memory, engine, 1)) return false;
    if (list_find(&memory->engines, engine)) forget_engine(memory, engine);
    return true;
}

static void take(struct memory_run *run, uint64_t engine)
{
    run->row.owner = engine;
    run->row.fence++;
}

enum bamboo_status memory_claim(struct store *store, const char *id, uint64_t engine,
                                struct store_run *out, struct bamboo_error *error)
{
    struct memory_store *memory = memory_of(store);
    struct memory_run *run = memory_run_with_id(memory, id);
    if (!run) return fail_no_run(id, error);
    if (!list_find(&memory->engines, engine)) return refuse_renewal(engine, error);
    if (memory_engine_is_alive(memory, run->row.owner))
        return refuse_claim(&run->row, engine, getpid(), error);
    struct store_run copy;
    enum bamboo_status status = memory_copy_run(memory, run, &copy, error);
    if (status != BAMBOO_OK) return status;
    if (run->row.owner != 0) bury(memory, run->row.owner);
    take(run, engine);
    copy.owner = engine;
    copy.owner_alive = memory_engine_is_alive(memory, engine);
    copy.fence = run->row.fence;
    *out = copy;
    return BAMBOO_OK;
}

static bool has_mail(const struct memory_store *memory, const struct memory_run *run)
{
    for (size_t i = 0; i < memory->open_mail.count; i++) {
        const struct memory_mail *mail = memory->open_mail.items[i];
        if (mail->run == run->row.number) return true;
    }
    return false;
}

static bool is_urgent(const struct memory_store *memory, const struct memory_run *run, int64_t now)
{
    const struct store_summary *summary = &run->row.summary;
    bool is_due = summary->wake_at > 0 && summary->wake_at <= now;
    return summary->running > 0 || is_due || has_mail(memory, run);
}

/* Lists up to `limit` runs without an owner, urgent ones first. */
static enum bamboo_status list_claimable(const struct memory_store *memory, size_t limit,
                                         struct object_list *claimable, struct bamboo_error *error)
{
    int64_t now = memory_now(memory);
    for (int urgent = 1; urgent >= 0; urgent--) {
        for (size_t i = 0; i < memory->runs.count && claimable->count < limit; i++) {
            struct memory_run *run = memory->runs.items[i];
            if (run->row.owner != 0 || run->row.summary.ended) continue;
            if (is_urgent(memory, run, now) != (urgent == 1)) continue;
            if (!list_reserve(claimable)) return fail_memory(error);
            list_add(claimable, run);
        }
    }
    return BAMBOO_OK;
}

enum bamboo_status memory_claim_some(struct store *store, uint64_t engine, size_t limit,
                                     void (*claimed)(void *context, const struct store_run *run),
                                     void *context, struct bamboo_error *error)
{
    struct memory_store *memory = memory_of(store);
    for (size_t i = memory->engines.count; i-- > 0;) {
        const struct memory_engine *owner = memory->engines.items[i];
        if (!is_alive(memory, owner)) bury(memory, owner->number);
    }
    if (!list_find(&memory->engines, engine)) return refuse_renewal(engine, error);
    struct object_list claimable = {0};
    enum bamboo_status status = list_claimable(memory, limit, &claimable, error);
    for (size_t i = 0; i < claimable.count && status == BAMBOO_OK; i++)
        take(claimable.items[i], engine);
    for (size_t i = 0; i < claimable.count && status == BAMBOO_OK; i++) {
        struct store_run row = memory_look(memory, claimable.items[i]);
        claimed(context, &row);
    }
    memory_free(claimable.items);
    return status;
}
