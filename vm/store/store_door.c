/* The door: opens a store by the scheme of its URL and passes each call on. */
#include <assert.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "vm/store/store_functions.h"
#include "vm/store/store_memory.h"
#include "vm/store/store_sqlite.h"

enum bamboo_status store_open(const char *url, const struct store_options *options,
                              struct store **out, struct bamboo_error *error)
{
    static const char sqlite[] = "sqlite:";
    if (strcmp(url, "memory:") == 0) return memory_store_open(out, error);
    const char *path = url;
    if (strncmp(url, sqlite, sizeof sqlite - 1) == 0) {
        path += sizeof sqlite - 1;
    } else {
        size_t scheme = strspn(url, "abcdefghijklmnopqrstuvwxyz");
        if (scheme > 1 && url[scheme] == ':')
            return fail(error, BAMBOO_E_USAGE,
                        "there is no store of the kind '%.*s:'; a store is a path, sqlite:PATH or "
                        "memory:",
                        (int)scheme, url);
    }
    if (*path == '\0')
        return fail(error, BAMBOO_E_USAGE, "the path of the store is missing in '%s'", url);
    return sqlite_store_open(path, options, out, error);
}

int64_t store_wall_clock(void *context)
{
    (void)context;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void store_run_release(struct store_run *run)
{
    memory_free(run->name);
    run->name = NULL;
}

static void enter(struct store *store)
{
    if (store->lock) pthread_mutex_lock(store->lock);
}

static enum bamboo_status leave(struct store *store, enum bamboo_status status)
{
    if (store->lock) pthread_mutex_unlock(store->lock);
    return status;
}

void store_close(struct store *store)
{
    if (store) store->functions->close(store);
}

int64_t store_now(const struct store *store)
{
    return store->clock.now(store->clock.context);
}

const char *store_wake_path(const struct store *store)
{
    return store->functions->wake_path(store);
}

/* What every implementation relies on. */
static bool is_sound(const struct store_write *write)
{
    switch (write->kind) {
    case STORE_CREATE_RUN:
        return write->number && write->fence && write->id && strlen(write->id) < RUN_ID_SIZE &&
               write->name && write->digest && write->summary &&
               (write->last == 0 || write->first == 1);
    case STORE_APPEND:
        return write->number && write->fence && write->summary && write->first > 0 &&
               write->last >= write->first;
    case STORE_SNAPSHOT:
    case STORE_RELEASE: return write->number && write->fence;
    case STORE_LOG: return write->number && write->fence && write->node;
    case STORE_REPLY: return write->status < BAMBOO_STATUS_COUNT;
    }
    return false;
}

enum bamboo_status store_commit(struct store *store, const struct store_write *writes, size_t count,
                                size_t *refused, struct bamboo_error *error)
{
    for (size_t i = 0; i < count; i++)
        assert(is_sound(&writes[i]));
    enter(store);
    return leave(store, store->functions->commit(store, writes, count, refused, error));
}

enum bamboo_status store_engine_join(struct store *store, int64_t lease_ms, uint64_t *engine,
                                     struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->engine_join(store, lease_ms, engine, error));
}

enum bamboo_status store_engine_renew(struct store *store, uint64_t engine,
                                      struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->engine_renew(store, engine, error));
}

enum bamboo_status store_engine_leave(struct store *store, uint64_t engine,
                                      struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->engine_leave(store, engine, error));
}

enum bamboo_status store_claim(struct store *store, const char *id, uint64_t engine,
                               struct store_run *out, struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->claim(store, id, engine, out, error));
}

enum bamboo_status store_claim_some(struct store *store, uint64_t engine, size_t limit,
                                    void (*claimed)(void *context, const struct store_run *run),
                                    void *context, struct bamboo_error *error)
{
    enter(store);
    return leave(store,
                 store->functions->claim_some(store, engine, limit, claimed, context, error));
}

enum bamboo_status store_submit(struct store *store, const char *id, const void *program,
                                size_t size, const char *actor, uint64_t *mail,
                                struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->submit(store, id, program, size, actor, mail, error));
}

enum bamboo_status store_read_mail(struct store *store, uint64_t engine,
                                   enum bamboo_status (*each)(void *context,
                                                              const struct store_mail *,
                                                              struct bamboo_error *),
                                   void *context, struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->read_mail(store, engine, each, context, error));
}

enum bamboo_status store_read_reply(struct store *store, uint64_t mail, bool *answered,
                                    enum bamboo_status *status, char **text,
                                    struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->read_reply(store, mail, answered, status, text, error));
}

enum bamboo_status store_find_run(struct store *store, const char *reference, struct store_run *out,
                                  struct bamboo_error *error)
{
    if (reference[0] == '\0')
        return fail(error, BAMBOO_E_NOT_FOUND, "the id of a run must not be empty");
    enter(store);
    return leave(store, store->functions->find_run(store, reference, out, error));
}

enum bamboo_status store_find_number(struct store *store, uint64_t number, struct store_run *out,
                                     struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->find_number(store, number, out, error));
}

enum bamboo_status store_list_runs(struct store *store, bool with_ended, size_t limit,
                                   enum bamboo_status (*each)(void *context,
                                                              const struct store_run *,
                                                              struct bamboo_error *),
                                   void *context, struct bamboo_error *error)
{
    enter(store);
    return leave(store,
                 store->functions->list_runs(store, with_ended, limit, each, context, error));
}

enum bamboo_status store_read_artifact(struct store *store, const uint8_t digest[DIGEST_SIZE],
                                       void **bytes, size_t *size, struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->read_artifact(store, digest, bytes, size, error));
}

enum bamboo_status store_read_snapshot(struct store *store, uint64_t run, uint64_t *sequence,
                                       void **bytes, size_t *size, struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->read_snapshot(store, run, sequence, bytes, size, error));
}

enum bamboo_status store_read_events(struct store *store, uint64_t run, uint64_t after,
                                     enum bamboo_status (*each)(void *context, uint64_t first,
                                                                uint64_t last, const void *bytes,
                                                                size_t size, struct bamboo_error *),
                                     void *context, struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->read_events(store, run, after, each, context, error));
}

enum bamboo_status store_read_journal(struct store *store, uint64_t from, size_t limit,
                                      enum bamboo_status (*each)(void *context,
                                                                 const struct store_batch *,
                                                                 struct bamboo_error *),
                                      void *context, struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->read_journal(store, from, limit, each, context, error));
}

enum bamboo_status store_read_logs(
    struct store *store, uint64_t run, const char *node, uint64_t after,
    enum bamboo_status (*each)(void *context, const struct store_log *, struct bamboo_error *),
    void *context, struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->read_logs(store, run, node, after, each, context, error));
}

/* Rows of a removed run that are deleted at a time. */
#define SWEEP_ROWS 1000

enum bamboo_status store_remove_run(struct store *store, const char *id, bool force,
                                    struct bamboo_error *error)
{
    bool done = false;
    enum bamboo_status status = store_forget_run(store, id, force, error);
    while (status == BAMBOO_OK && !done)
        status = store_sweep(store, SWEEP_ROWS, &done, error);
    return status;
}

enum bamboo_status store_forget_run(struct store *store, const char *id, bool force,
                                    struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->forget_run(store, id, force, error));
}

enum bamboo_status store_sweep(struct store *store, uint64_t limit, bool *done,
                               struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->sweep(store, limit, done, error));
}

enum bamboo_status store_shrink(struct store *store, uint64_t limit, bool *done,
                                struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->shrink(store, limit, done, error));
}

enum bamboo_status store_measure(struct store *store, struct store_size *out,
                                 struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->measure(store, out, error));
}

enum bamboo_status store_freeze(struct store *store, struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->freeze(store, error));
}

enum bamboo_status store_thaw(struct store *store, enum bamboo_status status,
                              struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->thaw(store, status, error));
}

enum bamboo_status store_check(struct store *store, const struct store_finder *finder,
                               struct store_counts *counts, struct bamboo_error *error)
{
    enter(store);
    return leave(store, store->functions->check(store, finder, counts, error));
}
