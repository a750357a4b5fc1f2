/* fsck: what the store can tell of its rows, then each run replayed and compared with what is kept
 * of it. Everything is read as of one moment. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/engine.h"
#include "base/memory.h"
#include "vm/run/index.h"
#include "vm/run/run.h"

struct listed_run {
    char id[RUN_ID_SIZE];
    bool damaged; /* the store said so: no use in a replay */
};

struct fsck {
    struct bamboo_engine *engine;
    bamboo_observer observer;
    void *context;
    struct listed_run *runs; /* by id */
    size_t count, capacity;
    uint64_t problems, unchecked;
    bool is_out_of_memory; /* something could not be told */
};

/* --- Telling --- */

static void tell_map(struct fsck *fsck, struct bamboo_map_builder *map)
{
    struct bamboo_value value;
    if (bamboo_map_builder_finish(map, &value, NULL) != BAMBOO_OK) {
        fsck->is_out_of_memory = true;
        return;
    }
    if (fsck->observer) fsck->observer(fsck->context, value);
    bamboo_value_release(value);
}

static void tell(struct fsck *fsck, const struct store_problem *problem)
{
    struct bamboo_map_builder map;
    fsck->problems++;
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_text(&map, "table", problem->table);
    if (*problem->run) bamboo_map_builder_set_text(&map, "run", problem->run);
    if (problem->event > 0) bamboo_map_builder_set_integer(&map, "event", (int64_t)problem->event);
    bamboo_map_builder_set_text(&map, "problem", problem->sentence);
    tell_map(fsck, &map);
}

static void tell_unchecked(struct fsck *fsck, const char *run, const char *why)
{
    struct bamboo_map_builder map;
    fsck->unchecked++;
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_text(&map, "run", run);
    bamboo_map_builder_set_text(&map, "unchecked", why);
    tell_map(fsck, &map);
}

static int compare_ids(const void *left, const void *right)
{
    return strcmp(((const struct listed_run *)left)->id, ((const struct listed_run *)right)->id);
}

/* A problem of the store's rows. */
static void found(void *context, const struct store_problem *problem)
{
    struct fsck *fsck = context;
    struct listed_run key = {0};
    tell(fsck, problem);
    if (strlen(problem->run) >= RUN_ID_SIZE || fsck->count == 0) return;
    memcpy(key.id, problem->run, strlen(problem->run));
    struct listed_run *run =
        bsearch(&key, fsck->runs, fsck->count, sizeof *fsck->runs, compare_ids);
    if (run) run->damaged = true;
}

/* --- A run --- */

struct replay {
    struct fsck *fsck;
    const struct store_run *row;
    struct run *run;
    void *snapshot; /* owned */
    size_t snapshot_size;
    uint64_t snapshot_sequence;
    bool compared; /* the snapshot was */
    bool told;     /* a problem */
};

__attribute__((format(printf, 4, 5))) static void report(struct replay *replay, const char *table,
                                                         uint64_t event, const char *format, ...)
{
    char sentence[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    const struct store_problem problem = {
        .table = table, .run = replay->row->id, .event = event, .sentence = sentence};
    replay->told = true;
    tell(replay->fsck, &problem);
}

/* The snapshot must be what the journal makes of the run. */
static enum bamboo_status compare_snapshot(struct replay *replay, struct bamboo_error *error)
{
    struct byte_writer writer = {0};
    run_snapshot(replay->run, &writer);
    replay->compared = true;
    bool same = !writer.failed && writer.size == replay->snapshot_size &&
                memcmp(writer.bytes, replay->snapshot, writer.size) == 0;
    bool failed = writer.failed;
    writer_release(&writer);
    if (failed) return fail_memory(error);
    if (!same)
        report(replay, "snapshot", replay->snapshot_sequence,
               "is not what a replay of the journal gives");
    return BAMBOO_OK;
}

static enum bamboo_status replay_batch(void *context, uint64_t first, uint64_t last,
                                       const void *bytes, size_t size, struct bamboo_error *error)
{
    struct replay *replay = context;
    enum bamboo_status status = run_check_events(replay->run, bytes, size, error);
    if (status == BAMBOO_E_STORE) {
        report(replay, "event", run_sequence(replay->run) + 1, "%s", error->message);
        return status;
    }
    if (status != BAMBOO_OK) return status;
    const char *fault = run_fault(replay->run);
    if (fault) report(replay, "event", last, "after it, %s", fault);
    if (run_sequence(replay->run) != last)
        report(replay, "event", first, "its batch ends with event %" PRIu64 ", not %" PRIu64,
               run_sequence(replay->run), last);
    if (replay->snapshot && last == replay->snapshot_sequence)
        return compare_snapshot(replay, error);
    return BAMBOO_OK;
}

/* The row is what `ps` shows and what decides who is claimed: it must be what the journal says. A
 * poll that is under way counts as running there, and as a timer after a replay. */
static void compare_row(struct replay *replay)
{
    const struct store_run *row = replay->row;
    const struct store_summary *kept = &row->summary;
    struct run_summary now;
    run_summarize(replay->run, &now);
    const struct {
        const char *name;
        int64_t kept, replayed;
    } fields[] = {
        {"number of events", (int64_t)row->sequence, (int64_t)run_sequence(replay->run)},
        {"state", kept->state, now.state},
        {"end", kept->ended, now.ended},
        {"number of failed nodes", kept->failed, now.failed},
        {"number of waiting nodes", kept->waiting, now.waiting},
        {"time of creation", row->created, now.created},
        {"time of its end", kept->finished, now.finished},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i].kept != fields[i].replayed)
            report(replay, "run", 0, "its %s is %lld, but %lld by the journal", fields[i].name,
                   (long long)fields[i].kept, (long long)fields[i].replayed);
    if (kept->running < now.running || kept->running > now.running + now.timed)
        report(replay, "run", 0, "its number of running nodes is %u, but %u by the journal",
               kept->running, now.running);
    if (now.timed == 0 && kept->running == now.running && kept->wake_at != now.wake_at)
        report(replay, "run", 0, "its next deadline is %lld, but %lld by the journal",
               (long long)kept->wake_at, (long long)now.wake_at);
}

static enum bamboo_status replay_run(struct replay *replay, struct bamboo_error *error)
{
    struct store *store = replay->fsck->engine->store;
    struct run_library library = engine_run_library(replay->fsck->engine);
    struct linked_program *linked = NULL;
    enum bamboo_status status =
        load_program(store, &library, replay->row->digest, "its program", &linked, error);
    if (status == BAMBOO_OK)
        status = store_read_snapshot(store, replay->row->number, &replay->snapshot_sequence,
                                     &replay->snapshot, &replay->snapshot_size, error);
    if (status == BAMBOO_OK)
        status = run_restore(linked, replay->row->id, NULL, 0, &replay->run, error);
    if (status == BAMBOO_OK)
        status = store_read_events(store, replay->row->number, 0, replay_batch, replay, error);
    if (status == BAMBOO_OK) status = run_index(replay->run, error);
    if (status == BAMBOO_OK) compare_row(replay);
    if (status == BAMBOO_OK && replay->snapshot && !replay->compared)
        report(replay, "snapshot", replay->snapshot_sequence, "is not at the end of a batch");
    linked_program_release(linked);
    return status;
}

static enum bamboo_status check_run(struct fsck *fsck, const char *id, struct bamboo_error *error)
{
    struct store_run row = {0};
    struct replay replay = {.fsck = fsck, .row = &row};
    enum bamboo_status status = store_find_run(fsck->engine->store, id, &row, error);
    if (status == BAMBOO_OK) status = replay_run(&replay, error);
    run_destroy(replay.run);
    memory_free(replay.snapshot);
    if (status == BAMBOO_E_COMPONENT) {
        tell_unchecked(fsck, id, error->message);
        status = BAMBOO_OK;
    } else if (status != BAMBOO_OK && status != BAMBOO_E_MEMORY) {
        if (!replay.told) report(&replay, "run", 0, "%s", error->message);
        status = BAMBOO_OK;
    }
    store_run_release(&row);
    return status;
}

/* --- All --- */

static enum bamboo_status add_run(void *context, const struct store_run *row,
                                  struct bamboo_error *error)
{
    struct fsck *fsck = context;
    if (!memory_grow((void **)&fsck->runs, &fsck->capacity, fsck->count + 1, sizeof *fsck->runs))
        return fail_memory(error);
    struct listed_run *run = &fsck->runs[fsck->count++];
    *run = (struct listed_run){.damaged = false};
    memcpy(run->id, row->id, RUN_ID_SIZE);
    return BAMBOO_OK;
}

/* What cannot be read is a problem, and what comes after it is looked at all the same. */
static enum bamboo_status settle(struct fsck *fsck, enum bamboo_status status,
                                 const struct bamboo_error *error)
{
    if (status != BAMBOO_E_STORE) return status;
    const struct store_problem problem = {.table = "file", .run = "", .sentence = error->message};
    tell(fsck, &problem);
    return BAMBOO_OK;
}

static enum bamboo_status check_all(struct fsck *fsck, struct store_counts *counts,
                                    struct bamboo_error *error)
{
    struct store *store = fsck->engine->store;
    const struct store_finder finder = {found, fsck};
    enum bamboo_status status =
        settle(fsck, store_list_runs(store, true, 0, add_run, fsck, error), error);
    if (status != BAMBOO_OK) return status;
    if (fsck->count > 0) qsort(fsck->runs, fsck->count, sizeof *fsck->runs, compare_ids);
    status = settle(fsck, store_check(store, &finder, counts, error), error);
    for (size_t i = 0; i < fsck->count && status == BAMBOO_OK; i++)
        if (!fsck->runs[i].damaged) status = check_run(fsck, fsck->runs[i].id, error);
    if (status == BAMBOO_OK && fsck->is_out_of_memory) status = fail_memory(error);
    return status;
}

static enum bamboo_status sum_up(const struct fsck *fsck, const struct store_counts *counts,
                                 struct bamboo_value *out, struct bamboo_error *error)
{
    const struct {
        const char *name;
        uint64_t count;
    } fields[] = {
        {"problems", fsck->problems},     {"unchecked", fsck->unchecked},
        {"runs", counts->runs},           {"events", counts->events},
        {"batches", counts->batches},     {"snapshots", counts->snapshots},
        {"artifacts", counts->artifacts}, {"logs", counts->logs},
        {"mails", counts->mails},         {"engines", counts->engines},
    };
    struct bamboo_map_builder map;
    bamboo_map_builder_init(&map);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        bamboo_map_builder_set_integer(&map, fields[i].name, (int64_t)fields[i].count);
    return bamboo_map_builder_finish(&map, out, error);
}

enum bamboo_status bamboo_check_store(struct bamboo_engine *engine, bamboo_observer observer,
                                      void *context, struct bamboo_value *out,
                                      struct bamboo_error *error)
{
    struct fsck fsck = {.engine = engine, .observer = observer, .context = context};
    struct store_counts counts = {0};
    struct bamboo_error why; /* problems are told with it, whether the caller wants errors or not */
    enum bamboo_status status = bamboo_engine_flush(engine, &why);
    if (status == BAMBOO_OK) status = store_freeze(engine->store, &why);
    if (status == BAMBOO_OK)
        status = store_thaw(engine->store, check_all(&fsck, &counts, &why), &why);
    if (status == BAMBOO_OK) status = sum_up(&fsck, &counts, out, &why);
    memory_free(fsck.runs);
    if (status != BAMBOO_OK && error) *error = why;
    return status;
}
