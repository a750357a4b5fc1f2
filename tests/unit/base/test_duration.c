#include "tests/unit/base/support.h"

struct reading {
    const char *promise;
    const char *text;
    int64_t milliseconds;
    const char *printed; /* NULL: refused */
    const char *refused_because;
};

#define UNITS "; use whole numbers with w, d, h, m, s or ms, largest first, such as '1h30m'"

static const struct reading READINGS[] = {
    {"seconds", "30s", 30000, "30s", NULL},
    {"units add up", "1h30m", 5400000, "1h30m", NULL},
    {"all units", "1w2d3h4m5s6ms", 788645006, "1w2d3h4m5s6ms", NULL},
    {"a sum moves to larger units", "90m", 5400000, "1h30m", NULL},
    {"zero", "0s", 0, "0s", NULL},
    {"zero of another unit", "0ms", 0, "0s", NULL},
    {"negative", "-1m30s", -90000, "-1m30s", NULL},
    {"the longest", "9223372036854775807ms", INT64_MAX, "15250284452w3d7h12m55s807ms", NULL},
    {"the most negative", "-9223372036854775808ms", INT64_MIN, "-15250284452w3d7h12m55s808ms",
     NULL},
    {"a bare number is refused", "30", 0, NULL, "'30' is not a duration: a unit is missing" UNITS},
    {"nothing is refused", "", 0, NULL, "'' is not a duration: a number is missing" UNITS},
    {"a sign alone is refused", "-", 0, NULL, "'-' is not a duration: a number is missing" UNITS},
    {"a unit alone is refused", "s", 0, NULL, "'s' is not a duration: a number is missing" UNITS},
    {"an unknown unit is refused", "3y", 0, NULL,
     "'3y' is not a duration: the unit is unknown" UNITS},
    {"capitals are refused", "3S", 0, NULL, "'3S' is not a duration: the unit is unknown" UNITS},
    {"a fraction is refused", "1.5h", 0, NULL, "'1.5h' is not a duration: a unit is missing" UNITS},
    {"a space is refused", "1h 30m", 0, NULL,
     "'1h 30m' is not a duration: a number is missing" UNITS},
    {"a smaller unit first is refused", "30m1h", 0, NULL,
     "'30m1h' is not a duration: the units are out of order" UNITS},
    {"a unit twice is refused", "1s1s", 0, NULL,
     "'1s1s' is not a duration: the units are out of order" UNITS},
    {"too long by one is refused", "9223372036854775808ms", 0, NULL,
     "'9223372036854775808ms' is not a duration: it is too long" UNITS},
    {"a number beyond 64 bits is refused", "99999999999999999999s", 0, NULL,
     "'99999999999999999999s' is not a duration: it is too long" UNITS},
    {"a product beyond 64 bits is refused", "9999999999999999w", 0, NULL,
     "'9999999999999999w' is not a duration: it is too long" UNITS},
};

static void duration_is_read_as_promised(void **state)
{
    const struct reading *row = *state;
    struct bamboo_error error = {0};
    int64_t milliseconds = 0;
    enum bamboo_status status = duration_parse(row->text, strlen(row->text), &milliseconds, &error);
    if (!row->printed) {
        assert_int_equal(status, BAMBOO_E_PARAMETER);
        assert_string_equal(error.message, row->refused_because);
        return;
    }
    struct text text = {0};
    assert_int_equal(status, BAMBOO_OK);
    assert_int_equal(milliseconds, row->milliseconds);
    duration_append(&text, milliseconds);
    assert_string_equal(text_string(&text), row->printed);
    int64_t back = 0;
    assert_int_equal(duration_parse(text.bytes, text.size, &back, NULL), BAMBOO_OK);
    assert_int_equal(back, milliseconds);
    text_release(&text);
}

int main(void)
{
    return RUN_ROWS(READINGS, duration_is_read_as_promised);
}
