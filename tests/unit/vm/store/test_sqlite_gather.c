/* What goes to SQLite's write-ahead log in one piece, and what never waits for more. Below it is a
 * VFS that counts what is written to logs, and lets it fail. */
#include "tests/unit/vm/store/support.h"

#include <sqlite3.h>

#include "vm/store/sqlite_gather.h"

static size_t log_writes;
static size_t failing_write; /* the n-th from now on fails; 0: none */
static sqlite3_vfs *real_vfs;
static sqlite3_vfs counting_vfs;
static const sqlite3_io_methods *real_methods;
static sqlite3_io_methods counting_methods;

static int counting_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset)
{
    log_writes++;
    if (failing_write > 0 && --failing_write == 0) return SQLITE_FULL;
    return real_methods->xWrite(file, bytes, size, offset);
}

static int counting_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                         int *out_flags)
{
    (void)vfs;
    int result = real_vfs->xOpen(real_vfs, name, file, flags, out_flags);
    if (result != SQLITE_OK || !(flags & SQLITE_OPEN_WAL)) return result;
    real_methods = file->pMethods;
    counting_methods = *real_methods;
    counting_methods.xWrite = counting_write;
    file->pMethods = &counting_methods;
    return result;
}

static int register_vfs(void **state)
{
    (void)state;
    if (sqlite3_initialize() != SQLITE_OK) return -1;
    real_vfs = sqlite3_vfs_find(NULL);
    counting_vfs = *real_vfs;
    counting_vfs.zName = "counting";
    counting_vfs.xOpen = counting_open;
    counting_vfs.pNext = NULL;
    return sqlite3_vfs_register(&counting_vfs, 1);
}

/* --- A database with a table --- */

struct world {
    struct place place;
    char path[128];
    sqlite3 *database;
    struct gathered_log *log;
};

static void run_sql(sqlite3 *database, const char *sql)
{
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(database));
}

static int64_t number_of(sqlite3 *database, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

static sqlite3 *open_database(const char *path)
{
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    return database;
}

static void open_world(struct world *world)
{
    world->database = open_database(world->path);
    run_sql(world->database, "PRAGMA page_size = 1024; PRAGMA journal_mode = WAL;"
                             "PRAGMA synchronous = OFF; PRAGMA cache_size = 10;"
                             "CREATE TABLE IF NOT EXISTS t(a INTEGER PRIMARY KEY, b BLOB)");
    assert_int_equal(gathered_log_create(world->database, &world->log, NULL), BAMBOO_OK);
    assert_non_null(world->log);
    run_sql(world->database, "INSERT INTO t(b) VALUES('the log is there')");
    log_writes = failing_write = 0;
}

static void close_world(struct world *world)
{
    assert_int_equal(sqlite3_close(world->database), SQLITE_OK);
    gathered_log_destroy(world->log);
    world->log = NULL;
}

static int set_up(void **state)
{
    static struct world world;
    world = (struct world){.place = place_create("sqlite:")};
    snprintf(world.path, sizeof world.path, "%s/test.db", world.place.folder);
    open_world(&world);
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    close_world(world);
    place_destroy(&world->place);
    return 0;
}

/* So many rows that each fill a page of their own. */
static void insert_pages(sqlite3 *database, int count)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < %d)"
             "INSERT INTO t(b) SELECT zeroblob(900) FROM c",
             count);
    run_sql(database, sql);
}

static void copy_file(const char *from, const char *to)
{
    char command[300];
    snprintf(command, sizeof command, "cp '%s' '%s'", from, to);
    if (system(command) != 0) fail_msg("cannot copy %s", from);
}

/* How many rows there are after a crash now: what the files hold. */
static int64_t rows_after_a_crash(const struct world *world)
{
    char copy[160], log[140], log_copy[170];
    snprintf(copy, sizeof copy, "%s/copy.db", world->place.folder);
    snprintf(log, sizeof log, "%s-wal", world->path);
    snprintf(log_copy, sizeof log_copy, "%s-wal", copy);
    copy_file(world->path, copy);
    copy_file(log, log_copy);
    sqlite3 *database = open_database(copy);
    int64_t rows = number_of(database, "SELECT count(*) FROM t");
    sqlite3_close(database);
    return rows;
}

static void a_commit_of_several_pages_is_one_write(void **state)
{
    struct world *world = *state;
    insert_pages(world->database, 5);
    assert_int_equal(log_writes, 1);
    run_sql(world->database, "UPDATE t SET b = 'short' WHERE a = 1");
    assert_int_equal(log_writes, 2);
}

static void a_commit_is_in_the_file_when_it_returns(void **state)
{
    struct world *world = *state;
    for (int64_t i = 2; i < 40; i++) {
        run_sql(world->database, "INSERT INTO t(b) VALUES(zeroblob(700))");
        assert_int_equal(rows_after_a_crash(world), i);
    }
}

static void another_connection_sees_each_commit(void **state)
{
    struct world *world = *state;
    sqlite3 *other = open_database(world->path);
    for (int64_t i = 2; i < 40; i++) {
        run_sql(world->database, "INSERT INTO t(b) VALUES(zeroblob(700))");
        assert_int_equal(number_of(other, "SELECT count(*) FROM t"), i);
    }
    sqlite3_close(other);
}

/* A transaction larger than the cache writes pages before it ends, reads them back, and writes some
 * of them again at their places in the log. */
static void write_pages_again(sqlite3 *database)
{
    insert_pages(database, 200);
    for (int i = 0; i < 3; i++)
        run_sql(database, "UPDATE t SET b = zeroblob(length(b) - 1) WHERE a > 1");
}

static void a_transaction_reads_back_what_left_the_cache(void **state)
{
    struct world *world = *state;
    run_sql(world->database, "BEGIN");
    write_pages_again(world->database);
    assert_int_equal(number_of(world->database, "SELECT sum(length(b)) FROM t WHERE a > 1"),
                     200 * 897);
    run_sql(world->database, "COMMIT");
    assert_int_equal(rows_after_a_crash(world), 201);
    assert_int_equal(number_of(world->database, "SELECT sum(length(b)) FROM t WHERE a > 1"),
                     200 * 897);
}

static void what_was_rolled_back_is_gone(void **state)
{
    struct world *world = *state;
    run_sql(world->database, "BEGIN");
    write_pages_again(world->database);
    run_sql(world->database, "ROLLBACK; INSERT INTO t(b) VALUES(zeroblob(900))");
    assert_int_equal(rows_after_a_crash(world), 2);
    assert_int_equal(number_of(world->database, "SELECT count(*) FROM t"), 2);
}

static void the_log_begins_again_after_it_was_copied(void **state)
{
    struct world *world = *state;
    for (int64_t i = 0; i < 5; i++) {
        insert_pages(world->database, 20);
        run_sql(world->database,
                i % 2 ? "PRAGMA wal_checkpoint(TRUNCATE)" : "PRAGMA wal_checkpoint(RESTART)");
        insert_pages(world->database, 20);
        assert_int_equal(rows_after_a_crash(world), 40 * i + 41);
    }
}

/* Each write in turn. */
static void a_write_that_fails_fails_its_transaction_alone(void **state)
{
    struct world *world = *state;
    int64_t rows = 1;
    for (size_t n = 1; n < 500; n++) {
        failing_write = n;
        bool failed = sqlite3_exec(world->database, "BEGIN", NULL, NULL, NULL) != SQLITE_OK;
        for (int i = 0; i < 60 && !failed; i++)
            failed = sqlite3_exec(world->database, "INSERT INTO t(b) VALUES(zeroblob(900))", NULL,
                                  NULL, NULL) != SQLITE_OK;
        failed = failed || sqlite3_exec(world->database, "COMMIT", NULL, NULL, NULL) != SQLITE_OK;
        bool reached = failing_write == 0;
        failing_write = 0;
        if (!sqlite3_get_autocommit(world->database)) run_sql(world->database, "ROLLBACK");
        assert_int_equal(failed, reached);
        if (!failed) rows += 60;
        assert_int_equal(number_of(world->database, "SELECT count(*) FROM t"), rows);
        assert_int_equal(rows_after_a_crash(world), rows);
        if (!reached) return;
    }
    fail_msg("a transaction of 60 rows should not take 500 writes");
}

static void a_database_can_be_opened_again(void **state)
{
    struct world *world = *state;
    insert_pages(world->database, 100);
    close_world(world);
    open_world(world);
    assert_int_equal(number_of(world->database, "SELECT count(*) FROM t"), 102);
    char integrity[3] = "";
    sqlite3_stmt *statement = NULL;
    assert_int_equal(
        sqlite3_prepare_v2(world->database, "PRAGMA integrity_check", -1, &statement, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    snprintf(integrity, sizeof integrity, "%s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    assert_string_equal(integrity, "ok");
}

static void expect_one_write_for_a_run(const struct place *place, const char *first,
                                       const char *second)
{
    struct store *store = open_store(place);
    uint8_t digest[DIGEST_SIZE] = {0};
    struct test_run run = {0};
    commit_one(store, create_write(&run, first, digest, 0)); /* brings what both have */
    log_writes = 0;
    run = (struct test_run){0};
    commit_one(store, create_write(&run, second, digest, 0));
    assert_int_equal(log_writes, 1);
    store_close(store);
}

static void a_store_writes_each_commit_at_once(void **state)
{
    const struct world *world = *state;
    expect_one_write_for_a_run(&world->place, "1", "2"); /* it is new */
    expect_one_write_for_a_run(&world->place, "3", "4");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_commit_of_several_pages_is_one_write),
        TEST(a_commit_is_in_the_file_when_it_returns),
        TEST(another_connection_sees_each_commit),
        TEST(a_transaction_reads_back_what_left_the_cache),
        TEST(what_was_rolled_back_is_gone),
        TEST(the_log_begins_again_after_it_was_copied),
        TEST(a_write_that_fails_fails_its_transaction_alone),
        TEST(a_database_can_be_opened_again),
        TEST(a_store_writes_each_commit_at_once),
    };
    return cmocka_run_group_tests_name("gathered writes of the log", tests, register_vfs, NULL);
}
