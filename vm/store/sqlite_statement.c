#include "vm/store/sqlite_statement.h"

#include <string.h>

#include "base/crash_point.h"
#include "base/duration.h"
#include "base/text.h"

static const char *const statement_sql[] = {
#define STATEMENT(name, sql) [STATEMENT_##name] = (sql),
#include "vm/store/sqlite_statements.def"
#undef STATEMENT
};

void connection_close(struct connection *connection)
{
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(connection->prepared[i]);
    sqlite3_close(connection->database);
    gathered_log_destroy(connection->log);
    *connection = (struct connection){0};
}

/* What to say for a result code; %s is the path. */
struct result_sentence {
    int result;
    const char *before;
    const char *after;
};

static const struct result_sentence sentences[] = {
    {SQLITE_LOCKED, "the store ", " is locked; try again"},
    {SQLITE_FULL, "there is no space left on the disk of the store ",
     "; free some and try again: what was committed is safe"},
    {SQLITE_READONLY, "the store ",
     " cannot be written: make the file and its folder writable, or use another store"},
    {SQLITE_PERM, "access to the store ", " is denied"},
    {SQLITE_CANTOPEN, "the store ",
     " cannot be opened: see whether it exists and whether the file and its folder are readable "
     "and writable"},
    {SQLITE_NOTADB, "", " is not a store of bamboo: it is no SQLite database; use another path"},
    {SQLITE_CORRUPT, "the store ",
     " is damaged: copy it away and save what is left with sqlite3's .recover"},
    {SQLITE_IOERR, "the store ", " cannot be read or written: the disk reports an error"},
};

static enum bamboo_status fail_busy(const struct connection *connection, struct bamboo_error *error)
{
    struct text waited = {0};
    duration_append(&waited, connection->timeout_ms);
    enum bamboo_status status =
        waited.failed ? fail_memory(error)
                      : fail(error, BAMBOO_E_STORE,
                             "the store %s is locked by another process (waited %s); try again "
                             "when that has finished",
                             connection->path, text_string(&waited));
    text_release(&waited);
    return status;
}

enum bamboo_status connection_fail(const struct connection *connection, int result,
                                   struct bamboo_error *error)
{
    int primary = result & 0xff;
    if (primary == SQLITE_NOMEM) return fail_memory(error);
    if (primary == SQLITE_BUSY) return fail_busy(connection, error);
    /* The database knows details of its last failure, which need not be this one. */
    bool is_last =
        connection->database && (sqlite3_errcode(connection->database) & 0xff) == primary;
    const char *detail = is_last ? sqlite3_errmsg(connection->database) : sqlite3_errstr(result);
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (sentences[i].result == primary)
            return fail(error, BAMBOO_E_STORE, "%s%s%s (%s)", sentences[i].before, connection->path,
                        sentences[i].after, detail);
    return fail(error, BAMBOO_E_STORE, "the store %s failed: %s (SQLite code %d)", connection->path,
                detail, result);
}

enum bamboo_status connection_execute(struct connection *connection, const char *sql,
                                      struct bamboo_error *error)
{
    int result = sqlite3_exec(connection->database, sql, NULL, NULL, NULL);
    return result == SQLITE_OK ? BAMBOO_OK : connection_fail(connection, result, error);
}

struct statement statement_of(struct connection *connection, enum statement_kind kind)
{
    struct statement statement = {.connection = connection, .result = SQLITE_OK};
    if (!connection->prepared[kind])
        statement.result =
            sqlite3_prepare_v3(connection->database, statement_sql[kind], -1,
                               SQLITE_PREPARE_PERSISTENT, &connection->prepared[kind], NULL);
    statement.handle = connection->prepared[kind];
    return statement;
}

static void note(struct statement *statement, int result)
{
    if (statement->result == SQLITE_OK) statement->result = result;
}

void statement_integer(struct statement *statement, int64_t value)
{
    note(statement, sqlite3_bind_int64(statement->handle, ++statement->bound, value));
}

void statement_number(struct statement *statement, uint64_t value)
{
    statement_integer(statement, (int64_t)value);
}

void statement_text(struct statement *statement, const char *text, size_t size)
{
    note(statement, sqlite3_bind_text64(statement->handle, ++statement->bound, text ? text : "",
                                        size, SQLITE_STATIC, SQLITE_UTF8));
}

void statement_string(struct statement *statement, const char *string)
{
    statement_text(statement, string, string ? strlen(string) : 0);
}

void statement_blob(struct statement *statement, const void *bytes, size_t size)
{
    note(statement, sqlite3_bind_blob64(statement->handle, ++statement->bound, bytes ? bytes : "",
                                        size, SQLITE_STATIC));
}

bool statement_next(struct statement *statement)
{
    if (statement->result != SQLITE_OK) return false;
    int result = sqlite3_step(statement->handle);
    if (result == SQLITE_ROW) return true;
    statement->result = result;
    return false;
}

int64_t column_integer(const struct statement *statement, int column)
{
    return sqlite3_column_int64(statement->handle, column);
}

uint64_t column_number(const struct statement *statement, int column)
{
    return (uint64_t)column_integer(statement, column);
}

const char *column_text(const struct statement *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement->handle, column);
    return text ? (const char *)text : "";
}

const void *column_blob(const struct statement *statement, int column, size_t *size)
{
    const void *bytes = sqlite3_column_blob(statement->handle, column);
    *size = (size_t)sqlite3_column_bytes(statement->handle, column);
    return bytes;
}

enum bamboo_status statement_finish(struct statement *statement, struct bamboo_error *error)
{
    int result = statement->result;
    enum bamboo_status status = BAMBOO_OK;
    if (result != SQLITE_OK && result != SQLITE_DONE)
        status = connection_fail(statement->connection, result, error);
    /* Repeats the failure of the last step, which is told already. */
    sqlite3_reset(statement->handle);
    return status;
}

enum bamboo_status statement_finish_each(struct statement *statement, enum bamboo_status status,
                                         struct bamboo_error *error)
{
    enum bamboo_status finished = statement_finish(statement, status == BAMBOO_OK ? error : NULL);
    return status != BAMBOO_OK ? status : finished;
}

enum bamboo_status statement_run(struct statement *statement, int *changes,
                                 struct bamboo_error *error)
{
    statement_next(statement);
    enum bamboo_status status = statement_finish(statement, error);
    if (status == BAMBOO_OK && changes) *changes = sqlite3_changes(statement->connection->database);
    return status;
}

enum bamboo_status statement_run_number(struct connection *connection, enum statement_kind kind,
                                        uint64_t number, int *changes, struct bamboo_error *error)
{
    struct statement statement = statement_of(connection, kind);
    statement_number(&statement, number);
    return statement_run(&statement, changes, error);
}

enum bamboo_status transaction_begin(struct connection *connection, struct bamboo_error *error)
{
    struct statement statement = statement_of(connection, STATEMENT_BEGIN);
    return statement_run(&statement, NULL, error);
}

enum bamboo_status transaction_end(struct connection *connection, enum bamboo_status status,
                                   struct bamboo_error *error)
{
    if (status == BAMBOO_OK) {
        struct statement commit = statement_of(connection, STATEMENT_COMMIT);
        may_crash("before a commit");
        status = statement_run(&commit, NULL, error);
        may_crash("after a commit");
    }
    /* SQLite has rolled back by itself after some failures. */
    if (status != BAMBOO_OK && !sqlite3_get_autocommit(connection->database)) {
        struct bamboo_error ignored;
        struct statement rollback = statement_of(connection, STATEMENT_ROLLBACK);
        /* A rollback that fails leaves nothing to be done: the next transaction will say so. */
        if (statement_run(&rollback, NULL, &ignored) != BAMBOO_OK) return status;
    }
    return status;
}
