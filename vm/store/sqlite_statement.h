/* A connection to SQLite with its prepared statements, and one use of a statement: bind, step,
 * finish. What goes wrong in between sticks and is told by statement_finish(). */
#ifndef VM_STORE_SQLITE_STATEMENT_H
#define VM_STORE_SQLITE_STATEMENT_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "vm/store/sqlite_gather.h"

enum statement_kind {
#define STATEMENT(name, sql) STATEMENT_##name,
#include "vm/store/sqlite_statements.def"
#undef STATEMENT
    STATEMENT_COUNT
};

/* Used by one thread at a time. Zeroed is closed. */
struct connection {
    sqlite3 *database;
    const char *path;   /* for sentences; borrowed */
    int64_t timeout_ms; /* how long it waits for another process's lock */
    sqlite3_stmt *prepared[STATEMENT_COUNT];
    struct gathered_log *log; /* of who writes, or NULL */
};

/* Finalizes the statements and closes the database. */
void connection_close(struct connection *connection);

/* A sentence for a failed call of SQLite: what happened to which file, and what to do. `result` is
 * an (extended) result code other than OK, ROW and DONE. */
enum bamboo_status connection_fail(const struct connection *connection, int result,
                                   struct bamboo_error *error);

/* Executes SQL without parameters and results, several statements. */
MUST_CHECK enum bamboo_status connection_execute(struct connection *connection, const char *sql,
                                                 struct bamboo_error *error);

struct statement {
    struct connection *connection;
    sqlite3_stmt *handle;
    int bound;  /* parameters so far */
    int result; /* of SQLite; the first failure sticks */
};

/* Begins the use of a statement, which must end with statement_finish(). One kind is in use once at
 * a time. */
struct statement statement_of(struct connection *connection, enum statement_kind kind);

/* Bind the next parameter. Texts and blobs are borrowed until statement_finish(); NULL counts as
 * empty. */
void statement_integer(struct statement *statement, int64_t value);
void statement_number(struct statement *statement, uint64_t value);
void statement_text(struct statement *statement, const char *text, size_t size);
void statement_string(struct statement *statement, const char *string);
void statement_blob(struct statement *statement, const void *bytes, size_t size);

/* Steps; is there a row? False at the end and after a failure. */
bool statement_next(struct statement *statement);

/* Columns of the row, from 0. Texts are never NULL; blobs are if they are empty. Valid until the
 * next step. */
int64_t column_integer(const struct statement *statement, int column);
uint64_t column_number(const struct statement *statement, int column);
const char *column_text(const struct statement *statement, int column);
const void *column_blob(const struct statement *statement, int column, size_t *size);

/* Ends the use of a statement. */
MUST_CHECK enum bamboo_status statement_finish(struct statement *statement,
                                               struct bamboo_error *error);

/* Ends it after its rows were handed on: returns `status` if that failed (*error is filled then),
 * else as statement_finish(). */
MUST_CHECK enum bamboo_status statement_finish_each(struct statement *statement,
                                                    enum bamboo_status status,
                                                    struct bamboo_error *error);

/* Steps once and finishes: for statements without rows. `changes` may be NULL. */
MUST_CHECK enum bamboo_status statement_run(struct statement *statement, int *changes,
                                            struct bamboo_error *error);

/* The same for a statement whose only parameter is a number. */
MUST_CHECK enum bamboo_status statement_run_number(struct connection *connection,
                                                   enum statement_kind kind, uint64_t number,
                                                   int *changes, struct bamboo_error *error);

/* A transaction that may write. transaction_end() commits if `status` is OK, else rolls back, and
 * returns `status` or the failure to commit; *error then holds the first. */
MUST_CHECK enum bamboo_status transaction_begin(struct connection *connection,
                                                struct bamboo_error *error);
MUST_CHECK enum bamboo_status transaction_end(struct connection *connection,
                                              enum bamboo_status status,
                                              struct bamboo_error *error);

#endif
