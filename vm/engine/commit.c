/* The life of a batch. What goes into it: batch.c. */
#include "vm/engine/commit.h"

#include "base/memory.h"
#include "vm/engine/batch.h"
#include "vm/engine/effects.h"
#include "vm/engine/execution.h"
#include "vm/engine/idle.h"
#include "vm/engine/observe.h"

bool commit_is_wanted(const struct engine *engine)
{
    return engine->dirty.first || engine->fresh.first || engine->logs.count > 0 ||
           engine->replies.count > 0;
}

bool commit_is_busy(const struct engine *engine)
{
    return commit_thread_is_busy(engine->commits);
}

bool commit_may_begin(const struct engine *engine)
{
    return !commit_is_busy(engine) || commit_thread_is_done(engine->commits, false);
}

/* --- When it succeeded --- */

/* The run will be gone; the answers to its mail are right all the same if it has ended. */
static void forget_replies(struct reply_list *replies, const struct owned_run *owned, bool dropped)
{
    for (size_t i = 0; i < replies->count; i++) {
        if (replies->items[i].run != owned) continue;
        replies->items[i].run = NULL;
        if (dropped) replies->items[i].mail = 0;
    }
}

static void accept_item(struct engine *engine, struct batch_item *item)
{
    struct bamboo_error error;
    if (item->creates && run_set_index(&engine->runs, item->run, &error) != BAMBOO_OK)
        engine_break(engine, &error);
    effects_accept(engine, item->run, &item->outbox);
}

static void accept_batch(struct engine *engine)
{
    struct batch *batch = &engine->batch;
    batch->is_durable = true;
    engine->is_settling = true;
    for (size_t i = 0; i < batch->count; i++)
        if (!batch->items[i].run->is_gone) accept_item(engine, &batch->items[i]);
    engine->is_settling = false;
}

static void tell_item(struct engine *engine, struct batch_item *item)
{
    struct owned_run *owned = item->run;
    observe_events(engine, owned, &item->outbox);
    if (!item->releases) {
        idle_note(engine, owned);
        return;
    }
    trace_print(&engine->trace, TRACE_SCHEDULER, "%s: ended", run_id(owned->run));
    forget_replies(&engine->replies, owned, false);
    log_buffer_forget(&engine->logs, owned);
    scheduler_forget(&engine->scheduler, owned);
    run_set_remove(&engine->runs, owned);
}

void commit_tell(struct engine *engine)
{
    struct batch *batch = &engine->batch;
    if (!batch->is_durable || engine->is_settling) return;
    engine->is_settling = true;
    observe_logs(engine, &batch->logs);
    for (size_t i = 0; i < batch->count; i++)
        if (!batch->items[i].run->is_gone) tell_item(engine, &batch->items[i]);
    batch_clear(batch);
    engine->is_settling = false;
    execution_resume_output(engine);
}

/* --- When it failed --- */

void commit_lose_run(struct engine *engine, struct owned_run *owned)
{
    if (owned->is_gone) return;
    trace_print(&engine->trace, TRACE_SCHEDULER, "%s: another process owns it now",
                run_id(owned->run));
    effects_abandon(engine, owned);
    log_buffer_forget(&engine->batch.logs, owned);
    forget_replies(&engine->replies, owned, true);
    forget_replies(&engine->batch.replies, owned, true);
    scheduler_forget(&engine->scheduler, owned);
    run_set_remove(&engine->runs, owned);
    if (engine->has_lost) return;
    engine->has_lost = true;
    fail(&engine->loss, BAMBOO_E_OWNERSHIP,
         "another process owns run %s now; this one has stopped it (bamboo watch %s follows it)",
         run_id(owned->run), run_id(owned->run));
}

void commit_lose_runs(struct engine *engine)
{
    for (struct owned_run *owned = engine->runs.first, *next; owned; owned = next) {
        next = owned->next;
        if (!owned->is_created) continue;
        struct store_run row = {0};
        struct bamboo_error error;
        enum bamboo_status status = store_find_run(engine->store, run_id(owned->run), &row, &error);
        bool ours = status == BAMBOO_OK && row.owner == engine->number && row.fence == owned->fence;
        store_run_release(&row);
        if (status != BAMBOO_OK && status != BAMBOO_E_NOT_FOUND) {
            engine_break(engine, &error);
            return;
        }
        if (!ours) commit_lose_run(engine, owned);
    }
}

static void fail_commit(struct engine *engine, const struct bamboo_error *why)
{
    engine_break(engine, why);
    effects_kill_all(engine);
    batch_clear(&engine->batch);
}

/* --- The batch under way --- */

static void start(struct engine *engine, bool at_once)
{
    struct batch *batch = &engine->batch;
    struct bamboo_error error;
    if (batch_make_writes(batch, engine->number, &error) != BAMBOO_OK) {
        fail_commit(engine, &error);
        return;
    }
    if (batch->write_count == 0) { /* effects alone, of a run that was recovered */
        accept_batch(engine);
        return;
    }
    engine->commit_count++;
    commit_thread_start(engine->commits, batch->writes, batch->write_count, at_once);
}

void commit_begin(struct engine *engine, bool at_once)
{
    struct bamboo_error error;
    if (engine->is_broken) return;
    if (at_once) engine_take_fresh(engine);
    if (batch_gather(engine, &error) == BAMBOO_OK)
        start(engine, at_once);
    else
        engine_break(engine, &error);
    if (at_once) commit_accept(engine, true);
}

/* Follows up a commit that has ended. A refused run is let go, and the rest started again; seldom
 * is it the only one, and each would cost a commit. */
static void take_result(struct engine *engine, bool at_once)
{
    struct bamboo_error error;
    size_t refused;
    enum bamboo_status status = commit_thread_result(engine->commits, &refused, &error);
    struct owned_run *lost =
        status == BAMBOO_E_OWNERSHIP ? batch_run_of(&engine->batch, refused) : NULL;
    if (status == BAMBOO_OK) {
        accept_batch(engine);
    } else if (lost) {
        commit_lose_run(engine, lost);
        commit_lose_runs(engine);
        if (!engine->is_broken) start(engine, at_once);
    } else {
        fail_commit(engine, &error);
    }
}

void commit_accept(struct engine *engine, bool wait)
{
    while (commit_is_busy(engine) && commit_thread_is_done(engine->commits, wait))
        take_result(engine, wait);
}

void commit_finish(struct engine *engine)
{
    commit_accept(engine, true);
    commit_tell(engine);
}

void commit_all(struct engine *engine)
{
    if (engine->is_settling) return; /* an observer looks at runs: what it was told is durable */
    commit_finish(engine);
    while (commit_is_wanted(engine) && !engine->is_broken) {
        commit_begin(engine, true);
        commit_tell(engine);
    }
}

void commit_reply_take(struct engine *engine, struct owned_run *owned, uint64_t mail,
                       enum bamboo_status answer, struct text *text)
{
    struct reply_list *replies = &engine->replies;
    struct bamboo_error error;
    if (!text->failed && memory_grow((void **)&replies->items, &replies->capacity,
                                     replies->count + 1, sizeof *replies->items)) {
        replies->items[replies->count++] = (struct batch_reply){owned, mail, answer, *text};
    } else {
        fail_memory(&error);
        engine_break(engine, &error);
        text_release(text);
    }
    *text = (struct text){0};
}

void commit_release(struct engine *engine)
{
    batch_release(&engine->batch);
    for (size_t i = 0; i < engine->replies.count; i++)
        text_release(&engine->replies.items[i].text);
    memory_free(engine->replies.items);
    log_buffer_release(&engine->logs);
}
