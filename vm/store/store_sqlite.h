/* The store in an SQLite database. store_sqlite.c opens and closes it; the functions of the
 * interface are in sqlite_*.c, by what they deal with. docs/durability.md says why it is safe.
 *
 * Beside the database PATH are PATH-wake (store_wake_path()) and PATH-owners, in which each living
 * engine holds a lock on the byte of its number. */
#ifndef VM_STORE_STORE_SQLITE_H
#define VM_STORE_STORE_SQLITE_H

#include "vm/store/sqlite_statement.h"
#include "vm/store/store_functions.h"

#define BOOT_ID_SIZE 37

struct sqlite_store {
    struct store store; /* first */
    char *path, *owners_path, *wake_path;
    struct connection writer; /* for [writes] */
    struct connection reader; /* for [reads] */
    enum store_durability durability;
    char boot_id[BOOT_ID_SIZE]; /* of the machine's start */
    int owners_file; /* holds the locks of engines that joined here; -1: not opened yet */
    /* Ask for locks: through owners_file our own would not be seen. One for each connection,
     * because a thread may be reading while another writes. -1: not opened yet */
    int writer_probe, reader_probe;
    int wake_file; /* -1: none */
    /* When many runs were without an owner and none of the rest was urgent; 0: not lately. */
    int64_t calm_at;
};

/* store_open() of the database at `path`. */
MUST_CHECK enum bamboo_status sqlite_store_open(const char *path,
                                                const struct store_options *options,
                                                struct store **out, struct bamboo_error *error);

static inline struct sqlite_store *sqlite_of(struct store *store)
{
    return (struct sqlite_store *)(void *)store;
}

static inline int64_t sqlite_now(const struct sqlite_store *sqlite)
{
    return sqlite->store.clock.now(sqlite->store.clock.context);
}

/* Finds out whose database this is, and refuses one of another program or of a newer bamboo.
 * *is_current: no migration is missing. */
MUST_CHECK enum bamboo_status sqlite_schema_check(struct connection *connection, bool *is_current,
                                                  struct bamboo_error *error);

/* Brings the schema up to date in one transaction; an empty database gets its first. */
MUST_CHECK enum bamboo_status sqlite_schema_migrate(struct connection *connection,
                                                    struct bamboo_error *error);

/* Tells the name of each table and index that is not, or not as this version makes it. What others
 * have added does not matter. */
MUST_CHECK enum bamboo_status sqlite_schema_compare(struct connection *connection,
                                                    void (*differs)(void *context,
                                                                    const char *name),
                                                    void *context, struct bamboo_error *error);

/* A transaction of the writer that need not be on the disk when it ends, only before every later
 * one: who owns what. The log keeps the order, and what an owner does is synchronised before it has
 * effects. It ends with sqlite_order_end(), as transaction_end(). */
MUST_CHECK enum bamboo_status sqlite_order_begin(struct sqlite_store *sqlite,
                                                 struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_order_end(struct sqlite_store *sqlite,
                                               enum bamboo_status status,
                                               struct bamboo_error *error);

/* Touches the wake file. */
void sqlite_wake(const struct sqlite_store *sqlite);

/* A row of RUN_COLUMNS; *out is to be released. Looks whether its owner is alive. */
MUST_CHECK enum bamboo_status sqlite_run_of_row(struct sqlite_store *sqlite,
                                                const struct statement *row, struct store_run *out,
                                                struct bamboo_error *error);

/* The run with exactly this id, by `connection`. Errors: NOT_FOUND, STORE, MEMORY. */
MUST_CHECK enum bamboo_status sqlite_find_exactly(struct sqlite_store *sqlite,
                                                  struct connection *connection, const char *id,
                                                  struct store_run *out,
                                                  struct bamboo_error *error);

/* Is this engine alive: its lease has not run out, and its process, if it is of this machine,
 * lives? *process, if not NULL, becomes its process id. */
MUST_CHECK enum bamboo_status sqlite_owner_is_alive(struct sqlite_store *sqlite,
                                                    struct connection *connection, uint64_t engine,
                                                    bool *alive, int64_t *process,
                                                    struct bamboo_error *error);

/* Checksums of rows: the first 8 bytes of a SHA-256 over numbers and bytes that belong together.
 * At most SQLITE_SUM_NUMBERS numbers. */
#define SQLITE_SUM_NUMBERS 6
int64_t sqlite_sum(const uint64_t *numbers, size_t count, const void *bytes, size_t size);
/* Of a batch of events. Without a fence (0) as schema 1 had it. */
int64_t sqlite_sum_events(uint64_t run, uint64_t first, uint64_t last, uint64_t fence,
                          const void *bytes, size_t size);
int64_t sqlite_sum_snapshot(uint64_t run, uint64_t sequence, const void *bytes, size_t size);
/* Of what never changes in the row of a run. */
int64_t sqlite_sum_run(const char *id, const char *name, const uint8_t digest[DIGEST_SIZE],
                       int64_t created);
int64_t sqlite_sum_log(uint64_t run, const struct store_log *log);
/* Of a mail to the run with this id, and of the answer to it. */
int64_t sqlite_sum_mail(const char *id, const struct store_mail *mail);
int64_t sqlite_sum_reply(uint64_t mail, uint32_t status, const void *text, size_t size);

/* The functions of store_functions.h. */
MUST_CHECK enum bamboo_status sqlite_commit(struct store *store, const struct store_write *writes,
                                            size_t count, size_t *refused,
                                            struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_engine_join(struct store *store, int64_t lease_ms,
                                                 uint64_t *engine, struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_engine_renew(struct store *store, uint64_t engine,
                                                  struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_engine_leave(struct store *store, uint64_t engine,
                                                  struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_claim(struct store *store, const char *id, uint64_t engine,
                                           struct store_run *out, struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_claim_some(struct store *store, uint64_t engine, size_t limit,
                                                void (*claimed)(void *context,
                                                                const struct store_run *run),
                                                void *context, struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_submit(struct store *store, const char *id,
                                            const void *program, size_t size, const char *actor,
                                            uint64_t *mail, struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_read_mail(struct store *store, uint64_t engine,
                                               enum bamboo_status (*each)(void *context,
                                                                          const struct store_mail *,
                                                                          struct bamboo_error *),
                                               void *context, struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_read_reply(struct store *store, uint64_t mail, bool *answered,
                                                enum bamboo_status *status, char **text,
                                                struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_find_run(struct store *store, const char *reference,
                                              struct store_run *out, struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_find_number(struct store *store, uint64_t number,
                                                 struct store_run *out, struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_list_runs(struct store *store, bool with_ended, size_t limit,
                                               enum bamboo_status (*each)(void *context,
                                                                          const struct store_run *,
                                                                          struct bamboo_error *),
                                               void *context, struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_read_artifact(struct store *store,
                                                   const uint8_t digest[DIGEST_SIZE], void **bytes,
                                                   size_t *size, struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_read_snapshot(struct store *store, uint64_t run,
                                                   uint64_t *sequence, void **bytes, size_t *size,
                                                   struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_read_events(
    struct store *store, uint64_t run, uint64_t after,
    enum bamboo_status (*each)(void *context, uint64_t first, uint64_t last, const void *bytes,
                               size_t size, struct bamboo_error *),
    void *context, struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_read_journal(
    struct store *store, uint64_t from, size_t limit,
    enum bamboo_status (*each)(void *context, const struct store_batch *, struct bamboo_error *),
    void *context, struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_read_logs(
    struct store *store, uint64_t run, const char *node, uint64_t after,
    enum bamboo_status (*each)(void *context, const struct store_log *, struct bamboo_error *),
    void *context, struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_forget_run(struct store *store, const char *id, bool force,
                                                struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_sweep(struct store *store, uint64_t limit, bool *done,
                                           struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_shrink(struct store *store, uint64_t limit, bool *done,
                                            struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_measure(struct store *store, struct store_size *out,
                                             struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_freeze(struct store *store, struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_thaw(struct store *store, enum bamboo_status status,
                                          struct bamboo_error *error);
MUST_CHECK enum bamboo_status sqlite_check(struct store *store, const struct store_finder *finder,
                                           struct store_counts *counts, struct bamboo_error *error);

#endif
