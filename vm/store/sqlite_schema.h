/* The tables of a store in SQLite. PRAGMA user_version is the number of migrations that have been
 * applied: append a migration, never change one. */
#ifndef VM_STORE_SQLITE_SCHEMA_H
#define VM_STORE_SQLITE_SCHEMA_H

/* "bamb": says whose database it is, to file(1) as well. */
#define SCHEMA_APPLICATION 0x62616d62

/* An event row is a batch: the events `first` to `last` of a run. `sum` is the start of a SHA-256
 * over all the rest of the row. The rows lie in the order of their commits, with an index, and not
 * by run: a commit over 1000 runs then writes some 200 pages instead of 1000 (6 us a row, not 28).
 */
#define SCHEMA_1 \
    "CREATE TABLE artifact(" \
    " digest BLOB NOT NULL UNIQUE," \
    " bytes BLOB NOT NULL);" \
    "CREATE TABLE run(" \
    " number INTEGER PRIMARY KEY AUTOINCREMENT," \
    " id TEXT NOT NULL UNIQUE," \
    " name TEXT NOT NULL," \
    " digest BLOB NOT NULL," \
    " created INTEGER NOT NULL," \
    " sequence INTEGER NOT NULL," \
    " owner INTEGER NOT NULL," \
    " fence INTEGER NOT NULL," \
    " state INTEGER NOT NULL," \
    " ended INTEGER NOT NULL," \
    " running INTEGER NOT NULL," \
    " failed INTEGER NOT NULL," \
    " waiting INTEGER NOT NULL," \
    " wake_at INTEGER NOT NULL," \
    " finished INTEGER NOT NULL);" \
    "CREATE INDEX run_owner ON run(owner) WHERE ended = 0;" \
    "CREATE INDEX run_digest ON run(digest);" \
    "CREATE TABLE event(" \
    " run INTEGER NOT NULL," \
    " first INTEGER NOT NULL," \
    " last INTEGER NOT NULL," \
    " bytes BLOB NOT NULL," \
    " sum INTEGER NOT NULL," \
    " PRIMARY KEY(run, first));" \
    "CREATE TABLE snapshot(" \
    " run INTEGER PRIMARY KEY," \
    " sequence INTEGER NOT NULL," \
    " bytes BLOB NOT NULL," \
    " sum INTEGER NOT NULL);" \
    "CREATE TABLE log(" \
    " number INTEGER PRIMARY KEY," \
    " run INTEGER NOT NULL," \
    " node TEXT NOT NULL," \
    " attempt INTEGER NOT NULL," \
    " stream INTEGER NOT NULL," \
    " time INTEGER NOT NULL," \
    " bytes BLOB NOT NULL);" \
    "CREATE INDEX log_run ON log(run);" \
    "CREATE TABLE mail(" \
    " number INTEGER PRIMARY KEY AUTOINCREMENT," \
    " run INTEGER NOT NULL," \
    " program BLOB NOT NULL," \
    " actor TEXT NOT NULL," \
    " time INTEGER NOT NULL," \
    " answered INTEGER NOT NULL," \
    " status INTEGER NOT NULL," \
    " reply TEXT NOT NULL);" \
    "CREATE INDEX mail_open ON mail(run) WHERE answered = 0;" \
    "CREATE INDEX mail_run ON mail(run);" \
    "CREATE TABLE engine(" \
    " number INTEGER PRIMARY KEY AUTOINCREMENT," \
    " boot TEXT NOT NULL," \
    " process INTEGER NOT NULL," \
    " lease_ms INTEGER NOT NULL," \
    " alive_until INTEGER NOT NULL);"

#define SCHEMA_MIGRATIONS \
    { \
        SCHEMA_1 \
    }

#endif
