/* Times as ISO 8601 writes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/iso_time.h"
#include "tests/unit/rows.h"

static const char TIME[] = "a time is written as 2026-12-01T10:00:00Z";
static const char DURATION[] = "a duration is written as PT1H30M or P14D";

struct row {
    const char *promise;
    const char *text;
    int64_t milliseconds;
    const char *refused_because;
};

static const struct row TIMES[] = {
    {"the beginning", "1970-01-01T00:00:00Z", 0, NULL},
    {"seconds may be left out", "1970-01-02T00:00Z", 86400000, NULL},
    {"a leap day", "2024-02-29T12:00:00Z", 1709208000000, NULL},
    {"before 1970", "1969-12-31T23:59:59Z", -1000, NULL},
    {"an offset", "2019-10-02T08:09:40+02:00", 1569996580000, NULL},
    {"an offset with the name of its zone", "2019-10-02T08:09:40+02:00[Europe/Berlin]",
     1569996580000, NULL},
    {"an offset without a colon", "2019-10-02T02:39:40-0330", 1569996580000, NULL},
    {"thousandths", "1970-01-01T00:00:00.125Z", 125, NULL},
    {"more digits than thousandths", "1970-01-01T00:00:00.1259999Z", 125, NULL},
    {"no offset is UTC", "1970-01-01T00:00:01", 1000, NULL},
    {"a space for the T", "1970-01-01 00:00:01Z", 1000, NULL},
    {"a day that is not there", "2026-02-29T00:00:00Z", 0, "there is no such time"},
    {"a month that is not there", "2026-13-01T00:00:00Z", 0, "there is no such time"},
    {"an hour that is not there", "2026-01-01T24:00:00Z", 0, "there is no such time"},
    {"a date alone", "2026-01-01", 0, TIME},
    {"something behind it", "2026-01-01T00:00:00Zx", 0, TIME},
    {"an open zone", "2026-01-01T00:00:00Z[x", 0, TIME},
    {"an offset of a week", "2026-01-01T00:00:00+99:00", 0, TIME},
    {"nothing", "", 0, TIME},
};

static const struct row DURATIONS[] = {
    {"seconds", "PT15S", 15000, NULL},
    {"units add up", "P14DT1H30M", 1215000000, NULL},
    {"weeks", "P2W", 1209600000, NULL},
    {"months and minutes have one letter", "P1MT1M", 2592060000, NULL},
    {"a fraction", "PT0.5S", 500, NULL},
    {"nothing at all is refused", "PT0S", 0, "a duration is above 0"},
    {"an empty one is refused", "P", 0, "a duration is above 0"},
    {"units have an order", "PT5S1H", 0, DURATION},
    {"a number needs its unit", "PT5", 0, DURATION},
    {"no P", "T5S", 0, DURATION},
    {"too long", "P99999999999999999999D", 0, DURATION},
    {"too long by its unit", "P3652500Y", 0, DURATION},
};

static void a_time_is_read(void **state)
{
    const struct row *expected = *state;
    int64_t milliseconds = 0;
    const char *refusal = iso_time_parse(expected->text, &milliseconds);
    if (expected->refused_because)
        assert_string_equal(refusal, expected->refused_because);
    else
        assert_null(refusal);
    assert_true(milliseconds == expected->milliseconds);
}

static void a_duration_is_read(void **state)
{
    const struct row *expected = *state;
    int64_t milliseconds = 0;
    const char *refusal = iso_duration_parse(expected->text, &milliseconds);
    if (expected->refused_because)
        assert_string_equal(refusal, expected->refused_because);
    else
        assert_null(refusal);
    assert_true(milliseconds == expected->milliseconds);
}

static void a_cycle_is_a_count_and_a_duration(void **state)
{
    (void)state;
    int64_t count = -1, interval = -1;
    assert_null(iso_cycle_parse("R5/PT10S", &count, &interval));
    assert_true(count == 5 && interval == 10000);
    assert_null(iso_cycle_parse("R/P1D", &count, &interval));
    assert_true(count == 0 && interval == 86400000);
    assert_string_equal(iso_cycle_parse("R0/P1D", &count, &interval),
                        "a cycle happens at least once");
    assert_string_equal(iso_cycle_parse("5/P1D", &count, &interval),
                        "a cycle is written as R5/PT10S");
    assert_string_equal(iso_cycle_parse("R99999999999/P1D", &count, &interval),
                        "a cycle is written as R5/PT10S");
    assert_string_equal(iso_cycle_parse("R5/10s", &count, &interval), DURATION);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cycle_is_a_count_and_a_duration),
    };
    int failed = cmocka_run_group_tests_name("cycles", tests, NULL, NULL);
    failed += RUN_ROWS(TIMES, a_time_is_read);
    failed += RUN_ROWS(DURATIONS, a_duration_is_read);
    return failed;
}
