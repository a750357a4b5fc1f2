/* Tests of the contract of a store, which run over each implementation. */
#ifndef TESTS_UNIT_VM_STORE_EACH_STORE_H
#define TESTS_UNIT_VM_STORE_EACH_STORE_H

#include "tests/unit/vm/store/support.h"

/* What each test gets. */
struct fixture {
    struct place place;
    struct store *store;
    uint64_t engine;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    if (!fixture) return -1;
    fixture->place = place_create(*state);
    fixture->store = open_store(&fixture->place);
    fixture->engine = join(fixture->store);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    store_close(fixture->store);
    place_destroy(&fixture->place);
    free(fixture);
    return 0;
}

static char sqlite[] = "sqlite:", memory[] = "memory:";
/* Elements of a list of tests. */
#define OVER_EACH_STORE(test) \
    {#test " (sqlite)", test, set_up, tear_down, sqlite}, \
        {#test " (memory)", test, set_up, tear_down, memory},

#endif
