/* What a long history costs: going on with a run and looking at it (which must not depend on it), a
 * store of ten million events in `ps` and `show`, bytes for each event, fsck and gc. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/flows.h"

/* Transitions of one run, times ten each. */
#define HISTORY_MIN 1000
#define HISTORY_MAX 1000000
/* The large store: so many runs of so many rounds, each some events. */
#define RUN_COUNT       10000
#define ROUNDS          330
#define EVENTS_EXPECTED 10000000.0

static void settle(struct bamboo_engine *engine)
{
    struct bamboo_error error = {0};
    must(bamboo_engine_loop(engine, BAMBOO_UNTIL_SETTLED, &error), &error, "loop");
    must(bamboo_engine_flush(engine, &error), &error, "flush");
}

static struct bamboo_flow *history_flow(const struct bamboo_library *library, int rounds,
                                        bool waits)
{
    char text[200];
    snprintf(text, sizeof text,
             "pipeline p() -> n {\n    n = 0\n    repeat up to %d times { n = n + 1 }\n%s}\n",
             rounds, waits ? "    a = callback()\n" : "");
    return compile_text(library, text);
}

static const char *store_path(void)
{
    static char path[300];
    snprintf(path, sizeof path, "%s/history.db", make_folder());
    return path;
}

static struct bamboo_engine *reopen(const struct bamboo_library *library, const char *store,
                                    bool read_only)
{
    struct bamboo_error error = {0};
    struct bamboo_engine *engine = NULL;
    const struct bamboo_engine_options options = {
        .store = store, .durability = BAMBOO_DURABILITY_OS, .read_only = read_only};
    must(bamboo_engine_open(library, &options, &engine, &error), &error, "open");
    return engine;
}

static int64_t count_of(struct bamboo_value counts, const char *key)
{
    return bamboo_map_get(counts, key).as.integer;
}

/* --- One run --- */

static void measure_one(const struct bamboo_library *library, int rounds)
{
    struct bamboo_error error = {0};
    struct bamboo_value parameters = no_parameters(), shown;
    struct bamboo_flow *flow = history_flow(library, rounds, true);
    const char *store = store_path();
    char id[BAMBOO_RUN_ID_SIZE], name[80];
    double claims[BENCH_REPEATS], shows[BENCH_REPEATS];
    struct bamboo_engine *engine = reopen(library, store, false);
    must(bamboo_start(engine, flow, parameters, NULL, id, &error), &error, "start");
    settle(engine);
    bamboo_engine_close(engine);
    for (int i = -BENCH_WARM; i < BENCH_REPEATS; i++) {
        int at = i < 0 ? 0 : i;
        engine = reopen(library, store, false);
        double start = seconds_now();
        must(bamboo_show(engine, id, &shown, &error), &error, "show");
        shows[at] = (seconds_now() - start) * 1000;
        bamboo_value_release(shown);
        start = seconds_now();
        must(bamboo_claim(engine, id, &error), &error, "claim");
        claims[at] = (seconds_now() - start) * 1000;
        bamboo_engine_close(engine);
    }
    snprintf(name, sizeof name, "going on with a run of %d rounds", rounds);
    report(name, "os", "ms", claims, BENCH_REPEATS);
    snprintf(name, sizeof name, "show of a run of %d rounds", rounds);
    report(name, "os", "ms", shows, BENCH_REPEATS);
    bamboo_flow_release(flow);
    bamboo_value_release(parameters);
    remove_folder();
}

/* --- Many --- */

static void ignore(void *context, struct bamboo_value value)
{
    (void)context;
    (void)value;
}

static void fill(const struct bamboo_library *library, const char *store)
{
    struct bamboo_error error = {0};
    struct bamboo_value parameters = no_parameters();
    struct bamboo_flow *ending = history_flow(library, ROUNDS, false);
    struct bamboo_flow *waiting = history_flow(library, ROUNDS, true);
    struct bamboo_engine *engine = reopen(library, store, false);
    char id[BAMBOO_RUN_ID_SIZE];
    for (int i = 0; i < RUN_COUNT; i++) {
        must(bamboo_start(engine, i % 100 == 0 ? waiting : ending, parameters, NULL, id, &error),
             &error, "start");
        if (i % 100 == 99) settle(engine);
    }
    settle(engine);
    bamboo_engine_close(engine);
    bamboo_flow_release(ending);
    bamboo_flow_release(waiting);
    bamboo_value_release(parameters);
}

static void measure_looks(const struct bamboo_library *library, const char *store)
{
    struct bamboo_error error = {0};
    struct bamboo_value value;
    double lists[BENCH_REPEATS], all[BENCH_REPEATS], shows[BENCH_REPEATS];
    for (int i = -BENCH_WARM; i < BENCH_REPEATS; i++) {
        int at = i < 0 ? 0 : i;
        struct bamboo_engine *engine = reopen(library, store, true);
        double start = seconds_now();
        must(bamboo_list_runs(engine, false, &value, &error), &error, "ps");
        lists[at] = (seconds_now() - start) * 1000;
        bamboo_value_release(value);
        start = seconds_now();
        must(bamboo_list_runs(engine, true, &value, &error), &error, "ps -a");
        all[at] = (seconds_now() - start) * 1000;
        bamboo_value_release(value);
        start = seconds_now();
        must(bamboo_show(engine, "@last", &value, &error), &error, "show");
        shows[at] = (seconds_now() - start) * 1000;
        bamboo_value_release(value);
        bamboo_engine_close(engine);
    }
    report("ps, 100 open runs, 10M events", "os", "ms", lists, BENCH_REPEATS);
    report("ps -a, 10,000 runs, 10M events", "os", "ms", all, BENCH_REPEATS);
    report("show @last, 10M events", "os", "ms", shows, BENCH_REPEATS);
}

static void measure_care(const struct bamboo_library *library, const char *store)
{
    struct bamboo_error error = {0};
    struct bamboo_value value;
    struct bamboo_engine *engine = reopen(library, store, false);
    double start = seconds_now();
    must(bamboo_check_store(engine, ignore, NULL, &value, &error), &error, "fsck");
    double events = (double)count_of(value, "events"), seconds = seconds_now() - start;
    if (count_of(value, "problems") > 0) must(BAMBOO_E_STORE, &error, "fsck found problems");
    double rate = events / seconds / 1e6, scale = events / EVENTS_EXPECTED;
    bamboo_value_release(value);
    report("events of the large store, of 10M", "os", "share", &scale, 1);
    report("fsck with replay", "os", "M events/s", &rate, 1);
    const struct bamboo_retention all = {.older_than_ms = 0};
    start = seconds_now();
    must(bamboo_collect(engine, &all, ignore, NULL, &value, &error), &error, "gc");
    seconds = seconds_now() - start;
    double size = (double)count_of(value, "bytes_before") / events;
    double left = (double)count_of(value, "bytes_after") / (double)count_of(value, "bytes_before");
    bamboo_value_release(value);
    bamboo_engine_close(engine);
    report("store size for each event", "os", "bytes", &size, 1);
    report("gc of 9,900 runs", "os", "s", &seconds, 1);
    report("store left after gc", "os", "share", &left, 1);
}

int main(void)
{
    struct bamboo_library *library = NULL;
    struct bamboo_error error = {0};
    must(bamboo_library_create(NULL, 0, &library, &error), &error, "library");
    for (int rounds = HISTORY_MIN; rounds <= HISTORY_MAX; rounds *= 10)
        measure_one(library, rounds);
    const char *store = store_path();
    fill(library, store);
    measure_looks(library, store);
    measure_care(library, store);
    bamboo_library_destroy(library);
    remove_folder();
    return 0;
}
