/* Ownership between two stores that are open on one file, and between processes. */
#include "tests/unit/vm/store/support.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "vm/store/store_sqlite.h"

struct fixture {
    struct place place;
    struct store *here, *there;
    uint64_t engine_here, engine_there;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    if (!fixture) return -1;
    fixture->place = place_create("sqlite:");
    fixture->here = open_store(&fixture->place);
    fixture->there = open_store(&fixture->place);
    fixture->engine_here = join(fixture->here);
    fixture->engine_there = join(fixture->there);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    store_close(fixture->here);
    store_close(fixture->there);
    place_destroy(&fixture->place);
    free(fixture);
    return 0;
}

static void pause_ms(int64_t milliseconds)
{
    nanosleep(&(struct timespec){milliseconds / 1000, (long)(milliseconds % 1000) * 1000000}, NULL);
}

static void a_run_with_a_living_owner_cannot_be_claimed(void **state)
{
    struct fixture *fixture = *state;
    struct test_run run = create_run(fixture->here, "00000000000000a1", fixture->engine_here);
    char process[40];
    snprintf(process, sizeof process, "process %d", (int)getpid());
    struct store_run row;
    fails(store_claim(fixture->there, run.id, fixture->engine_there, &row, &error),
          BAMBOO_E_OWNERSHIP, process);
    fails(store_claim(fixture->there, "b", fixture->engine_there, &row, &error), BAMBOO_E_NOT_FOUND,
          "no run b");
    commit_one(fixture->here, append_write(&run, "one", &running));
    row = find(fixture->there, run.id);
    assert_true(row.owner_alive);
    store_run_release(&row);
}

static void a_released_run_can_be_claimed_and_shuts_the_former_owner_out(void **state)
{
    struct fixture *fixture = *state;
    struct test_run run = create_run(fixture->here, "00000000000000a1", fixture->engine_here);
    commit_one(fixture->here, release_write(&run));
    struct store_run row;
    succeed(store_claim(fixture->there, run.id, fixture->engine_there, &row, &error));
    assert_int_equal(row.fence, 2);
    store_run_release(&row);
    struct store_write write = append_write(&run, "one", &running);
    fails(store_commit(fixture->here, &write, 1, NULL, &error), BAMBOO_E_OWNERSHIP, "owns");
    run.fence = 2;
    commit_one(fixture->there, write);
    assert_events(fixture->here, run.number, 0, "1-1:one ");
}

static int64_t test_clock(void *context)
{
    return *(const int64_t *)context;
}

static void a_lease_that_ran_out_loses_the_runs(void **state)
{
    struct fixture *fixture = *state;
    int64_t now = 1000000000000;
    fixture->here->clock = fixture->there->clock = (struct store_clock){test_clock, &now};
    succeed(store_engine_renew(fixture->here, fixture->engine_here, &error));
    succeed(store_engine_renew(fixture->there, fixture->engine_there, &error));
    uint64_t slow = 0, idle = 0;
    succeed(store_engine_join(fixture->here, 1, &slow, &error));
    succeed(store_engine_join(fixture->here, 1, &idle, &error));
    struct test_run run = create_run(fixture->here, "00000000000000a1", slow);
    struct test_run second = create_run(fixture->here, "00000000000000a2", slow);
    now += 5;
    succeed(store_engine_renew(fixture->here, slow, &error)); /* nobody took anything */
    now += 5;
    struct store_run row = find(fixture->there, run.id);
    assert_int_equal(row.owner, slow);
    assert_false(row.owner_alive);
    store_run_release(&row);
    succeed(store_claim(fixture->there, run.id, fixture->engine_there, &row, &error));
    store_run_release(&row);
    fails(store_engine_renew(fixture->here, slow, &error), BAMBOO_E_OWNERSHIP, "lease");
    struct store_write write = append_write(&second, "one", &running);
    fails(store_commit(fixture->here, &write, 1, NULL, &error), BAMBOO_E_OWNERSHIP, "owns");
    row = find(fixture->there, second.id);
    assert_int_equal(row.owner, 0);
    store_run_release(&row);
    succeed(store_engine_renew(fixture->here, idle, &error)); /* it had nothing to lose */
}

static int refuse(void *context)
{
    (void)context;
    return 1;
}

static void a_join_that_failed_is_in_nobodys_way(void **state)
{
    struct fixture *fixture = *state;
    uint64_t engine = 0;
    sqlite3 *writer = sqlite_of(fixture->here)->writer.database;
    sqlite3_commit_hook(writer, refuse, NULL);
    fails(store_engine_join(fixture->here, LEASE_MS, &engine, &error), BAMBOO_E_STORE, "failed");
    sqlite3_commit_hook(writer, NULL, NULL);
    assert_int_equal(engine, 0);
    succeed(store_engine_join(fixture->there, LEASE_MS, &engine, &error));
}

static void count(void *context, const struct store_run *run)
{
    (void)run;
    ++*(int *)context;
}

static void claims_of_two_stores_never_meet(void **state)
{
    struct fixture *fixture = *state;
    int here = 0, there = 0;
    for (unsigned char i = 0; i < 10; i++) {
        char id[] = "00000000000000bx";
        id[15] = (char)('a' + i);
        create_run(fixture->here, id, 0);
    }
    for (int i = 0; i < 4; i++) {
        succeed(store_claim_some(fixture->here, fixture->engine_here, 2, count, &here, &error));
        succeed(store_claim_some(fixture->there, fixture->engine_there, 2, count, &there, &error));
    }
    assert_int_equal(here + there, 10);
    assert_true(here >= 4 && there >= 4);
}

/* A child that owns `run` and waits to be killed. */
static pid_t start_owner(const struct place *place, const char *id)
{
    int ready[2];
    char byte;
    if (pipe(ready) < 0) return -1;
    pid_t child = fork();
    if (child == 0) {
        struct store *store = open_store(place);
        create_run(store, id, join(store));
        if (write(ready[1], "x", 1) != 1) _exit(1);
        for (;;)
            pause();
    }
    close(ready[1]);
    if (read(ready[0], &byte, 1) != 1) fail_msg("the child did not get ready");
    close(ready[0]);
    return child;
}

static void the_runs_of_a_killed_process_can_be_claimed_at_once(void **state)
{
    struct fixture *fixture = *state;
    for (int way = 0; way < 2; way++) {
        const char *id = way == 0 ? "00000000000000a1" : "00000000000000a2";
        pid_t child = start_owner(&fixture->place, id);
        struct store_run row;
        char process[40];
        snprintf(process, sizeof process, "process %d,", (int)child);
        fails(store_claim(fixture->here, id, fixture->engine_here, &row, &error),
              BAMBOO_E_OWNERSHIP, process);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        int claimed = 0;
        row = find(fixture->here, id);
        assert_false(row.owner_alive);
        store_run_release(&row);
        if (way == 0) {
            succeed(store_claim(fixture->here, id, fixture->engine_here, &row, &error));
            store_run_release(&row);
        } else {
            succeed(
                store_claim_some(fixture->here, fixture->engine_here, 9, count, &claimed, &error));
            assert_int_equal(claimed, 1);
        }
        row = find(fixture->there, id);
        assert_int_equal(row.owner, fixture->engine_here);
        assert_true(row.owner_alive);
        assert_true(row.fence > 1);
        store_run_release(&row);
    }
}

/* When the wake file was touched last. */
static int64_t touched(const struct store *store)
{
    struct stat state;
    if (stat(store_wake_path(store), &state) < 0) fail_msg("no wake file");
    return (int64_t)state.st_mtim.tv_sec * 1000000000 + state.st_mtim.tv_nsec;
}

static void others_are_woken_by_mail_and_by_new_runs(void **state)
{
    struct fixture *fixture = *state;
    struct test_run run = {0};
    uint64_t mail = 0;
    assert_string_equal(store_wake_path(fixture->here), store_wake_path(fixture->there));
    for (int step = 0; step < 4; step++) {
        int64_t before = touched(fixture->there);
        pause_ms(20); /* the clock of file times is coarse */
        if (step == 0)
            run = create_run(fixture->here, "00000000000000a1", fixture->engine_here);
        else if (step == 1)
            succeed(store_submit(fixture->here, run.id, "SKIP", 4, "bob", &mail, &error));
        else if (step == 2)
            commit_one(fixture->here, append_write(&run, "one", &running));
        else
            commit_one(fixture->here, release_write(&run));
        assert_int_equal(touched(fixture->there) != before, step < 2);
    }
}

static void a_store_in_memory_belongs_to_who_opened_it(void **state)
{
    (void)state;
    struct place place = place_create("memory:");
    struct store *first = open_store(&place), *second = open_store(&place);
    struct store_run row;
    create_run(first, "00000000000000a1", join(first));
    assert_null(store_wake_path(first));
    fails(store_find_run(second, "@last", &row, &error), BAMBOO_E_NOT_FOUND, "empty");
    store_close(first);
    store_close(second);
    place_destroy(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
        TEST(a_run_with_a_living_owner_cannot_be_claimed),
        TEST(a_released_run_can_be_claimed_and_shuts_the_former_owner_out),
        TEST(a_lease_that_ran_out_loses_the_runs),
        TEST(a_join_that_failed_is_in_nobodys_way),
        TEST(claims_of_two_stores_never_meet),
        TEST(the_runs_of_a_killed_process_can_be_claimed_at_once),
        TEST(others_are_woken_by_mail_and_by_new_runs),
        cmocka_unit_test(a_store_in_memory_belongs_to_who_opened_it),
    };
    return cmocka_run_group_tests_name("sqlite_owner", tests, NULL, NULL);
}
