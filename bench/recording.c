#include "bench/recording.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/engine.h"
#include "bench/measure.h"
#include "vm/store/store_functions.h"

/* A row of a new run: its id, name, digest and counts. */
#define RUN_ROW_SIZE 100

static struct recording *active;
static const struct store_functions *original;
static struct store_functions recorded;

static void *grow(void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) return items;
    *capacity = 2 * *capacity + 64;
    items = realloc(items, *capacity * size);
    if (!items) exit(1);
    return items;
}

static void add_row(struct recording *to, size_t size, size_t events)
{
    if (size == 0) return;
    to->rows = grow(to->rows, to->row_count, &to->row_capacity, sizeof *to->rows);
    to->rows[to->row_count++] = (struct recorded_row){.size = size, .events = events};
}

static enum bamboo_status commit(struct store *store, const struct store_write *writes,
                                 size_t count, size_t *refused, struct bamboo_error *error)
{
    struct recording *to = active;
    for (size_t i = 0; i < count; i++) {
        const struct store_write *write = &writes[i];
        bool has_events = write->kind == STORE_APPEND || write->kind == STORE_CREATE_RUN;
        if (write->kind == STORE_CREATE_RUN) add_row(to, RUN_ROW_SIZE, 1);
        add_row(to, write->size, has_events ? write->last - write->first + 1 : 1);
    }
    to->ends = grow(to->ends, to->batch_count, &to->batch_capacity, sizeof *to->ends);
    to->ends[to->batch_count++] = to->row_count;
    return original->commit(store, writes, count, refused, error);
}

void recording_begin(struct recording *recording, struct bamboo_engine *engine)
{
    active = recording;
    original = engine->store->functions;
    recorded = *original;
    recorded.commit = commit;
    engine->store->functions = &recorded;
}

void recording_end(struct bamboo_engine *engine)
{
    engine->store->functions = original;
    active = NULL;
}

void recording_release(struct recording *recording)
{
    free(recording->rows);
    free(recording->ends);
    *recording = (struct recording){0};
}

static void run_sql(sqlite3 *database, const char *sql)
{
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK) return;
    fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(database));
    remove_folder();
    exit(1);
}

static void step(sqlite3_stmt *statement)
{
    if (sqlite3_step(statement) == SQLITE_DONE && sqlite3_reset(statement) == SQLITE_OK) return;
    fprintf(stderr, "SQLite: %s\n", sqlite3_errmsg(sqlite3_db_handle(statement)));
    remove_folder();
    exit(1);
}

static sqlite3_stmt *prepare(sqlite3 *database, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK)
        run_sql(database, sql);
    return statement;
}

struct replay {
    sqlite3 *database;
    sqlite3_stmt *begin, *commit, *insert;
};

struct replay *replay_open(enum bamboo_durability durability)
{
    static unsigned count;
    char path[128];
    struct replay *replay = calloc(1, sizeof *replay);
    if (!replay) exit(1);
    snprintf(path, sizeof path, "%s/replay%u.db", make_folder(), count++);
    sqlite3_open(path, &replay->database);
    run_sql(replay->database, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4096;"
                              "PRAGMA cache_size = -16384;"
                              "CREATE TABLE t(a INTEGER PRIMARY KEY, b BLOB)");
    run_sql(replay->database, durability == BAMBOO_DURABILITY_FULL ? "PRAGMA synchronous = FULL"
                              : durability == BAMBOO_DURABILITY_OS ? "PRAGMA synchronous = NORMAL"
                                                                   : "PRAGMA synchronous = OFF");
    run_sql(replay->database, "INSERT INTO t(b) VALUES(x'00')"); /* warm: the log is there */
    replay->begin = prepare(replay->database, "BEGIN IMMEDIATE");
    replay->commit = prepare(replay->database, "COMMIT");
    replay->insert = prepare(replay->database, "INSERT INTO t(b) VALUES(?)");
    return replay;
}

static char *filled(const struct recording *recording)
{
    size_t largest = 1;
    for (size_t i = 0; i < recording->row_count; i++)
        if (recording->rows[i].size > largest) largest = recording->rows[i].size;
    char *bytes = malloc(largest);
    if (!bytes) exit(1);
    memset(bytes, 0x5a, largest);
    return bytes;
}

static void insert(struct replay *replay, const char *bytes, const struct recorded_row *row,
                   enum replay_way way)
{
    size_t count = way == REPLAY_EVENTS ? row->events : 1;
    for (size_t i = 0; i < count; i++) {
        size_t size = row->size * (i + 1) / count - row->size * i / count;
        sqlite3_bind_blob64(replay->insert, 1, bytes, size, SQLITE_STATIC);
        step(replay->insert);
    }
}

double replay_run(struct replay *replay, const struct recording *recording, enum replay_way way)
{
    char *bytes = filled(recording);
    double start = seconds_now();
    if (way == REPLAY_AS_ONE) step(replay->begin);
    for (size_t batch = 0, row = 0; batch < recording->batch_count; batch++) {
        if (way != REPLAY_AS_ONE) step(replay->begin);
        for (; row < recording->ends[batch]; row++)
            insert(replay, bytes, &recording->rows[row], way);
        if (way != REPLAY_AS_ONE) step(replay->commit);
    }
    if (way == REPLAY_AS_ONE) step(replay->commit);
    double seconds = seconds_now() - start;
    free(bytes);
    return seconds;
}

void replay_close(struct replay *replay)
{
    sqlite3_finalize(replay->begin);
    sqlite3_finalize(replay->commit);
    sqlite3_finalize(replay->insert);
    sqlite3_close(replay->database);
    free(replay);
}

double replay_once(const struct recording *recording, enum bamboo_durability durability,
                   enum replay_way way)
{
    struct replay *replay = replay_open(durability);
    double seconds = replay_run(replay, recording, way);
    replay_close(replay);
    return seconds;
}
