/* Operating and looking: in this process, through another living one, after a dead one. */
#include "tests/unit/api/support.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

/* --- Another process --- */

/* Starts a flow in a process of its own, which executes it until it is killed or nothing moves. It
 * is made while no engine is open here: a store does not survive a fork. */
static pid_t start_elsewhere(struct world *world, const char *text, enum bamboo_until until)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    bamboo_engine_close(world->engine);
    world->engine = NULL;
    pid_t pid = fork();
    if (pid == 0) {
        struct bamboo_error error = {0};
        world->engine = world_open(world, true);
        world_start(world, text);
        if (bamboo_engine_flush(world->engine, &error) != BAMBOO_OK) _exit(99);
        if (write(ends[1], world->id, sizeof world->id) != sizeof world->id) _exit(98);
        enum bamboo_status status = bamboo_engine_loop(world->engine, until, &error);
        bamboo_engine_close(world->engine);
        _exit((int)status);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], world->id, sizeof world->id), sizeof world->id);
    close(ends[0]);
    world->engine = world_open(world, false);
    return pid;
}

static int end_of(pid_t pid)
{
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

/* Waits until a node is in this state. */
static void wait_for_state(struct world *world, const char *node, const char *state)
{
    struct bamboo_error error = {0};
    for (int i = 0; i < 500; i++) {
        struct bamboo_value all;
        bool there = false;
        must(bamboo_show(world->engine, world->id, &all, &error));
        struct bamboo_value nodes = bamboo_map_get(all, "nodes");
        for (size_t n = 0; n < bamboo_list_count(nodes); n++) {
            struct bamboo_value one = bamboo_list_at(nodes, n), is = bamboo_map_get(one, "state");
            if (strcmp(bamboo_string_bytes(bamboo_map_get(one, "node"), NULL), node) == 0)
                there =
                    is.type == BAMBOO_STRING && strcmp(bamboo_string_bytes(is, NULL), state) == 0;
        }
        bamboo_value_release(all);
        if (there) return;
        usleep(10000);
    }
    fail_msg("'%s' does not become %s", node, state);
}

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void a_living_owner_answers_its_mail(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    bool claimed = true;
    pid_t pid = start_elsewhere(world, "pipeline p() -> d {\n  a = callback()\n  d = a.data\n}\n",
                                BAMBOO_UNTIL_ENDED);
    wait_for_state(world, "a", "RUNNING");
    assert_run(world, "settled", "\"waiting\"");
    assert_run(world, "owner_alive", "true");
    int64_t before = now_us();
    must(world_operate(world, "callback", "a", "{\"data\": {\"ok\": true}}", &claimed, &error));
    print_message("answered after %lld us\n", (long long)(now_us() - before));
    assert_false(claimed);
    assert_true(now_us() - before < 5000000);
    assert_int_equal(end_of(pid), 0);
    assert_run(world, "outputs", "{\"d\": {\"ok\": true}}");
}

static void a_refusal_comes_back_with_its_reason(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    pid_t pid = start_elsewhere(world, "pipeline p() {\n  a = callback()\n}\n", BAMBOO_UNTIL_ENDED);
    wait_for_state(world, "a", "RUNNING");
    assert_int_equal(world_operate(world, "skip", "a", NULL, NULL, &error), BAMBOO_E_REFUSED);
    assert_int_equal(world_operate(world, "skip", "b", NULL, NULL, &error), BAMBOO_E_NOT_FOUND);
    must(world_operate(world, "revoke", NULL, NULL, NULL, &error));
    assert_int_equal(end_of(pid), 0);
    assert_run(world, "settled", "\"revoked\"");
    assert_int_equal(world_operate(world, "pause", NULL, NULL, NULL, &error), BAMBOO_E_REFUSED);
    assert_int_equal(bamboo_claim(world->engine, world->id, &error), BAMBOO_E_REFUSED);
}

static void a_run_with_a_living_owner_cannot_be_claimed(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    pid_t pid =
        start_elsewhere(world, "pipeline p() {\n  a = callback()\n}\n", BAMBOO_UNTIL_STOPPED);
    assert_int_equal(bamboo_claim(world->engine, world->id, &error), BAMBOO_E_OWNERSHIP);
    assert_int_equal(bamboo_remove(world->engine, world->id, true, &error), BAMBOO_E_REFUSED);
    kill(pid, SIGKILL);
    end_of(pid);
    must(bamboo_claim(world->engine, world->id, &error));
}

static void work_in_flight_is_done_again_after_a_kill(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    char text[512], expected[64];
    snprintf(text, sizeof text,
             "pipeline p() {\n"
             "  a = shell(\"echo a >> %s/effects\")\n"
             "  b = shell(\"echo b$BAMBOO_ATTEMPT >> %s/effects; test -e %s/go || sleep 100\")\n"
             "}\n",
             world->folder, world->folder, world->folder);
    pid_t pid = start_elsewhere(world, text, BAMBOO_UNTIL_SETTLED);
    wait_for_state(world, "b", "RUNNING");
    usleep(200000);
    kill(pid, SIGKILL);
    end_of(pid);
    assert_run(world, "settled", "\"waiting\"");
    snprintf(text, sizeof text, "touch %s/go", world->folder);
    assert_int_equal(system(text), 0);
    must(bamboo_claim(world->engine, world->id, &error));
    world_loop(world);
    assert_run(world, "settled", "\"finished\"");
    snprintf(text, sizeof text, "%s/effects", world->folder);
    FILE *file = fopen(text, "r");
    size_t size = fread(expected, 1, sizeof expected - 1, file);
    fclose(file);
    expected[size] = '\0';
    assert_string_equal(expected, "a\nb3\nb3\n"); /* the same attempt */
}

static void a_once_node_in_flight_fails_as_interrupted(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    pid_t pid = start_elsewhere(world, "pipeline p() {\n  a = shell(\"sleep 100\") { once }\n}\n",
                                BAMBOO_UNTIL_SETTLED);
    wait_for_state(world, "a", "RUNNING");
    kill(pid, SIGKILL);
    end_of(pid);
    bool claimed = false;
    /* The operation finds the run recovered. */
    must(world_operate(world, "skip", "a", NULL, &claimed, &error));
    assert_true(claimed);
    world_loop(world);
    assert_run(world, "settled", "\"finished\"");
    assert_entry(world, "a", "skip", "true");
}

static void whoever_lost_its_runs_writes_nothing(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    pid_t pid =
        start_elsewhere(world, "pipeline p() {\n  sleep(2s)\n  touch()\n}\n", BAMBOO_UNTIL_SETTLED);
    /* The lease of a stopped process runs out. To the store it is as if its time were over. */
    kill(pid, SIGSTOP);
    char command[160];
    snprintf(command, sizeof command, "sqlite3 %s 'UPDATE engine SET alive_until = 0'",
             world->store);
    assert_int_equal(system(command), 0);
    must(bamboo_claim(world->engine, world->id, &error));
    sleep(2);
    kill(pid, SIGCONT);
    assert_int_equal(WEXITSTATUS(end_of(pid)), BAMBOO_E_OWNERSHIP);
    world_loop(world);
    assert_int_equal(touched, 1);
    assert_run(world, "settled", "\"finished\"");
}

/* --- In this process --- */

static void a_paused_run_goes_on_when_resumed(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    world_start(world, "pipeline p() {\n  touch()\n}\n");
    must(world_operate(world, "pause", NULL, NULL, NULL, &error));
    world_loop(world);
    assert_run(world, "settled", "\"suspended\"");
    assert_int_equal(touched, 0);
    must(world_operate(world, "resume", NULL, NULL, NULL, &error));
    world_loop(world);
    assert_int_equal(touched, 1);
    assert_run(world, "settled", "\"finished\"");
}

static void revoking_ends_the_processes(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    bool busy;
    world_start(world, "pipeline p() {\n  a = shell(\"sleep 100\")\n}\n");
    for (int i = 0; i < 20; i++)
        must(bamboo_engine_step(world->engine, 10, &busy, &error));
    must(world_operate(world, "revoke", NULL, NULL, NULL, &error));
    world_loop(world);
    assert_run(world, "settled", "\"revoked\"");
}

static void forced_failure_ends_the_process_and_drops_its_result(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    bool busy;
    world_start(world,
                "pipeline p() {\n  a = shell(\"trap 'exit 0' TERM; sleep 100 & wait\")\n}\n");
    for (int i = 0; i < 20; i++)
        must(bamboo_engine_step(world->engine, 10, &busy, &error));
    must(world_operate(world, "fail", "a", NULL, NULL, &error));
    world_loop(world);
    assert_run(world, "settled", "\"failed\"");
    assert_entry(world, "a", "state", "\"FAILED\"");
}

struct refusal {
    const char *operation, *node, *data;
    enum bamboo_status status;
    const char *sentence;
};
static const struct refusal REFUSALS[] = {
    {"retri", "a", NULL, BAMBOO_E_USAGE, "there is no operation 'retri'; did you mean 'retry'?"},
    {"retry", NULL, NULL, BAMBOO_E_USAGE, "'retry' needs a node"},
    {"revoke", "a", NULL, BAMBOO_E_USAGE, "'revoke' is of a run, not of a node of it"},
    {"pause", NULL, "{}", BAMBOO_E_USAGE, "'pause' takes no data"},
};

static void what_makes_no_sense_is_refused(void **state)
{
    struct world *world = *state;
    world_run(world, "pipeline p() {\n  a = callback()\n}\n");
    for (size_t i = 0; i < sizeof REFUSALS / sizeof *REFUSALS; i++) {
        struct bamboo_error error = {0};
        const struct refusal *refusal = &REFUSALS[i];
        assert_int_equal(
            world_operate(world, refusal->operation, refusal->node, refusal->data, NULL, &error),
            refusal->status);
        assert_string_equal(error.message, refusal->sentence);
    }
}

/* --- Looking --- */

struct seen {
    size_t events, logs;
    int64_t sequence;
    struct text types, output;
};

static void see(void *context, struct bamboo_value event)
{
    struct seen *seen = context;
    struct bamboo_value type = bamboo_map_get(event, "type");
    struct bamboo_value text = bamboo_map_get(event, "text");
    if (text.type == BAMBOO_STRING) {
        seen->logs++;
        text_append_string(&seen->output, bamboo_string_bytes(text, NULL));
        return;
    }
    seen->events++;
    assert_int_equal(bamboo_map_get(event, "sequence").as.integer, seen->sequence + 1);
    seen->sequence++;
    text_append_string(&seen->types, bamboo_string_bytes(type, NULL));
    text_append_character(&seen->types, ' ');
}

static void seen_release(struct seen *seen)
{
    text_release(&seen->types);
    text_release(&seen->output);
}

static void an_observer_is_told_what_the_journal_says(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct seen live = {0}, journal = {0}, rest = {.sequence = 3}, logs = {0};
    bamboo_engine_observe(world->engine, see, &live);
    world_run(world, "pipeline p() {\n  log(\"before\")\n  a = shell(\"echo out; echo err >&2\")\n"
                     "  touch()\n}\n");
    must(bamboo_events(world->engine, world->id, 0, see, &journal, &error));
    assert_true(live.events > 5);
    assert_int_equal(live.events, journal.events);
    assert_string_equal(text_string(&live.types), text_string(&journal.types));
    must(bamboo_events(world->engine, world->id, 3, see, &rest, &error));
    assert_int_equal(rest.events + 3, journal.events);
    must(bamboo_logs(world->engine, world->id, NULL, 0, see, &logs, &error));
    assert_int_equal(logs.logs, 3);
    assert_int_equal(live.logs, 3);
    assert_non_null(strstr(text_string(&live.output), "before"));
    assert_non_null(strstr(text_string(&live.output), "out\n"));
    assert_non_null(strstr(text_string(&logs.output), "err\n"));
    seen_release(&live);
    seen_release(&journal);
    seen_release(&rest);
    seen_release(&logs);
}

struct looking {
    struct world *world;
    size_t looked, refused;
};

static void look(void *context, struct bamboo_value event)
{
    struct looking *looking = context;
    struct bamboo_error error = {0};
    struct bamboo_value value;
    (void)event;
    if (bamboo_show(looking->world->engine, looking->world->id, &value, &error) == BAMBOO_OK) {
        looking->looked++;
        bamboo_value_release(value);
    }
    if (world_operate(looking->world, "pause", NULL, NULL, NULL, &error) == BAMBOO_E_USAGE &&
        bamboo_engine_loop(looking->world->engine, BAMBOO_UNTIL_SETTLED, &error) == BAMBOO_E_USAGE)
        looking->refused++;
}

static void an_observer_may_look_but_not_act(void **state)
{
    struct world *world = *state;
    struct looking looking = {.world = world};
    bamboo_engine_observe(world->engine, look, &looking);
    world_run(world, "pipeline p() {\n  touch()\n  a = shell(\"echo x\")\n}\n");
    assert_true(looking.looked > 4);
    assert_int_equal(looking.looked, looking.refused);
}

static void see_start(void *context, struct bamboo_value event)
{
    const char *type = bamboo_string_bytes(bamboo_map_get(event, "type"), NULL);
    size_t *told = context;
    if (strcmp(type, "node-started") != 0) return;
    (*told)++;
    assert_int_equal(touched, *told);
}

static void what_is_durable_is_begun_before_observers_are_told(void **state)
{
    struct world *world = *state;
    size_t told = 0;
    bamboo_engine_observe(world->engine, see_start, &told);
    world_run(world, "pipeline p() {\n  touch()\n  touch()\n}\n");
    assert_int_equal(told, 2);
}

static void an_observer_that_comes_late_sees_the_rest(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct seen seen = {0};
    world_run(world, "pipeline p() {\n  touch()\n  a = callback()\n  touch()\n}\n");
    struct bamboo_value all = world_show(world);
    seen.sequence = bamboo_map_get(all, "events").as.integer;
    bamboo_value_release(all);
    bamboo_engine_observe(world->engine, see, &seen);
    must(world_operate(world, "callback", "a", "{\"data\": 1}", NULL, &error));
    world_loop(world);
    assert_true(seen.events > 2);
    assert_run(world, "settled", "\"finished\"");
    seen_release(&seen);
}

static void runs_are_listed_and_removed(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct bamboo_value list;
    world_run(world, "pipeline first() {\n  touch()\n}\n");
    world_run(world, "pipeline second() {\n  a = callback()\n}\n");
    must(bamboo_list_runs(world->engine, false, &list, &error));
    assert_int_equal(bamboo_list_count(list), 1);
    struct bamboo_value entry = bamboo_list_at(list, 0);
    assert_string_equal(bamboo_string_bytes(bamboo_map_get(entry, "flow"), NULL), "second");
    assert_int_equal(bamboo_map_get(entry, "waiting").as.integer, 1);
    bamboo_value_release(list);
    assert_int_equal(bamboo_remove(world->engine, "@last", true, &error), BAMBOO_E_REFUSED);
    must(world_operate(world, "revoke", NULL, NULL, NULL, &error));
    world_loop(world);
    must(bamboo_remove(world->engine, world->id, false, &error));
    must(bamboo_list_runs(world->engine, true, &list, &error));
    assert_int_equal(bamboo_list_count(list), 1);
    bamboo_value_release(list);
    assert_int_equal(bamboo_show(world->engine, world->id, &list, &error), BAMBOO_E_NOT_FOUND);
}

static void a_reader_changes_nothing(void **state)
{
    struct world *world = *state;
    struct bamboo_error error = {0};
    struct bamboo_engine *reader = NULL;
    world_run(world, "pipeline p() {\n  a = callback()\n}\n");
    struct bamboo_engine_options options = {.store = world->store, .read_only = true};
    must(bamboo_engine_open(world->library, &options, &reader, &error));
    struct bamboo_value value, reply;
    bool claimed;
    must(bamboo_show(reader, "@last", &value, &error));
    bamboo_value_release(value);
    struct bamboo_operation operation = {.operation = "revoke", .run = world->id};
    assert_int_equal(bamboo_operate(reader, &operation, &reply, &claimed, &error), BAMBOO_E_USAGE);
    assert_int_equal(bamboo_claim(reader, world->id, &error), BAMBOO_E_USAGE);
    bamboo_engine_close(reader);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_living_owner_answers_its_mail),
        TEST(a_refusal_comes_back_with_its_reason),
        TEST(a_run_with_a_living_owner_cannot_be_claimed),
        TEST(work_in_flight_is_done_again_after_a_kill),
        TEST(a_once_node_in_flight_fails_as_interrupted),
        TEST(whoever_lost_its_runs_writes_nothing),
        TEST(a_paused_run_goes_on_when_resumed),
        TEST(revoking_ends_the_processes),
        TEST(forced_failure_ends_the_process_and_drops_its_result),
        TEST(what_makes_no_sense_is_refused),
        TEST(an_observer_is_told_what_the_journal_says),
        TEST(an_observer_may_look_but_not_act),
        TEST(what_is_durable_is_begun_before_observers_are_told),
        TEST(an_observer_that_comes_late_sees_the_rest),
        TEST(runs_are_listed_and_removed),
        TEST(a_reader_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
