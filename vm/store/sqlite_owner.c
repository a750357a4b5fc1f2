/* Who owns a run. An engine is alive while its lease lasts and, on this machine, its process lives:
 * that shows in a lock on a byte of PATH-owners, which the kernel gives up with the process. */
#include "vm/store/store_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "vm/store/store_refusals.h"

struct owner {
    uint64_t number;
    int64_t process;
    bool locked; /* its process is of this machine and holds its lock */
    bool alive;
};

/* A write lock on the byte of an engine. Locks of open file descriptions belong to the store that
 * took them, so that two stores in one process see each other, and children inherit nothing. */
static struct flock byte_lock(uint64_t engine, short type)
{
    return (struct flock){
        .l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)engine, .l_len = 1};
}

static enum bamboo_status open_lazily(int *file, const char *path, int flags,
                                      struct bamboo_error *error)
{
    if (*file < 0) *file = open(path, flags | O_CLOEXEC, 0666);
    if (*file >= 0) return BAMBOO_OK;
    return fail_errno(error, BAMBOO_E_STORE, errno, "the file %s cannot be opened", path);
}

static enum bamboo_status lock_byte(struct sqlite_store *sqlite, uint64_t engine,
                                    struct bamboo_error *error)
{
    enum bamboo_status status =
        open_lazily(&sqlite->owners_file, sqlite->owners_path, O_RDWR | O_CREAT, error);
    if (status != BAMBOO_OK) return status;
    struct flock lock = byte_lock(engine, F_WRLCK);
    if (fcntl(sqlite->owners_file, F_OFD_SETLK, &lock) == 0) return BAMBOO_OK;
    return fail_errno(error, BAMBOO_E_STORE, errno, "the lock of engine %llu in %s cannot be set",
                      (unsigned long long)engine, sqlite->owners_path);
}

/* What cannot be unlocked is, with the file, when the store closes. */
static void unlock_byte(struct sqlite_store *sqlite, uint64_t engine)
{
    struct flock lock = byte_lock(engine, F_UNLCK);
    if (sqlite->owners_file >= 0) (void)fcntl(sqlite->owners_file, F_OFD_SETLK, &lock);
}

static enum bamboo_status is_locked(struct sqlite_store *sqlite,
                                    const struct connection *connection, uint64_t engine,
                                    bool *locked, struct bamboo_error *error)
{
    int *probe = connection == &sqlite->writer ? &sqlite->writer_probe : &sqlite->reader_probe;
    *locked = false;
    if (*probe < 0 && access(sqlite->owners_path, F_OK) < 0 && errno == ENOENT) return BAMBOO_OK;
    enum bamboo_status status = open_lazily(probe, sqlite->owners_path, O_RDONLY, error);
    if (status != BAMBOO_OK) return status;
    struct flock lock = byte_lock(engine, F_WRLCK);
    if (fcntl(*probe, F_OFD_GETLK, &lock) < 0)
        return fail_errno(error, BAMBOO_E_STORE, errno, "the locks in %s cannot be read",
                          sqlite->owners_path);
    *locked = lock.l_type != F_UNLCK;
    return BAMBOO_OK;
}

/* A row of the table of engines. */
static enum bamboo_status owner_of_row(struct sqlite_store *sqlite, const struct statement *row,
                                       struct owner *out, struct bamboo_error *error)
{
    *out = (struct owner){.number = column_number(row, 0), .process = column_integer(row, 2)};
    bool here = strcmp(column_text(row, 1), sqlite->boot_id) == 0;
    enum bamboo_status status = BAMBOO_OK;
    if (here) status = is_locked(sqlite, row->connection, out->number, &out->locked, error);
    bool lease_lasts = column_integer(row, 3) > sqlite_now(sqlite);
    out->alive = lease_lasts && (out->locked || !here);
    return status;
}

static enum bamboo_status find_owner(struct sqlite_store *sqlite, struct connection *connection,
                                     uint64_t number, struct owner *out, struct bamboo_error *error)
{
    *out = (struct owner){.number = number};
    if (number == 0) return BAMBOO_OK;
    struct statement row = statement_of(connection, STATEMENT_FIND_ENGINE);
    statement_number(&row, number);
    enum bamboo_status found = BAMBOO_OK;
    if (statement_next(&row)) found = owner_of_row(sqlite, &row, out, error);
    return statement_finish_each(&row, found, error);
}

enum bamboo_status sqlite_owner_is_alive(struct sqlite_store *sqlite, struct connection *connection,
                                         uint64_t engine, bool *alive, int64_t *process,
                                         struct bamboo_error *error)
{
    struct owner owner;
    enum bamboo_status status = find_owner(sqlite, connection, engine, &owner, error);
    if (status != BAMBOO_OK) return status;
    *alive = owner.alive;
    if (process) *process = owner.process;
    return BAMBOO_OK;
}

/* Frees the runs of an engine that is not alive. It is forgotten, which its next renewal tells it,
 * unless it could still come back without having lost anything. */
static enum bamboo_status bury(struct connection *writer, const struct owner *owner,
                               struct bamboo_error *error)
{
    int freed = 0;
    enum bamboo_status status =
        statement_run_number(writer, STATEMENT_FREE_RUNS, owner->number, &freed, error);
    if (status != BAMBOO_OK || (freed == 0 && owner->locked)) return status;
    return statement_run_number(writer, STATEMENT_DELETE_ENGINE, owner->number, NULL, error);
}

/* Buries one engine that is not alive; *found is false if there is none among those with numbers
 * above *after, which becomes its number. */
static enum bamboo_status bury_next(struct sqlite_store *sqlite, uint64_t *after, bool *found,
                                    struct bamboo_error *error)
{
    struct statement rows = statement_of(&sqlite->writer, STATEMENT_LIST_ENGINES);
    statement_number(&rows, *after);
    struct owner owner = {.alive = true};
    enum bamboo_status status = BAMBOO_OK;
    while (status == BAMBOO_OK && owner.alive && statement_next(&rows))
        status = owner_of_row(sqlite, &rows, &owner, error);
    if ((status = statement_finish_each(&rows, status, error)) != BAMBOO_OK) return status;
    *found = !owner.alive;
    *after = owner.number;
    return *found ? bury(&sqlite->writer, &owner, error) : BAMBOO_OK;
}

enum bamboo_status sqlite_engine_join(struct store *store, int64_t lease_ms, uint64_t *engine,
                                      struct bamboo_error *error)
{
    struct sqlite_store *sqlite = sqlite_of(store);
    struct connection *writer = &sqlite->writer;
    enum bamboo_status status = sqlite_order_begin(sqlite, error);
    if (status != BAMBOO_OK) return status;
    struct statement statement = statement_of(writer, STATEMENT_INSERT_ENGINE);
    statement_string(&statement, sqlite->boot_id);
    statement_integer(&statement, getpid());
    statement_integer(&statement, lease_ms);
    statement_integer(&statement, sqlite_now(sqlite) + lease_ms);
    status = statement_run(&statement, NULL, error);
    uint64_t number = (uint64_t)sqlite3_last_insert_rowid(writer->database);
    /* Locked before anybody can see the row, for then it would look dead. */
    if (status == BAMBOO_OK) status = lock_byte(sqlite, number, error);
    status = sqlite_order_end(sqlite, status, error);
    if (status == BAMBOO_OK) {
        *engine = number;
        return BAMBOO_OK;
    }
    /* The next who joins, perhaps another process, gets the same number and must be able to lock.
     */
    unlock_byte(sqlite, number);
    return status;
}

enum bamboo_status sqlite_engine_renew(struct store *store, uint64_t engine,
                                       struct bamboo_error *error)
{
    struct sqlite_store *sqlite = sqlite_of(store);
    enum bamboo_status status = sqlite_order_begin(sqlite, error);
    if (status != BAMBOO_OK) return status;
    struct statement statement = statement_of(&sqlite->writer, STATEMENT_RENEW_ENGINE);
    statement_integer(&statement, sqlite_now(sqlite));
    statement_number(&statement, engine);
    int changes = 0;
    status = statement_run(&statement, &changes, error);
    if (status == BAMBOO_OK && changes == 0) status = refuse_renewal(engine, error);
    return sqlite_order_end(sqlite, status, error);
}

enum bamboo_status sqlite_engine_leave(struct store *store, uint64_t engine,
                                       struct bamboo_error *error)
{
    struct sqlite_store *sqlite = sqlite_of(store);
    enum bamboo_status status = sqlite_order_begin(sqlite, error);
    if (status != BAMBOO_OK) return status;
    int left = 0;
    status = statement_run_number(&sqlite->writer, STATEMENT_LEAVE_RUNS, engine, &left, error);
    if (status == BAMBOO_OK)
        status =
            statement_run_number(&sqlite->writer, STATEMENT_DELETE_ENGINE, engine, NULL, error);
    status = sqlite_order_end(sqlite, status, error);
    if (status != BAMBOO_OK) return status;
    if (left > 0) sqlite_wake(sqlite);
    unlock_byte(sqlite, engine);
    return BAMBOO_OK;
}

/* OWNERSHIP if the engine was forgotten: what it would claim, nobody would own. */
static enum bamboo_status check_joined(struct sqlite_store *sqlite, uint64_t engine,
                                       struct bamboo_error *error)
{
    struct statement row = statement_of(&sqlite->writer, STATEMENT_FIND_ENGINE);
    statement_number(&row, engine);
    enum bamboo_status found = BAMBOO_OK;
    if (!statement_next(&row) && row.result == SQLITE_DONE) found = refuse_renewal(engine, error);
    return statement_finish_each(&row, found, error);
}

/* Makes `engine` the owner of *run, in a transaction. */
static enum bamboo_status take(struct sqlite_store *sqlite, uint64_t engine, struct store_run *run,
                               struct bamboo_error *error)
{
    struct statement statement = statement_of(&sqlite->writer, STATEMENT_CLAIM_RUN);
    statement_number(&statement, engine);
    statement_number(&statement, run->number);
    enum bamboo_status status = statement_run(&statement, NULL, error);
    if (status != BAMBOO_OK) return status;
    run->owner = engine;
    run->owner_alive = true;
    run->fence++;
    return BAMBOO_OK;
}

/* Frees *run from an owner that is not alive, or refuses. */
static enum bamboo_status free_run(struct sqlite_store *sqlite, struct store_run *run,
                                   uint64_t engine, struct bamboo_error *error)
{
    struct owner owner;
    enum bamboo_status status = find_owner(sqlite, &sqlite->writer, run->owner, &owner, error);
    if (status != BAMBOO_OK || run->owner == 0) return status;
    if (owner.alive) return refuse_claim(run, engine, owner.process, error);
    status = bury(&sqlite->writer, &owner, error);
    /* As the row is now. */
    if (status == BAMBOO_OK && !run->summary.ended) run->fence++;
    return status;
}

enum bamboo_status sqlite_claim(struct store *store, const char *id, uint64_t engine,
                                struct store_run *out, struct bamboo_error *error)
{
    struct sqlite_store *sqlite = sqlite_of(store);
    struct store_run run = {0};
    enum bamboo_status status = sqlite_order_begin(sqlite, error);
    if (status != BAMBOO_OK) return status;
    status = sqlite_find_exactly(sqlite, &sqlite->writer, id, &run, error);
    if (status == BAMBOO_OK) status = check_joined(sqlite, engine, error);
    if (status == BAMBOO_OK) status = free_run(sqlite, &run, engine, error);
    if (status == BAMBOO_OK) status = take(sqlite, engine, &run, error);
    status = sqlite_order_end(sqlite, status, error);
    if (status == BAMBOO_OK)
        *out = run;
    else
        store_run_release(&run);
    return status;
}

struct claimed_runs {
    struct store_run *items;
    size_t count, capacity;
};

static enum bamboo_status add_rows(struct sqlite_store *sqlite, struct statement *rows,
                                   struct claimed_runs *runs, struct bamboo_error *error)
{
    enum bamboo_status read = BAMBOO_OK;
    while (read == BAMBOO_OK && statement_next(rows)) {
        void *items = runs->items;
        if (!memory_grow(&items, &runs->capacity, runs->count + 1, sizeof *runs->items)) {
            read = fail_memory(error);
            break;
        }
        runs->items = items;
        read = sqlite_run_of_row(sqlite, rows, &runs->items[runs->count], error);
        if (read == BAMBOO_OK) runs->count++;
    }
    return statement_finish_each(rows, read, error);
}

/* Lists up to `limit` runs and makes `engine` their owner. */
static enum bamboo_status take_listed(struct sqlite_store *sqlite, uint64_t engine, bool urgent,
                                      size_t limit, struct claimed_runs *runs,
                                      struct bamboo_error *error)
{
    struct statement rows =
        statement_of(&sqlite->writer, urgent ? STATEMENT_LIST_URGENT : STATEMENT_LIST_CLAIMABLE);
    size_t before = runs->count;
    if (urgent) statement_integer(&rows, sqlite_now(sqlite));
    statement_integer(&rows, limit < INT32_MAX ? (int64_t)limit : INT32_MAX);
    enum bamboo_status status = add_rows(sqlite, &rows, runs, error);
    for (size_t i = before; i < runs->count && status == BAMBOO_OK; i++)
        status = take(sqlite, engine, &runs->items[i], error);
    return status;
}

/* To find the urgent ones among a million takes a while: not more often than this. */
#define CALM_MS 1000

static bool is_calm(const struct sqlite_store *sqlite)
{
    int64_t now = sqlite_now(sqlite);
    return sqlite->calm_at > 0 && now >= sqlite->calm_at && now - sqlite->calm_at < CALM_MS;
}

/* Claims runs, in a transaction. */
static enum bamboo_status take_some(struct sqlite_store *sqlite, uint64_t engine, size_t limit,
                                    struct claimed_runs *runs, struct bamboo_error *error)
{
    uint64_t after = 0;
    bool found = true, calm = is_calm(sqlite);
    enum bamboo_status status = BAMBOO_OK;
    while (found && status == BAMBOO_OK)
        status = bury_next(sqlite, &after, &found, error);
    if (status == BAMBOO_OK) status = check_joined(sqlite, engine, error);
    if (status == BAMBOO_OK && !calm)
        status = take_listed(sqlite, engine, true, limit, runs, error);
    size_t urgent = runs->count;
    if (status == BAMBOO_OK && urgent < limit)
        status = take_listed(sqlite, engine, false, limit - urgent, runs, error);
    bool many = urgent < limit && runs->count == limit;
    if (!calm || !many) sqlite->calm_at = many ? sqlite_now(sqlite) : 0;
    return status;
}

enum bamboo_status sqlite_claim_some(struct store *store, uint64_t engine, size_t limit,
                                     void (*claimed)(void *context, const struct store_run *run),
                                     void *context, struct bamboo_error *error)
{
    struct sqlite_store *sqlite = sqlite_of(store);
    struct claimed_runs runs = {0};
    enum bamboo_status status = sqlite_order_begin(sqlite, error);
    if (status != BAMBOO_OK) return status;
    status = take_some(sqlite, engine, limit, &runs, error);
    status = sqlite_order_end(sqlite, status, error);
    for (size_t i = 0; i < runs.count; i++) {
        if (status == BAMBOO_OK) claimed(context, &runs.items[i]);
        store_run_release(&runs.items[i]);
    }
    memory_free(runs.items);
    return status;
}
