#include <string.h>
#include <time.h>

#include "stdlib/component_list.h"
#include "stdlib/inputs.h"

/* Reading an RFC 3339 time; a failure sticks. */
struct time_reader {
    const char *at;
    bool failed;
};

static void expect(struct time_reader *reader, const char *one_of)
{
    if (*reader->at != '\0' && strchr(one_of, *reader->at))
        reader->at++;
    else
        reader->failed = true;
}

/* `count` digits. */
static int read_digits(struct time_reader *reader, int count)
{
    int number = 0;
    for (; count > 0 && !reader->failed; count--) {
        number = number * 10 + (*reader->at - '0');
        expect(reader, "0123456789");
    }
    return number;
}

/* ".250" as milliseconds; 0 if there is none. */
static int read_fraction(struct time_reader *reader)
{
    int milliseconds = 0, unit = 100;
    if (*reader->at != '.') return 0;
    reader->at++;
    if (*reader->at < '0' || *reader->at > '9') reader->failed = true;
    for (; *reader->at >= '0' && *reader->at <= '9'; reader->at++, unit /= 10)
        milliseconds += (*reader->at - '0') * unit;
    return milliseconds;
}

/* "Z" or "+02:00" as seconds. */
static int read_zone(struct time_reader *reader)
{
    char sign = *reader->at;
    expect(reader, "Zz+-");
    if (sign != '+' && sign != '-') return 0;
    int hours = read_digits(reader, 2);
    expect(reader, ":");
    int minutes = read_digits(reader, 2);
    if (hours > 23 || minutes > 59) reader->failed = true;
    return (hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
}

/* Milliseconds since 1970 of a time such as "2026-12-01T10:00:00Z" or "...+02:00"; false if the
 * text is not one. */
static bool parse_time(const char *text, int64_t *milliseconds)
{
    struct time_reader reader = {.at = text};
    struct tm tm = {0};
    tm.tm_year = read_digits(&reader, 4) - 1900;
    expect(&reader, "-");
    tm.tm_mon = read_digits(&reader, 2) - 1;
    expect(&reader, "-");
    tm.tm_mday = read_digits(&reader, 2);
    expect(&reader, "Tt ");
    tm.tm_hour = read_digits(&reader, 2);
    expect(&reader, ":");
    tm.tm_min = read_digits(&reader, 2);
    expect(&reader, ":");
    tm.tm_sec = read_digits(&reader, 2);
    int fraction = read_fraction(&reader);
    int offset = read_zone(&reader);
    if (reader.failed || *reader.at != '\0') return false;
    /* timegm() corrects what is out of range; a time that had to be corrected is none. */
    struct tm wanted = tm;
    int64_t seconds = timegm(&tm);
    *milliseconds = (seconds - offset) * 1000 + fraction;
    return tm.tm_mon == wanted.tm_mon && tm.tm_mday == wanted.tm_mday &&
           tm.tm_hour == wanted.tm_hour && tm.tm_min == wanted.tm_min && tm.tm_sec == wanted.tm_sec;
}

static const struct bamboo_input INPUTS[] = {
    {.name = "duration", .type = "duration", .documentation = "How long, such as 30s."},
    {.name = "until",
     .type = "string",
     .documentation = "Until when, such as \"2026-12-01T10:00:00Z\"."},
};

static enum bamboo_outcome execute(struct bamboo_activity *activity)
{
    struct bamboo_value duration = bamboo_activity_input(activity, "duration");
    struct bamboo_value until = bamboo_activity_input(activity, "until");
    int64_t wake_at;
    bool failed = false;
    if (!inputs_fit(activity, INPUTS, sizeof INPUTS / sizeof *INPUTS)) return BAMBOO_FAILURE;
    if ((duration.type == BAMBOO_DURATION) == (until.type == BAMBOO_STRING))
        return bamboo_activity_fail(activity, "sleep wants either duration or until");
    if (duration.type == BAMBOO_DURATION) {
        if (__builtin_add_overflow(bamboo_activity_now(activity), duration.as.integer, &wake_at))
            return bamboo_activity_fail(activity, "the duration is too long");
    } else {
        const char *text = input_c_string(activity, "until", &failed);
        if (failed) return BAMBOO_FAILURE;
        if (!parse_time(text, &wake_at))
            return bamboo_activity_fail(
                activity, "'%s' is not a time such as 2026-12-01T10:00:00Z or ...+02:00", text);
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
