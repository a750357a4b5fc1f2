/* No-op node transitions a second, the 1,000-node flow and 100 flows of 17 nodes, for each
 * durability, each beside what bare SQLite takes for the same bytes. A transition is a node entered
 * and finished. */
#include <stdio.h>

#include "bench/flows.h"
#include "bench/recording.h"

static const enum bamboo_durability DURABILITIES[] = {BAMBOO_DURABILITY_NONE, BAMBOO_DURABILITY_OS,
                                                      BAMBOO_DURABILITY_FULL};
#define DURABILITY_COUNT (sizeof DURABILITIES / sizeof *DURABILITIES)

/* Runs `count` runs of a flow to their end; returns the seconds from the first start to the last
 * event being durable. The engine and its store are new and warm. */
static double time_runs(const struct bamboo_library *library, const struct bamboo_flow *flow,
                        enum bamboo_durability durability, int count, struct recording *recording)
{
    struct bamboo_error error = {0};
    struct bamboo_engine *engine = open_engine(library, durability);
    struct bamboo_value parameters = no_parameters();
    char id[BAMBOO_RUN_ID_SIZE];
    /* Warm: the first run joins the store and fills its caches. */
    must(bamboo_start(engine, flow, parameters, NULL, id, &error), &error, "start");
    must(bamboo_engine_loop(engine, BAMBOO_UNTIL_ENDED, &error), &error, "loop");
    must(bamboo_engine_flush(engine, &error), &error, "flush");
    recording_begin(recording, engine);

    double start = seconds_now();
    for (int i = 0; i < count; i++)
        must(bamboo_start(engine, flow, parameters, NULL, id, &error), &error, "start");
    must(bamboo_engine_loop(engine, BAMBOO_UNTIL_ENDED, &error), &error, "loop");
    must(bamboo_engine_flush(engine, &error), &error, "flush");
    double seconds = seconds_now() - start;

    recording_end(engine);
    bamboo_value_release(parameters);
    bamboo_engine_close(engine);
    return seconds;
}

/* What is measured. */
struct subject {
    const char *name;
    struct bamboo_flow *flow;
    int runs;
    double transitions; /* of all runs; 0: the time is told, not a rate */
};

/* Samples of one durability, in turn: ours, and SQLite's in two ways. First seconds, then rates of
 * transitions or milliseconds. */
struct samples {
    double ours[BENCH_REPEATS], theirs[2][BENCH_REPEATS];
};

/* Of rates, and of times. */
static const struct {
    enum replay_way way;
    const char *of;
} WAYS[2][2] = {
    {{REPLAY_BATCHES, "SQLite, same bytes, same batches"},
     {REPLAY_EVENTS, "SQLite, same batches, a row an event"}},
    {{REPLAY_AS_ONE, "SQLite, same rows, one transaction"},
     {REPLAY_EVENTS, "SQLite, same batches, a row an event"}},
};

static double scale(double seconds, double transitions)
{
    return transitions > 0 ? transitions / seconds : 1000 * seconds;
}

static void take_samples(const struct bamboo_library *library, const struct subject *subject,
                         enum bamboo_durability durability, struct samples *out)
{
    bool is_time = subject->transitions <= 0;
    for (int repeat = -BENCH_WARM; repeat < BENCH_REPEATS; repeat++) {
        struct recording recording = {0};
        int at = repeat < 0 ? 0 : repeat;
        double seconds = time_runs(library, subject->flow, durability, subject->runs, &recording);
        out->ours[at] = scale(seconds, subject->transitions);
        for (int i = 0; i < 2; i++) {
            seconds = replay_once(&recording, durability, WAYS[is_time][i].way);
            out->theirs[i][at] = scale(seconds, subject->transitions);
        }
        recording_release(&recording);
    }
}

static void measure(const struct bamboo_library *library, const struct subject *subject)
{
    bool is_time = subject->transitions <= 0;
    const char *unit = is_time ? "ms" : "a second";
    for (size_t d = 0; d < DURABILITY_COUNT; d++) {
        const char *durability = durability_name(DURABILITIES[d]);
        struct samples samples;
        take_samples(library, subject, DURABILITIES[d], &samples);
        report(subject->name, durability, unit, samples.ours, BENCH_REPEATS);
        for (int i = 0; i < 2; i++) {
            char name[160];
            snprintf(name, sizeof name, "limit: %s (%s)", WAYS[is_time][i].of, subject->name);
            report(name, durability, unit, samples.theirs[i], BENCH_REPEATS);
            if (!is_time)
                report_ratio(subject->name, durability, WAYS[is_time][i].of, AT_LEAST(0.6),
                             samples.ours, samples.theirs[i], BENCH_REPEATS);
        }
    }
    bamboo_flow_release(subject->flow);
}

int main(void)
{
    struct bamboo_library *library = NULL;
    struct bamboo_error error = {0};
    must(bamboo_library_create(NULL, 0, &library, &error), &error, "library");
    /* In one run: so many that the log is copied into the database once, here as in the replays. */
    const struct subject SUBJECTS[] = {
        {"no-op transitions in one run", loop_flow(library, 85000), 1, 85000 * 22.0},
        {"no-op transitions over 1,000 runs", chain_flow(library, 100), 1000, 1000 * 102.0},
        {"flow of 1,000 nodes, 100 branches of 10", wide_flow(library, 100, 10, "noop()"), 1, 0},
        {"100 concurrent flows of 17 nodes", seventeen_flow(library), 100, 0},
    };
    for (size_t i = 0; i < sizeof SUBJECTS / sizeof *SUBJECTS; i++)
        measure(library, &SUBJECTS[i]);
    bamboo_library_destroy(library);
    remove_folder();
    return 0;
}
