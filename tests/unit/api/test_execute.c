/* Runs executed to their end, and what has to hold on the way. */
#include "tests/unit/api/support.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "base/limits.h"

static void a_command_runs_and_its_output_is_kept(void **state)
{
    struct world *world = *state;
    world_run(world, "pipeline p() -> text {\n  a = shell(\"echo hello\")\n  text = a.stdout\n}\n");
    assert_run(world, "settled", "\"finished\"");
    assert_run(world, "outputs", "{\"text\": \"hello\\n\"}");
    assert_run(world, "owner_alive", "false");
}

static void a_child_knows_whom_it_works_for(void **state)
{
    struct world *world = *state;
    world_run(world, "pipeline p() -> text {\n"
                     "  a = shell(\"echo $BAMBOO_RUN $BAMBOO_NODE $BAMBOO_ATTEMPT\")\n"
                     "  text = a.stdout\n}\n");
    char expected[96];
    snprintf(expected, sizeof expected, "{\"text\": \"%s a 2\\n\"}", world->id);
    assert_run(world, "outputs", expected);
}

static void a_failed_command_waits_for_an_operator(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    world_run(world, "pipeline p() {\n  a = shell(\"echo no >&2; exit 3\")\n}\n");
    assert_run(world, "settled", "\"failed\"");
    assert_entry(world, "a", "state", "\"FAILED\"");
    bool claimed = true;
    must(world_operate(world, "retry", "a", "{\"command\": \"echo yes\"}", &claimed, &error));
    assert_false(claimed); /* it was ours all the time */
    world_loop(world);
    assert_run(world, "settled", "\"finished\"");
    assert_entry(world, "a", "retry", "1");
}

/* Each of the keys says what bamboo_show() says. */
static void assert_result(struct world *world, const char *settled)
{
    static const char *const KEYS[] = {"id",      "flow",     "state",   "settled",
                                       "created", "finished", "outputs", "owner_alive"};
    struct bamboo_error error = {0};
    struct bamboo_value all = world_show(world), result;
    size_t count = 0;
    must(bamboo_result(world->engine, world->id, &result, &error));
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++) {
        struct bamboo_value expected = bamboo_map_get(all, KEYS[i]);
        assert_true(bamboo_value_equal(bamboo_map_get(result, KEYS[i]), expected));
        if (expected.type != BAMBOO_MISSING) count++;
    }
    assert_int_equal(bamboo_map_count(result), count);
    assert_string_equal(bamboo_string_bytes(bamboo_map_get(result, "settled"), NULL), settled);
    bamboo_value_release(result);
    bamboo_value_release(all);
}

static void a_result_is_what_show_says_without_the_nodes(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    world_start(world, "pipeline p() -> n {\n  a = poll_outside()\n  n = a.count\n}\n");
    assert_result(world, "moving");
    world_loop(world);
    assert_result(world, "finished");
    world_run(world, "pipeline p() {\n  touch()\n}\n");
    assert_result(world, "finished");
    world_run(world, "pipeline p() {\n  callback()\n}\n");
    assert_result(world, "waiting");
    must(world_operate(world, "pause", NULL, NULL, NULL, &error));
    assert_result(world, "suspended");
    world_run(world, "pipeline p() {\n  fail(\"no\")\n}\n");
    assert_result(world, "failed");
    must(world_operate(world, "revoke", NULL, NULL, NULL, &error));
    world_loop(world);
    assert_result(world, "revoked");
    struct bamboo_value missing;
    assert_int_equal(bamboo_result(world->engine, "0123", &missing, &error), BAMBOO_E_NOT_FOUND);
}

static void what_cannot_be_started_fails_the_node(void **state)
{
    struct world *world = *state;
    world_run(world, "pipeline p() {\n  a = exec(\"no-such-program\")\n}\n");
    assert_run(world, "settled", "\"failed\"");
    struct bamboo_value all = world_show(world);
    struct bamboo_value json;
    assert_int_equal(bamboo_json_print(all, 0, &json, NULL), BAMBOO_OK);
    assert_non_null(strstr(bamboo_string_bytes(json, NULL), "'no-such-program' was not found"));
    bamboo_value_release(json);
    bamboo_value_release(all);
}

static void a_timeout_kills_the_process(void **state)
{
    struct world *world = *state;
    world_run(world, "pipeline p() {\n  a = shell(\"sleep 100\") {\n    timeout 200ms\n  }\n}\n");
    assert_run(world, "settled", "\"failed\"");
    assert_entry(world, "a", "timed_out", "true");
}

static void an_external_poll_is_asked_until_it_is_done(void **state)
{
    struct world *world = *state;
    world_run(world, "pipeline p() -> n {\n  a = poll_outside()\n  n = a.count\n}\n");
    assert_run(world, "outputs", "{\"n\": 2}");
}

static void one_that_nothing_completes_fails(void **state)
{
    struct world *world = *state;
    world_run(world, "pipeline p() {\n  a = never()\n}\n");
    assert_run(world, "settled", "\"failed\"");
}

static void sleeping_takes_its_time(void **state)
{
    struct world *world = *state;
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    world_run(world, "pipeline p() {\n  sleep(150ms)\n}\n");
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_run(world, "settled", "\"finished\"");
    int64_t milliseconds =
        (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
    assert_in_range(milliseconds, 149, 5000);
}

struct output {
    size_t size; /* of what came through standard output */
    char last[96];
};

static void measure_output(void *context, struct bamboo_value piece)
{
    struct output *output = context;
    size_t size;
    const char *bytes = bamboo_string_bytes(bamboo_map_get(piece, "text"), &size);
    const char *stream = bamboo_string_bytes(bamboo_map_get(piece, "stream"), NULL);
    if (strcmp(stream, "stdout") == 0)
        output->size += size;
    else
        snprintf(output->last, sizeof output->last, "%s", bytes);
}

/* A parallel gateway of so many branches. */
static char *parallel_flow(int branches, const char *statement)
{
    struct text text = {0};
    text_append_string(&text, "pipeline p() {\n  parallel {\n");
    for (int i = 0; i < branches; i++)
        text_append_format(&text, "    { %s }\n", statement);
    text_append_string(&text, "  }\n}\n");
    return text.bytes;
}

static void a_hundred_children_run_at_the_same_time(void **state)
{
    struct world *world = *state;
    char *text = parallel_flow(100, "shell(\"sleep 0.3\")");
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    world_run(world, text);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_run(world, "settled", "\"finished\"");
    assert_in_range(after.tv_sec - before.tv_sec, 0, 10); /* one after the other: 30 s */
    memory_free(text);
}

/* 150 MB: more than is kept. The log is bounded, the child is held back while the disk is behind.
 */
static void endless_output_is_bounded(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct output output = {0};
    world_run(world, "pipeline p() -> cut, size {\n"
                     "  a = shell(\"head -c 150000000 /dev/zero | tr '\\\\0' x\")\n"
                     "  cut = a.truncated\n  size = len(a.stdout)\n}\n");
    assert_run(world, "outputs", "{\"cut\": true, \"size\": 1048576}");
    must(bamboo_logs(world->engine, world->id, "a", 0, measure_output, &output, &error));
    assert_int_equal(output.size, LOG_SIZE_MAX);
    assert_string_equal(output.last, "[15782272 more bytes of output were not kept]\n");
}

static void more_children_than_descriptors_take_turns(void **state)
{
    struct world *world = *state;
    char *text = parallel_flow(600, "shell(\"true\")");
    world_run(world, text);
    assert_run(world, "settled", "\"finished\"");
    memory_free(text);
}

static void runs_share_their_commits(void **state)
{
    struct world *world = *state;
    for (int i = 0; i < 50; i++)
        world_start(world, "pipeline p() {\n  touch()\n  touch()\n}\n");
    world_loop(world);
    assert_int_equal(touched, 100);
    assert_in_range(engine_commit_count(world->engine->engine), 3, 10);
}

static void a_flow_of_k_effects_takes_k_commits_and_two(void **state)
{
    struct world *world = *state;
    world_run(world, "pipeline p() {\n  log(\"a\")\n  touch()\n  touch()\n  log(\"b\")\n  touch()\n"
                     "  touch()\n  touch()\n}\n");
    assert_int_equal(touched, 5);
    assert_in_range(engine_commit_count(world->engine->engine), 6, 7);
}

static void no_effect_is_performed_before_its_event_is_durable(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    world_start(world, "pipeline p() {\n  log(\"a\")\n  touch()\n}\n");
    world_fail_commit(world, 1, BAMBOO_E_STORE);
    assert_int_equal(bamboo_engine_loop(world->engine, BAMBOO_UNTIL_SETTLED, &error),
                     BAMBOO_E_STORE);
    assert_int_equal(touched, 0);
    assert_non_null(strstr(error.message, "the disk is full"));
    /* Nothing works any more, and says why. */
    assert_int_equal(bamboo_engine_flush(world->engine, &error), BAMBOO_E_STORE);
}

static void after_a_failed_commit_the_run_can_be_continued(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    world_start(world, "pipeline p() {\n  touch()\n  touch()\n  touch()\n}\n");
    world_fail_commit(world, 2, BAMBOO_E_STORE); /* with the second touch's start */
    assert_int_equal(bamboo_engine_loop(world->engine, BAMBOO_UNTIL_SETTLED, &error),
                     BAMBOO_E_STORE);
    assert_int_equal(touched, 1);
    bamboo_engine_close(world->engine);
    world->engine = world_open(world, false);
    must(bamboo_claim(world->engine, world->id, &error));
    world_loop(world);
    assert_run(world, "settled", "\"finished\"");
    assert_int_equal(touched, 4); /* the first again: its end was not durable */
}

static void a_run_that_was_lost_is_stopped_and_others_go_on(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    world_start(world, "pipeline p() {\n  touch()\n}\n");
    char lost[BAMBOO_RUN_ID_SIZE];
    memcpy(lost, world->id, sizeof lost);
    world_start(world, "pipeline p() {\n  touch()\n}\n");
    /* The newest run comes first in nothing: refuse what is the first write of the first commit. */
    world_fail_commit(world, 1, BAMBOO_E_OWNERSHIP);
    assert_int_equal(bamboo_engine_loop(world->engine, BAMBOO_UNTIL_SETTLED, &error),
                     BAMBOO_E_OWNERSHIP);
    assert_non_null(strstr(error.message, lost));
    world_loop(world);
    assert_int_equal(touched, 1);
    assert_run(world, "settled", "\"finished\"");
    struct bamboo_value missing;
    assert_int_equal(bamboo_show(world->engine, lost, &missing, &error), BAMBOO_E_NOT_FOUND);
}

static enum bamboo_status refuse_all(struct store *store, const struct store_write *writes,
                                     size_t count, size_t *refused, struct bamboo_error *error)
{
    (void)store, (void)writes, (void)count;
    *refused = 0;
    return fail(error, BAMBOO_E_OWNERSHIP, "another process owns the run now");
}

/* A worker that was stopped for longer than its lease may find all that it has is others' by now.
 */
static void runs_that_are_lost_together_are_let_go_one_after_another(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct bamboo_flow *flow = world_compile(world, "pipeline p() {\n  touch()\n}\n");
    for (int i = 0; i < 3000; i++)
        must(bamboo_start(world->engine, flow, value_empty_map(), NULL, world->id, &error));
    bamboo_flow_release(flow);
    world_fail_commit(world, 0, BAMBOO_OK);
    failing_functions.commit = refuse_all;
    must(bamboo_engine_flush(world->engine, &error));
    failing_functions.commit = real_functions->commit;
    world_start(world, "pipeline p() {\n  touch()\n}\n");
    assert_int_equal(bamboo_engine_loop(world->engine, BAMBOO_UNTIL_SETTLED, &error),
                     BAMBOO_E_OWNERSHIP); /* that they are lost is told once */
    world_loop(world);
    assert_int_equal(touched, 1);
}

static enum bamboo_status cannot_read(struct store *store, uint64_t run, uint64_t after,
                                      enum bamboo_status (*each)(void *, uint64_t, uint64_t,
                                                                 const void *, size_t,
                                                                 struct bamboo_error *),
                                      void *context, struct bamboo_error *error)
{
    (void)store, (void)run, (void)after, (void)each, (void)context;
    return fail(error, BAMBOO_E_STORE, "the disk cannot be read");
}

/* Otherwise it would be owned, and not known, for as long as the process lives. */
static void a_claimed_run_that_can_neither_be_read_nor_given_up_ends_the_engine(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    world_run(world, "pipeline p() {\n  touch()\n  callback()\n}\n");
    bamboo_engine_close(world->engine);
    world->engine = world_open(world, false);
    world_fail_commit(world, 1, BAMBOO_E_STORE);
    failing_functions.read_events = cannot_read;
    assert_int_equal(bamboo_claim(world->engine, world->id, &error), BAMBOO_E_STORE);
    failing_functions.read_events = real_functions->read_events;
    assert_int_equal(bamboo_engine_loop(world->engine, BAMBOO_UNTIL_SETTLED, &error),
                     BAMBOO_E_STORE);
    assert_non_null(strstr(error.message, "the disk is full"));
    bamboo_engine_close(world->engine);
    world->engine = world_open(world, false);
    must(bamboo_claim(world->engine, world->id, &error));
    world_loop(world);
    assert_run(world, "settled", "\"waiting\"");
}

/* --- Stopping --- */

static void *stop_soon(void *context)
{
    struct world *world = context;
    usleep(100000);
    bamboo_engine_stop(world->engine);
    return NULL;
}

static void the_loop_can_be_stopped_from_another_thread(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    pthread_t thread;
    world_start(world, "pipeline p() {\n  callback()\n}\n");
    pthread_create(&thread, NULL, stop_soon, world);
    must(bamboo_engine_loop(world->engine, BAMBOO_UNTIL_STOPPED, &error));
    pthread_join(thread, NULL);
    assert_run(world, "settled", "\"waiting\"");
}

static void *interrupt_soon(void *context)
{
    usleep(100000);
    pthread_kill(*(pthread_t *)context, SIGINT);
    return NULL;
}

static void a_signal_lets_running_activities_finish_and_starts_no_more(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    bamboo_engine_close(world->engine);
    world->engine = world_open(world, true);
    world_start(world, "pipeline p() {\n  a = shell(\"sleep 0.5; echo done\")\n  touch()\n}\n");
    pthread_t thread, self = pthread_self();
    pthread_create(&thread, NULL, interrupt_soon, &self);
    assert_int_equal(bamboo_engine_loop(world->engine, BAMBOO_UNTIL_SETTLED, &error),
                     BAMBOO_E_INTERRUPTED);
    pthread_join(thread, NULL);
    assert_int_equal(touched, 0);
    assert_entry(world, "a", "state", "\"FINISHED\"");
    bamboo_engine_close(world->engine);
    world->engine = world_open(world, false);
    must(bamboo_claim(world->engine, world->id, &error));
    world_loop(world);
    assert_int_equal(touched, 1);
    assert_run(world, "settled", "\"finished\"");
}

static void closing_kills_and_the_run_can_be_continued(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    bool busy;
    char text[256];
    snprintf(
        text, sizeof text,
        "pipeline p() {\n  a = shell(\"echo x >> %s/effects; test -s %s/go || sleep 100\")\n}\n",
        world->folder, world->folder);
    world_start(world, text);
    for (int i = 0; i < 20; i++)
        must(bamboo_engine_step(world->engine, 20, &busy, &error));
    bamboo_engine_close(world->engine);
    snprintf(text, sizeof text, "%s/go", world->folder);
    FILE *file = fopen(text, "w");
    assert_non_null(file);
    fputs("go\n", file);
    fclose(file);
    world->engine = world_open(world, false);
    must(bamboo_claim(world->engine, world->id, &error));
    world_loop(world);
    assert_run(world, "settled", "\"finished\"");
}

static void what_an_engine_does_not_know_is_refused(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct bamboo_engine *engine;
    struct bamboo_engine_options options = {.store = "memory:"};
    options.durability = (enum bamboo_durability)9;
    assert_int_equal(bamboo_engine_open(world->library, &options, &engine, &error), BAMBOO_E_USAGE);
    assert_int_equal(bamboo_engine_loop(world->engine, (enum bamboo_until)9, &error),
                     BAMBOO_E_USAGE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_command_runs_and_its_output_is_kept),
        TEST(a_child_knows_whom_it_works_for),
        TEST(a_failed_command_waits_for_an_operator),
        TEST(a_result_is_what_show_says_without_the_nodes),
        TEST(what_cannot_be_started_fails_the_node),
        TEST(a_timeout_kills_the_process),
        TEST(an_external_poll_is_asked_until_it_is_done),
        TEST(one_that_nothing_completes_fails),
        TEST(sleeping_takes_its_time),
        TEST(a_hundred_children_run_at_the_same_time),
        TEST(endless_output_is_bounded),
        TEST(more_children_than_descriptors_take_turns),
        TEST(runs_share_their_commits),
        TEST(a_flow_of_k_effects_takes_k_commits_and_two),
        TEST(no_effect_is_performed_before_its_event_is_durable),
        TEST(after_a_failed_commit_the_run_can_be_continued),
        TEST(a_run_that_was_lost_is_stopped_and_others_go_on),
        TEST(runs_that_are_lost_together_are_let_go_one_after_another),
        TEST(a_claimed_run_that_can_neither_be_read_nor_given_up_ends_the_engine),
        TEST(the_loop_can_be_stopped_from_another_thread),
        TEST(a_signal_lets_running_activities_finish_and_starts_no_more),
        TEST(closing_kills_and_the_run_can_be_continued),
        TEST(what_an_engine_does_not_know_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
