#include "vm/engine/batch.h"

#include <assert.h>

#include "base/memory.h"
#include "vm/engine/effects.h"
#include "vm/engine/idle.h"

/* --- Gathering --- */

static enum run_standing standing_of(const struct owned_run *owned,
                                     const struct run_summary *summary)
{
    if (owned->is_parked) return STANDING_STUCK;
    if (summary->ended) return owned->work_count ? STANDING_MOVING : STANDING_ENDED;
    if (summary->running || summary->timed || owned->work_count || run_is_runnable(owned->run))
        return STANDING_MOVING;
    if (summary->failed && !summary->waiting && summary->state == RUN_RUNNING)
        return STANDING_STUCK;
    return STANDING_QUIET;
}

enum run_standing batch_standing_of(const struct owned_run *owned)
{
    struct run_summary summary;
    run_summarize(owned->run, &summary);
    return standing_of(owned, &summary);
}

static void fill_summary(const struct run_summary *from, struct store_summary *out)
{
    *out = (struct store_summary){.state = from->state,
                                  .ended = from->ended,
                                  .running = from->running,
                                  .failed = from->failed,
                                  .waiting = from->waiting,
                                  .wake_at = from->wake_at,
                                  .finished = from->finished};
}

/* Logs of pure components are no effects on the world: they become durable with their events. */
static void take_logs(struct engine *engine, const struct batch_item *item)
{
    for (size_t i = 0; i < item->outbox.effect_count; i++)
        if (item->outbox.effects[i].kind == EFFECT_LOG)
            effects_log(engine, item->run, &item->outbox.effects[i]);
}

static enum bamboo_status gather_run(struct engine *engine, struct owned_run *owned,
                                     struct bamboo_error *error)
{
    struct batch *batch = &engine->batch;
    struct run_summary summary;
    if (owned->is_parked) {
        run_set_stand(&engine->runs, owned, STANDING_STUCK);
        return BAMBOO_OK;
    }
    if (!memory_grow((void **)&batch->items, &batch->capacity, batch->count + 1,
                     sizeof *batch->items))
        return fail_memory(error);
    run_summarize(owned->run, &summary);
    run_set_stand(&engine->runs, owned, standing_of(owned, &summary));
    bool releases = summary.ended && owned->work_count == 0;
    if (!run_has_outbox(owned->run) && !releases) {
        idle_note(engine, owned);
        return BAMBOO_OK;
    }

    struct batch_item *item = &batch->items[batch->count++];
    *item = (struct batch_item){
        .run = owned, .created = summary.created, .creates = !owned->is_created};
    fill_summary(&summary, &item->summary);
    run_take_outbox(owned->run, &item->outbox);
    item->releases = releases && item->outbox.effect_count == 0;
    if (releases && !item->releases) engine_touch(engine, owned); /* with the next batch */
    if (!summary.ended && run_wants_snapshot(owned->run)) {
        run_snapshot(owned->run, &item->snapshot);
        item->snapshot_sequence = run_sequence(owned->run);
        if (item->snapshot.failed) return fail_memory(error);
    }
    take_logs(engine, item);
    owned->in_batch = true;
    return BAMBOO_OK;
}

static void swap_logs(struct engine *engine)
{
    struct log_buffer empty = engine->batch.logs;
    engine->batch.logs = engine->logs;
    engine->logs = empty;
}

static void swap_replies(struct engine *engine)
{
    struct reply_list empty = engine->batch.replies;
    engine->batch.replies = engine->replies;
    engine->replies = empty;
}

enum bamboo_status batch_gather(struct engine *engine, struct bamboo_error *error)
{
    struct batch *batch = &engine->batch;
    assert(batch->count == 0 && batch->logs.count == 0 && batch->replies.count == 0);
    enum bamboo_status status = BAMBOO_OK;
    /* Runs that become dirty meanwhile belong to the next batch. */
    struct owned_run *last = engine->dirty.last, *owned = NULL;
    while (status == BAMBOO_OK && last && owned != last) {
        owned = engine_take_dirty(engine);
        if (!owned->is_gone) status = gather_run(engine, owned, error);
    }
    engine->events_pending = 0;
    swap_logs(engine);
    swap_replies(engine);
    return status;
}

/* --- Writing --- */

static struct store_write *add_write(struct batch *batch, enum store_write_kind kind,
                                     struct owned_run *owned)
{
    struct store_write *write = &batch->writes[batch->write_count++];
    *write = (struct store_write){.kind = kind, .number = &owned->number, .fence = &owned->fence};
    return write;
}

static void set_events(struct store_write *write, const struct batch_item *item)
{
    write->first = item->outbox.first;
    write->last = item->outbox.last;
    write->bytes = item->outbox.events.bytes;
    write->size = item->outbox.events.size;
    write->summary = &item->summary;
}

/* A run that is over at once is nobody's. */
static void write_creation(struct batch *batch, const struct batch_item *item, uint64_t number)
{
    const struct program *program = item->run->linked->program;
    struct store_write *write = add_write(batch, STORE_CREATE_RUN, item->run);
    write->id = run_id(item->run->run);
    write->name = program_name(program, program->pipelines[0].name);
    write->digest = program->digest;
    write->image = program->image;
    write->image_size = program->image_size;
    write->engine = item->releases ? 0 : number;
    write->time = item->created;
    set_events(write, item);
}

static void write_item(struct batch *batch, const struct batch_item *item, uint64_t number)
{
    if (item->creates)
        write_creation(batch, item, number);
    else if (item->outbox.events.size > 0)
        set_events(add_write(batch, STORE_APPEND, item->run), item);
    if (item->snapshot.size > 0) {
        struct store_write *write = add_write(batch, STORE_SNAPSHOT, item->run);
        write->last = item->snapshot_sequence;
        write->bytes = item->snapshot.bytes;
        write->size = item->snapshot.size;
    }
}

static void write_log(struct batch *batch, const struct log_piece *piece)
{
    struct store_write *write = add_write(batch, STORE_LOG, piece->run);
    write->node = log_piece_node(&batch->logs, piece);
    write->attempt = piece->attempt;
    write->stream = piece->stream;
    write->time = piece->time;
    write->bytes = log_piece_bytes(&batch->logs, piece);
    write->size = piece->size;
}

static void write_reply(struct batch *batch, const struct batch_reply *reply)
{
    struct store_write *write = &batch->writes[batch->write_count++];
    *write = (struct store_write){.kind = STORE_REPLY, .mail = reply->mail};
    /* Who lost the run has nothing to say about it any more. */
    if (reply->run) write->fence = &reply->run->fence;
    write->status = reply->status;
    write->bytes = text_string(&reply->text);
    write->size = reply->text.size;
}

/* A reply outlives its run if that has ended, but not if another process owns it now. */
static bool reply_counts(const struct batch_reply *reply)
{
    return reply->mail != 0 && (!reply->run || !reply->run->is_gone);
}

enum bamboo_status batch_make_writes(struct batch *batch, uint64_t number,
                                     struct bamboo_error *error)
{
    size_t needed = 4 * batch->count + batch->logs.count + batch->replies.count;
    if (!memory_grow((void **)&batch->writes, &batch->write_capacity, needed,
                     sizeof *batch->writes))
        return fail_memory(error);
    batch->write_count = 0;
    for (size_t i = 0; i < batch->count; i++)
        if (!batch->items[i].run->is_gone) write_item(batch, &batch->items[i], number);
    for (size_t i = 0; i < batch->logs.count; i++)
        if (batch->logs.pieces[i].run) write_log(batch, &batch->logs.pieces[i]);
    for (size_t i = 0; i < batch->replies.count; i++)
        if (reply_counts(&batch->replies.items[i])) write_reply(batch, &batch->replies.items[i]);
    for (size_t i = 0; i < batch->count; i++)
        if (batch->items[i].releases && !batch->items[i].creates && !batch->items[i].run->is_gone)
            add_write(batch, STORE_RELEASE, batch->items[i].run);
    return BAMBOO_OK;
}

struct owned_run *batch_run_of(const struct batch *batch, size_t write)
{
    if (write >= batch->write_count || batch->writes[write].kind == STORE_REPLY) return NULL;
    for (size_t i = 0; i < batch->count; i++)
        if (&batch->items[i].run->number == batch->writes[write].number) return batch->items[i].run;
    for (size_t i = 0; i < batch->logs.count; i++)
        if (batch->logs.pieces[i].run &&
            &batch->logs.pieces[i].run->number == batch->writes[write].number)
            return batch->logs.pieces[i].run;
    return NULL;
}

/* --- The end --- */

void batch_clear(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        batch->items[i].run->in_batch = false;
        run_outbox_release(&batch->items[i].outbox);
        writer_release(&batch->items[i].snapshot);
    }
    batch->count = 0;
    batch->is_durable = false;
    for (size_t i = 0; i < batch->replies.count; i++)
        text_release(&batch->replies.items[i].text);
    batch->replies.count = 0;
    log_buffer_clear(&batch->logs);
}

void batch_release(struct batch *batch)
{
    batch_clear(batch);
    memory_free(batch->items);
    memory_free(batch->writes);
    memory_free(batch->replies.items);
    log_buffer_release(&batch->logs);
}
