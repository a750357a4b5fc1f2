/* Measuring: warm-up, repeats, median and spread, one JSON line a figure on standard output. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>

#include "include/bamboo.h"

/* Seconds of the monotonic clock. */
double seconds_now(void);

/* Prints {"name", "value": the median, "unit", "low", "high", "repeats"} of `count` samples, which
 * are sorted in place. */
void report(const char *name, const char *unit, double *samples, size_t count);

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

/* {} as parameters. */
struct bamboo_value no_parameters(void);

/* "none", "os" or "full". */
const char *durability_name(enum bamboo_durability durability);

/* Resident memory of this process, in bytes. */
size_t resident_bytes(void);

#define BENCH_REPEATS 7

#endif
