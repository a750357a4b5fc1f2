#include "bench/measure.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

static void print_spread(double *samples, size_t count, const char *unit)
{
    qsort(samples, count, sizeof *samples, compare);
    printf("\"value\": %.6g, \"unit\": \"%s\", \"low\": %.6g, \"high\": %.6g, \"repeats\": %zu",
           samples[count / 2], unit, samples[0], samples[count - 1], count);
}

static double *copy_samples(const double *samples, size_t count)
{
    double *copy = malloc(count * sizeof *copy);
    if (!copy) exit(1);
    memcpy(copy, samples, count * sizeof *copy);
    return copy;
}

void report(const char *name, const char *durability, const char *unit, const double *samples,
            size_t count)
{
    double *sorted = copy_samples(samples, count);
    printf("{\"name\": \"%s\", \"durability\": \"%s\", ", name, durability);
    print_spread(sorted, count, unit);
    printf("}\n");
    fflush(stdout);
    free(sorted);
}

void report_ratio(const char *name, const char *durability, const char *of, struct aim aim,
                  const double *ours, const double *theirs, size_t count)
{
    double *ratios = copy_samples(ours, count);
    for (size_t i = 0; i < count; i++)
        ratios[i] /= theirs[i];
    printf("{\"name\": \"%s\", \"durability\": \"%s\", ", name, durability);
    print_spread(ratios, count, "ratio");
    printf(", \"of\": \"%s\", \"%s\": %g}\n", of, aim.at_most ? "at_most" : "at_least", aim.ratio);
    fflush(stdout);
    free(ratios);
}

void must(enum bamboo_status status, const struct bamboo_error *error, const char *what)
{
    if (status == BAMBOO_OK) return;
    fprintf(stderr, "%s: %s\n", what, error->message);
    remove_folder();
    exit(1);
}

static char folder[64];
static unsigned store_count;

const char *make_folder(void)
{
    if (folder[0]) return folder;
    mkdir("build", 0777);
    strcpy(folder, "build/bench.XXXXXX");
    if (!mkdtemp(folder)) {
        perror(folder);
        exit(1);
    }
    return folder;
}

void remove_folder(void)
{
    char command[128];
    if (!folder[0]) return;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0) fprintf(stderr, "cannot remove %s\n", folder);
    folder[0] = '\0';
}

struct bamboo_engine *open_engine(const struct bamboo_library *library,
                                  enum bamboo_durability durability)
{
    char path[128];
    struct bamboo_error error = {0};
    struct bamboo_engine *engine = NULL;
    snprintf(path, sizeof path, "%s/%u.db", make_folder(), store_count++);
    struct bamboo_engine_options options = {.store = path, .durability = durability};
    must(bamboo_engine_open(library, &options, &engine, &error), &error, "open");
    return engine;
}

struct bamboo_flow *compile_text(const struct bamboo_library *library, const char *text)
{
    struct bamboo_report diagnostics = {0};
    struct bamboo_error error = {0};
    struct bamboo_flow *flow = NULL;
    enum bamboo_status status = bamboo_flow_compile(library, "bench.bamboo", text, strlen(text),
                                                    &diagnostics, &flow, &error);
    if (status == BAMBOO_E_SOURCE)
        fprintf(stderr, "%s", bamboo_string_bytes(diagnostics.text, NULL));
    must(status, &error, "compile");
    bamboo_report_release(&diagnostics);
    return flow;
}

void flow_append(struct flow_text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (text->size + (size_t)size + 1 > text->capacity) {
        text->capacity = 2 * (text->capacity + (size_t)size + 1);
        text->bytes = realloc(text->bytes, text->capacity);
        if (!text->bytes) exit(1);
    }
    va_start(arguments, format);
    vsnprintf(text->bytes + text->size, (size_t)size + 1, format, arguments);
    va_end(arguments);
    text->size += (size_t)size;
}

double time_command(char *const *arguments)
{
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status = 0;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    double start = seconds_now();
    if (posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ) != 0 ||
        waitpid(child, &status, 0) < 0 || status != 0) {
        fprintf(stderr, "%s failed\n", arguments[0]);
        remove_folder();
        exit(1);
    }
    posix_spawn_file_actions_destroy(&actions);
    return (seconds_now() - start) * 1000;
}

struct bamboo_value no_parameters(void)
{
    struct bamboo_map_builder builder;
    struct bamboo_value map;
    bamboo_map_builder_init(&builder);
    must(bamboo_map_builder_finish(&builder, &map, NULL), &(struct bamboo_error){0}, "{}");
    return map;
}

const char *durability_name(enum bamboo_durability durability)
{
    return durability == BAMBOO_DURABILITY_FULL ? "full"
           : durability == BAMBOO_DURABILITY_OS ? "os"
                                                : "none";
}

size_t resident_bytes(void)
{
    long total = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file) {
        if (fscanf(file, "%ld %ld", &total, &resident) != 2) resident = 0;
        fclose(file);
    }
    return (size_t)resident * (size_t)sysconf(_SC_PAGESIZE);
}
