/* Removing: a run is forgotten at once; its rows are swept a few at a time, and the pages that they
 * leave are given back a few at a time, so that engines at work never wait for long. */
#include <stdio.h>
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
    if (status == BAMBOO_OK)
        status = statement_run_number(&sqlite->writer, STATEMENT_INSERT_GARBAGE, run.number, NULL,
                                      error);
    if (status == BAMBOO_OK)
        status =
            statement_run_number(&sqlite->writer, STATEMENT_DELETE_RUN, run.number, NULL, error);
    store_run_release(&run);
    return sqlite_order_end(sqlite, status, error);
}

/* --- Sweeping --- */

struct garbage {
    uint64_t run; /* its number; 0: there is none */
    uint8_t digest[DIGEST_SIZE];
};

static enum bamboo_status find_garbage(struct connection *writer, struct garbage *out,
                                       struct bamboo_error *error)
{
    *out = (struct garbage){0};
    struct statement row = statement_of(writer, STATEMENT_FIND_GARBAGE);
    if (statement_next(&row)) {
        size_t size = 0;
        const void *digest = column_blob(&row, 1, &size);
        out->run = column_number(&row, 0);
        if (digest && size == DIGEST_SIZE) memcpy(out->digest, digest, size);
    }
    return statement_finish(&row, error);
}

/* Nothing but the run's artifact is left, which others may use. */
static enum bamboo_status end_garbage(struct connection *writer, const struct garbage *garbage,
                                      struct bamboo_error *error)
{
    enum bamboo_status status =
        statement_run_number(writer, STATEMENT_DELETE_SNAPSHOT, garbage->run, NULL, error);
    if (status == BAMBOO_OK)
        status = statement_run_number(writer, STATEMENT_DELETE_GARBAGE, garbage->run, NULL, error);
    if (status != BAMBOO_OK) return status;
    struct statement artifact = statement_of(writer, STATEMENT_DELETE_ARTIFACT);
    statement_blob(&artifact, garbage->digest, DIGEST_SIZE);
    return statement_run(&artifact, NULL, error);
}

/* Deletes up to *left rows, which becomes less by as many. */
static enum bamboo_status sweep_run(struct connection *writer, const struct garbage *garbage,
                                    uint64_t *left, struct bamboo_error *error)
{
    static const enum statement_kind kinds[] = {STATEMENT_SWEEP_EVENTS, STATEMENT_SWEEP_LOGS,
                                                STATEMENT_SWEEP_MAIL};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        int deleted = 0;
        struct statement rows = statement_of(writer, kinds[i]);
        statement_number(&rows, garbage->run);
        statement_number(&rows, *left);
        enum bamboo_status status = statement_run(&rows, &deleted, error);
        if (status != BAMBOO_OK) return status;
        *left -= (uint64_t)deleted;
        if (*left == 0) return BAMBOO_OK; /* perhaps not all */
    }
    --*left;
    return end_garbage(writer, garbage, error);
}

enum bamboo_status sqlite_sweep(struct store *store, uint64_t limit, bool *done,
                                struct bamboo_error *error)
{
    struct sqlite_store *sqlite = sqlite_of(store);
    struct garbage garbage = {.run = 1};
    enum bamboo_status status = sqlite_order_begin(sqlite, error);
    if (status != BAMBOO_OK) return status;
    for (uint64_t left = limit; left > 0 && garbage.run != 0 && status == BAMBOO_OK;) {
        status = find_garbage(&sqlite->writer, &garbage, error);
        if (status == BAMBOO_OK && garbage.run != 0)
            status = sweep_run(&sqlite->writer, &garbage, &left, error);
    }
    status = sqlite_order_end(sqlite, status, error);
    *done = status == BAMBOO_OK && garbage.run == 0;
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
