/* Makes the first allocation fail, then the second, ... until a scenario gets through: MEMORY each
 * time, no leak, and nothing half done. */
#include "tests/unit/vm/store/support.h"

#define NO_FAULT UINT32_MAX

static unsigned allocations_left = NO_FAULT; /* before one fails */
static bool has_failed;

bool memory_fault(void)
{
    if (allocations_left == NO_FAULT) return false;
    if (allocations_left > 0) {
        allocations_left--;
        return false;
    }
    has_failed = true;
    allocations_left = NO_FAULT;
    return true;
}

typedef enum bamboo_status (*scenario)(const struct place *place, struct store *store,
                                       struct bamboo_error *error);

static enum bamboo_status a_store_opens(const struct place *place, struct store *store,
                                        struct bamboo_error *error)
{
    (void)store;
    struct store *second = NULL;
    enum bamboo_status status = store_open(place->url, &usual, &second, error);
    store_close(second);
    return status;
}

static enum bamboo_status a_run_is_found(const struct place *place, struct store *store,
                                         struct bamboo_error *error)
{
    (void)place;
    struct store_run run = {0};
    enum bamboo_status status = store_find_run(store, "a", &run, error);
    store_run_release(&run);
    return status;
}

static enum bamboo_status several_runs_are_found(const struct place *place, struct store *store,
                                                 struct bamboo_error *error)
{
    (void)place;
    struct store_run run = {0};
    enum bamboo_status status = store_find_run(store, "b", &run, error);
    return status == BAMBOO_E_NOT_FOUND && strstr(error->message, "b000000000000002") ? BAMBOO_OK
                                                                                      : status;
}

static enum bamboo_status a_snapshot_and_an_artifact_are_read(const struct place *place,
                                                              struct store *store,
                                                              struct bamboo_error *error)
{
    (void)place;
    uint8_t digest[DIGEST_SIZE];
    void *artifact = NULL, *snapshot = NULL;
    size_t size = 0;
    uint64_t sequence = 0;
    digest_compute(image, sizeof image, digest);
    enum bamboo_status status = store_read_artifact(store, digest, &artifact, &size, error);
    if (status == BAMBOO_OK)
        status = store_read_snapshot(store, 1, &sequence, &snapshot, &size, error);
    memory_free(artifact);
    memory_free(snapshot);
    return status;
}

static void ignore(void *context, const struct store_run *run)
{
    (void)context, (void)run;
}

static enum bamboo_status runs_are_claimed(const struct place *place, struct store *store,
                                           struct bamboo_error *error)
{
    (void)place;
    enum bamboo_status status = store_claim_some(store, 1, 5, ignore, NULL, error);
    struct bamboo_error second = {0};
    struct store_run run = {0};
    if (status == BAMBOO_OK) return status;
    /* Nothing was claimed: somebody else can. */
    if (store_claim(store, "a000000000000000", 1, &run, &second) != BAMBOO_OK)
        fail_msg("%s", second.message);
    assert_int_equal(run.fence, 2);
    struct store_write write = {.kind = STORE_RELEASE, .number = &run.number, .fence = &run.fence};
    commit_one(store, write);
    store_run_release(&run);
    return status;
}

static enum bamboo_status a_batch_is_committed(const struct place *place, struct store *store,
                                               struct bamboo_error *error)
{
    (void)place;
    unsigned left = allocations_left;
    allocations_left = NO_FAULT;
    struct store_run before = find(store, "a");
    struct test_run run = {
        .number = before.number, .fence = before.fence, .sequence = before.sequence};
    struct mixed_batch mixed;
    fill_mixed_batch(&mixed, &run, 1);
    allocations_left = left;
    enum bamboo_status status = store_commit(store, mixed.writes, MIXED_COUNT, NULL, error);
    allocations_left = NO_FAULT;
    if (status != BAMBOO_OK) assert_nothing_of_mixed_batch(store, &before, &mixed, 1);
    store_run_release(&before);
    return status;
}

static enum bamboo_status an_engine_joins_and_mail_is_sent(const struct place *place,
                                                           struct store *store,
                                                           struct bamboo_error *error)
{
    (void)place;
    uint64_t engine = 0, mail = 0;
    enum bamboo_status status = store_engine_join(store, LEASE_MS, &engine, error);
    if (status == BAMBOO_OK)
        status = store_submit(store, "a000000000000000", "SKIP", 4, "ann", &mail, error);
    return status;
}

static void fill(struct store *store)
{
    uint64_t mail = 0;
    struct test_run run = create_run(store, "a000000000000000", 0);
    struct store_write write = append_write(&run, "one", &running);
    commit_one(store, write);
    write.kind = STORE_SNAPSHOT;
    commit_one(store, write);
    succeed(store_submit(store, run.id, "SKIP", 4, "ann", &mail, &error));
    create_run(store, "b000000000000001", 0);
    create_run(store, "b000000000000002", 0);
}

static void each_failure_is_told(void **state)
{
    static const scenario scenarios[] = {a_store_opens,
                                         a_run_is_found,
                                         several_runs_are_found,
                                         a_snapshot_and_an_artifact_are_read,
                                         runs_are_claimed,
                                         a_batch_is_committed,
                                         an_engine_joins_and_mail_is_sent};
    const char *kind = *state;
    unsigned failures = 0;
#ifndef BAMBOO_DEBUG
    skip(); /* only a debug build asks memory_fault() */
#endif
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
        for (unsigned nth = 0;; nth++) {
            struct place place = place_create(kind);
            struct store *store = open_store(&place);
            fill(store);
            join(store);
            struct bamboo_error error = {0};
            has_failed = false;
            allocations_left = nth;
            enum bamboo_status status = scenarios[i](&place, store, &error);
            allocations_left = NO_FAULT;
            store_close(store);
            place_destroy(&place);
            if (status == BAMBOO_OK && !has_failed) break;
            if (status != BAMBOO_OK && status != BAMBOO_E_MEMORY)
                fail_msg("scenario %zu: %s", i, error.message);
            failures++;
        }
    }
    assert_true(failures > 10);
}

int main(void)
{
    static char sqlite[] = "sqlite:", memory[] = "memory:";
    const struct CMUnitTest tests[] = {
        {"each_failure_is_told (sqlite)", each_failure_is_told, NULL, NULL, sqlite},
        {"each_failure_is_told (memory)", each_failure_is_told, NULL, NULL, memory},
    };
    return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
