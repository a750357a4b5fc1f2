/* A store whose calls can fail, on top of the real one. */
#include <string.h>

#include "tests/simulate/world.h"

static struct disk *disk_of(struct store *store)
{
    return (struct disk *)(void *)store;
}

/* A dead engine's calls do nothing; a living one's may fail. */
static enum bamboo_status enter(struct store *store, struct bamboo_error *error)
{
    struct disk *disk = disk_of(store);
    if (disk->is_dead) return fail(error, BAMBOO_E_STORE, "the machine is down");
    if (happens(disk->world, disk->world->faults.failing_read))
        return fail(error, BAMBOO_E_STORE, "the disk cannot be read");
    return BAMBOO_OK;
}

#define INNER(store) (disk_of(store)->world->store)

/* --- Writing --- */

static enum bamboo_status commit(struct store *store, const struct store_write *writes,
                                 size_t count, size_t *refused, struct bamboo_error *error)
{
    struct disk *disk = disk_of(store);
    struct world *world = disk->world;
    if (disk->is_dead) return fail(error, BAMBOO_E_STORE, "the machine is down");
    if (happens(world, world->faults.lost_commit))
        return fail(error, BAMBOO_E_STORE, "the disk is full");
    enum bamboo_status status = store_commit(world->store, writes, count, refused, error);
    if (status != BAMBOO_OK) return status;
    check_commit(world, disk, writes, count);
    if (happens(world, world->faults.false_alarm))
        return fail(error, BAMBOO_E_STORE, "the disk does not answer");
    return BAMBOO_OK;
}

static enum bamboo_status engine_join(struct store *store, int64_t lease_ms, uint64_t *engine,
                                      struct bamboo_error *error)
{
    struct disk *disk = disk_of(store);
    enum bamboo_status status = enter(store, error);
    if (status == BAMBOO_OK) status = store_engine_join(INNER(store), lease_ms, engine, error);
    if (status == BAMBOO_OK)
        disk->numbers[disk->number_count++ % (sizeof disk->numbers / sizeof *disk->numbers)] =
            *engine;
    return status;
}

static enum bamboo_status engine_renew(struct store *store, uint64_t engine,
                                       struct bamboo_error *error)
{
    enum bamboo_status status = enter(store, error);
    return status == BAMBOO_OK ? store_engine_renew(INNER(store), engine, error) : status;
}

static enum bamboo_status engine_leave(struct store *store, uint64_t engine,
                                       struct bamboo_error *error)
{
    enum bamboo_status status = enter(store, error);
    return status == BAMBOO_OK ? store_engine_leave(INNER(store), engine, error) : status;
}

static enum bamboo_status claim(struct store *store, const char *id, uint64_t engine,
                                struct store_run *out, struct bamboo_error *error)
{
    enum bamboo_status status = enter(store, error);
    return status == BAMBOO_OK ? store_claim(INNER(store), id, engine, out, error) : status;
}

static enum bamboo_status claim_some(struct store *store, uint64_t engine, size_t limit,
                                     void (*claimed)(void *context, const struct store_run *run),
                                     void *context, struct bamboo_error *error)
{
    enum bamboo_status status = enter(store, error);
    return status == BAMBOO_OK
               ? store_claim_some(INNER(store), engine, limit, claimed, context, error)
               : status;
}

/* --- Reading --- */

static enum bamboo_status read_mail(struct store *store, uint64_t engine,
                                    enum bamboo_status (*each)(void *, const struct store_mail *,
                                                               struct bamboo_error *),
                                    void *context, struct bamboo_error *error)
{
    enum bamboo_status status = enter(store, error);
    return status == BAMBOO_OK ? store_read_mail(INNER(store), engine, each, context, error)
                               : status;
}

static enum bamboo_status find_run(struct store *store, const char *reference,
                                   struct store_run *out, struct bamboo_error *error)
{
    enum bamboo_status status = enter(store, error);
    return status == BAMBOO_OK ? store_find_run(INNER(store), reference, out, error) : status;
}

static enum bamboo_status find_number(struct store *store, uint64_t number, struct store_run *out,
                                      struct bamboo_error *error)
{
    enum bamboo_status status = enter(store, error);
    return status == BAMBOO_OK ? store_find_number(INNER(store), number, out, error) : status;
}

static enum bamboo_status read_artifact(struct store *store, const uint8_t digest[DIGEST_SIZE],
                                        void **bytes, size_t *size, struct bamboo_error *error)
{
    enum bamboo_status status = enter(store, error);
    return status == BAMBOO_OK ? store_read_artifact(INNER(store), digest, bytes, size, error)
                               : status;
}

static enum bamboo_status read_snapshot(struct store *store, uint64_t run, uint64_t *sequence,
                                        void **bytes, size_t *size, struct bamboo_error *error)
{
    enum bamboo_status status = enter(store, error);
    return status == BAMBOO_OK
               ? store_read_snapshot(INNER(store), run, sequence, bytes, size, error)
               : status;
}

static enum bamboo_status read_events(struct store *store, uint64_t run, uint64_t after,
                                      enum bamboo_status (*each)(void *, uint64_t, uint64_t,
                                                                 const void *, size_t,
                                                                 struct bamboo_error *),
                                      void *context, struct bamboo_error *error)
{
    enum bamboo_status status = enter(store, error);
    return status == BAMBOO_OK ? store_read_events(INNER(store), run, after, each, context, error)
                               : status;
}

static const char *wake_path(const struct store *store)
{
    (void)store;
    return NULL;
}

/* What an engine uses. The rest is for people who look. */
static const struct store_functions FUNCTIONS = {
    .wake_path = wake_path,
    .commit = commit,
    .engine_join = engine_join,
    .engine_renew = engine_renew,
    .engine_leave = engine_leave,
    .claim = claim,
    .claim_some = claim_some,
    .read_mail = read_mail,
    .find_run = find_run,
    .find_number = find_number,
    .read_artifact = read_artifact,
    .read_snapshot = read_snapshot,
    .read_events = read_events,
};

void disk_init(struct disk *disk, struct world *world)
{
    *disk = (struct disk){.store = {.functions = &FUNCTIONS}, .world = world};
}
