/* The lease of an engine that has no time to wait. */
#include <time.h>

#include "tests/unit/api/support.h"

#define LEASE_MS 300

static unsigned renewals;

static enum bamboo_status count_renewal(struct store *store, uint64_t engine,
                                        struct bamboo_error *error)
{
    renewals++;
    return real_functions->engine_renew(store, engine, error);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void an_engine_that_is_never_idle_renews_its_lease(void **state)
{
    struct world *world = *state;
    struct bamboo_engine_options options = {
        .store = world->store, .durability = BAMBOO_DURABILITY_NONE, .lease_ms = LEASE_MS};
    struct bamboo_error error = {0};
    bamboo_engine_close(world->engine);
    must(bamboo_engine_open(world->library, &options, &world->engine, &error));
    world_start(world,
                "pipeline p() {\n  i = 0\n  repeat up to 1000000000 times { i = i + 1 }\n}\n");
    struct store *store = world->engine->store;
    static struct store_functions counting;
    real_functions = store->functions;
    counting = *store->functions;
    counting.engine_renew = count_renewal;
    store->functions = &counting;
    /* Each third of the lease, whatever else there is to do. On a slow machine it is later. */
    int64_t begin = now_ms(), end = begin + 20000;
    while (now_ms() < end && (renewals < 6 || now_ms() < begin + 2 * LEASE_MS)) {
        bool busy = false;
        must(bamboo_engine_step(world->engine, 1000, &busy, &error));
        assert_true(busy);
    }
    assert_true(renewals >= 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_engine_that_is_never_idle_renews_its_lease, world_set_up,
                                        world_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
