/* What becomes of the rows of removed runs, and of artifacts that perhaps no run uses any more. */
#include "tests/unit/vm/store/support.h"

#include "vm/store/store_sqlite.h"

static struct test_run create_run_of(struct store *store, const char *id, const char *bytes)
{
    struct test_run run = {0};
    uint8_t digest[DIGEST_SIZE];
    digest_compute(bytes, strlen(bytes), digest);
    struct store_write write = create_write(&run, id, digest, 0);
    write.image = bytes;
    write.image_size = strlen(bytes);
    commit_one(store, write);
    return run;
}

static bool has_artifact(struct store *store, const char *bytes)
{
    uint8_t digest[DIGEST_SIZE];
    void *read = NULL;
    size_t size = 0;
    struct bamboo_error error = {0};
    digest_compute(bytes, strlen(bytes), digest);
    enum bamboo_status status = store_read_artifact(store, digest, &read, &size, &error);
    if (status != BAMBOO_OK && status != BAMBOO_E_NOT_FOUND) fail_msg("%s", error.message);
    memory_free(read);
    return status == BAMBOO_OK;
}

static int64_t number_of(struct store *store, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    sqlite3 *database = sqlite_of(store)->reader.database;
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

static void each_artifact_goes_with_its_last_run(void **state)
{
    enum { COUNT = 600 }; /* more than are looked at together */
    struct store *store = open_store(*state);
    char id[2][RUN_ID_SIZE], bytes[16];
    for (unsigned i = 0; i < COUNT; i++) {
        snprintf(bytes, sizeof bytes, "image %u", i);
        for (unsigned twin = 0; twin < 2; twin++) {
            snprintf(id[twin], sizeof id[twin], "%016x", 2 * i + twin);
            if (twin == 0 || i % 3 == 0) create_run_of(store, id[twin], bytes);
        }
    }
    for (unsigned i = 0; i < COUNT; i++) {
        snprintf(id[0], sizeof id[0], "%016x", 2 * i);
        succeed(store_forget_run(store, id[0], true, &error));
    }
    bool done = false;
    while (!done)
        succeed(store_sweep(store, 100, &done, &error));
    for (unsigned i = 0; i < COUNT; i++) {
        snprintf(bytes, sizeof bytes, "image %u", i);
        assert_int_equal(has_artifact(store, bytes), i % 3 == 0);
    }
    assert_int_equal(number_of(store, "SELECT count(*) FROM suspect"), 0);
    store_close(store);
}

/* Does `act` to another store of the same file as soon as this one asks for the lock of a writer
 * for the second time: between the look at the artifacts and what follows from it. */
struct meanwhile {
    struct store *store;
    unsigned begins;
    void (*act)(struct store *store);
};

static int traced(unsigned kind, void *context, void *statement, void *text)
{
    struct meanwhile *meanwhile = context;
    (void)kind;
    (void)statement;
    if (strcmp(text, "BEGIN IMMEDIATE") == 0 && ++meanwhile->begins == 2)
        meanwhile->act(meanwhile->store);
    return 0;
}

static bool sweep_meanwhile(const struct place *place, struct store *store,
                            void (*act)(struct store *store))
{
    struct meanwhile meanwhile = {.store = open_store(place), .act = act};
    sqlite3 *database = sqlite_of(store)->writer.database;
    bool done = true;
    sqlite3_trace_v2(database, SQLITE_TRACE_STMT, traced, &meanwhile);
    succeed(store_sweep(store, 100, &done, &error));
    sqlite3_trace_v2(database, 0, NULL, NULL);
    assert_int_equal(meanwhile.begins, 2);
    store_close(meanwhile.store);
    return done;
}

static void create_another(struct store *store)
{
    create_run_of(store, "00000000000000a2", "image");
}

static void an_artifact_that_a_run_begins_to_use_meanwhile_stays(void **state)
{
    struct store *store = open_store(*state);
    create_run_of(store, "00000000000000a1", "image");
    succeed(store_forget_run(store, "00000000000000a1", true, &error));
    sweep_meanwhile(*state, store, create_another);
    assert_true(has_artifact(store, "image"));
    succeed(store_remove_run(store, "00000000000000a2", true, &error));
    assert_false(has_artifact(store, "image"));
    store_close(store);
}

static void remove_another(struct store *store)
{
    succeed(store_forget_run(store, "00000000000000a2", true, &error));
}

static void an_artifact_whose_last_run_is_removed_meanwhile_goes(void **state)
{
    struct store *store = open_store(*state);
    create_run_of(store, "00000000000000a1", "image");
    create_another(store);
    succeed(store_forget_run(store, "00000000000000a1", true, &error));
    bool done = sweep_meanwhile(*state, store, remove_another);
    assert_false(done);
    assert_true(has_artifact(store, "image"));
    while (!done)
        succeed(store_sweep(store, 100, &done, &error));
    assert_false(has_artifact(store, "image"));
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(test) cmocka_unit_test_setup_teardown(test, place_set_up, place_tear_down)
        TEST(each_artifact_goes_with_its_last_run),
        TEST(an_artifact_that_a_run_begins_to_use_meanwhile_stays),
        TEST(an_artifact_whose_last_run_is_removed_meanwhile_goes),
    };
    return cmocka_run_group_tests_name("sqlite_remove", tests, NULL, NULL);
}
