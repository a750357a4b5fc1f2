/* Commits beside the loop: the store is a table of functions, so here is one that is told what to
 * answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "vm/engine/commit_thread.h"
#include "vm/store/store_functions.h"

#include <cmocka.h>
#undef fail

struct scripted_store {
    struct store store;
    pthread_t thread; /* of the last commit */
    size_t commits, writes;
    unsigned delay_us;
    enum bamboo_status answer;
};

static enum bamboo_status scripted_commit(struct store *store, const struct store_write *writes,
                                          size_t count, size_t *refused, struct bamboo_error *error)
{
    struct scripted_store *scripted = (struct scripted_store *)store;
    (void)writes;
    scripted->thread = pthread_self();
    scripted->commits++;
    scripted->writes += count;
    if (scripted->delay_us) usleep(scripted->delay_us);
    *refused = 3;
    return scripted->answer == BAMBOO_OK ? BAMBOO_OK : fail(error, scripted->answer, "refused");
}

static const struct store_functions FUNCTIONS = {.commit = scripted_commit};

struct fixture {
    struct scripted_store store;
    struct host *host;
    struct commit_thread *thread;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.store = {.store = {.functions = &FUNCTIONS}}};
    if (host_create(&fixture.host, NULL) != BAMBOO_OK) return -1;
    if (commit_thread_create(&fixture.store.store, fixture.host, &fixture.thread, NULL) !=
        BAMBOO_OK)
        return -1;
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    commit_thread_destroy(fixture->thread);
    host_destroy(fixture->host);
    return 0;
}

static uint64_t number, fence;
#define RELEASE \
    { \
        .kind = STORE_RELEASE, .number = &number, .fence = &fence \
    }
static const struct store_write WRITES[5] = {RELEASE, RELEASE, RELEASE, RELEASE, RELEASE};

static void at_once_is_done_on_this_thread(void **state)
{
    struct fixture *fixture = *state;
    size_t refused;
    commit_thread_start(fixture->thread, WRITES, 5, true);
    assert_true(commit_thread_is_busy(fixture->thread));
    assert_true(commit_thread_is_done(fixture->thread, false));
    assert_int_equal(commit_thread_result(fixture->thread, &refused, NULL), BAMBOO_OK);
    assert_false(commit_thread_is_busy(fixture->thread));
    assert_true(pthread_equal(fixture->store.thread, pthread_self()));
    assert_int_equal(fixture->store.writes, 5);
}

static void the_other_thread_wakes_the_host(void **state)
{
    struct fixture *fixture = *state;
    size_t refused;
    fixture->store.delay_us = 20000;
    commit_thread_start(fixture->thread, WRITES, 5, false);
    assert_false(commit_thread_is_done(fixture->thread, false));
    int64_t begin = host_monotonic_ns(fixture->host);
    while (!commit_thread_is_done(fixture->thread, false))
        host_wait(fixture->host, 10000);
    assert_true(host_monotonic_ns(fixture->host) - begin < INT64_C(5000000000));
    assert_int_equal(commit_thread_result(fixture->thread, &refused, NULL), BAMBOO_OK);
    assert_false(pthread_equal(fixture->store.thread, pthread_self()));
}

static void a_failure_comes_with_its_reason(void **state)
{
    struct fixture *fixture = *state;
    struct bamboo_error error = {0};
    size_t refused = 0;
    fixture->store.answer = BAMBOO_E_OWNERSHIP;
    commit_thread_start(fixture->thread, WRITES, 5, false);
    assert_true(commit_thread_is_done(fixture->thread, true));
    assert_int_equal(commit_thread_result(fixture->thread, &refused, &error), BAMBOO_E_OWNERSHIP);
    assert_int_equal(refused, 3);
    assert_string_equal(error.message, "refused");
}

static void many_in_turn(void **state)
{
    struct fixture *fixture = *state;
    size_t refused;
    for (int i = 0; i < 1000; i++) {
        commit_thread_start(fixture->thread, WRITES, 1, i % 3 == 0);
        assert_true(commit_thread_is_done(fixture->thread, true));
        assert_int_equal(commit_thread_result(fixture->thread, &refused, NULL), BAMBOO_OK);
    }
    assert_int_equal(fixture->store.commits, 1000);
}

static void destroying_waits_for_the_commit(void **state)
{
    struct fixture *fixture = *state;
    fixture->store.delay_us = 50000;
    commit_thread_start(fixture->thread, WRITES, 1, false);
    commit_thread_destroy(fixture->thread);
    fixture->thread = NULL;
    assert_int_equal(fixture->store.commits, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(at_once_is_done_on_this_thread),  TEST(the_other_thread_wakes_the_host),
        TEST(a_failure_comes_with_its_reason), TEST(many_in_turn),
        TEST(destroying_waits_for_the_commit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
