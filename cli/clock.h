/* Times for people. */
#ifndef CLI_CLOCK_H
#define CLI_CLOCK_H

#include <stdint.h>

#define CLOCK_TEXT_SIZE 32

/* Milliseconds since 1970. */
int64_t clock_now(void);

/* "0.4s", "12.3s", "1m05s", "2h04m", "3d02h". */
const char *clock_elapsed(int64_t milliseconds, char out[CLOCK_TEXT_SIZE]);

/* "12:03:04", local time; "" for 0. */
const char *clock_time(int64_t time_ms, char out[CLOCK_TEXT_SIZE]);

/* "2026-11-23 12:03:04", local time; "" for 0. */
const char *clock_date(int64_t time_ms, char out[CLOCK_TEXT_SIZE]);

/* How often a command that follows a run of another process looks what is new. */
#define POLL_INTERVAL_MS 100

/* Sleeps; a signal ends it early. */
void clock_sleep(int64_t milliseconds);

#endif
