/* faults EVERY: a flow is executed with each call of the system, of libuv and of SQLite's disk
 * failing in turn, the n-th alone and from the n-th on, with each of its errors; of calls that are
 * made very often, and with EVERY above 1 of all, only some. After each: the process has not died
 * or hung, it is done or has said in one sentence why not; and without the fault another process
 * goes on to the end of an undisturbed run, what was told to be finished is not executed again, and
 * fsck finds nothing. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "include/bamboo.h"
#include "tests/faults/calls.h"
#include "tests/powerloss/disk.h"

/* Places of one kind of call that are tried. */
#define PLACES_MAX 200

static const char FLOW[] = "pipeline main() -> total {\n"
                           "    a = shell(\"echo a >> $DEEDS; echo 1\")\n"
                           "    parallel {\n"
                           "        { b = shell(\"echo b >> $DEEDS\") { retry 1 } }\n"
                           "        { s = part() }\n"
                           "        { t = sleep(10ms) }\n"
                           "    }\n"
                           "    c = callback()\n"
                           "    i = 0\n"
                           "    repeat up to 50 times { i = i + 1 } until i >= 50\n"
                           "    total = int(a.stdout) + i + s.n + c.data.x\n"
                           "}\n"
                           "pipeline part() -> n {\n"
                           "    d = shell(\"echo d >> $DEEDS; echo 7\")\n"
                           "    n = int(d.stdout)\n"
                           "}\n";
static const char *const NODES[] = {"a", "b", "s/d"};
#define ACTIVITY_COUNT (sizeof NODES / sizeof *NODES)

static char folder[64], store[96], deeds[96], told[96];
static unsigned long survived, failed;

/* Not through the calls that fail. */
ssize_t __real_write(int file, const void *bytes, size_t size);

static const char *text_of(struct bamboo_value map, const char *key)
{
    struct bamboo_value value = bamboo_map_get(map, key);
    return value.type == BAMBOO_STRING ? bamboo_string_bytes(value, NULL) : "";
}

/* --- One process that executes the flow --- */

/* What was told is finished stands in a file. */
static void tell(void *context, struct bamboo_value event)
{
    const int *file = context;
    char line[64];
    if (strcmp(text_of(event, "type"), "node-finished") != 0) return;
    int size = snprintf(line, sizeof line, "%s\n", text_of(event, "node"));
    if (__real_write(*file, line, (size_t)size) != size) _exit(9);
}

static enum bamboo_status start(const struct bamboo_library *library, struct bamboo_engine *engine,
                                struct bamboo_error *error)
{
    struct bamboo_report report = {0};
    struct bamboo_flow *flow = NULL;
    struct bamboo_map_builder builder;
    struct bamboo_value none;
    char id[BAMBOO_RUN_ID_SIZE];
    enum bamboo_status status =
        bamboo_flow_compile(library, "flow", FLOW, sizeof FLOW - 1, &report, &flow, error);
    bamboo_report_release(&report);
    if (status != BAMBOO_OK) return status;
    bamboo_map_builder_init(&builder);
    status = bamboo_map_builder_finish(&builder, &none, error);
    if (status == BAMBOO_OK) {
        status = bamboo_start(engine, flow, none, NULL, id, error);
        bamboo_value_release(none);
    }
    bamboo_flow_release(flow);
    return status == BAMBOO_OK ? bamboo_engine_flush(engine, error) : status;
}

/* Executes and answers until the run has ended. */
static enum bamboo_status go_on(struct bamboo_engine *engine, struct bamboo_error *error)
{
    struct bamboo_value data = bamboo_missing(), reply;
    bool claimed;
    enum bamboo_status status = bamboo_engine_loop(engine, BAMBOO_UNTIL_SETTLED, error);
    if (status == BAMBOO_OK) status = bamboo_json_parse("{\"data\": {\"x\": 5}}", 18, &data, error);
    if (status != BAMBOO_OK) return status;
    struct bamboo_operation operation = {
        .operation = "callback", .run = "@last", .node = "c", .data = data};
    status = bamboo_operate(engine, &operation, &reply, &claimed, error);
    bamboo_value_release(data);
    if (status == BAMBOO_OK) {
        bamboo_value_release(reply);
        status = bamboo_engine_loop(engine, BAMBOO_UNTIL_ENDED, error);
    } else if (status == BAMBOO_E_REFUSED) {
        status = BAMBOO_OK; /* it has been answered, or does not wait */
    }
    return status;
}

static enum bamboo_status work(bool is_first, int told_file, struct bamboo_error *error)
{
    struct bamboo_library *library = NULL;
    struct bamboo_engine *engine = NULL;
    struct bamboo_engine_options options = {
        .store = store, .durability = BAMBOO_DURABILITY_OS, .actor = "tester"};
    enum bamboo_status status = bamboo_library_create(NULL, 0, &library, error);
    if (status == BAMBOO_OK) status = bamboo_engine_open(library, &options, &engine, error);
    if (status == BAMBOO_OK) {
        bamboo_engine_observe(engine, tell, &told_file);
        status = is_first ? start(library, engine, error) : bamboo_claim(engine, "@last", error);
    }
    if (status == BAMBOO_OK) status = go_on(engine, error);
    bamboo_engine_close(engine);
    bamboo_library_destroy(library);
    return status;
}

/* --- With a fault --- */

static int open_told(void)
{
    FILE *file = fopen(told, "a");
    return file ? fileno(file) : -1;
}

/* 0: done; 1: failed with a sentence. Anything else is not survived. */
static int child(enum call call, int error_number, uint64_t n, bool from_then_on)
{
    struct bamboo_error error = {0};
    int told_file = open_told();
    setenv("DEEDS", deeds, 1);
    alarm(20);
    calls_arm(call, error_number, n, from_then_on);
    enum bamboo_status status = work(true, told_file, &error);
    calls_arm(call, 0, 0, false);
    if (status == BAMBOO_OK) return 0;
    return *error.message && !strchr(error.message, '\n') ? 1 : 3;
}

static int wait_for(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* --- Without it --- */

static void ignore(void *context, struct bamboo_value problem)
{
    (void)context, (void)problem;
}

/* 0: all is as it should be. */
static int check_end(void)
{
    struct bamboo_library *library = NULL;
    struct bamboo_engine *engine = NULL;
    struct bamboo_engine_options options = {.store = store, .durability = BAMBOO_DURABILITY_OS};
    struct bamboo_error error;
    struct bamboo_value shown, counts;
    if (bamboo_library_create(NULL, 0, &library, &error) != BAMBOO_OK ||
        bamboo_engine_open(library, &options, &engine, &error) != BAMBOO_OK)
        return 4;
    if (bamboo_show(engine, "@last", &shown, &error) == BAMBOO_E_NOT_FOUND)
        return 0; /* it did not get so far as to have a run */
    struct bamboo_value outputs = bamboo_map_get(shown, "outputs");
    struct bamboo_value total =
        outputs.type == BAMBOO_MAP ? bamboo_map_get(outputs, "total") : bamboo_missing();
    bool is_right = strcmp(text_of(shown, "state"), "finished") == 0 &&
                    total.type == BAMBOO_INTEGER && total.as.integer == 1 + 50 + 7 + 5;
    if (!is_right) printf("    state %s\n", text_of(shown, "state"));
    if (bamboo_check_store(engine, ignore, NULL, &counts, &error) != BAMBOO_OK ||
        bamboo_map_get(counts, "problems").as.integer != 0)
        return 6;
    bamboo_engine_close(engine);
    return is_right ? 0 : 5;
}

/* A node that failed because of the fault waits for an operator, who has it executed again. */
static void retry_failed(struct bamboo_engine *engine)
{
    struct bamboo_error error;
    struct bamboo_value reply;
    bool claimed;
    for (size_t i = 0; i < ACTIVITY_COUNT; i++) {
        struct bamboo_operation retry = {
            .operation = "retry", .run = "@last", .node = NODES[i], .data = bamboo_missing()};
        if (bamboo_operate(engine, &retry, &reply, &claimed, &error) == BAMBOO_OK)
            bamboo_value_release(reply);
    }
}

static int continue_run(void)
{
    struct bamboo_library *library = NULL;
    struct bamboo_engine *engine = NULL;
    struct bamboo_engine_options options = {
        .store = store, .durability = BAMBOO_DURABILITY_OS, .actor = "tester"};
    struct bamboo_error error = {0};
    setenv("DEEDS", deeds, 1);
    alarm(20);
    if (bamboo_library_create(NULL, 0, &library, &error) != BAMBOO_OK ||
        bamboo_engine_open(library, &options, &engine, &error) != BAMBOO_OK) {
        printf("    %s\n", error.message);
        return 4;
    }
    enum bamboo_status status = bamboo_claim(engine, "@last", &error);
    if (status == BAMBOO_OK) {
        status = bamboo_engine_loop(engine, BAMBOO_UNTIL_SETTLED, &error);
        retry_failed(engine);
        if (status == BAMBOO_OK) status = go_on(engine, &error);
    }
    bamboo_engine_close(engine);
    if (status != BAMBOO_OK && status != BAMBOO_E_NOT_FOUND && status != BAMBOO_E_REFUSED) {
        printf("    %s\n", error.message);
        return 7;
    }
    return check_end();
}

static size_t count_lines(const char *path, const char *line)
{
    char read_line[64];
    size_t count = 0;
    FILE *stream = fopen(path, "r");
    while (stream && fgets(read_line, sizeof read_line, stream)) {
        read_line[strcspn(read_line, "\n")] = '\0';
        if (strcmp(read_line, line) == 0) count++;
    }
    if (stream) fclose(stream);
    return count;
}

/* --- Each in turn --- */

static void clean_up(void)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s/*", folder);
    if (system(command) != 0) printf("the folder %s is not clean\n", folder);
}

static void try_fault(enum call call, int error, uint64_t n, bool from_then_on)
{
    size_t before[ACTIVITY_COUNT];
    clean_up();
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) exit(child(call, error, n, from_then_on));
    int first = wait_for(pid);
    bool was_told[ACTIVITY_COUNT];
    for (size_t i = 0; i < ACTIVITY_COUNT; i++) {
        before[i] = count_lines(deeds, strrchr(NODES[i], '/') ? "d" : NODES[i]);
        was_told[i] = count_lines(told, NODES[i]) > 0;
    }
    pid = fork();
    if (pid == 0) {
        int result = continue_run();
        fflush(stdout);
        _exit(result);
    }
    int second = wait_for(pid);
    bool is_repeated = false;
    for (size_t i = 0; i < ACTIVITY_COUNT; i++)
        is_repeated |=
            was_told[i] && count_lines(deeds, strrchr(NODES[i], '/') ? "d" : NODES[i]) > before[i];
    if (first <= 1 && second == 0 && !is_repeated) {
        survived++;
        return;
    }
    failed++;
    printf("%s, call %llu%s, error %d: exit %d, then %d%s\n", call_name(call),
           (unsigned long long)n, from_then_on ? " and later" : "", error, first, second,
           is_repeated ? ", and a finished node is executed again" : "");
}

/* How often each call is made when nothing fails. */
static void count_calls(uint64_t counts[CALL_COUNT])
{
    int ends[2];
    clean_up();
    if (pipe(ends) != 0) exit(2);
    pid_t pid = fork();
    if (pid == 0) {
        uint64_t counted[CALL_COUNT];
        struct bamboo_error error = {0};
        setenv("DEEDS", deeds, 1);
        calls_arm(CALL_open, 0, 0, false);
        int result = work(true, open_told(), &error) == BAMBOO_OK ? 0 : 2;
        if (result != 0) printf("%s\n", error.message), fflush(stdout);
        for (int i = 0; i < CALL_COUNT; i++)
            counted[i] = calls_counted((enum call)i);
        if (__real_write(ends[1], counted, sizeof counted) != sizeof counted) result = 2;
        _exit(result);
    }
    if (read(ends[0], counts, CALL_COUNT * sizeof *counts) != CALL_COUNT * sizeof *counts) exit(2);
    if (wait_for(pid) != 0) {
        printf("the flow does not end even if nothing fails\n");
        exit(2);
    }
}

static void try_call(enum call call, uint64_t count, uint64_t every)
{
    unsigned long survived_before = survived, failed_before = failed;
    uint64_t places = count < PLACES_MAX ? count : PLACES_MAX;
    for (const int *error = call_errors(call); *error; error++)
        for (uint64_t place = 0; place < places; place++) {
            uint64_t n = 1 + place * count / (places ? places : 1);
            if ((place + (uint64_t)call) % every) continue;
            try_fault(call, *error, n, false);
            /* Waiting for ever would be right if everything were interrupted for ever. */
            if (*error != EINTR) try_fault(call, *error, n, true);
        }
    printf("%-20s made %6llu times: %lu faults survived, %lu not\n", call_name(call),
           (unsigned long long)count, survived - survived_before, failed - failed_before);
}

int main(int argc, char **argv)
{
    uint64_t every = argc > 1 ? strtoull(argv[1], NULL, 10) : 1, counts[CALL_COUNT];
    snprintf(folder, sizeof folder, "%s/bamboo-faults-XXXXXX",
             getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    if (!mkdtemp(folder)) return 2;
    snprintf(store, sizeof store, "%s/run.db", folder);
    snprintf(deeds, sizeof deeds, "%s/deeds", folder);
    snprintf(told, sizeof told, "%s/told", folder);
    disk_install();
    count_calls(counts);
    for (int call = 0; call < CALL_COUNT; call++)
        try_call((enum call)call, counts[call], every ? every : 1);
    clean_up();
    rmdir(folder);
    printf("%lu passed, %lu failed\n", survived, failed);
    return failed != 0;
}
