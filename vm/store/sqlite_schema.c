/* Whose database a file is, and how its tables get to the present version. */
#include <stdio.h>

#include "vm/store/store_sqlite.h"

/* "bamb": says whose database it is, to file(1) as well. */
#define SCHEMA_APPLICATION 0x62616d62

static const char schema[] =
#define SCHEMA(sql) sql
#define MIGRATION(sql)
#include "vm/store/sqlite_schema.def"
#undef SCHEMA
#undef MIGRATION
    ;

static const char *const migrations[] = {
#define SCHEMA(sql)
#define MIGRATION(sql) (sql),
#include "vm/store/sqlite_schema.def"
#undef SCHEMA
#undef MIGRATION
};
#define SCHEMA_VERSION ((int)(sizeof migrations / sizeof *migrations))

/* The first column of the first row of a query that is asked once. */
static enum bamboo_status ask(struct connection *connection, const char *sql, int64_t *out,
                              struct bamboo_error *error)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(connection->database, sql, -1, &statement, NULL);
    if (result == SQLITE_OK) result = sqlite3_step(statement);
    enum bamboo_status status = BAMBOO_OK;
    if (result == SQLITE_ROW)
        *out = sqlite3_column_int64(statement, 0);
    else
        status = connection_fail(connection, result, error);
    sqlite3_finalize(statement);
    return status;
}

/* The version of the schema; an empty database has 0. */
static enum bamboo_status identify(struct connection *connection, int64_t *version,
                                   struct bamboo_error *error)
{
    int64_t application = 0, objects = 0;
    enum bamboo_status status;
    if ((status = ask(connection, "PRAGMA application_id", &application, error)) != BAMBOO_OK ||
        (status = ask(connection, "PRAGMA user_version", version, error)) != BAMBOO_OK ||
        (status = ask(connection, "SELECT count(*) FROM sqlite_schema", &objects, error)) !=
            BAMBOO_OK)
        return status;
    bool empty = application == 0 && *version == 0 && objects == 0;
    if (application != SCHEMA_APPLICATION && !empty)
        return fail(error, BAMBOO_E_STORE,
                    "%s is an SQLite database of another program, not a store of bamboo; use "
                    "another path",
                    connection->path);
    if (*version < 0)
        return fail(error, BAMBOO_E_STORE,
                    "the store %s is damaged: its schema version is %lld; use a copy of it",
                    connection->path, (long long)*version);
    if (*version > SCHEMA_VERSION)
        return fail(error, BAMBOO_E_STORE,
                    "the store %s was written by a newer bamboo (schema %lld; this one knows up to "
                    "%d); use the newer one, or another store",
                    connection->path, (long long)*version, SCHEMA_VERSION);
    return BAMBOO_OK;
}

/* Brings a database of this version to the present one, inside a transaction. Each migration of an
 * empty one would take SQLite longer than to make what they come to. */
static enum bamboo_status bring_up(struct connection *connection, int64_t version,
                                   struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_OK;
    if (version == 0) {
        status = connection_execute(connection, schema, error);
        version = SCHEMA_VERSION;
    }
    for (; version < SCHEMA_VERSION && status == BAMBOO_OK; version++)
        status = connection_execute(connection, migrations[version], error);
    if (status != BAMBOO_OK) return status;
    char sql[100];
    snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA user_version = %d",
             SCHEMA_APPLICATION, SCHEMA_VERSION);
    return connection_execute(connection, sql, error);
}

enum bamboo_status sqlite_schema_check(struct connection *connection, bool *is_current,
                                       struct bamboo_error *error)
{
    /* One snapshot for all questions: another process may be creating the tables meanwhile. */
    enum bamboo_status status = connection_execute(connection, "BEGIN", error);
    if (status != BAMBOO_OK) return status;
    int64_t version = 0;
    status = identify(connection, &version, error);
    if (status == BAMBOO_OK) *is_current = version == SCHEMA_VERSION;
    return transaction_end(connection, status, error);
}

enum bamboo_status sqlite_schema_migrate(struct connection *connection, struct bamboo_error *error)
{
    int64_t version = 0;
    enum bamboo_status status = transaction_begin(connection, error);
    if (status != BAMBOO_OK) return status;
    /* Asked again: another process may have done it meanwhile. */
    status = identify(connection, &version, error);
    if (status == BAMBOO_OK && version < SCHEMA_VERSION)
        status = bring_up(connection, version, error);
    return transaction_end(connection, status, error);
}

/* --- Is it as it was made? --- */

/* SQL that tells the same of a definition as of one that is written with other spaces, or has the
 * quotes that SQLite gives a table that was renamed. */
#define BARE(sql) "replace(replace(" sql ", ' ', ''), '\"', '')"

/* Tells what is defined in another way than in `made`, or not at all. */
static int compare_with(struct connection *connection, struct connection *made,
                        void (*differs)(void *context, const char *name), void *context)
{
    sqlite3_stmt *rows = NULL, *same = NULL;
    int result = sqlite3_prepare_v2(
        made->database, "SELECT name, type, tbl_name, sql FROM sqlite_schema", -1, &rows, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_prepare_v2(connection->database,
                                    "SELECT 1 FROM sqlite_schema WHERE name = ? AND type = ? AND "
                                    "tbl_name = ? AND " BARE("sql") " IS " BARE("?"),
                                    -1, &same, NULL);
    while (result == SQLITE_OK && (result = sqlite3_step(rows)) == SQLITE_ROW) {
        for (int i = 0; i < 4; i++)
            sqlite3_bind_value(same, i + 1, sqlite3_column_value(rows, i));
        int found = sqlite3_step(same);
        if (found == SQLITE_DONE) differs(context, (const char *)sqlite3_column_text(rows, 0));
        result = found == SQLITE_DONE || found == SQLITE_ROW ? SQLITE_OK : found;
        sqlite3_reset(same);
    }
    sqlite3_finalize(rows);
    sqlite3_finalize(same);
    return result == SQLITE_DONE ? SQLITE_OK : result;
}

enum bamboo_status sqlite_schema_compare(struct connection *connection,
                                         void (*differs)(void *context, const char *name),
                                         void *context, struct bamboo_error *error)
{
    struct connection made = {.path = ":memory:"};
    enum bamboo_status status = BAMBOO_OK;
    int result =
        sqlite3_open_v2(made.path, &made.database,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY, NULL);
    if (result != SQLITE_OK)
        status = connection_fail(&made, result, error);
    else
        status = bring_up(&made, 0, error);
    if (status == BAMBOO_OK) {
        result = compare_with(connection, &made, differs, context);
        if (result != SQLITE_OK) status = connection_fail(connection, result, error);
    }
    connection_close(&made);
    return status;
}
