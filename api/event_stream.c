/* The events of all runs as one stream, in the order in which they became durable. An event says
 * only what has changed, so a run that has told some is kept as it was after the last of them; of
 * many, those that were loaded last, the others are loaded again when they go on. */
#include <stdio.h>
#include <string.h>

#include "api/engine.h"
#include "base/memory.h"
#include "vm/engine/load.h"

/* Batches that are read from the store at a time. */
#define READ_COUNT 256
/* Runs that are kept loaded. */
#define LOADED_COUNT 512

/* A run that may have more events. */
struct streamed_run {
    uint64_t number;
    uint64_t told;   /* the last event that was told */
    struct run *run; /* as it was then; NULL: not loaded */
    struct linked_program *linked;
    bool is_unreadable; /* that was told: nothing more is */
};

/* A batch that was read, and is not told yet. */
struct read_batch {
    uint64_t number, run, first, last;
    char id[BAMBOO_RUN_ID_SIZE];
    void *bytes; /* owned */
    size_t size;
};

struct bamboo_event_stream {
    struct bamboo_engine *engine;
    struct streamed_run *runs; /* by number */
    size_t run_count, run_capacity;
    uint64_t loaded[LOADED_COUNT]; /* numbers of runs, a ring: the oldest gives way */
    size_t next_loaded;
    uint64_t newest_run;    /* the largest number that was seen: runs below are known, or over */
    struct read_batch last; /* that was told (without bytes) */
    struct read_batch read[READ_COUNT];
    size_t read_count;
};

/* --- Runs --- */

static size_t place_of(const struct bamboo_event_stream *stream, uint64_t number)
{
    size_t low = 0, high = stream->run_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (stream->runs[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void unload_run(struct streamed_run *streamed)
{
    run_destroy(streamed->run);
    linked_program_release(streamed->linked);
    streamed->run = NULL;
    streamed->linked = NULL;
}

static void forget_run(struct bamboo_event_stream *stream, size_t place)
{
    struct streamed_run *gone = &stream->runs[place];
    unload_run(gone);
    memmove(gone, gone + 1, (--stream->run_count - place) * sizeof *gone);
}

static bool is_run_at(const struct bamboo_event_stream *stream, size_t place, uint64_t number)
{
    return place < stream->run_count && stream->runs[place].number == number;
}

/* One comes, one goes. */
static void note_loaded(struct bamboo_event_stream *stream, uint64_t number)
{
    uint64_t *oldest = &stream->loaded[stream->next_loaded++ % LOADED_COUNT];
    size_t place = place_of(stream, *oldest);
    if (*oldest != number && is_run_at(stream, place, *oldest)) unload_run(&stream->runs[place]);
    *oldest = number;
}

/* The run as it was before this batch of it. */
static enum bamboo_status load_streamed(struct bamboo_event_stream *stream,
                                        const struct read_batch *batch, struct streamed_run *run,
                                        struct bamboo_error *error)
{
    struct store *store = stream->engine->store;
    struct run_library library = engine_run_library(stream->engine);
    struct store_run row = {0};
    enum bamboo_status status = store_find_run(store, batch->id, &row, error);
    if (status == BAMBOO_OK)
        status = load_program(store, &library, row.digest, row.id, &run->linked, error);
    if (status == BAMBOO_OK && batch->first == 1)
        status = run_restore(run->linked, batch->id, NULL, 0, &run->run, error);
    else if (status == BAMBOO_OK)
        status =
            load_run(store, run->linked, batch->id, batch->run, batch->first, &run->run, error);
    store_run_release(&row);
    if (status == BAMBOO_OK)
        note_loaded(stream, batch->run);
    else
        unload_run(run);
    return status;
}

static enum bamboo_status add_run(struct bamboo_event_stream *stream, uint64_t number, size_t place,
                                  struct bamboo_error *error)
{
    void *runs = stream->runs;
    if (!memory_grow(&runs, &stream->run_capacity, stream->run_count + 1, sizeof *stream->runs))
        return fail_memory(error);
    stream->runs = runs;
    struct streamed_run *at = &stream->runs[place];
    memmove(at + 1, at, (stream->run_count++ - place) * sizeof *at);
    *at = (struct streamed_run){.number = number};
    if (number > stream->newest_run) stream->newest_run = number;
    return BAMBOO_OK;
}

/* --- Reading --- */

static enum bamboo_status keep_batch(void *context, const struct store_batch *batch,
                                     struct bamboo_error *error)
{
    struct bamboo_event_stream *stream = context;
    struct read_batch *kept = &stream->read[stream->read_count];
    *kept = (struct read_batch){.number = batch->number,
                                .run = batch->run,
                                .first = batch->first,
                                .last = batch->last,
                                .size = batch->size};
    snprintf(kept->id, sizeof kept->id, "%s", batch->id); /* a damaged one may be shorter */
    kept->bytes = memory_copy_text(batch->bytes ? batch->bytes : "", batch->size);
    if (!kept->bytes) return fail_memory(error);
    stream->read_count++;
    return BAMBOO_OK;
}

static void drop_batches(struct bamboo_event_stream *stream)
{
    while (stream->read_count > 0)
        memory_free(stream->read[--stream->read_count].bytes);
}

/* What was told last has to be there still: else its run was removed, and its number may have been
 * given to another batch. */
static bool is_where_it_was(const struct bamboo_event_stream *stream)
{
    const struct read_batch *last = &stream->last, *first = &stream->read[0];
    return last->number == 0 || (stream->read_count > 0 && first->number == last->number &&
                                 first->run == last->run && first->first == last->first);
}

static enum bamboo_status read_batches(struct bamboo_event_stream *stream,
                                       struct bamboo_error *error)
{
    struct store *store = stream->engine->store;
    enum bamboo_status status =
        store_read_journal(store, stream->last.number, READ_COUNT, keep_batch, stream, error);
    if (status != BAMBOO_OK || is_where_it_was(stream)) return status;
    drop_batches(stream);
    stream->last = (struct read_batch){0};
    return store_read_journal(store, 0, READ_COUNT, keep_batch, stream, error);
}

/* --- Telling --- */

struct stream_listener {
    bamboo_observer observer;
    void *context;
};

static enum bamboo_status tell_event(void *context, struct bamboo_value event,
                                     struct bamboo_error *error)
{
    const struct stream_listener *listener = context;
    (void)error;
    listener->observer(listener->context, event);
    return BAMBOO_OK;
}

/* Other runs go on: that this one cannot is part of the stream. */
static enum bamboo_status tell_unreadable(const struct read_batch *batch, uint64_t sequence,
                                          const struct stream_listener *listener,
                                          const struct bamboo_error *why,
                                          struct bamboo_error *error)
{
    struct bamboo_map_builder map;
    struct bamboo_value event;
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_text(&map, "run", batch->id);
    bamboo_map_builder_set_integer(&map, "sequence", (int64_t)sequence);
    bamboo_map_builder_set_text(&map, "type", "run-unreadable");
    bamboo_map_builder_set_text(&map, "why", why->message);
    enum bamboo_status status = bamboo_map_builder_finish(&map, &event, error);
    if (status != BAMBOO_OK) return status;
    listener->observer(listener->context, event);
    bamboo_value_release(event);
    return BAMBOO_OK;
}

static enum bamboo_status replay_batch(struct bamboo_event_stream *stream,
                                       const struct read_batch *batch, struct streamed_run *run,
                                       struct stream_listener *listener, struct bamboo_error *error)
{
    struct replay_listener replay = {.event = tell_event, .context = listener};
    enum bamboo_status status = run->run ? BAMBOO_OK : load_streamed(stream, batch, run, error);
    if (status == BAMBOO_OK)
        status = run_replay_each(run->run, batch->bytes, batch->size, &replay, error);
    if (status == BAMBOO_OK) run->told = batch->last;
    return status;
}

static enum bamboo_status tell_batch(struct bamboo_event_stream *stream,
                                     const struct read_batch *batch,
                                     struct stream_listener *listener, struct bamboo_error *error)
{
    size_t place = place_of(stream, batch->run);
    if (!is_run_at(stream, place, batch->run)) {
        if (batch->run <= stream->newest_run) return BAMBOO_OK; /* it is over, and told */
        enum bamboo_status status = add_run(stream, batch->run, place, error);
        if (status != BAMBOO_OK) return status;
    }
    struct streamed_run *run = &stream->runs[place];
    if (run->is_unreadable || batch->last <= run->told) return BAMBOO_OK;
    struct bamboo_error why;
    enum bamboo_status status = replay_batch(stream, batch, run, listener, &why);
    if (status == BAMBOO_OK) {
        struct run_summary summary;
        run_summarize(run->run, &summary);
        if (summary.ended) forget_run(stream, place);
        return BAMBOO_OK;
    }
    uint64_t sequence = run->run ? run_sequence(run->run) + 1 : batch->first;
    unload_run(run);
    if (status == BAMBOO_E_MEMORY) return fail_memory(error); /* the next read tries again */
    run->is_unreadable = true;
    if (status != BAMBOO_E_NOT_FOUND)
        return tell_unreadable(batch, sequence, listener, &why, error);
    forget_run(stream, place); /* it was removed meanwhile */
    return BAMBOO_OK;
}

/* --- The public functions --- */

enum bamboo_status bamboo_event_stream_open(struct bamboo_engine *engine,
                                            struct bamboo_event_stream **out,
                                            struct bamboo_error *error)
{
    *out = memory_allocate_zeroed(1, sizeof **out);
    if (!*out) return fail_memory(error);
    (*out)->engine = engine;
    return BAMBOO_OK;
}

enum bamboo_status bamboo_event_stream_read(struct bamboo_event_stream *stream,
                                            bamboo_observer observer, void *context,
                                            struct bamboo_error *error)
{
    struct stream_listener listener = {observer, context};
    enum bamboo_status status = bamboo_engine_flush(stream->engine, error);
    for (bool has_more = true; has_more && status == BAMBOO_OK;) {
        status = read_batches(stream, error);
        has_more = stream->read_count == READ_COUNT;
        for (size_t i = 0; i < stream->read_count && status == BAMBOO_OK; i++) {
            status = tell_batch(stream, &stream->read[i], &listener, error);
            stream->last = stream->read[i];
        }
        drop_batches(stream);
    }
    return status;
}

void bamboo_event_stream_close(struct bamboo_event_stream *stream)
{
    if (!stream) return;
    drop_batches(stream);
    while (stream->run_count > 0)
        forget_run(stream, stream->run_count - 1);
    memory_free(stream->runs);
    memory_free(stream);
}
