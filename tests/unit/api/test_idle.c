/* Runs that only wait leave memory, and nobody outside can tell. */
#include "tests/unit/api/support.h"

#include <sqlite3.h>

#include "bytecode/control_program.h"
#include "vm/engine/commit.h"

#define RUNS 10
static const char WAITS[] = "pipeline p() -> x {\n  a = callback()\n  x = a\n}\n";

/* Ten runs that wait, of which two are kept in memory. */
static char ids[RUNS][BAMBOO_RUN_ID_SIZE];

static struct engine *small_engine(struct world *world)
{
    struct engine *engine = world->engine->engine;
    engine->idle_kept_max = 2;
    engine->idle_deadline_ms = 100;
    return engine;
}

/* Turns until nothing is to be done any more, however slow the disk is. */
static void turn_some(struct world *world)
{
    const struct engine *engine = world->engine->engine;
    struct bamboo_error error = {0};
    bool busy;
    for (int quiet = 0, turns = 0; quiet < 4 && turns < 10000; turns++) {
        must(bamboo_engine_step(world->engine, 1, &busy, &error));
        quiet = busy || commit_is_busy(engine) || commit_is_wanted(engine) ? 0 : quiet + 1;
    }
}

static struct engine *wait_for_ten(struct world *world, const char *text)
{
    struct engine *engine = small_engine(world);
    for (int i = 0; i < RUNS; i++) {
        world_start(world, text);
        memcpy(ids[i], world->id, sizeof world->id);
    }
    turn_some(world);
    return engine;
}

static void call_back(struct world *world, int index, const char *data)
{
    struct bamboo_error error = {0};
    memcpy(world->id, ids[index], sizeof world->id);
    must(world_operate(world, "callback", "a", data, NULL, &error));
}

static void runs_that_wait_leave_memory(void **state)
{
    struct engine *engine = wait_for_ten(*state, WAITS);
    assert_int_equal(engine->runs.count, 2);
    assert_int_equal(engine->runs.away_count, 8);
    assert_int_equal(engine->runs.standings[STANDING_QUIET], RUNS);
}

static void a_callback_brings_a_run_back(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct engine *engine = wait_for_ten(world, WAITS);
    for (int i = 0; i < RUNS; i++)
        call_back(world, i, "{\"data\": 7}");
    must(bamboo_engine_loop(world->engine, BAMBOO_UNTIL_ENDED, &error));
    for (int i = 0; i < RUNS; i++) {
        memcpy(world->id, ids[i], sizeof world->id);
        assert_run(world, "settled", "\"finished\"");
        assert_entry(world, "a", "outputs", "{\"data\": 7}");
    }
    assert_int_equal(engine->runs.count, 0);
    assert_int_equal(engine->runs.away_count, 0);
    assert_int_equal(engine->runs.standings[STANDING_QUIET], 0);
    assert_int_equal(engine->runs.standings[STANDING_MOVING], 0);
}

static void a_run_may_leave_and_come_back_again_and_again(void **state)
{
    struct world *world = *state;
    struct engine *engine = wait_for_ten(
        world, "pipeline p() {\n  repeat up to 5 times {\n    a = callback()\n  }\n}\n");
    for (int round = 0; round < 5; round++) {
        assert_int_equal(engine->runs.away_count, 8);
        for (int i = 0; i < RUNS; i++)
            call_back(world, i, "{\"data\": {}}");
        turn_some(world);
    }
    for (int i = 0; i < RUNS; i++) {
        memcpy(world->id, ids[i], sizeof world->id);
        assert_run(world, "settled", "\"finished\"");
    }
}

static void an_operator_reaches_a_run_that_is_away(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    wait_for_ten(world, WAITS);
    memcpy(world->id, ids[0], sizeof world->id);
    assert_run(world, "settled", "\"waiting\"");
    must(world_operate(world, "pause", NULL, NULL, NULL, &error));
    turn_some(world);
    assert_run(world, "settled", "\"suspended\"");
    assert_int_equal(bamboo_remove(world->engine, world->id, true, &error), BAMBOO_E_REFUSED);
    must(world_operate(world, "revoke", NULL, NULL, NULL, &error));
    turn_some(world);
    assert_run(world, "settled", "\"revoked\"");
}

/* What another process does. */
static uint64_t submit(struct world *world, int index)
{
    struct bamboo_error error = {0};
    struct store *other = NULL;
    struct store_options options = {.durability = STORE_DURABILITY_OS, .timeout_ms = 2000};
    struct bamboo_value data;
    uint8_t *image;
    size_t size;
    uint64_t mail = 0;
    must(store_open(world->store, &options, &other, &error));
    must(bamboo_json_parse("{\"data\": 7}", 11, &data, &error));
    must(control_program_build(OP_CALLBACK_NODE, "a", data, NULL, &image, &size, &error));
    must(store_submit(other, ids[index], image, size, "other", &mail, &error));
    memory_free(image);
    bamboo_value_release(data);
    store_close(other);
    return mail;
}

static enum bamboo_status answer_of(struct world *world, uint64_t mail, bool *answered)
{
    struct bamboo_error error = {0};
    enum bamboo_status answer = BAMBOO_OK;
    char *text = NULL;
    must(store_read_reply(world->engine->store, mail, answered, &answer, &text, &error));
    memory_free(text);
    return answer;
}

static void mail_brings_runs_back(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    uint64_t mails[RUNS];
    bool answered;
    struct engine *engine = wait_for_ten(world, WAITS);
    for (int i = 0; i < RUNS; i++)
        mails[i] = submit(world, i);
    engine->mail_arrived = true;
    must(bamboo_engine_loop(world->engine, BAMBOO_UNTIL_ENDED, &error));
    for (int i = 0; i < RUNS; i++) {
        assert_int_equal(answer_of(world, mails[i], &answered), BAMBOO_OK);
        assert_true(answered);
        memcpy(world->id, ids[i], sizeof world->id);
        assert_run(world, "settled", "\"finished\"");
    }
}

/* Sends mail to the run and turns until it is answered. */
static void assert_answered(struct world *world, int index)
{
    struct bamboo_error error = {0};
    bool busy, answered = false;
    uint64_t mail = submit(world, index);
    for (int turns = 0; turns < 1000 && !answered; turns++) {
        must(bamboo_engine_step(world->engine, 100, &busy, &error));
        answer_of(world, mail, &answered);
    }
    assert_true(answered);
}

static void mail_is_noticed_before_an_engine_watches_for_it_and_after(void **state)
{
    struct world *world = *state;
    struct engine *engine = world->engine->engine;
    for (int i = 0; i < 2; i++) {
        world_start(world, WAITS);
        memcpy(ids[i], world->id, sizeof world->id);
    }
    engine->watch_at_ns = INT64_MAX; /* it stays young */
    turn_some(world);
    assert_answered(world, 0);
    assert_false(engine->watches_mail);
    engine->watch_at_ns = 0;
    turn_some(world);
    assert_answered(world, 1);
    assert_true(engine->watches_mail);
}

static void a_timer_brings_a_run_back(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct engine *engine = wait_for_ten(world, "pipeline p() {\n  sleep(3s)\n}\n");
    assert_int_equal(engine->runs.away_count, 8);
    assert_int_equal(engine->runs.standings[STANDING_MOVING], RUNS);
    must(bamboo_engine_loop(world->engine, BAMBOO_UNTIL_SETTLED, &error));
    for (int i = 0; i < RUNS; i++) {
        memcpy(world->id, ids[i], sizeof world->id);
        assert_run(world, "settled", "\"finished\"");
    }
    assert_int_equal(engine->runs.away_count, 0);
}

static void runs_that_are_away_are_given_up_at_the_end(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    wait_for_ten(world, WAITS);
    bamboo_engine_close(world->engine);
    world->engine = world_open(world, false);
    must(bamboo_claim(world->engine, ids[0], &error));
    call_back(world, 0, "{\"data\": 7}");
    must(bamboo_engine_loop(world->engine, BAMBOO_UNTIL_ENDED, &error));
    assert_run(world, "settled", "\"finished\"");
}

/* The lease ran out, and somebody took a run over: with it go all. */
static void runs_that_are_away_are_lost_with_the_lease(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct bamboo_engine *other = world_open(world, false);
    sqlite3 *database;
    bool busy;
    struct engine *engine = wait_for_ten(world, WAITS);
    assert_int_equal(sqlite3_open(world->store, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "UPDATE engine SET alive_until = 0", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(database);
    must(bamboo_claim(other, ids[0], &error));
    engine->renew_at_ns = 0;
    assert_int_equal(bamboo_engine_step(world->engine, 0, &busy, &error), BAMBOO_E_OWNERSHIP);
    assert_int_equal(engine->runs.count + engine->runs.away_count, 0);
    assert_int_equal(engine->runs.standings[STANDING_QUIET], 0);
    /* This one belongs to nobody now; whoever wants it takes it. */
    call_back(world, 5, "{\"data\": 7}");
    world_loop(world);
    assert_run(world, "settled", "\"finished\"");
    bamboo_engine_close(other);
}

/* All are found with the first that is refused: not each costs a commit of the rest. */
static void runs_of_a_batch_that_are_lost_together_are_found_together(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct bamboo_engine *other = world_open(world, false);
    struct engine *engine = world->engine->engine;
    sqlite3 *database;
    bool busy;
    for (int i = 0; i < RUNS; i++)
        world_start(world, "pipeline p() {\n  a = sleep(300ms)\n  b = callback()\n}\n");
    turn_some(world);
    assert_int_equal(engine->runs.count, RUNS);
    assert_int_equal(sqlite3_open(world->store, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "UPDATE engine SET alive_until = 0", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(database);
    must(bamboo_claim(other, world->id, &error));
    assert_true(usleep(400000) == 0);
    world_fail_commit(world, 0, BAMBOO_OK); /* counts them */
    engine->renew_at_ns = INT64_MAX;
    enum bamboo_status status = BAMBOO_OK;
    for (int turns = 0; turns < 100 && status == BAMBOO_OK; turns++)
        status = bamboo_engine_step(world->engine, 1, &busy, &error);
    assert_int_equal(status, BAMBOO_E_OWNERSHIP);
    assert_int_equal(engine->runs.count, 0);
    assert_true(commits_made <= 2);
    bamboo_engine_close(other);
}

static void one_that_cannot_be_read_answers_with_the_reason(void **state)
{
    struct world *world = *state;
    sqlite3 *database;
    bool answered;
    struct engine *engine = wait_for_ten(world, WAITS);
    uint64_t mail = submit(world, 0);
    assert_int_equal(sqlite3_open(world->store, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "UPDATE event SET bytes = zeroblob(9) WHERE run = 1",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(database);
    engine->mail_arrived = true;
    turn_some(world);
    assert_int_equal(answer_of(world, mail, &answered), BAMBOO_E_STORE);
    assert_true(answered);
    call_back(world, 1, "{\"data\": 7}"); /* the others go on */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(runs_that_wait_leave_memory),
        TEST(a_callback_brings_a_run_back),
        TEST(a_run_may_leave_and_come_back_again_and_again),
        TEST(an_operator_reaches_a_run_that_is_away),
        TEST(mail_brings_runs_back),
        TEST(mail_is_noticed_before_an_engine_watches_for_it_and_after),
        TEST(a_timer_brings_a_run_back),
        TEST(runs_that_are_away_are_given_up_at_the_end),
        TEST(runs_that_are_away_are_lost_with_the_lease),
        TEST(runs_of_a_batch_that_are_lost_together_are_found_together),
        TEST(one_that_cannot_be_read_answers_with_the_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
