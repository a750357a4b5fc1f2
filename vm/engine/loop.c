/* Turns of the engine. In each: what has become durable is followed up, timers fire, runs advance
 * in turn for a slice of time, and what they recorded goes on its way to the disk. */
#include "base/crash_point.h"
#include "vm/engine/away.h"
#include "vm/engine/commit.h"
#include "vm/engine/effects.h"
#include "vm/engine/engine.h"
#include "vm/engine/idle.h"
#include "vm/engine/mailbox.h"
#include "vm/engine/observe.h"
#include "vm/engine/ownership.h"

#define NS_PER_MS INT64_C(1000000)
/* How long runs advance before the world is looked at again, and how many nodes one does before the
 * next has its turn, and before the disk is looked at. */
#define SLICE_NS       (4 * NS_PER_MS)
#define ADVANCE_BUDGET 256
/* Events that are handed to the disk as soon as it is free; a smaller batch waits for the end of
 * the slice, so that runs and branches that move together share a commit. */
#define BATCH_EVENTS 1024
/* Events that may wait for the disk before runs wait too. */
#define EVENTS_PENDING_MAX (256u << 10)
/* Bounds every wait, so that a clock that was set is noticed. */
#define WAIT_MAX_MS 1000

/* --- What can be done --- */

static bool may_advance(const struct engine *engine)
{
    return engine->scheduler.runnable.first && !engine->is_draining &&
           (!commit_is_busy(engine) || engine->events_pending < EVENTS_PENDING_MAX);
}

static bool has_more_to_do(const struct engine *engine)
{
    return may_advance(engine) || effects_are_ready(engine) ||
           (commit_is_wanted(engine) && !commit_is_busy(engine)) || engine->mail_arrived ||
           engine->look_at_ns == 0;
}

static void fire_timers(struct engine *engine)
{
    int64_t now = host_wall_ms(engine->host);
    struct owned_run *owned;
    while (!engine->is_broken && (owned = scheduler_due(&engine->scheduler, now))) {
        struct bamboo_error error;
        trace_print(&engine->trace, TRACE_SCHEDULER, "%s: wakes", run_id(owned->run));
        if (run_fire_timers(engine->machine, owned->run, now, &error) != BAMBOO_OK)
            engine_park(engine, owned, &error);
        engine_touch(engine, owned);
    }
}

/* The next batch is large enough, and nothing is in its way. */
static bool batch_is_due(const struct engine *engine)
{
    return engine->events_pending >= BATCH_EVENTS && commit_may_begin(engine);
}

/* Lets runs advance, in turn, until none can, the slice is over, or the disk is free for what they
 * have done. */
static void advance_runs(struct engine *engine)
{
    int64_t now = host_wall_ms(engine->host);
    int64_t end = host_monotonic_ns(engine->host) + SLICE_NS;
    uint32_t budget = takes_small_steps() ? 1 : ADVANCE_BUDGET;
    while (may_advance(engine) && !engine->is_broken) {
        struct owned_run *owned = scheduler_take_runnable(&engine->scheduler);
        if (owned->is_gone || owned->is_parked) continue;
        struct bamboo_error error;
        if (run_advance(engine->machine, owned->run, now, budget, &error) != BAMBOO_OK)
            engine_park(engine, owned, &error);
        engine_touch(engine, owned);
        if (budget == 1 || batch_is_due(engine) || host_monotonic_ns(engine->host) >= end) return;
    }
}

/* What has become durable is performed first: processes run while observers are told. */
static void follow_up(struct engine *engine)
{
    effects_perform(engine);
    commit_tell(engine);
}

static void commit_some(struct engine *engine)
{
    bool alone = !engine->executions && !engine->scheduler.runnable.first;
    /* Who makes runs faster than the disk takes them waits for it, so that they can leave memory.
     */
    commit_accept(engine, alone && engine->events_pending >= BATCH_EVENTS);
    /* What may begin now does so before the next batch can have ended it. */
    follow_up(engine);
    away_send_idle(engine); /* a batch refers to runs: this may be the only moment without one */
    if (commit_is_busy(engine) || !commit_is_wanted(engine)) return;
    if (!may_advance(engine)) engine_take_fresh(engine); /* their turn may be long in coming */
    alone = !engine->executions && !engine->scheduler.runnable.first;
    commit_begin(engine,
                 takes_small_steps() || commit_thread_is_waited_for(engine->commits, alone));
    if (!commit_is_busy(engine)) follow_up(engine);
}

static void look_around(struct engine *engine, bool claims)
{
    int64_t now = host_monotonic_ns(engine->host);
    if (now < engine->look_at_ns && !engine->mail_arrived) return;
    engine->look_at_ns = now + ownership_watch_mail(engine, claims) * NS_PER_MS;
    mailbox_read(engine);
    /* The file that tells of mail tells of runs, too. */
    if (claims && !engine->is_draining) ownership_claim_some(engine);
}

static void turn(struct engine *engine, bool claims)
{
    commit_accept(engine, false);
    ownership_renew(engine);
    follow_up(engine);
    look_around(engine, claims);
    /* After a signal no node is entered any more; what was decided before is still done. */
    if (!engine->is_draining) {
        away_recall_due(engine);
        fire_timers(engine);
    }
    advance_runs(engine);
    commit_some(engine);
    run_set_sweep(&engine->runs);
}

/* --- Waiting --- */

static int64_t minimum(int64_t left, int64_t right)
{
    return left < right ? left : right;
}

static int64_t wait_limit(const struct engine *engine)
{
    int64_t until_look = engine->look_at_ns - host_monotonic_ns(engine->host);
    int64_t limit =
        minimum(WAIT_MAX_MS, until_look > 0 ? (until_look + NS_PER_MS - 1) / NS_PER_MS : 0);
    int64_t deadline = scheduler_deadline(&engine->scheduler), back = idle_next_ms(engine);
    if (back > 0 && (deadline == 0 || back < deadline)) deadline = back;
    if (deadline > 0 && !engine->is_draining) {
        int64_t left = deadline - host_wall_ms(engine->host);
        limit = minimum(limit, left > 0 ? left : 0);
    }
    return limit;
}

static void wait_for_world(struct engine *engine, int64_t timeout_ms)
{
    bool busy = has_more_to_do(engine) || engine->is_broken;
    host_wait(engine->host, busy ? 0 : minimum(timeout_ms, wait_limit(engine)));
}

/* --- Errors of a turn --- */

/* A run that was lost or parked is told once. */
static enum bamboo_status check_turn(struct engine *engine, struct bamboo_error *error)
{
    enum bamboo_status status = engine_check(engine, error);
    if (status != BAMBOO_OK) {
        effects_kill_all(engine);
        return status;
    }
    if (engine->has_lost || engine->has_parked) {
        const struct bamboo_error *why = engine->has_lost ? &engine->loss : &engine->failure;
        if (error) *error = *why;
        status = why->status;
        engine->has_lost = engine->has_parked = false;
    }
    return status;
}

static enum bamboo_status refuse_observer(const struct engine *engine, struct bamboo_error *error)
{
    if (!engine->is_settling) return engine_check(engine, error);
    return fail(error, BAMBOO_E_USAGE, "an observer may not execute runs");
}

enum bamboo_status engine_step(struct engine *engine, int64_t timeout_ms, bool *busy,
                               struct bamboo_error *error)
{
    enum bamboo_status status = refuse_observer(engine, error);
    if (status != BAMBOO_OK) return status;
    turn(engine, false);
    wait_for_world(engine, timeout_ms);
    *busy = has_more_to_do(engine);
    return check_turn(engine, error);
}

/* --- The loop --- */

static void signal_arrived(void *context, int number)
{
    (void)number;
    struct engine *engine = context;
    engine->signals++;
    engine->is_draining = true;
    if (engine->signals == 1) observe_stopping(engine);
}

static bool is_at_rest(const struct engine *engine)
{
    return !engine->executions && !effects_are_ready(engine) && !commit_is_busy(engine) &&
           !commit_is_wanted(engine);
}

static bool is_reached(const struct engine *engine, enum bamboo_until until)
{
    const size_t *standings = engine->runs.standings;
    switch (until) {
    case BAMBOO_UNTIL_SETTLED: return is_at_rest(engine) && standings[STANDING_MOVING] == 0;
    case BAMBOO_UNTIL_ENDED:
        return is_at_rest(engine) && standings[STANDING_MOVING] == 0 &&
               standings[STANDING_QUIET] == 0;
    case BAMBOO_UNTIL_STOPPED: break;
    }
    return false;
}

/* Does the loop end here? Then *status says with what. */
static bool loop_ends(struct engine *engine, enum bamboo_until until, enum bamboo_status *status,
                      struct bamboo_error *error)
{
    *status = BAMBOO_OK;
    if (engine->signals > 1) effects_kill_all(engine);
    if (engine->signals > 1 || (engine->signals == 1 && is_at_rest(engine))) {
        *status = fail(error, BAMBOO_E_INTERRUPTED, "interrupted by a signal");
        return true;
    }
    if (atomic_load(&engine->stopped)) {
        *status = engine_flush(engine, error);
        return true;
    }
    *status = check_turn(engine, error);
    /* Losing one run does not end a worker. */
    if (*status != BAMBOO_OK && (until != BAMBOO_UNTIL_STOPPED || engine->is_broken)) return true;
    return is_reached(engine, until);
}

enum bamboo_status engine_loop(struct engine *engine, enum bamboo_until until,
                               struct bamboo_error *error)
{
    enum bamboo_status status = refuse_observer(engine, error);
    if (status != BAMBOO_OK) return status;
    engine->signals = 0;
    engine->is_draining = false;
    if (until == BAMBOO_UNTIL_STOPPED) engine->look_at_ns = 0; /* others have waited for us */
    if (engine->handles_signals)
        status = host_watch_signals(engine->host, signal_arrived, engine, error);
    while (status == BAMBOO_OK) {
        turn(engine, until == BAMBOO_UNTIL_STOPPED);
        if (loop_ends(engine, until, &status, error)) break;
        status = BAMBOO_OK;
        wait_for_world(engine, WAIT_MAX_MS);
    }
    host_ignore_signals(engine->host);
    engine->is_draining = false;
    atomic_store(&engine->stopped, false);
    return status;
}
