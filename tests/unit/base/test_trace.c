#include "tests/unit/base/support.h"

#include <stdio.h>
#include <unistd.h>

#include "base/trace.h"

/* What trace_init() and one line on each channel write to standard error. */
static void capture(const char *setting, char *output, size_t size)
{
    struct trace trace;
    FILE *file = tmpfile();
    int kept = dup(STDERR_FILENO);
    assert_non_null(file);
    if (setting)
        setenv("BAMBOO_TRACE", setting, 1);
    else
        unsetenv("BAMBOO_TRACE");
    dup2(fileno(file), STDERR_FILENO);
    trace_init(&trace);
    for (unsigned channel = 0; channel < TRACE_CHANNEL_COUNT; channel++)
        trace_print(&trace, (enum trace_channel)channel, "line %u", channel);
    dup2(kept, STDERR_FILENO);
    close(kept);
    rewind(file);
    size_t count = fread(output, 1, size - 1, file);
    output[count] = '\0';
    fclose(file);
}

struct setting {
    const char *promise;
    const char *names;
    const char *output;
};

static const struct setting SETTINGS[] = {
    {"nothing is traced without the variable", NULL, ""},
    {"nothing is traced when it is empty", "", ""},
    {"one channel", "events", "events: line 1\n"},
    {"several channels", "store,parser", "store: line 2\nparser: line 5\n"},
    {"empty names are skipped", ",effects,,", "effects: line 3\n"},
    {"all channels", "all",
     "instructions: line 0\nevents: line 1\nstore: line 2\neffects: line 3\nscheduler: line 4\n"
     "parser: line 5\n"},
    {"an unknown name lists the known", "evnts,store",
     "BAMBOO_TRACE: unknown channel 'evnts'; there are:\n"
     "  instructions    each instruction of the interpreter, with its stack\n"
     "  events          each event of a run, as it is applied\n"
     "  store           each call of the store\n"
     "  effects         each external effect: started, ended, cancelled\n"
     "  scheduler       which run advances, waits and wakes\n"
     "  parser          bison's own trace\n"
     "store: line 2\n"},
};

static void setting_traces_as_promised(void **state)
{
    const struct setting *row = *state;
    char output[4096];
    capture(row->names, output, sizeof output);
    assert_string_equal(output, row->output);
}

static void no_trace_is_no_channel(void **state)
{
    (void)state;
    assert_false(trace_on(NULL, TRACE_EVENTS));
    trace_print(NULL, TRACE_EVENTS, "nothing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_trace_is_no_channel)};
    return RUN_ROWS(SETTINGS, setting_traces_as_promised) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
