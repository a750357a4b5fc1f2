#include "base/iso_time.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#define MS_A_SECOND 1000
#define MS_A_MINUTE (60 * (int64_t)MS_A_SECOND)
#define MS_AN_HOUR  (60 * MS_A_MINUTE)
#define MS_A_DAY    (24 * MS_AN_HOUR)
/* About 10,000 years: sums of a few such times do not overflow. */
#define DURATION_MAX (3652500 * MS_A_DAY)

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

/* Reads exactly `count` digits. */
static bool read_digits(const char **at, unsigned count, int *number)
{
    *number = 0;
    for (; count > 0; count--, (*at)++) {
        if (!is_digit(**at)) return false;
        *number = *number * 10 + (**at - '0');
    }
    return true;
}

static bool skip(const char **at, char character)
{
    if (**at != character) return false;
    (*at)++;
    return true;
}

/* Digits behind a point, as thousandths. */
static int read_thousandths(const char **at)
{
    int thousandths = 0;
    for (int place = 100; is_digit(**at); (*at)++, place /= 10)
        thousandths += place * (**at - '0');
    return thousandths;
}

/* Days from 1970-01-01 (the civil calendar, counted in eras of 400 years). */
static int64_t days_of(int year, int month, int day)
{
    int64_t shifted = month <= 2 ? year - 1 : year;
    int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    int64_t year_of_era = shifted - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && is_leap ? 1 : 0);
}

/* "Z", "+02:00", "-0530", or nothing; then perhaps "[Name/Of_Zone]". */
static bool read_offset(const char **at, int64_t *offset_ms)
{
    *offset_ms = 0;
    if (!skip(at, 'Z') && (**at == '+' || **at == '-')) {
        int sign = **at == '+' ? 1 : -1;
        int hours = 0, minutes = 0;
        (*at)++;
        if (!read_digits(at, 2, &hours)) return false;
        bool has_colon = skip(at, ':');
        if ((has_colon || is_digit(**at)) && !read_digits(at, 2, &minutes)) return false;
        if (hours > 23 || minutes > 59) return false;
        *offset_ms = sign * (hours * MS_AN_HOUR + minutes * MS_A_MINUTE);
    }
    if (**at != '[') return true;
    const char *close = strchr(*at, ']');
    if (close == NULL) return false;
    *at = close + 1;
    return true;
}

const char *iso_time_parse(const char *text, int64_t *time_ms)
{
    static const char wrong[] = "a time is written as 2026-12-01T10:00:00Z";
    const char *at = text;
    int year, month, day, hour, minute, second = 0, thousandths = 0;
    int64_t offset_ms;
    if (!read_digits(&at, 4, &year) || !skip(&at, '-') || !read_digits(&at, 2, &month) ||
        !skip(&at, '-') || !read_digits(&at, 2, &day) || !(skip(&at, 'T') || skip(&at, ' ')) ||
        !read_digits(&at, 2, &hour) || !skip(&at, ':') || !read_digits(&at, 2, &minute))
        return wrong;
    if (skip(&at, ':') && !read_digits(&at, 2, &second)) return wrong;
    if (*at == '.' && !is_digit(at[1])) return wrong;
    if (skip(&at, '.')) thousandths = read_thousandths(&at);
    if (!read_offset(&at, &offset_ms) || *at != '\0') return wrong;
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) || hour > 23 ||
        minute > 59 || second > 59)
        return "there is no such time";
    *time_ms = days_of(year, month, day) * MS_A_DAY + hour * MS_AN_HOUR + minute * MS_A_MINUTE +
               second * (int64_t)MS_A_SECOND + thousandths - offset_ms;
    return NULL;
}

void iso_time_append(struct text *text, int64_t time_ms)
{
    int64_t thousandths = time_ms % MS_A_SECOND;
    if (thousandths < 0) thousandths += MS_A_SECOND;
    time_t seconds = (time_t)((time_ms - thousandths) / MS_A_SECOND);
    struct tm date;
    if (!gmtime_r(&seconds, &date)) {
        text->failed = true; /* no year that an int counts */
        return;
    }
    text_append_format(text, "%04d-%02d-%02dT%02d:%02d:%02d", date.tm_year + 1900, date.tm_mon + 1,
                       date.tm_mday, date.tm_hour, date.tm_min, date.tm_sec);
    if (thousandths > 0) text_append_format(text, ".%03d", (int)thousandths);
    text_append_character(text, 'Z');
}

/* --- Durations --- */

struct unit {
    char letter;
    int64_t ms;
};

static const struct unit DATE_UNITS[] = {
    {'Y', 365 * MS_A_DAY}, {'M', 30 * MS_A_DAY}, {'W', 7 * MS_A_DAY}, {'D', MS_A_DAY}};
static const struct unit TIME_UNITS[] = {{'H', MS_AN_HOUR}, {'M', MS_A_MINUTE}, {'S', MS_A_SECOND}};

/* Reads "1H30M" up to what is not a number; the units have to come in order. */
static bool read_units(const char **at, const struct unit *units, size_t count, int64_t *total_ms)
{
    size_t next = 0;
    while (is_digit(**at)) {
        int64_t number = 0;
        int thousandths = 0;
        for (; is_digit(**at); (*at)++)
            if ((number = number * 10 + (**at - '0')) > DURATION_MAX) return false;
        if (skip(at, '.') || skip(at, ',')) thousandths = read_thousandths(at);
        while (next < count && units[next].letter != **at)
            next++;
        if (next == count || number > DURATION_MAX / units[next].ms) return false;
        *total_ms += number * units[next].ms + units[next].ms / 1000 * thousandths;
        next++;
        (*at)++;
    }
    return true;
}

const char *iso_duration_parse(const char *text, int64_t *duration_ms)
{
    static const char wrong[] = "a duration is written as PT1H30M or P14D";
    const char *at = text;
    int64_t total_ms = 0;
    if (!skip(&at, 'P') || !read_units(&at, DATE_UNITS, 4, &total_ms)) return wrong;
    if (skip(&at, 'T') && !read_units(&at, TIME_UNITS, 3, &total_ms)) return wrong;
    if (*at != '\0') return wrong;
    if (total_ms <= 0 || total_ms > DURATION_MAX) return "a duration is above 0";
    *duration_ms = total_ms;
    return NULL;
}

const char *iso_cycle_parse(const char *text, int64_t *count, int64_t *interval_ms)
{
    static const char wrong[] = "a cycle is written as R5/PT10S";
    const char *at = text;
    int64_t number = 0;
    if (!skip(&at, 'R')) return wrong;
    bool has_number = is_digit(*at);
    for (; is_digit(*at); at++)
        if ((number = number * 10 + (*at - '0')) > INT32_MAX) return wrong;
    if (!skip(&at, '/')) return wrong;
    if (has_number && number == 0) return "a cycle happens at least once";
    const char *why = iso_duration_parse(at, interval_ms);
    if (why == NULL) *count = number;
    return why;
}
