/* The contract of a store: who owns a run. */
#include "tests/unit/vm/store/each_store.h"

static void count_claimed(void *context, const struct store_run *run)
{
    text_append_format(context, "%s/%d ", run->id + 14, (int)run->fence);
}

static void runs_without_an_owner_are_claimed_urgent_ones_first(void **state)
{
    static const struct store_summary idle = {.state = 2}, late = {.state = 2, .wake_at = 1};
    struct fixture *fixture = *state;
    struct store *store = fixture->store;
    const struct store_summary *summaries[] = {&idle, &ended, &idle, &late, &running};
    for (size_t i = 0; i < 5; i++) {
        char id[] = "00000000000000bx";
        id[15] = (char)('0' + i);
        struct test_run run = create_run(store, id, fixture->engine);
        commit_one(store, append_write(&run, "state", summaries[i]));
        commit_one(store, release_write(&run));
    }
    create_run(store, "00000000000000c0", fixture->engine);
    uint64_t mail = 0;
    succeed(store_submit(store, "00000000000000b2", "SKIP", 4, "bob", &mail, &error));
    struct text text = {0};
    succeed(store_claim_some(store, fixture->engine, 3, count_claimed, &text, &error));
    assert_string_equal(text_string(&text), "b2/2 b3/2 b4/2 ");
    text_clear(&text);
    succeed(store_claim_some(store, fixture->engine, 3, count_claimed, &text, &error));
    assert_string_equal(text_string(&text), "b0/2 ");
    text_clear(&text);
    succeed(store_claim_some(store, fixture->engine, 3, count_claimed, &text, &error));
    assert_string_equal(text_string(&text), "");
    text_release(&text);
}

static void leaving_gives_up_all_runs(void **state)
{
    struct fixture *fixture = *state;
    struct test_run run = create_run(fixture->store, "00000000000000a1", fixture->engine);
    struct store_run claimed;
    fails(store_claim(fixture->store, run.id, fixture->engine, &claimed, &error),
          BAMBOO_E_OWNERSHIP, "already");
    succeed(store_engine_leave(fixture->store, fixture->engine, &error));
    fails(store_engine_renew(fixture->store, fixture->engine, &error), BAMBOO_E_OWNERSHIP, "lease");
    uint64_t engine = join(fixture->store);
    assert_int_not_equal(engine, fixture->engine);
    succeed(store_claim(fixture->store, run.id, engine, &claimed, &error));
    assert_int_equal(claimed.owner, engine);
    assert_true(claimed.owner_alive);
    assert_int_equal(claimed.fence, 2);
    store_run_release(&claimed);
}

/* It was suspended, others took its runs, and it does not know it yet. */
static void a_forgotten_engine_claims_nothing_and_creates_for_nobody(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture->store;
    struct store_run out = {0};
    uint64_t forgotten = join(store), heir = join(store);
    succeed(store_engine_leave(store, forgotten, &error));
    struct test_run open_run = create_run(store, "00000000000000aa", fixture->engine);
    commit_one(store, release_write(&open_run));
    fails(store_claim(store, open_run.id, forgotten, &out, &error), BAMBOO_E_OWNERSHIP, "lease");
    struct text claimed = {0};
    fails(store_claim_some(store, forgotten, 10, count_claimed, &claimed, &error),
          BAMBOO_E_OWNERSHIP, "lease");
    assert_int_equal(claimed.size, 0);
    text_release(&claimed);
    struct test_run created = create_run(store, "00000000000000bb", forgotten);
    out = find(store, created.id);
    assert_int_equal(out.owner, 0);
    store_run_release(&out);
    commit_one(store, append_write(&created, "one", &running)); /* nobody else has it yet */
    succeed(store_claim(store, created.id, heir, &out, &error));
    store_run_release(&out);
    struct store_write late = append_write(&created, "two", &running);
    fails(store_commit(store, &late, 1, NULL, &error), BAMBOO_E_OWNERSHIP, "owns");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* clang-format off */
        OVER_EACH_STORE(runs_without_an_owner_are_claimed_urgent_ones_first)
        OVER_EACH_STORE(leaving_gives_up_all_runs)
        OVER_EACH_STORE(a_forgotten_engine_claims_nothing_and_creates_for_nobody)
        /* clang-format on */
    };
    return cmocka_run_group_tests_name("store owner", tests, NULL, NULL);
}
