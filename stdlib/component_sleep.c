#include <stdio.h>
#include <time.h>

#include "stdlib/component_list.h"

/* Milliseconds since 1970 of an RFC 3339 time such as "2026-12-01T10:00:00Z" or "...+02:00"; false
 * if the text is not one. */
static bool parse_time(const char *text, int64_t *milliseconds)
{
    struct tm tm = {0};
    int used = 0;
    if (sscanf(text, "%4d-%2d-%2d%*1[Tt ]%2d:%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
               &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &used) != 6)
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    struct tm wanted = tm;
    time_t seconds = timegm(&tm);
    /* timegm() corrects what is out of range; a time that had to be corrected is none. */
    if (tm.tm_mon != wanted.tm_mon || tm.tm_mday != wanted.tm_mday ||
        tm.tm_hour != wanted.tm_hour || tm.tm_min != wanted.tm_min || tm.tm_sec != wanted.tm_sec)
        return false;
    const char *rest = text + used;
    int64_t fraction = 0;
    if (*rest == '.') {
        int64_t unit = 100;
        for (rest++; *rest >= '0' && *rest <= '9'; rest++, unit /= 10)
            fraction += (*rest - '0') * unit;
    }
    int hours = 0, minutes = 0;
    char sign = *rest;
    if (sign == '+' || sign == '-') {
        int size = 0;
        if (sscanf(rest + 1, "%2d:%2d%n", &hours, &minutes, &size) != 2 || rest[1 + size] != '\0')
            return false;
    } else if ((sign != 'Z' && sign != 'z') || rest[1] != '\0') {
        return false;
    }
    int64_t offset = (hours * INT64_C(3600) + minutes * INT64_C(60)) * (sign == '-' ? -1 : 1);
    *milliseconds = ((int64_t)seconds - offset) * 1000 + fraction;
    return true;
}

static enum bamboo_outcome execute(struct bamboo_activity *activity)
{
    struct bamboo_value duration = bamboo_activity_input(activity, "duration");
    struct bamboo_value until = bamboo_activity_input(activity, "until");
    int64_t wake_at;
    if ((duration.type == BAMBOO_DURATION) == (until.type == BAMBOO_STRING))
        return bamboo_activity_fail(activity, "sleep wants either a duration or until");
    if (duration.type == BAMBOO_DURATION) {
        if (__builtin_add_overflow(bamboo_activity_now(activity), duration.as.integer, &wake_at))
            return bamboo_activity_fail(activity, "the duration is too long");
    } else if (!parse_time(bamboo_string_bytes(until, NULL), &wake_at)) {
        return bamboo_activity_fail(activity,
                                    "'%s' is not a time such as 2026-12-01T10:00:00Z or ...+02:00",
                                    bamboo_string_bytes(until, NULL));
    }
    bamboo_activity_set_output_take(activity, "until", bamboo_integer(wake_at));
    if (wake_at <= bamboo_activity_now(activity)) return BAMBOO_SUCCESS;
    bamboo_activity_wake_at(activity, wake_at);
    return BAMBOO_PENDING;
}

static enum bamboo_outcome schedule(struct bamboo_activity *activity, struct bamboo_value data)
{
    (void)data;
    struct bamboo_value until = bamboo_activity_output(activity, "until");
    if (until.type != BAMBOO_INTEGER || bamboo_activity_now(activity) >= until.as.integer)
        return BAMBOO_SUCCESS;
    bamboo_activity_wake_at(activity, until.as.integer);
    return BAMBOO_PENDING;
}

static const struct bamboo_input INPUTS[] = {
    {.name = "duration", .type = "duration", .documentation = "How long, such as 30s."},
    {.name = "until",
     .type = "string",
     .documentation = "Until when, such as \"2026-12-01T10:00:00Z\"."},
};

static const struct bamboo_output OUTPUTS[] = {
    {.name = "until", .type = "int", .documentation = "When it ends, in milliseconds since 1970."},
};

const struct bamboo_component STDLIB_sleep = {
    .abi_version = BAMBOO_COMPONENT_ABI,
    .code = "sleep",
    .summary = "waits for a duration or until a time",
    .documentation = "Waiting costs nothing and survives restarts: the end is a time of the wall "
                     "clock, and a late one is made up for at once. Examples: `sleep(30s)`, "
                     "`sleep(until: \"2026-12-01T10:00:00Z\")`.",
    .kind = BAMBOO_KIND_POLL,
    .effect = BAMBOO_EFFECT_PURE,
    STDLIB_INPUTS(INPUTS),
    STDLIB_OUTPUTS(OUTPUTS),
    .execute = execute,
    .schedule = schedule,
};
