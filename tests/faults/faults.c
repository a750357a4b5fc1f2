/* faults PLUGIN EVERY [SCENARIO]: each scenario of the crash tests, and some of its own, is played
 * with each call of the system, of libuv, of SQLite's disk and memory failing in turn: the first of
 * each site (call_sites.h) that no scenario before had, and of each kind some others, alone and
 * with all later ones, with each of its errors (EVERY N: one of N). After each: the process has not
 * died or hung, it is done or has said in one sentence why not; the store is sound; and without the
 * fault another process comes to the end of an undisturbed run (an operator retries what failed
 * because of the fault), without executing again what was finished. In a debug build nothing may
 * leak, either. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/crash/play.h"
#include "tests/faults/call_sites.h"
#include "tests/faults/calls.h"

/* All of the way to a call. */
#define SITE_DEPTH 64
/* Places of one kind of call that are tried in a scenario. */
#define PLACES_USUAL 4

static const struct scenario OURS[] = {
    {.name = "all together",
     .flow = "pipeline main() -> total {\n"
             "    a = shell(\"echo 1\")\n"
             "    parallel {\n"
             "        { b = mark(key: \"b\") { retry 1 }\n"
             "          x = shell(\"echo b >&2\") }\n"
             "        { s = part() }\n"
             "        { t = sleep(10ms) }\n"
             "    }\n"
             "    c = callback()\n"
             "    i = 0\n"
             "    repeat up to 50 times { i = i + 1 } until i >= 50\n"
             "    total = int(a.stdout) + i + s.n + c.data.x\n"
             "}\n"
             "pipeline part() -> n {\n"
             "    d = shell(\"echo 7\")\n"
             "    mark(key: \"d\")\n"
             "    n = int(d.stdout)\n"
             "}\n",
     .steps = {{"callback", "c", "{\"data\": {\"x\": 5}}"}, {"fsck", NULL, NULL}}},
    {.name = "a plugin",
     .flow = "pipeline p() -> list {\n  r = reverse(items: [1, 2])\n  mark(key: \"a\")\n"
             "  list = r.items\n}\n"},
};
#define OUR_COUNT (sizeof OURS / sizeof *OURS)

/* Of the test and its processes. */
struct shared {
    struct play play;
    uint64_t counts[CALL_COUNT]; /* how often each call is made when nothing fails */
    struct call_sites sites;     /* and from where */
    bool has_failed;             /* the fault that was wanted came */
};

struct test {
    struct shared *shared;
    struct bamboo_library *library; /* for processes in which nothing fails */
    const char *plugin;
    uint64_t every, turn;
    unsigned long survived[CALL_COUNT], failed[CALL_COUNT], missed;
};

struct fault {
    enum call call;
    int error;      /* 0: none */
    uint64_t n;     /* the n-th; 0: the first of a site */
    uint64_t stack; /* of the site */
    bool from_then_on;
};

/* --- Processes --- */

/* 0: done; 1: failed with a sentence. Anything else is not survived. */
static int play_faulty(const struct test *test, const struct scenario *scenario,
                       const struct fault *fault)
{
    struct play *play = &test->shared->play;
    struct bamboo_error error = {0};
    alarm(20);
    if (!fault->error) calls_note_sites(&test->shared->sites);
    if (fault->stack)
        calls_arm_site(&(struct call_site){fault->call, fault->stack}, fault->error,
                       fault->from_then_on);
    else
        calls_arm(fault->call, fault->error, fault->n, fault->from_then_on);
    struct bamboo_library *library = crash_library(test->plugin, &error);
    int result = library ? play_process(play, library, scenario) : 1;
    bamboo_library_destroy(library);
    for (int i = 0; i < CALL_COUNT && !fault->error; i++)
        test->shared->counts[i] = calls_counted((enum call)i);
    test->shared->has_failed = calls_have_failed();
    calls_arm(fault->call, 0, 0, false);
    if (!library) snprintf(play->failure, sizeof play->failure, "plugin: %s", error.message);
    if (result == 0) return 0;
    const char *sentence = strchr(play->failure, ' ');
    bool is_clear =
        sentence && sentence[1] && !strchr(sentence, '\n') && !strstr(sentence, "(null)");
    return is_clear ? 1 : 3;
}

static int wait_for(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

struct player {
    const struct test *test;
    const struct scenario *scenario;
    const struct fault *fault;
    int result;
};

static void *play_in_thread(void *context)
{
    struct player *player = context;
    player->result = play_faulty(player->test, player->scenario, player->fault);
    return NULL;
}

/* In a thread of its own, so that the functions that lead to a call are the same each time. */
static int play_in_process(const struct test *test, const struct scenario *scenario,
                           const struct fault *fault)
{
    struct player player = {test, scenario, fault, 2};
    pthread_t thread;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        if (pthread_create(&thread, NULL, play_in_thread, &player) == 0) pthread_join(thread, NULL);
        exit(player.result);
    }
    return wait_for(pid);
}

/* Without a fault; `mends`: an operator retries what has failed. */
static bool go_on(const struct test *test, const struct scenario *scenario, bool mends,
                  struct play_state *state)
{
    struct play *play = &test->shared->play;
    play->failure[0] = '\0';
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        alarm(20);
        _exit(mends ? play_mended(play, test->library, scenario)
                    : play_process(play, test->library, scenario));
    }
    return wait_for(pid) == 0 && play_judge(play, test->library, state);
}

/* --- One fault --- */

static bool ends_well(const struct test *test, const struct scenario *scenario,
                      const struct play_state *expected)
{
    struct play *play = &test->shared->play;
    struct play_state before, after;
    play->failure[0] = '\0';
    if (!play_judge(play, test->library, &before)) return false;
    bool is_right =
        go_on(test, scenario, false, &after) && strcmp(after.outline, expected->outline) == 0;
    if (!is_right) is_right = go_on(test, scenario, true, &after);
    if (!is_right) return false;
    for (size_t i = 0; i < EFFECT_COUNT && !scenario->repeats; i++)
        if (before.finished[i] > 0 && before.finished[i] != play->effects[i])
            snprintf(play->failure, sizeof play->failure,
                     "the finished node with key %c had its effect again", (char)i);
    if (!*play->failure && strcmp(after.outline, expected->outline) != 0)
        snprintf(play->failure, sizeof play->failure, "it ended as\n%.500s\nand not as\n%.500s",
                 after.outline, expected->outline);
    return !*play->failure;
}

static void try_fault(struct test *test, const struct scenario *scenario,
                      const struct play_state *expected, const struct fault *fault)
{
    struct play *play = &test->shared->play;
    char said[sizeof play->failure];
    play_begin(play);
    int code = play_in_process(test, scenario, fault);
    memcpy(said, play->failure, sizeof said);
    if (code <= 1 && ends_well(test, scenario, expected)) {
        /* Threads and processes are not as fast each time: the call may not have been made. */
        if (test->shared->has_failed)
            test->survived[fault->call]++;
        else
            test->missed++;
        return;
    }
    test->failed[fault->call]++;
    printf("FAILED %s: %s, %s %llu%s, error %d: exit %d (%s); then: %s\n", scenario->name,
           call_name(fault->call), fault->stack ? "site" : "call",
           (unsigned long long)(fault->stack ? fault->stack : fault->n),
           fault->from_then_on ? " and later" : "", fault->error, code, said, play->failure);
}

/* --- All --- */

/* Each error, alone and from then on. */
static void try_errors(struct test *test, const struct scenario *scenario,
                       const struct play_state *expected, struct fault fault)
{
    for (const int *error = call_errors(fault.call); *error; error++) {
        if (test->turn++ % test->every) continue;
        fault.error = *error;
        fault.from_then_on = false;
        try_fault(test, scenario, expected, &fault);
        fault.from_then_on = true;
        /* Waiting for ever would be right if everything were interrupted for ever. */
        if (*error != EINTR) try_fault(test, scenario, expected, &fault);
    }
}

static void try_call(struct test *test, const struct scenario *scenario,
                     const struct play_state *expected, enum call call, uint64_t number)
{
    uint64_t count = test->shared->counts[call];
    uint64_t most = call_places(PLACES_USUAL), places = count < most ? count : most;
    for (uint64_t place = 0; place < places; place++) {
        /* Other places in each scenario. */
        uint64_t n = 1 + (place * count / places + number * 7919 % count) % count;
        try_errors(test, scenario, expected, (struct fault){.call = call, .n = n});
    }
}

/* Those that no scenario before this one had. */
static void try_sites(struct test *test, const struct scenario *scenario,
                      const struct play_state *expected, size_t from)
{
    const struct call_sites *sites = &test->shared->sites;
    for (size_t i = from; i < sites->count; i++)
        try_errors(test, scenario, expected,
                   (struct fault){.call = sites->items[i].call, .stack = sites->items[i].stack});
}

static void try_scenario(struct test *test, const struct scenario *scenario, uint64_t number)
{
    static struct play_state expected;
    struct play *play = &test->shared->play;
    size_t known = test->shared->sites.count;
    play_begin(play);
    if (play_in_process(test, scenario, &(struct fault){0}) != 0 ||
        !play_judge(play, test->library, &expected)) {
        printf("FAILED %s, undisturbed: %s\n", scenario->name, play->failure);
        test->failed[0]++;
        return;
    }
    uint64_t counts[CALL_COUNT];
    memcpy(counts, test->shared->counts, sizeof counts);
    for (int call = 0; call < CALL_COUNT; call++)
        if (counts[call] > 0) try_call(test, scenario, &expected, (enum call)call, number);
    try_sites(test, scenario, &expected, known);
    printf("%s: %zu new sites\n", scenario->name, test->shared->sites.count - known);
}

static int print_sum(const struct test *test)
{
    unsigned long survived = 0, failed = 0;
    for (int call = 0; call < CALL_COUNT; call++) {
        printf("%-40s %6lu faults survived, %lu not\n", call_name((enum call)call),
               test->survived[call], test->failed[call]);
        survived += test->survived[call];
        failed += test->failed[call];
    }
    printf("%lu sites; %lu faults did not come\n", (unsigned long)test->shared->sites.count,
           test->missed);
    printf("%lu passed, %lu failed\n", survived, failed);
    return failed != 0;
}

int main(int argc, char **argv)
{
    static struct test test;
    const char *folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    const char *name = argc > 3 ? argv[3] : "";
    struct bamboo_error error;
    test.plugin = argc > 1 ? argv[1] : NULL;
    test.every = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    if (test.every == 0) test.every = 1;
    test.shared =
        mmap(NULL, sizeof *test.shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (test.shared == MAP_FAILED) return 2;
    snprintf(test.shared->play.store, sizeof test.shared->play.store, "%s/bamboo-faults-%ld.db",
             folder, (long)getpid());
    test.shared->play.durability = BAMBOO_DURABILITY_FULL;
    crash_effects_set(test.shared->play.effects);
    calls_install(SITE_DEPTH);
    test.library = crash_library(test.plugin, &error);
    if (!test.library) {
        printf("%s\n", error.message);
        return 2;
    }
    for (size_t i = 0; i < OUR_COUNT + SCENARIO_COUNT; i++) {
        const struct scenario *scenario = i < OUR_COUNT ? &OURS[i] : &SCENARIOS[i - OUR_COUNT];
        if (strstr(scenario->name, name)) try_scenario(&test, scenario, i);
    }
    play_begin(&test.shared->play);
    bamboo_library_destroy(test.library);
    return print_sum(&test);
}
