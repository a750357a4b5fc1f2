/* Removing runs that nobody needs any more. Every transaction is short, and after each there is a
 * pause as long as it took, so that engines at work get their turn. */
#include <string.h>
#include <time.h>

#include "api/engine.h"
#include "base/duration.h"
#include "base/memory.h"
#include "vm/run/run.h"

enum bamboo_status bamboo_remove(struct bamboo_engine *engine, const char *run, bool force,
                                 struct bamboo_error *error)
{
    struct engine *changed = NULL;
    struct store_run row = {0};
    enum bamboo_status status = engine_for_change(engine, &changed, error);
    if (status == BAMBOO_OK) status = engine_find_run(engine, run, &row, error);
    if (status == BAMBOO_OK && engine_owns(changed, &row))
        status = fail(error, BAMBOO_E_REFUSED, "run %s is being executed by this process", row.id);
    if (status == BAMBOO_OK) status = store_remove_run(engine->store, row.id, force, error);
    store_run_release(&row);
    return status;
}

enum bamboo_status bamboo_duration_parse(const char *text, int64_t *milliseconds,
                                         struct bamboo_error *error)
{
    return duration_parse(text, strlen(text), milliseconds, error);
}

/* --- Which runs --- */

struct collection {
    struct bamboo_engine *engine;
    const struct bamboo_retention *retention;
    bamboo_observer observer;
    void *context;
    int64_t now;
    uint64_t ended; /* runs that were seen, newest first */
    char (*ids)[RUN_ID_SIZE];
    size_t count, capacity;
};

static enum bamboo_status tell(const struct collection *collection, const struct store_run *row,
                               struct bamboo_error *error)
{
    struct bamboo_map_builder map;
    struct bamboo_value value;
    bamboo_map_builder_init(&map);
    engine_describe_row(row, &map);
    bamboo_map_builder_set_integer(&map, "events", (int64_t)row->sequence);
    bamboo_map_builder_set_integer(&map, "finished", row->summary.finished);
    enum bamboo_status status = bamboo_map_builder_finish(&map, &value, error);
    if (status != BAMBOO_OK) return status;
    if (collection->observer) collection->observer(collection->context, value);
    bamboo_value_release(value);
    return BAMBOO_OK;
}

static enum bamboo_status choose(void *context, const struct store_run *row,
                                 struct bamboo_error *error)
{
    struct collection *collection = context;
    const struct bamboo_retention *retention = collection->retention;
    if (!row->summary.ended) return BAMBOO_OK;
    bool is_kept = collection->ended++ < retention->keep || row->owner_alive ||
                   row->summary.finished > collection->now - retention->older_than_ms;
    if (is_kept) return BAMBOO_OK;
    if (!memory_grow((void **)&collection->ids, &collection->capacity, collection->count + 1,
                     sizeof *collection->ids))
        return fail_memory(error);
    memcpy(collection->ids[collection->count++], row->id, RUN_ID_SIZE);
    return retention->dry_run ? tell(collection, row, error) : BAMBOO_OK;
}

/* --- Short steps --- */

/* Rows, and pages, of one transaction: some milliseconds. */
#define SWEEP_ROWS   500
#define SHRINK_PAGES 256
/* Runs that are forgotten before a pause. */
#define FORGET_RUNS 50

static int64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* As long as since `began`, that others may write. */
static void pause_since(int64_t began)
{
    int64_t spent = nanoseconds() - began;
    const struct timespec pause = {.tv_sec = (time_t)(spent / 1000000000),
                                   .tv_nsec = (long)(spent % 1000000000)};
    nanosleep(&pause, NULL);
}

/* Somebody else may have removed it meanwhile, or work at it again. */
static enum bamboo_status forget(const struct collection *collection, const char *id,
                                 struct bamboo_error *error)
{
    struct store_run row = {0};
    enum bamboo_status status = store_find_run(collection->engine->store, id, &row, error);
    if (status == BAMBOO_OK) status = store_forget_run(collection->engine->store, id, false, error);
    bool gone = status == BAMBOO_OK;
    if (status == BAMBOO_E_NOT_FOUND || status == BAMBOO_E_REFUSED) status = BAMBOO_OK;
    if (gone) status = tell(collection, &row, error);
    store_run_release(&row);
    return status;
}

static enum bamboo_status forget_all(struct collection *collection, struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_OK;
    int64_t began = nanoseconds();
    for (size_t i = 0; i < collection->count && status == BAMBOO_OK; i++) {
        status = forget(collection, collection->ids[i], error);
        if (i % FORGET_RUNS != FORGET_RUNS - 1) continue;
        pause_since(began);
        began = nanoseconds();
    }
    return status;
}

static enum bamboo_status repeat(struct store *store,
                                 enum bamboo_status (*step)(struct store *, uint64_t, bool *,
                                                            struct bamboo_error *),
                                 uint64_t limit, struct bamboo_error *error)
{
    bool done = false;
    enum bamboo_status status = BAMBOO_OK;
    while (status == BAMBOO_OK && !done) {
        int64_t began = nanoseconds();
        status = step(store, limit, &done, error);
        if (!done) pause_since(began);
    }
    return status;
}

static enum bamboo_status remove_chosen(struct collection *collection, struct bamboo_error *error)
{
    struct store *store = collection->engine->store;
    enum bamboo_status status = forget_all(collection, error);
    if (status == BAMBOO_OK) status = repeat(store, store_sweep, SWEEP_ROWS, error);
    return status == BAMBOO_OK ? repeat(store, store_shrink, SHRINK_PAGES, error) : status;
}

static enum bamboo_status sum_up(const struct collection *collection,
                                 const struct store_size *before, const struct store_size *after,
                                 struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_map_builder map;
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_integer(&map, "removed", (int64_t)collection->count);
    bamboo_map_builder_set_integer(&map, "bytes_before", before->bytes);
    bamboo_map_builder_set_integer(&map, "bytes_after", after->bytes);
    bamboo_map_builder_set_integer(&map, "bytes_free", after->free_bytes);
    return bamboo_map_builder_finish(&map, out, error);
}

enum bamboo_status bamboo_collect(struct bamboo_engine *engine,
                                  const struct bamboo_retention *retention,
                                  bamboo_observer observer, void *context, struct bamboo_value *out,
                                  struct bamboo_error *error)
{
    struct engine *changed = NULL;
    struct store_size before = {0}, after = {0};
    struct collection collection = {.engine = engine,
                                    .retention = retention,
                                    .observer = observer,
                                    .context = context,
                                    .now = store_now(engine->store)};
    enum bamboo_status status = engine_for_change(engine, &changed, error);
    if (status == BAMBOO_OK) status = engine_flush(changed, error);
    if (status == BAMBOO_OK) status = store_measure(engine->store, &before, error);
    if (status == BAMBOO_OK)
        status = store_list_runs(engine->store, true, 0, choose, &collection, error);
    if (status == BAMBOO_OK && !retention->dry_run) status = remove_chosen(&collection, error);
    if (status == BAMBOO_OK) status = store_measure(engine->store, &after, error);
    if (status == BAMBOO_OK) status = sum_up(&collection, &before, &after, out, error);
    memory_free(collection.ids);
    return status;
}
