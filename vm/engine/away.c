#include "vm/engine/away.h"

#include <inttypes.h>

#include "vm/engine/batch.h"
#include "vm/engine/commit.h"
#include "vm/engine/idle.h"
#include "vm/engine/ownership.h"
#include "vm/run/index.h"

#define NS_PER_MS INT64_C(1000000)
/* Runs that leave in a turn while there are logs, each of which is looked at for each of them. */
#define LEAVE_COUNT_MAX 256

/* --- Leaving --- */

static bool must_leave(const struct engine *engine, const struct owned_run *oldest, int64_t now_ns)
{
    return engine->runs.idle_count > engine->idle_kept_max ||
           now_ns - oldest->idle_since_ns > IDLE_KEPT_MS * NS_PER_MS;
}

void away_send_idle(struct engine *engine)
{
    if (commit_is_busy(engine) || engine->is_broken) return; /* a batch refers to runs */
    int64_t now_ns = host_monotonic_ns(engine->host);
    size_t limit = engine->logs.count > 0 ? LEAVE_COUNT_MAX : SIZE_MAX;
    struct owned_run *owned;
    for (size_t i = 0;
         i < limit && (owned = engine->runs.oldest_idle) && must_leave(engine, owned, now_ns);
         i++) {
        if (log_buffer_mentions(&engine->logs, owned)) {
            run_set_idle(&engine->runs, owned, now_ns); /* with a later turn */
            continue;
        }
        int64_t deadline = run_next_deadline(owned->run);
        if (deadline > 0 &&
            !idle_add_deadline(engine, deadline - engine->idle_deadline_ms, owned->number))
            return; /* there is no memory to let it go */
        trace_print(&engine->trace, TRACE_SCHEDULER, "%s: leaves memory", run_id(owned->run));
        ownership_keep_program(engine, owned->linked);
        scheduler_forget(&engine->scheduler, owned);
        run_set_send_away(&engine->runs, owned);
    }
}

/* --- Coming back --- */

enum bamboo_status away_recall(struct engine *engine, uint64_t number, struct owned_run **out,
                               struct bamboo_error *error)
{
    struct store_run row = {0};
    enum bamboo_status status = store_find_number(engine->store, number, &row, error);
    if (status == BAMBOO_OK && !idle_is_away(engine, &row))
        status = fail(error, BAMBOO_E_OWNERSHIP, "this engine does not own run %s", row.id);
    if (status == BAMBOO_OK) status = ownership_take_in(engine, &row, out, error);
    store_run_release(&row);
    if (status != BAMBOO_OK) return status;
    status = run_index((*out)->run, error);
    if (status != BAMBOO_OK) {
        run_set_remove(&engine->runs, *out);
        return status;
    }
    run_set_is_back(&engine->runs, *out, batch_standing_of(*out));
    trace_print(&engine->trace, TRACE_SCHEDULER, "%s: is back in memory", run_id((*out)->run));
    engine_touch(engine, *out);
    return BAMBOO_OK;
}

void away_recall_due(struct engine *engine)
{
    int64_t now = host_wall_ms(engine->host);
    while (engine->deadlines.count > 0 && engine->deadlines.items[0].time <= now) {
        struct owned_run *owned = NULL;
        struct bamboo_error error;
        uint64_t number = idle_take_deadline(engine).number;
        if (run_set_find(&engine->runs, number)) continue;
        enum bamboo_status status = away_recall(engine, number, &owned, &error);
        if (status == BAMBOO_OK || status == BAMBOO_E_OWNERSHIP || status == BAMBOO_E_NOT_FOUND)
            continue; /* the last two: it has ended, or went to others, meanwhile */
        if (status == BAMBOO_E_MEMORY) {
            engine_break(engine, &error);
            return;
        }
        engine->has_parked = true;
        fail(&engine->failure, status, "run number %" PRIu64 " cannot go on: %s", number,
             error.message);
    }
}
