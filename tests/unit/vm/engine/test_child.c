/* Child processes and the host that watches them. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "vm/engine/child.h"

#include <cmocka.h> /* after ours: it has a macro fail() */

extern char **environ;

/* What a child came to. */
struct outcome {
    struct text output, errors;
    size_t pieces;
    bool ended;
    int exit_code, signal;
    bool timed_out, truncated;
    struct text captured;
};

static void take_output(void *context, enum bamboo_stream stream, const char *bytes, size_t size)
{
    struct outcome *outcome = context;
    text_append(stream == BAMBOO_STREAM_OUTPUT ? &outcome->output : &outcome->errors, bytes, size);
    outcome->pieces++;
}

static void take_end(void *context, const struct bamboo_process_result *result)
{
    struct outcome *outcome = context;
    assert_false(outcome->ended);
    outcome->ended = true;
    outcome->exit_code = result->exit_code;
    outcome->signal = result->signal;
    outcome->timed_out = result->timed_out;
    outcome->truncated = result->output_truncated;
    text_append(&outcome->captured, result->output, result->output_size);
}

static const struct child_events EVENTS = {take_output, take_end};

static void release(struct outcome *outcome)
{
    text_release(&outcome->output);
    text_release(&outcome->errors);
    text_release(&outcome->captured);
}

static struct child *start(struct host *host, const struct child_options *options,
                           struct outcome *outcome)
{
    struct child *child = NULL;
    struct bamboo_error error = {0};
    enum bamboo_status status = child_start(host, options, &EVENTS, outcome, &child, &error);
    if (status != BAMBOO_OK) fail_msg("%s", error.message);
    return child;
}

static void wait_for(struct host *host, const struct outcome *outcome)
{
    int64_t end = host_monotonic_ns(host) + INT64_C(10000000000);
    while (!outcome->ended && host_monotonic_ns(host) < end)
        host_wait(host, 100);
    assert_true(outcome->ended);
}

#define SHELL(script) ((const char *const[]){"sh", "-c", script, NULL})

static struct child_options options_of(const char *const *argv)
{
    return (struct child_options){
        .argv = argv, .environment = (const char *const *)environ, .capture_size = 1 << 20};
}

/* Runs a child to its end. */
static void run(struct host *host, const struct child_options *options, struct outcome *outcome)
{
    struct child *child = start(host, options, outcome);
    wait_for(host, outcome);
    child_destroy(child);
}

static int set_up(void **state)
{
    struct host *host;
    if (host_create(&host, NULL) != BAMBOO_OK) return -1;
    *state = host;
    return 0;
}

static int tear_down(void **state)
{
    host_destroy(*state);
    return 0;
}

static void both_streams_and_the_exit_code_arrive(void **state)
{
    struct outcome outcome = {0};
    struct child_options options = options_of(SHELL("echo one; echo two >&2; exit 7"));
    run(*state, &options, &outcome);
    assert_string_equal(text_string(&outcome.output), "one\n");
    assert_string_equal(text_string(&outcome.captured), "one\n");
    assert_string_equal(text_string(&outcome.errors), "two\n");
    assert_int_equal(outcome.exit_code, 7);
    assert_int_equal(outcome.signal, 0);
    release(&outcome);
}

static void a_signal_is_told(void **state)
{
    struct outcome outcome = {0};
    struct child_options options = options_of(SHELL("kill -SEGV $$"));
    run(*state, &options, &outcome);
    assert_int_equal(outcome.signal, SIGSEGV);
    assert_int_equal(outcome.exit_code, 128 + SIGSEGV);
    release(&outcome);
}

static void input_of_any_size_is_read(void **state)
{
    size_t size = 1 << 20;
    char *input = memory_allocate(size);
    memset(input, 'x', size);
    struct outcome outcome = {0};
    struct child_options options = options_of(SHELL("wc -c; test -f /dev/stdin"));
    options.input = input;
    options.input_size = size;
    run(*state, &options, &outcome);
    assert_string_equal(text_string(&outcome.output), "1048576\n");
    release(&outcome);
    /* Nobody reads it: that is no error. */
    outcome = (struct outcome){0};
    options.argv = SHELL("exit 0");
    run(*state, &options, &outcome);
    assert_int_equal(outcome.exit_code, 0);
    release(&outcome);
    memory_free(input);
}

static void without_input_there_is_none(void **state)
{
    struct outcome outcome = {0};
    struct child_options options = options_of(SHELL("cat; echo end"));
    run(*state, &options, &outcome);
    assert_string_equal(text_string(&outcome.output), "end\n");
    release(&outcome);
}

static void only_so_much_is_captured_but_all_is_told(void **state)
{
    struct outcome outcome = {0};
    struct child_options options = options_of(SHELL("head -c 3000000 /dev/zero | tr '\\0' a"));
    options.capture_size = 1000;
    run(*state, &options, &outcome);
    assert_int_equal(outcome.output.size, 3000000);
    assert_int_equal(outcome.captured.size, 1000);
    assert_true(outcome.truncated);
    release(&outcome);
}

static void pieces_end_between_characters(void **state)
{
    struct outcome outcome = {0};
    struct child_options options =
        options_of(SHELL("printf '\\303'; sleep 0.1; printf '\\244'; sleep 0.1; printf '\\303'"));
    run(*state, &options, &outcome);
    assert_int_equal(outcome.pieces, 2); /* what never becomes complete comes at the end */
    assert_string_equal(text_string(&outcome.output), "\xC3\xA4\xC3");
    release(&outcome);
}

static void the_directory_and_environment_are_as_given(void **state)
{
    struct outcome outcome = {0};
    const char **environment = NULL;
    setenv("BAMBOO_TEST_KEPT", "kept", 1);
    setenv("BAMBOO_TEST_REPLACED", "old", 1);
    assert_int_equal(child_environment((const char *const[]){"BAMBOO_TEST_REPLACED=new", NULL},
                                       (const char *const[]){"BAMBOO_TEST_ADDED=a=b", NULL},
                                       &environment, NULL),
                     BAMBOO_OK);
    struct child_options options =
        options_of(SHELL("pwd; echo $BAMBOO_TEST_KEPT $BAMBOO_TEST_REPLACED $BAMBOO_TEST_ADDED"));
    options.directory = "/";
    options.environment = environment;
    run(*state, &options, &outcome);
    assert_string_equal(text_string(&outcome.output), "/\nkept new a=b\n");
    memory_free(environment);
    release(&outcome);
}

static void nothing_is_inherited_but_the_streams(void **state)
{
    struct outcome outcome = {0};
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(dup2(STDERR_FILENO, 77), 77);
    struct child_options options = options_of(
        SHELL("ls /proc/$$/fd | tr '\\n' ' '; grep -h SigIgn /proc/$$/status | tr -d '\\t'"));
    run(*state, &options, &outcome);
    signal(SIGPIPE, SIG_DFL);
    close(77);
    assert_non_null(strstr(text_string(&outcome.output), "0 1 "));
    assert_null(strstr(text_string(&outcome.output), "77"));
    assert_non_null(strstr(text_string(&outcome.output), "SigIgn:0000000"));
    release(&outcome);
}

struct refusal {
    const char *promise;
    const char *const argv[2];
    const char *directory;
    const char *sentence;
};
static const struct refusal REFUSALS[] = {
    {"a missing program is named",
     {"no-such-program-here"},
     NULL,
     "the program 'no-such-program-here' was not found"},
    {"a file that is no program is named",
     {"/etc/passwd"},
     NULL,
     "the program '/etc/passwd' may not be executed: Permission denied"},
    {"a missing directory is named",
     {"true"},
     "/no/such/folder",
     "the directory '/no/such/folder': No such file or directory"},
    {"a directory that is a file is named",
     {"true"},
     "/etc/passwd",
     "'/etc/passwd' is not a directory"},
};
#define REFUSAL_COUNT (sizeof REFUSALS / sizeof *REFUSALS)

static void what_cannot_be_started_is_told(void **state)
{
    for (size_t i = 0; i < REFUSAL_COUNT; i++) {
        struct outcome outcome = {0};
        struct child *child = NULL;
        struct bamboo_error error = {0};
        struct child_options options = options_of(REFUSALS[i].argv);
        options.directory = REFUSALS[i].directory;
        assert_int_equal(child_start(*state, &options, &EVENTS, &outcome, &child, &error),
                         BAMBOO_E_IO);
        assert_string_equal(error.message, REFUSALS[i].sentence);
        assert_null(child);
    }
}

static void a_program_that_is_no_more_where_it_was_is_looked_for_again(void **state)
{
    struct outcome outcome = {0};
    struct child_options options = options_of(SHELL("echo found"));
    options.program = "/no/such/folder/sh";
    run(*state, &options, &outcome);
    assert_string_equal(text_string(&outcome.output), "found\n");
    release(&outcome);
}

static void arguments_that_are_too_long_are_told(void **state)
{
    size_t size = 8 << 20;
    char *argument = memory_allocate(size + 1);
    memset(argument, 'x', size);
    argument[size] = '\0';
    struct outcome outcome = {0};
    struct child *child = NULL;
    struct bamboo_error error = {0};
    struct child_options options = options_of((const char *const[]){"true", argument, NULL});
    assert_int_equal(child_start(*state, &options, &EVENTS, &outcome, &child, &error), BAMBOO_E_IO);
    assert_non_null(strstr(error.message, "more arguments"));
    memory_free(argument);
}

static void terminating_reaches_the_group(void **state)
{
    struct outcome outcome = {0};
    struct child_options options = options_of(SHELL("sleep 100 & echo started; wait"));
    struct child *child = start(*state, &options, &outcome);
    while (outcome.output.size == 0)
        host_wait(*state, 100);
    child_terminate(child);
    wait_for(*state, &outcome);
    assert_int_equal(outcome.signal, SIGTERM);
    assert_false(outcome.timed_out);
    child_destroy(child);
    release(&outcome);
}

static void a_timeout_ends_the_process(void **state)
{
    struct outcome outcome = {0};
    struct child_options options = options_of(SHELL("echo begin; sleep 100"));
    options.timeout_ms = 100;
    run(*state, &options, &outcome);
    assert_true(outcome.timed_out);
    assert_string_equal(text_string(&outcome.output), "begin\n");
    release(&outcome);
}

static void a_daemon_that_holds_the_output_is_not_waited_for(void **state)
{
    struct outcome outcome = {0};
    struct child_options options = options_of(SHELL("setsid sleep 20 & echo done"));
    int64_t begin = host_monotonic_ns(*state);
    run(*state, &options, &outcome);
    assert_true(host_monotonic_ns(*state) - begin < INT64_C(5000000000));
    assert_int_equal(outcome.exit_code, 0);
    assert_string_equal(text_string(&outcome.output), "done\n");
    release(&outcome);
}

static void destroying_kills_and_reaps(void **state)
{
    struct outcome outcome = {0};
    struct child_options options = options_of(SHELL("echo $$; exec sleep 100"));
    struct child *child = start(*state, &options, &outcome);
    while (outcome.output.size == 0)
        host_wait(*state, 100);
    pid_t pid = (pid_t)strtol(text_string(&outcome.output), NULL, 10);
    child_destroy(child);
    assert_int_equal(kill(pid, 0), -1);
    assert_int_equal(errno, ESRCH);
    assert_false(outcome.ended);
    release(&outcome);
}

static void output_can_be_held_back(void **state)
{
    struct outcome outcome = {0};
    struct child_options options = options_of(SHELL("echo a; sleep 100"));
    struct child *child = start(*state, &options, &outcome);
    child_read_output(child, false);
    for (int i = 0; i < 3; i++)
        host_wait(*state, 50);
    assert_int_equal(outcome.output.size, 0);
    child_read_output(child, true);
    while (outcome.output.size == 0)
        host_wait(*state, 100);
    child_destroy(child);
    release(&outcome);
}

/* Nothing was watched yet but the process. */
static void what_was_printed_before_anybody_waited_is_read(void **state)
{
    struct outcome outcome = {0};
    struct child_options options = options_of(SHELL("echo out; echo err >&2"));
    struct child *child = start(*state, &options, &outcome);
    siginfo_t about;
    assert_int_equal(waitid(P_ALL, 0, &about, WEXITED | WNOWAIT), 0);
    host_wait(*state, 0);
    assert_true(outcome.ended);
    assert_string_equal(text_string(&outcome.output), "out\n");
    assert_string_equal(text_string(&outcome.errors), "err\n");
    child_destroy(child);
    release(&outcome);
}

static void a_hundred_at_once(void **state)
{
    enum { COUNT = 100 };
    static struct outcome outcomes[COUNT];
    struct child *children[COUNT];
    struct child_options options = options_of(SHELL("sleep 0.1; echo done"));
    for (int i = 0; i < COUNT; i++)
        children[i] = start(*state, &options, &outcomes[i]);
    for (int i = 0; i < COUNT; i++) {
        wait_for(*state, &outcomes[i]);
        assert_string_equal(text_string(&outcomes[i].output), "done\n");
        child_destroy(children[i]);
        release(&outcomes[i]);
    }
}

/* --- The host --- */

static void count_change(void *context)
{
    ++*(size_t *)context;
}

static void a_file_that_could_not_be_watched_may_be_tried_again(void **state)
{
    struct host *host = *state;
    struct bamboo_error error;
    char path[] = "/tmp/bamboo-test-XXXXXX";
    size_t changes = 0;
    assert_int_equal(host_watch_file(host, "/no/such/file", count_change, &changes, &error),
                     BAMBOO_E_IO);
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(host_watch_file(host, path, count_change, &changes, &error), BAMBOO_OK);
    assert_int_equal(write(file, "x", 1), 1);
    for (int i = 0; i < 100 && changes == 0; i++)
        host_wait(host, 100);
    assert_true(changes > 0);
    close(file);
    unlink(path);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(both_streams_and_the_exit_code_arrive),
        TEST(a_signal_is_told),
        TEST(input_of_any_size_is_read),
        TEST(without_input_there_is_none),
        TEST(only_so_much_is_captured_but_all_is_told),
        TEST(pieces_end_between_characters),
        TEST(the_directory_and_environment_are_as_given),
        TEST(nothing_is_inherited_but_the_streams),
        TEST(what_cannot_be_started_is_told),
        TEST(a_program_that_is_no_more_where_it_was_is_looked_for_again),
        TEST(arguments_that_are_too_long_are_told),
        TEST(terminating_reaches_the_group),
        TEST(a_timeout_ends_the_process),
        TEST(a_daemon_that_holds_the_output_is_not_waited_for),
        TEST(destroying_kills_and_reaps),
        TEST(output_can_be_held_back),
        TEST(what_was_printed_before_anybody_waited_is_read),
        TEST(a_hundred_at_once),
        TEST(a_file_that_could_not_be_watched_may_be_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
