/* Runs, artifacts, snapshots, events and logs, as they were committed. What has a checksum is
 * checked. */
#include "vm/store/store_sqlite.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "vm/store/store_refusals.h"

enum bamboo_status sqlite_run_of_row(struct sqlite_store *sqlite, const struct statement *row,
                                     struct store_run *out, struct bamboo_error *error)
{
    struct store_run run = {
        .number = column_number(row, 0),
        .created = column_integer(row, 4),
        .sequence = column_number(row, 5),
        .owner = column_number(row, 6),
        .fence = column_number(row, 7),
        .summary = {.state = (uint32_t)column_integer(row, 8),
                    .ended = column_integer(row, 9) != 0,
                    .running = (uint32_t)column_integer(row, 10),
                    .failed = (uint32_t)column_integer(row, 11),
                    .waiting = (uint32_t)column_integer(row, 12),
                    .wake_at = column_integer(row, 13),
                    .finished = column_integer(row, 14)},
    };
    snprintf(run.id, sizeof run.id, "%s", column_text(row, 1));
    size_t size = 0;
    const void *digest = column_blob(row, 3, &size);
    if (size != DIGEST_SIZE || !digest)
        return fail(error, BAMBOO_E_STORE, "the store %s is damaged: the digest of run %s is wrong",
                    sqlite->path, run.id);
    memcpy(run.digest, digest, DIGEST_SIZE);
    enum bamboo_status status =
        sqlite_owner_is_alive(sqlite, row->connection, run.owner, &run.owner_alive, NULL, error);
    if (status != BAMBOO_OK) return status;
    const char *name = column_text(row, 2);
    run.name = memory_copy_text(name, strlen(name));
    if (!run.name) return fail_memory(error);
    *out = run;
    return BAMBOO_OK;
}

/* The run of a statement with at most one row. */
static enum bamboo_status one_run(struct sqlite_store *sqlite, struct statement *row,
                                  const char *reference, struct store_run *out,
                                  struct bamboo_error *error)
{
    enum bamboo_status read = BAMBOO_OK;
    bool found = statement_next(row);
    if (found)
        read = sqlite_run_of_row(sqlite, row, out, error);
    else if (row->result == SQLITE_DONE)
        read = fail_no_run(reference, error);
    return statement_finish_each(row, read, error);
}

enum bamboo_status sqlite_find_exactly(struct sqlite_store *sqlite, struct connection *connection,
                                       const char *id, struct store_run *out,
                                       struct bamboo_error *error)
{
    struct statement row = statement_of(connection, STATEMENT_FIND_RUN);
    statement_string(&row, id);
    return one_run(sqlite, &row, id, out, error);
}

/* The only run whose id begins with `prefix`. */
static enum bamboo_status find_by_prefix(struct sqlite_store *sqlite, const char *prefix,
                                         struct store_run *out, struct bamboo_error *error)
{
    struct candidates candidates = {0};
    struct statement rows = statement_of(&sqlite->reader, STATEMENT_FIND_PREFIX);
    statement_string(&rows, prefix);
    statement_integer(&rows, CANDIDATES_MAX + 1);
    while (statement_next(&rows))
        candidates_add(&candidates, column_text(&rows, 1), column_text(&rows, 2));
    enum bamboo_status status = statement_finish(&rows, error);
    enum bamboo_status found =
        candidates_finish(&candidates, prefix, status == BAMBOO_OK ? error : NULL);
    if (status == BAMBOO_OK) status = found;
    if (status != BAMBOO_OK) return status;
    return sqlite_find_exactly(sqlite, &sqlite->reader, candidates.id, out, error);
}

enum bamboo_status sqlite_find_run(struct store *store, const char *reference,
                                   struct store_run *out, struct bamboo_error *error)
{
    struct sqlite_store *sqlite = sqlite_of(store);
    if (strcmp(reference, "@last") == 0) {
        struct statement row = statement_of(&sqlite->reader, STATEMENT_FIND_LAST_RUN);
        return one_run(sqlite, &row, NO_RUN_YET, out, error);
    }
    return find_by_prefix(sqlite, reference, out, error);
}

enum bamboo_status sqlite_find_number(struct store *store, uint64_t number, struct store_run *out,
                                      struct bamboo_error *error)
{
    struct sqlite_store *sqlite = sqlite_of(store);
    struct statement row = statement_of(&sqlite->reader, STATEMENT_FIND_NUMBER);
    statement_number(&row, number);
    char reference[40];
    snprintf(reference, sizeof reference, "number %llu", (unsigned long long)number);
    return one_run(sqlite, &row, reference, out, error);
}

enum bamboo_status sqlite_list_runs(struct store *store, bool with_ended, size_t limit,
                                    enum bamboo_status (*each)(void *context,
                                                               const struct store_run *,
                                                               struct bamboo_error *),
                                    void *context, struct bamboo_error *error)
{
    struct sqlite_store *sqlite = sqlite_of(store);
    struct statement rows =
        statement_of(&sqlite->reader, with_ended ? STATEMENT_LIST_RUNS : STATEMENT_LIST_OPEN_RUNS);
    statement_integer(&rows, limit == 0 || limit > INT32_MAX ? -1 : (int64_t)limit);
    enum bamboo_status told = BAMBOO_OK;
    while (told == BAMBOO_OK && statement_next(&rows)) {
        struct store_run run = {0};
        told = sqlite_run_of_row(sqlite, &rows, &run, error);
        if (told == BAMBOO_OK) told = each(context, &run, error);
        store_run_release(&run);
    }
    return statement_finish_each(&rows, told, error);
}

/* A copy of a blob of the row, with at least a byte of memory. */
static enum bamboo_status copy_blob(const struct statement *row, int column, void **bytes,
                                    size_t *size, struct bamboo_error *error)
{
    const void *blob = column_blob(row, column, size);
    *bytes = memory_copy_text(blob ? blob : "", *size);
    return *bytes ? BAMBOO_OK : fail_memory(error);
}

enum bamboo_status sqlite_read_artifact(struct store *store, const uint8_t digest[DIGEST_SIZE],
                                        void **bytes, size_t *size, struct bamboo_error *error)
{
    struct sqlite_store *sqlite = sqlite_of(store);
    char name[DIGEST_TEXT_SIZE];
    digest_print(digest, name);
    struct statement row = statement_of(&sqlite->reader, STATEMENT_FIND_ARTIFACT);
    statement_blob(&row, digest, DIGEST_SIZE);
    enum bamboo_status read = BAMBOO_OK;
    if (statement_next(&row)) {
        uint8_t actual[DIGEST_SIZE];
        const void *blob = column_blob(&row, 0, size);
        digest_compute(blob, *size, actual);
        if (memcmp(actual, digest, DIGEST_SIZE) != 0)
            read = fail(error, BAMBOO_E_STORE,
                        "the store %s is damaged: artifact %s is not what was stored", sqlite->path,
                        name);
        else
            read = copy_blob(&row, 0, bytes, size, error);
    } else if (row.result == SQLITE_DONE) {
        read = fail_no_artifact(digest, error);
    }
    return statement_finish_each(&row, read, error);
}

#define ALTERED "is not what was written"

/* A row is not what was written (`how`), or is missing. */
static enum bamboo_status fail_damaged(struct connection *connection, uint64_t run,
                                       const char *what, uint64_t sequence, const char *how,
                                       struct bamboo_error *error)
{
    char id[RUN_ID_SIZE] = "";
    struct statement name = statement_of(connection, STATEMENT_FIND_ID);
    statement_number(&name, run);
    bool found = statement_next(&name);
    if (found) snprintf(id, sizeof id, "%s", column_text(&name, 0));
    enum bamboo_status status = statement_finish(&name, error);
    if (status != BAMBOO_OK) return status;
    if (!found) return fail(error, BAMBOO_E_NOT_FOUND, "the run was removed meanwhile");
    return fail(error, BAMBOO_E_STORE, "the store %s is damaged: %s %llu of run %s %s",
                connection->path, what, (unsigned long long)sequence, id, how);
}

enum bamboo_status sqlite_read_snapshot(struct store *store, uint64_t run, uint64_t *sequence,
                                        void **bytes, size_t *size, struct bamboo_error *error)
{
    *sequence = 0;
    *bytes = NULL;
    *size = 0;
    struct statement row = statement_of(&sqlite_of(store)->reader, STATEMENT_FIND_SNAPSHOT);
    statement_number(&row, run);
    enum bamboo_status read = BAMBOO_OK;
    if (statement_next(&row)) {
        uint64_t last = column_number(&row, 0);
        const void *blob = column_blob(&row, 1, size);
        if (sqlite_sum_snapshot(run, last, blob, *size) != column_integer(&row, 2))
            read = fail_damaged(row.connection, run, "the snapshot at event", last, ALTERED, error);
        else
            read = copy_blob(&row, 1, bytes, size, error);
        if (read == BAMBOO_OK) *sequence = last;
    }
    return statement_finish_each(&row, read, error);
}

/* The sequence number of the last event of a run; 0 if there is no run. */
static enum bamboo_status find_sequence(struct connection *connection, uint64_t run,
                                        uint64_t *sequence, struct bamboo_error *error)
{
    struct statement row = statement_of(connection, STATEMENT_FIND_SEQUENCE);
    statement_number(&row, run);
    *sequence = statement_next(&row) ? column_number(&row, 0) : 0;
    return statement_finish(&row, error);
}

enum bamboo_status sqlite_read_events(struct store *store, uint64_t run, uint64_t after,
                                      enum bamboo_status (*each)(void *context, uint64_t first,
                                                                 uint64_t last, const void *bytes,
                                                                 size_t size,
                                                                 struct bamboo_error *),
                                      void *context, struct bamboo_error *error)
{
    struct connection *reading = &sqlite_of(store)->reader;
    /* Asked before the events are listed: those that are committed meanwhile may be there or not.
     */
    uint64_t sequence = 0;
    enum bamboo_status status = find_sequence(reading, run, &sequence, error);
    if (status != BAMBOO_OK) return status;
    struct statement rows = statement_of(reading, STATEMENT_LIST_EVENTS);
    statement_number(&rows, run);
    statement_number(&rows, after);
    enum bamboo_status told = BAMBOO_OK;
    uint64_t next = after + 1;
    for (bool is_first = true; told == BAMBOO_OK && statement_next(&rows); is_first = false) {
        uint64_t first = column_number(&rows, 0), last = column_number(&rows, 1);
        uint64_t fence = column_number(&rows, 4);
        size_t size = 0;
        const void *bytes = column_blob(&rows, 2, &size);
        bool follows = is_first ? first <= next : first == next;
        if (!follows ||
            sqlite_sum_events(run, first, last, fence, bytes, size) != column_integer(&rows, 3))
            told = fail_damaged(reading, run, "event", first, ALTERED, error);
        else
            told = each(context, first, last, bytes, size, error);
        next = last + 1;
    }
    status = statement_finish_each(&rows, told, error);
    if (status != BAMBOO_OK || next > sequence) return status;
    /* The end is missing, unless the run was removed meanwhile. */
    status = find_sequence(reading, run, &sequence, error);
    if (status != BAMBOO_OK || sequence == 0) return status;
    return fail_damaged(reading, run, "event", next, "is missing", error);
}

enum bamboo_status sqlite_read_journal(struct store *store, uint64_t from, size_t limit,
                                       enum bamboo_status (*each)(void *context,
                                                                  const struct store_batch *,
                                                                  struct bamboo_error *),
                                       void *context, struct bamboo_error *error)
{
    struct connection *reading = &sqlite_of(store)->reader;
    struct statement rows = statement_of(reading, STATEMENT_LIST_JOURNAL);
    statement_number(&rows, from);
    statement_number(&rows, limit);
    enum bamboo_status told = BAMBOO_OK;
    while (told == BAMBOO_OK && statement_next(&rows)) {
        struct store_batch batch = {.number = column_number(&rows, 0),
                                    .run = column_number(&rows, 1),
                                    .id = column_text(&rows, 2),
                                    .first = column_number(&rows, 3),
                                    .last = column_number(&rows, 4)};
        batch.bytes = column_blob(&rows, 5, &batch.size);
        int64_t sum = sqlite_sum_events(batch.run, batch.first, batch.last, column_number(&rows, 7),
                                        batch.bytes, batch.size);
        told = sum == column_integer(&rows, 6)
                   ? each(context, &batch, error)
                   : fail_damaged(reading, batch.run, "event", batch.first, ALTERED, error);
    }
    return statement_finish_each(&rows, told, error);
}

enum bamboo_status sqlite_read_logs(
    struct store *store, uint64_t run, const char *node, uint64_t after,
    enum bamboo_status (*each)(void *context, const struct store_log *, struct bamboo_error *),
    void *context, struct bamboo_error *error)
{
    struct statement rows = statement_of(&sqlite_of(store)->reader,
                                         node ? STATEMENT_LIST_NODE_LOGS : STATEMENT_LIST_LOGS);
    statement_number(&rows, run);
    statement_number(&rows, after);
    if (node) statement_string(&rows, node);
    enum bamboo_status told = BAMBOO_OK;
    while (told == BAMBOO_OK && statement_next(&rows)) {
        struct store_log log = {
            .number = column_number(&rows, 0),
            .node = column_text(&rows, 1),
            .attempt = column_number(&rows, 2),
            .stream = (uint32_t)column_integer(&rows, 3),
            .time = column_integer(&rows, 4),
        };
        log.bytes = column_blob(&rows, 5, &log.size);
        told = each(context, &log, error);
    }
    return statement_finish_each(&rows, told, error);
}
