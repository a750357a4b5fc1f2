/* Removing: a run is forgotten at once; its rows are swept a few at a time, and the pages that they
 * leave are given back a few at a time, so that engines at work never wait for long. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm/store/store_refusals.h"
#include "vm/store/store_sqlite.h"

enum bamboo_status sqlite_forget_run(struct store *store, const char *id, bool force,
                                     struct bamboo_error *error)
{
    struct sqlite_store *sqlite = sqlite_of(store);
    struct store_run run = {0};
    enum bamboo_status status = sqlite_order_begin(sqlite, error);
    if (status != BAMBOO_OK) return status;
    status = sqlite_find_exactly(sqlite, &sqlite->writer, id, &run, error);
    if (status == BAMBOO_OK) status = refuse_unless_removable(&run, force, error);
    static const enum statement_kind kinds[] = {STATEMENT_INSERT_GARBAGE, STATEMENT_KEEP_NUMBER,
                                                STATEMENT_MARK_SUSPECT, STATEMENT_DELETE_RUN};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && status == BAMBOO_OK; i++)
        status = statement_run_number(&sqlite->writer, kinds[i], run.number, NULL, error);
    store_run_release(&run);
    return sqlite_order_end(sqlite, status, error);
}

/* --- Sweeping --- */

/* *run: the number of a run whose rows are to be swept; 0: there is none. */
static enum bamboo_status find_garbage(struct connection *writer, uint64_t *run,
                                       struct bamboo_error *error)
{
    struct statement row = statement_of(writer, STATEMENT_FIND_GARBAGE);
    *run = statement_next(&row) ? column_number(&row, 0) : 0;
    return statement_finish(&row, error);
}

/* Deletes up to *left rows, which becomes less by as many. */
static enum bamboo_status sweep_run(struct connection *writer, uint64_t run, uint64_t *left,
                                    struct bamboo_error *error)
{
    static const enum statement_kind kinds[] = {STATEMENT_SWEEP_EVENTS, STATEMENT_SWEEP_LOGS,
                                                STATEMENT_SWEEP_MAIL};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        int deleted = 0;
        struct statement rows = statement_of(writer, kinds[i]);
        statement_number(&rows, run);
        statement_number(&rows, *left);
        enum bamboo_status status = statement_run(&rows, &deleted, error);
        if (status != BAMBOO_OK) return status;
        *left -= (uint64_t)deleted;
        if (*left == 0) return BAMBOO_OK; /* perhaps not all */
    }
    --*left;
    enum bamboo_status status =
        statement_run_number(writer, STATEMENT_DELETE_SNAPSHOT, run, NULL, error);
    return status == BAMBOO_OK
               ? statement_run_number(writer, STATEMENT_DELETE_GARBAGE, run, NULL, error)
               : status;
}

static enum bamboo_status sweep_garbage(struct sqlite_store *sqlite, uint64_t limit, bool *done,
                                        struct bamboo_error *error)
{
    uint64_t run = 1;
    enum bamboo_status status = sqlite_order_begin(sqlite, error);
    if (status != BAMBOO_OK) return status;
    for (uint64_t left = limit; left > 0 && run != 0 && status == BAMBOO_OK;) {
        status = find_garbage(&sqlite->writer, &run, error);
        if (status == BAMBOO_OK && run != 0) status = sweep_run(&sqlite->writer, run, &left, error);
    }
    *done = run == 0;
    return sqlite_order_end(sqlite, status, error);
}

/* --- Artifacts of removed runs --- */

/* Looked at together: each look reads all runs. */
#define SUSPECT_COUNT_MAX 256

struct suspect {
    uint8_t digest[DIGEST_SIZE];
    uint64_t mark;
    bool is_unused;
};

/* What there was at one moment. */
struct suspects {
    struct suspect items[SUSPECT_COUNT_MAX]; /* by digest */
    size_t count;
    uint64_t highest; /* the number of the last run; later ones have not been looked at */
};

/* A digest of another size is damage, which is left for fsck. */
static bool column_digest(const struct statement *row, uint8_t out[DIGEST_SIZE])
{
    size_t size = 0;
    const void *digest = column_blob(row, 0, &size);
    if (digest && size == DIGEST_SIZE) memcpy(out, digest, DIGEST_SIZE);
    return digest && size == DIGEST_SIZE;
}

static int compare_digests(const void *digest, const void *suspect)
{
    return memcmp(digest, ((const struct suspect *)suspect)->digest, DIGEST_SIZE);
}

static enum bamboo_status list_suspects(struct connection *writer, struct suspects *out,
                                        struct bamboo_error *error)
{
    struct statement rows = statement_of(writer, STATEMENT_LIST_SUSPECTS);
    statement_integer(&rows, SUSPECT_COUNT_MAX);
    while (out->count < SUSPECT_COUNT_MAX && statement_next(&rows)) {
        struct suspect *suspect = &out->items[out->count];
        suspect->mark = column_number(&rows, 1);
        if (column_digest(&rows, suspect->digest)) out->count++;
    }
    return statement_finish(&rows, error);
}

static enum bamboo_status find_unused(struct connection *writer, struct suspects *suspects,
                                      struct bamboo_error *error)
{
    uint8_t digest[DIGEST_SIZE];
    struct statement row = statement_of(writer, STATEMENT_FIND_HIGHEST);
    if (statement_next(&row)) suspects->highest = column_number(&row, 0);
    enum bamboo_status status = statement_finish(&row, error);
    if (status != BAMBOO_OK) return status;
    struct statement rows = statement_of(writer, STATEMENT_LIST_UNUSED);
    statement_integer(&rows, SUSPECT_COUNT_MAX);
    while (statement_next(&rows)) {
        struct suspect *suspect = column_digest(&rows, digest)
                                      ? bsearch(digest, suspects->items, suspects->count,
                                                sizeof *suspects->items, compare_digests)
                                      : NULL;
        if (suspect) suspect->is_unused = true;
    }
    return statement_finish(&rows, error);
}

/* As of one moment, while others may write. */
static enum bamboo_status look_at_suspects(struct connection *writer, struct suspects *out,
                                           struct bamboo_error *error)
{
    struct statement begin = statement_of(writer, STATEMENT_BEGIN_LOOK);
    enum bamboo_status status = statement_run(&begin, NULL, error);
    if (status != BAMBOO_OK) return status;
    status = list_suspects(writer, out, error);
    if (status == BAMBOO_OK && out->count > 0) status = find_unused(writer, out, error);
    return transaction_end(writer, status, error);
}

/* One whose run was removed since the look has another mark, and stays a suspect. */
static enum bamboo_status clear_suspect(struct connection *writer, const struct suspect *suspect,
                                        uint64_t highest, struct bamboo_error *error)
{
    if (suspect->is_unused) {
        struct statement artifact = statement_of(writer, STATEMENT_DELETE_ARTIFACT);
        statement_blob(&artifact, suspect->digest, DIGEST_SIZE);
        statement_number(&artifact, highest);
        enum bamboo_status status = statement_run(&artifact, NULL, error);
        if (status != BAMBOO_OK) return status;
    }
    struct statement row = statement_of(writer, STATEMENT_DELETE_SUSPECT);
    statement_blob(&row, suspect->digest, DIGEST_SIZE);
    statement_number(&row, suspect->mark);
    return statement_run(&row, NULL, error);
}

static enum bamboo_status sweep_artifacts(struct sqlite_store *sqlite, bool *done,
                                          struct bamboo_error *error)
{
    struct suspects suspects = {.count = 0};
    enum bamboo_status status = look_at_suspects(&sqlite->writer, &suspects, error);
    *done = suspects.count == 0;
    if (status != BAMBOO_OK || *done) return status;
    status = sqlite_order_begin(sqlite, error);
    if (status != BAMBOO_OK) return status;
    for (size_t i = 0; i < suspects.count && status == BAMBOO_OK; i++)
        status = clear_suspect(&sqlite->writer, &suspects.items[i], suspects.highest, error);
    return sqlite_order_end(sqlite, status, error);
}

enum bamboo_status sqlite_sweep(struct store *store, uint64_t limit, bool *done,
                                struct bamboo_error *error)
{
    struct sqlite_store *sqlite = sqlite_of(store);
    enum bamboo_status status = sweep_garbage(sqlite, limit, done, error);
    if (status == BAMBOO_OK && *done) status = sweep_artifacts(sqlite, done, error);
    return status;
}

/* --- Space --- */

/* The number that a PRAGMA gives. */
static enum bamboo_status ask(struct connection *connection, enum statement_kind kind, int64_t *out,
                              struct bamboo_error *error)
{
    struct statement row = statement_of(connection, kind);
    *out = statement_next(&row) ? column_integer(&row, 0) : 0;
    return statement_finish(&row, error);
}

#define AUTO_VACUUM_INCREMENTAL 2

static enum bamboo_status measure(struct connection *connection, int64_t *page_size,
                                  struct store_size *out, struct bamboo_error *error)
{
    int64_t pages = 0, free_pages = 0, kind = 0;
    enum bamboo_status status;
    if ((status = ask(connection, STATEMENT_PAGE_SIZE, page_size, error)) != BAMBOO_OK ||
        (status = ask(connection, STATEMENT_PAGE_COUNT, &pages, error)) != BAMBOO_OK ||
        (status = ask(connection, STATEMENT_FREE_PAGES, &free_pages, error)) != BAMBOO_OK ||
        (status = ask(connection, STATEMENT_AUTO_VACUUM, &kind, error)) != BAMBOO_OK)
        return status;
    *out = (struct store_size){.bytes = pages * *page_size,
                               .free_bytes = free_pages * *page_size,
                               .shrinks = kind == AUTO_VACUUM_INCREMENTAL};
    return BAMBOO_OK;
}

enum bamboo_status sqlite_measure(struct store *store, struct store_size *out,
                                  struct bamboo_error *error)
{
    int64_t page_size = 0;
    return measure(&sqlite_of(store)->reader, &page_size, out, error);
}

enum bamboo_status sqlite_shrink(struct store *store, uint64_t limit, bool *done,
                                 struct bamboo_error *error)
{
    struct sqlite_store *sqlite = sqlite_of(store);
    struct store_size size = {0};
    char sql[64];
    int64_t page_size = 0;
    *done = false;
    enum bamboo_status status = measure(&sqlite->writer, &page_size, &size, error);
    if (status != BAMBOO_OK) return status;
    if (!size.shrinks || size.free_bytes == 0) {
        *done = true;
        /* The file gets smaller when the log is copied into it; who reads is not waited for. */
        return connection_execute(&sqlite->writer, "PRAGMA wal_checkpoint(PASSIVE)", error);
    }
    if ((status = sqlite_order_begin(sqlite, error)) != BAMBOO_OK) return status;
    snprintf(sql, sizeof sql, "PRAGMA incremental_vacuum(%llu)", (unsigned long long)limit);
    status = connection_execute(&sqlite->writer, sql, error);
    return sqlite_order_end(sqlite, status, error);
}
