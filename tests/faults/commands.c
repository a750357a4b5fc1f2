/* commands BAMBOO EVERY [COMMAND]: each command is given to a bamboo in which each call fails in
 * turn, those of the command line too (streams, terminal, background processes, waiting): the first
 * of each site (call_sites.h) that no command before had, and of each kind some others. After
 * each: it has not died or hung; it did what it does undisturbed, with the same output, or it says
 * why not; the store is sound; and without the fault an operator brings every run to its end. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/faults/call_report.h"

/* Places of one kind of call that are tried in a command. */
#define PLACES_USUAL 2
#define SECONDS_MAX  20
#define ARGUMENT_MAX 16
#define OUTPUT_MAX   16384

/* A store with three runs: one has ended, one waits for a callback, one has failed. */
static const char PREPARE[] =
    "cat >flow.bamboo <<'END'\n"
    "pipeline p(fails: bool = false, waits: bool = false) -> n {\n"
    "    a = shell(\"echo 1; test ${str(fails)} = false\")\n"
    "    parallel {\n        { log(\"one\") }\n        { log(\"two\") }\n    }\n"
    "    if waits { c = callback() }\n"
    "    n = int(a.stdout) + 1\n"
    "}\n"
    "END\n"
    "{ $B compile flow.bamboo -o flow.bbc && $B convert flow.bamboo -o flow.yaml\n"
    "$B run flow.bamboo; $B run flow.bamboo -p waits=true; $B run flow.bamboo -p fails=true; } \\\n"
    "    >/dev/null 2>&1\n"
    "mkdir prepared && cp store/* prepared && $B ps -a | sed 1d | cut -c1-16";

/* Waits for whoever is in the background, and then helps each run of the command to its end. ABOUT
 * makes grep choose them. */
static const char END[] =
    "n=0\n"
    "while $B ps --json | grep -q '\"owner_alive\": true'; do\n"
    "    n=$((n + 1)) && test $n -lt 100 && sleep 0.05 || exit 2\n"
    "done\n"
    "$B fsck >/dev/null || exit 3\n"
    "open() { $B ps | sed 1d | grep $ABOUT; }\n"
    "for turn in 1 2 3; do\n"
    "    open | while read -r run flow symbol state rest; do\n"
    "        case $state in\n"
    "            failed) $B retry $run a --set 'command=echo 1' ||\n"
    "                for node in c log_1 log_2 set_n; do $B retry $run $node && break; done ;;\n"
    "            waiting) $B callback $run c --data 1 ;;\n"
    "            suspended) $B resume $run ;;\n"
    "            *) $B continue $run ;;\n"
    "        esac\n"
    "    done >/dev/null 2>&1\n"
    "    test -n \"$(open)\" || break\n"
    "done\n"
    "test -z \"$(open)\" || exit 4\n"
    "for run in $($B ps -a | sed 1d | grep $ABOUT | cut -c1-16); do\n"
    "    $B show $run | grep -q -e 'n = 2' -e revoked || exit 5\n"
    "done";

/* DONE, WAITING and FAILED stand for the runs. */
struct command {
    const char *arguments;
    const char *input;
    bool changes;  /* a run: it is brought to its end afterwards */
    bool is_vague; /* what it prints is not the same each time */
};
static const struct command COMMANDS[] = {
    {.arguments = "run flow.bamboo", .changes = true},
    {.arguments = "run flow.bbc --progress plain", .changes = true, .is_vague = true},
    {.arguments = "run flow.bamboo --json", .changes = true, .is_vague = true},
    {.arguments = "run flow.bamboo -d", .changes = true},
    {.arguments = "continue WAITING", .changes = true},
    {.arguments = "callback WAITING c --data {\"x\":1}", .changes = true},
    {.arguments = "callback WAITING c --no-continue", .changes = true},
    {.arguments = "pause WAITING", .changes = true},
    {.arguments = "fail WAITING c", .changes = true},
    {.arguments = "revoke WAITING", .changes = true},
    {.arguments = "rollback WAITING a", .changes = true, .is_vague = true},
    {.arguments = "retry FAILED a --set command=echo${IFS}1", .changes = true},
    {.arguments = "retry FAILED a --no-continue", .changes = true},
    {.arguments = "rm DONE", .changes = true},
    {.arguments = "gc --keep 0", .changes = true, .is_vague = true},
    {.arguments = "compile flow.yaml -o out.bbc"},
    {.arguments = "check flow.bamboo flow.yaml --json"},
    {.arguments = "convert flow.yaml"},
    {.arguments = "convert flow.bamboo -o out.yaml"},
    {.arguments = "disasm flow.bbc"},
    {.arguments = "eval --jsonl",
     .input = "{\"expr\": \"1 == 1\"}\n{\"template\": \"${a}\", \"context\": {\"a\": 2}}\n",
     .is_vague = true}, /* a line that fails says so in its place */
    {.arguments = "eval a+1 -c {\"a\":2}"},
    {.arguments = "ps -a"},
    {.arguments = "ps -a --json", .is_vague = true},
    {.arguments = "show WAITING", .is_vague = true}, /* it says how long */
    {.arguments = "show DONE"},
    {.arguments = "show DONE --json"},
    {.arguments = "logs DONE a"},
    {.arguments = "history DONE"},
    {.arguments = "history DONE a --executions"},
    {.arguments = "events DONE --json"},
    {.arguments = "watch DONE", .is_vague = true}, /* a picture of its nodes */
    {.arguments = "can FAILED"},
    {.arguments = "fsck"},
    {.arguments = "components shell"},
    {.arguments = "paths", .is_vague = true},
    {.arguments = "help run"},
    {.arguments = "version"},
};
#define COMMAND_COUNT (sizeof COMMANDS / sizeof *COMMANDS)

static struct {
    char bamboo[1024];
    char runs[3][32];
    uint64_t every, turn;
    struct call_sites sites; /* of all commands so far */
    unsigned long survived[CALL_COUNT], failed[CALL_COUNT], missed;
} test;

struct fault {
    enum call call;
    int error;
    uint64_t n;     /* the n-th; 0: the first of a site */
    uint64_t stack; /* of the site */
    bool later;     /* and all later ones */
};

struct outcome {
    int code; /* above 127: by a signal */
    char output[OUTPUT_MAX], errors[OUTPUT_MAX];
};

/* --- Processes --- */

static int wait_for(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Without a fault. */
static int shell(const char *script)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        alarm(SECONDS_MAX);
        execl("/bin/sh", "sh", "-c", script, (char *)NULL);
        _exit(127);
    }
    return wait_for(pid);
}

static void read_file(const char *path, char text[OUTPUT_MAX])
{
    FILE *file = fopen(path, "r");
    size_t size = file ? fread(text, 1, OUTPUT_MAX - 1, file) : 0;
    text[size] = '\0';
    if (file) fclose(file);
}

static void redirect(const char *path, int flags, int as)
{
    int file = open(path, flags, 0600);
    if (file < 0 || dup2(file, as) < 0) _exit(126);
    close(file);
}

static const char *const NAMES[] = {"FAILED", "WAITING", "DONE"}; /* the last run first */

static char *argument_of(char *word)
{
    for (size_t i = 0; i < 3; i++)
        if (strcmp(word, NAMES[i]) == 0) return test.runs[i];
    return word;
}

/* The run that the command names, or else those that were not there before. */
static void set_about(const struct command *command)
{
    char about[120];
    snprintf(about, sizeof about, "-v -e %s -e %s -e %s", test.runs[0], test.runs[1], test.runs[2]);
    for (size_t i = 0; i < 3; i++)
        if (strstr(command->arguments, NAMES[i]))
            snprintf(about, sizeof about, "-e %s", test.runs[i]);
    setenv("ABOUT", about, 1);
}

static void set_fault(const struct fault *fault)
{
    char text[120];
    snprintf(text, sizeof text, "%d %d %llu %llu %d", (int)fault->call, fault->error,
             (unsigned long long)fault->n, (unsigned long long)fault->stack, fault->later);
    setenv("BAMBOO_FAULT", text, 1);
}

static void execute(const struct command *command, const struct fault *fault)
{
    char words[200], *arguments[ARGUMENT_MAX] = {test.bamboo}, *rest = words;
    size_t count = 1;
    snprintf(words, sizeof words, "%s", command->arguments);
    for (char *word; (word = strsep(&rest, " ")) && count < ARGUMENT_MAX - 1;)
        arguments[count++] = argument_of(word);
    redirect("input", O_RDONLY, STDIN_FILENO);
    redirect("output", O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
    redirect("errors", O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
    if (fault) set_fault(fault);
    setenv("BAMBOO_FAULT_REPORT", "report", 1);
    personality(ADDR_NO_RANDOMIZE); /* so that a site is the same each time */
    alarm(SECONDS_MAX);
    execv(test.bamboo, arguments);
    _exit(127);
}

/* What differs from one run to the other is not compared: numbers and ids. */
static void mask(char *text)
{
    char *to = text;
    for (const char *at = text; *at;) {
        size_t hex = strspn(at, "0123456789abcdef");
        size_t size = hex >= 16 ? hex : strspn(at, "0123456789");
        *to++ = size > 0 ? '#' : *at;
        at += size > 0 ? size : 1;
    }
    *to = '\0';
}

/* With the prepared store. */
static void play(const struct command *command, const struct fault *fault, struct outcome *out)
{
    FILE *input = fopen("input", "w");
    if (!input || shell("rm -rf store out.*; cp -r prepared store && : >report") != 0) exit(2);
    fputs(command->input ? command->input : "", input);
    fclose(input);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) execute(command, fault);
    out->code = wait_for(pid);
    read_file("output", out->output);
    read_file("errors", out->errors);
    mask(out->output);
}

/* --- The judge --- */

static bool is_exit_code(int code)
{
    static const int CODES[] = {
#define EXIT_CODE(name, number, meaning) number,
#include "cli/exit_codes.def"
#undef EXIT_CODE
    };
    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++)
        if (code == CODES[i]) return true;
    return false;
}

/* A command that has failed anyway keeps its code, and says it in words, unless its standard
 * streams fail, of which standard error is one. */
static bool tells_of_its_output(enum call call, const struct outcome *got)
{
    bool is_mute = call == CALL_stdio_output && !*got->errors;
    return got->code != 0 && (is_mute || strstr(got->errors, "standard output: "));
}

/* Says what is wrong; NULL: nothing. */
static const char *judge(const struct command *command, enum call call,
                         const struct outcome *expected, const struct outcome *got)
{
    if (!is_exit_code(got->code)) return "died, or hung";
    if (strstr(got->errors, "(null)")) return "(null)";
    if (got->code == expected->code && !command->is_vague && !tells_of_its_output(call, got) &&
        strcmp(got->output, expected->output) != 0)
        return "its output is not all there, and it does not say so";
    bool is_told = *got->errors || (*got->output && strcmp(got->output, expected->output) != 0);
    if (got->code != expected->code && !is_told && call != CALL_stdio_output)
        return "failed without a word";
    int ended = shell(command->changes ? END : "$B fsck >/dev/null || exit 3");
    if (ended == 2) return "somebody owns a run for ever";
    if (ended == 3) return "the store is not sound";
    if (ended == 4) return "a run does not end";
    if (ended == 5) return "a run ends otherwise";
    return ended ? "the shell fails" : NULL;
}

/* What the command's processes told. Adds sites that no command had before. */
static bool read_report(struct call_report *out)
{
    struct call_site site;
    FILE *file = fopen("report", "r");
    bool is_there = file && fread(out, sizeof *out, 1, file) == 1;
    while (is_there && fread(&site, sizeof site, 1, file) == 1)
        call_sites_add(&test.sites, site.call, site.stack);
    if (file) fclose(file);
    return is_there;
}

/* Threads and processes are not as fast each time: the call may not have been made. A process that
 * cannot report has had its fault. */
static bool fault_came(void)
{
    struct call_report report;
    return !read_report(&report) || report.faults > 0;
}

static void try_fault(const struct command *command, const struct outcome *expected,
                      const struct fault *fault)
{
    static struct outcome got;
    play(command, fault, &got);
    bool came = fault_came();
    const char *wrong = judge(command, fault->call, expected, &got);
    if (!wrong && came) test.survived[fault->call]++;
    if (!wrong && !came) test.missed++;
    if (!wrong) return;
    test.failed[fault->call]++;
    printf("FAILED bamboo %s: %s, %s %llu%s, error %d: %s; exit %d and not %d, with: %.300s\n",
           command->arguments, call_name(fault->call), fault->stack ? "site" : "call",
           (unsigned long long)(fault->stack ? fault->stack : fault->n),
           fault->later ? " and later" : "", fault->error, wrong, got.code, expected->code,
           got.errors);
}

/* Each error, alone and from then on. */
static void try_errors(const struct command *command, const struct outcome *expected,
                       struct fault fault)
{
    for (const int *error = call_errors(fault.call); *error; error++) {
        if (test.turn++ % test.every) continue;
        fault.error = *error;
        fault.later = false;
        try_fault(command, expected, &fault);
        fault.later = true;
        if (*error != EINTR) try_fault(command, expected, &fault);
    }
}

static void try_call(const struct command *command, const struct outcome *expected, enum call call,
                     uint64_t count)
{
    uint64_t most = call_places(PLACES_USUAL), places = count < most ? count : most;
    for (uint64_t place = 0; place < places; place++) {
        uint64_t n = 1 + (place * count / places + test.turn) % count;
        try_errors(command, expected, (struct fault){.call = call, .n = n});
    }
}

static void try_command(const struct command *command)
{
    static struct outcome expected;
    struct call_report report = {{0}, 0};
    size_t known = test.sites.count;
    set_about(command);
    play(command, NULL, &expected);
    if (!read_report(&report) || !is_exit_code(expected.code)) {
        printf("FAILED bamboo %s, undisturbed: %s\n", command->arguments, expected.errors);
        test.failed[0]++;
    }
    size_t count = test.sites.count;
    for (int call = 0; call < CALL_COUNT; call++)
        if (report.counts[call] > 0)
            try_call(command, &expected, (enum call)call, report.counts[call]);
    for (size_t i = known; i < count; i++)
        try_errors(
            command, &expected,
            (struct fault){.call = test.sites.items[i].call, .stack = test.sites.items[i].stack});
    printf("bamboo %s: exit %d, %zu new sites\n", command->arguments, expected.code, count - known);
}

/* --- All --- */

static bool prepare(const char *bamboo)
{
    char folder[] = "/tmp/bamboo-faults-XXXXXX";
    char script[sizeof PREPARE + 40], store[sizeof folder + 20];
    if (!realpath(bamboo, test.bamboo) || !mkdtemp(folder) || chdir(folder) != 0) return false;
    snprintf(store, sizeof store, "%s/store/store.db", folder);
    setenv("B", test.bamboo, 1);
    setenv("BAMBOO_STORE", store, 1);
    snprintf(script, sizeof script, "mkdir store; { %s; } >runs", PREPARE);
    FILE *runs = shell(script) == 0 ? fopen("runs", "r") : NULL;
    bool is_there =
        runs && fscanf(runs, "%31s %31s %31s", test.runs[0], test.runs[1], test.runs[2]) == 3;
    if (runs) fclose(runs);
    return is_there;
}

int main(int argc, char **argv)
{
    unsigned long survived = 0, failed = 0;
    test.every = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    if (test.every == 0) test.every = 1;
    if (argc < 2 || !prepare(argv[1])) {
        printf("the runs cannot be prepared\n");
        return 2;
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (argc < 4 || strstr(COMMANDS[i].arguments, argv[3])) try_command(&COMMANDS[i]);
    for (int call = 0; call < CALL_COUNT; call++) {
        printf("%-40s %6lu faults survived, %lu not\n", call_name((enum call)call),
               test.survived[call], test.failed[call]);
        survived += test.survived[call];
        failed += test.failed[call];
    }
    if (shell("rm -rf \"$PWD\"") != 0) printf("files stay in /tmp\n");
    printf("%zu sites; %lu faults did not come\n", test.sites.count, test.missed);
    printf("%lu passed, %lu failed\n", survived, failed);
    return failed != 0;
}
