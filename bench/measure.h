/* Measuring: warm-up, repeats, median and spread, one JSON line a figure on standard output. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/bamboo.h"

/* Seconds of the monotonic clock. */
double seconds_now(void);

/* Prints {"name", "durability", "value": the median, "unit", "low", "high", "repeats"} of `count`
 * samples. `durability`: "none", "os" or "full"; "-" where nothing is kept on a disk. */
void report(const char *name, const char *durability, const char *unit, const double *samples,
            size_t count);

/* What a ratio is to be. */
struct aim {
    bool at_most; /* else at least */
    double ratio;
};
#define AT_LEAST(x) ((struct aim){false, (x)})
#define AT_MOST(x)  ((struct aim){true, (x)})

/* The same for the ratios of samples that were taken in turn, ours[i] beside theirs[i], with "of":
 * what `theirs` are, and the aim. */
void report_ratio(const char *name, const char *durability, const char *of, struct aim aim,
                  const double *ours, const double *theirs, size_t count);

/* Ends the program with the error's sentence if `status` is not BAMBOO_OK. */
void must(enum bamboo_status status, const struct bamboo_error *error, const char *what);

/* A new folder for stores below build/ (on the disk, not in memory); removed by remove_folder(). */
const char *make_folder(void);
void remove_folder(void);

/* An engine on a new store in the folder. */
struct bamboo_engine *open_engine(const struct bamboo_library *library,
                                  enum bamboo_durability durability);

/* Compiles a flow's text, which must be right. */
struct bamboo_flow *compile_text(const struct bamboo_library *library, const char *text);

/* A text made of pieces, to be freed with free(): flows that are too long to be written down. */
struct flow_text {
    char *bytes;
    size_t size, capacity;
};
__attribute__((format(printf, 2, 3))) void flow_append(struct flow_text *text, const char *format,
                                                       ...);

/* Starts a program, with its output thrown away, and waits for it. The milliseconds that took;
 * ends this program if it fails. */
double time_command(char *const *arguments);

/* {} as parameters. */
struct bamboo_value no_parameters(void);

/* "none", "os" or "full". */
const char *durability_name(enum bamboo_durability durability);

/* Resident memory of this process, in bytes. */
size_t resident_bytes(void);

/* A time is the median of so many samples, after BENCH_WARM that do not count. */
#define BENCH_REPEATS 7
#define BENCH_WARM    1

#endif
