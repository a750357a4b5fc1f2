#include "vm/engine/ownership.h"

#include <string.h>

#include "base/memory.h"
#include "vm/engine/commit.h"
#include "vm/engine/effects.h"
#include "vm/engine/idle.h"

#define NS_PER_MS INT64_C(1000000)
/* A renewal each third of the lease: two may fail. */
#define RENEWALS       3
#define RENEW_AGAIN_MS 500
/* An engine watches for mail once it is so old. Before that it looks for mail often; afterwards
 * seldom, in case that a change went unseen. */
#define WATCH_AFTER_MS   1000
#define LOOK_YOUNG_MS    20
#define LOOK_INTERVAL_MS 1000
/* Linked programs kept for runs that are claimed. */
#define PROGRAM_COUNT_MAX 16
/* Runs claimed at a time, so that several engines share them. */
#define CLAIM_COUNT 64

/* --- The lease --- */

static void mail_changed(void *context)
{
    struct engine *engine = context;
    engine->mail_arrived = true;
}

static void watch_mail(struct engine *engine)
{
    const char *path = store_wake_path(engine->store);
    if (!path || host_watch_file(engine->host, path, mail_changed, engine, NULL) != BAMBOO_OK)
        return; /* then mail is looked for each second */
    engine->watches_mail = true;
    engine->mail_arrived = true; /* perhaps, before it was watched */
}

int64_t ownership_watch_mail(struct engine *engine, bool at_once)
{
    if (engine->number == 0 || engine->watches_mail) return LOOK_INTERVAL_MS;
    if (!at_once && host_monotonic_ns(engine->host) < engine->watch_at_ns) return LOOK_YOUNG_MS;
    watch_mail(engine);
    return LOOK_INTERVAL_MS;
}

static void set_renewed(struct engine *engine)
{
    int64_t now = host_monotonic_ns(engine->host);
    engine->renewed_ns = now;
    engine->renew_at_ns = now + engine->lease_ms / RENEWALS * NS_PER_MS;
}

enum bamboo_status ownership_join(struct engine *engine, struct bamboo_error *error)
{
    if (engine->number != 0) return BAMBOO_OK;
    enum bamboo_status status =
        store_engine_join(engine->store, engine->lease_ms, &engine->number, error);
    if (status != BAMBOO_OK) return status;
    set_renewed(engine);
    engine->watch_at_ns = engine->renewed_ns + WATCH_AFTER_MS * NS_PER_MS;
    engine->look_at_ns = engine->renewed_ns + LOOK_YOUNG_MS * NS_PER_MS;
    return BAMBOO_OK;
}

void ownership_renew(struct engine *engine)
{
    int64_t now = host_monotonic_ns(engine->host);
    if (engine->number == 0 || now < engine->renew_at_ns || engine->is_broken) return;
    commit_finish(engine); /* one write at a time */
    struct bamboo_error error;
    enum bamboo_status status = store_engine_renew(engine->store, engine->number, &error);
    if (status == BAMBOO_OK) {
        set_renewed(engine);
    } else if (status == BAMBOO_E_OWNERSHIP) {
        commit_lose_runs(engine);
        idle_lose_all(engine);
        engine->number = 0; /* it was forgotten: a new one, for what comes now */
        if (ownership_join(engine, &error) != BAMBOO_OK) engine_break(engine, &error);
    } else if (now - engine->renewed_ns > engine->lease_ms * NS_PER_MS) {
        engine_break(engine, &error);
    } else {
        engine->renew_at_ns = now + RENEW_AGAIN_MS * NS_PER_MS;
    }
}

void ownership_leave(struct engine *engine)
{
    if (engine->number == 0) return;
    struct bamboo_error error;
    /* If it fails, the store notices that this process is gone. */
    if (store_engine_leave(engine->store, engine->number, &error) != BAMBOO_OK)
        trace_print(&engine->trace, TRACE_STORE, "leaving: %s", error.message);
    engine->number = 0;
}

/* --- Claiming --- */

static struct linked_program *find_program(const struct engine *engine, const uint8_t *digest)
{
    for (size_t i = 0; i < engine->program_count; i++)
        if (memcmp(engine->programs[i]->program->digest, digest, DIGEST_SIZE) == 0)
            return engine->programs[i];
    return NULL;
}

/* In the place of the oldest. Without memory it is just not kept. */
void ownership_keep_program(struct engine *engine, struct linked_program *linked)
{
    for (size_t i = 0; i < engine->program_count; i++)
        if (engine->programs[i] == linked) return;
    if (!engine->programs)
        engine->programs =
            memory_allocate_zeroed(PROGRAM_COUNT_MAX, sizeof(struct linked_program *));
    if (!engine->programs) return;
    if (engine->program_count == PROGRAM_COUNT_MAX) {
        linked_program_release(engine->programs[0]);
        engine->program_count--;
        memmove(&engine->programs[0], &engine->programs[1],
                engine->program_count * sizeof(struct linked_program *));
    }
    engine->programs[engine->program_count++] = linked_program_retain(linked);
}

static enum bamboo_status program_of(struct engine *engine, const struct store_run *row,
                                     struct linked_program **out, struct bamboo_error *error)
{
    struct linked_program *known = find_program(engine, row->digest);
    if (known) {
        *out = linked_program_retain(known);
        return BAMBOO_OK;
    }
    enum bamboo_status status =
        load_program(engine->store, &engine->library, row->digest, row->id, out, error);
    if (status == BAMBOO_OK) ownership_keep_program(engine, *out);
    return status;
}

enum bamboo_status ownership_take_in(struct engine *engine, const struct store_run *row,
                                     struct owned_run **out, struct bamboo_error *error)
{
    struct linked_program *linked = NULL;
    struct run *run = NULL;
    struct owned_run *owned;
    enum bamboo_status status = program_of(engine, row, &linked, error);
    if (status == BAMBOO_OK)
        status = load_run(engine->store, linked, row->id, row->number, 0, &run, error);
    if (status == BAMBOO_OK) status = run_set_add_take(&engine->runs, run, linked, &owned, error);
    linked_program_release(linked);
    if (status != BAMBOO_OK) return status;
    owned->number = row->number;
    owned->fence = row->fence;
    owned->sequence = run_sequence(run);
    status = run_set_index(&engine->runs, owned, error);
    if (status != BAMBOO_OK) run_set_remove(&engine->runs, owned);
    *out = owned;
    return status;
}

/* Takes a run that was claimed into the set and recovers it. */
static enum bamboo_status adopt(struct engine *engine, const struct store_run *row,
                                struct bamboo_error *error)
{
    struct owned_run *owned;
    enum bamboo_status status = ownership_take_in(engine, row, &owned, error);
    if (status != BAMBOO_OK) return status;
    status = run_recover(engine->machine, owned->run, host_wall_ms(engine->host), error);
    if (status != BAMBOO_OK) {
        scheduler_forget(&engine->scheduler, owned);
        run_set_remove(&engine->runs, owned);
        return status;
    }
    trace_print(&engine->trace, TRACE_SCHEDULER, "%s: claimed", row->id);
    engine_touch(engine, owned);
    engine->mail_arrived = true;
    return BAMBOO_OK;
}

/* A run that was claimed but cannot be executed here is left to others. If that cannot be written,
 * the run would have an owner that does not know it for as long as this engine lives. */
static void give_up(struct engine *engine, const struct store_run *row)
{
    uint64_t number = row->number, fence = row->fence;
    struct store_write release = {.kind = STORE_RELEASE, .number = &number, .fence = &fence};
    struct bamboo_error error;
    enum bamboo_status status = store_commit(engine->store, &release, 1, NULL, &error);
    if (status != BAMBOO_OK && status != BAMBOO_E_OWNERSHIP) engine_break(engine, &error);
}

enum bamboo_status ownership_claim(struct engine *engine, const char *id,
                                   struct bamboo_error *error)
{
    struct store_run row = {0};
    enum bamboo_status status = ownership_join(engine, error);
    if (status != BAMBOO_OK) return status;
    commit_finish(engine); /* one write at a time */
    if ((status = engine_check(engine, error)) != BAMBOO_OK) return status;
    status = store_claim(engine->store, id, engine->number, &row, error);
    if (status == BAMBOO_E_OWNERSHIP) engine->renew_at_ns = 0; /* perhaps it is we who are lost */
    if (status == BAMBOO_OK) {
        if (row.summary.ended)
            status = fail(error, BAMBOO_E_REFUSED, "run %s is %s: it cannot go on", row.id,
                          run_state_name((enum run_state)row.summary.state));
        else
            status = adopt(engine, &row, error);
        if (status != BAMBOO_OK) give_up(engine, &row);
    }
    store_run_release(&row);
    return status;
}

struct claimed_runs {
    struct store_run rows[CLAIM_COUNT];
    size_t count;
};

/* Rows are copied without their names, which are borrowed: the store is not to be read in here. */
static void remember(void *context, const struct store_run *row)
{
    struct claimed_runs *claimed = context;
    if (claimed->count == CLAIM_COUNT) return;
    claimed->rows[claimed->count] = *row;
    claimed->rows[claimed->count++].name = NULL;
}

void ownership_claim_some(struct engine *engine)
{
    struct bamboo_error error;
    struct claimed_runs claimed = {.count = 0};
    enum bamboo_status status = ownership_join(engine, &error);
    commit_finish(engine); /* one write at a time */
    if (engine->is_broken) return;
    if (status == BAMBOO_OK)
        status = store_claim_some(engine->store, engine->number, CLAIM_COUNT, remember, &claimed,
                                  &error);
    if (status == BAMBOO_E_OWNERSHIP) { /* our lease ran out: the next renewal finds what is lost */
        engine->renew_at_ns = 0;
        return;
    }
    for (size_t i = 0; i < claimed.count && status == BAMBOO_OK; i++) {
        if (adopt(engine, &claimed.rows[i], &error) == BAMBOO_OK) continue;
        trace_print(&engine->trace, TRACE_SCHEDULER, "%s: %s", claimed.rows[i].id, error.message);
        if (error.status == BAMBOO_E_MEMORY) status = error.status;
        give_up(engine, &claimed.rows[i]);
    }
    if (status != BAMBOO_OK) engine_break(engine, &error);
    if (claimed.count == CLAIM_COUNT) engine->look_at_ns = 0; /* there may be more */
}

void ownership_release(struct engine *engine)
{
    for (size_t i = 0; i < engine->program_count; i++)
        linked_program_release(engine->programs[i]);
    memory_free(engine->programs);
}
