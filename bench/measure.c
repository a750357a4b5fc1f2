#include "bench/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

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

void report(const char *name, const char *unit, double *samples, size_t count)
{
    qsort(samples, count, sizeof *samples, compare);
    printf("{\"name\": \"%s\", \"value\": %.6g, \"unit\": \"%s\", \"low\": %.6g, \"high\": %.6g, "
           "\"repeats\": %zu}\n",
           name, samples[count / 2], unit, samples[0], samples[count - 1], count);
    fflush(stdout);
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
