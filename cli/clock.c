#include "cli/clock.h"

#include <stdio.h>
#include <time.h>

int64_t clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const char *clock_elapsed(int64_t milliseconds, char out[CLOCK_TEXT_SIZE])
{
    long long ms = milliseconds < 0 ? 0 : milliseconds, seconds = ms / 1000;
    if (seconds < 60)
        snprintf(out, CLOCK_TEXT_SIZE, "%lld.%llds", seconds, ms % 1000 / 100);
    else if (seconds < 3600)
        snprintf(out, CLOCK_TEXT_SIZE, "%lldm%02llds", seconds / 60, seconds % 60);
    else if (seconds < 86400)
        snprintf(out, CLOCK_TEXT_SIZE, "%lldh%02lldm", seconds / 3600, seconds / 60 % 60);
    else
        snprintf(out, CLOCK_TEXT_SIZE, "%lldd%02lldh", seconds / 86400, seconds / 3600 % 24);
    return out;
}

static const char *format_local(int64_t time_ms, const char *format, char out[CLOCK_TEXT_SIZE])
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm local;
    out[0] = '\0';
    if (time_ms != 0 && localtime_r(&seconds, &local)) {
        /* The format is one of two below. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        strftime(out, CLOCK_TEXT_SIZE, format, &local);
#pragma GCC diagnostic pop
    }
    return out;
}

const char *clock_time(int64_t time_ms, char out[CLOCK_TEXT_SIZE])
{
    return format_local(time_ms, "%H:%M:%S", out);
}

const char *clock_date(int64_t time_ms, char out[CLOCK_TEXT_SIZE])
{
    return format_local(time_ms, "%Y-%m-%d %H:%M:%S", out);
}

void clock_sleep(int64_t milliseconds)
{
    struct timespec span = {.tv_sec = milliseconds / 1000,
                            .tv_nsec = milliseconds % 1000 * 1000000};
    nanosleep(&span, NULL);
}
