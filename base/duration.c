#include "base/duration.h"

#include <inttypes.h>
#include <string.h>

#define UNITS "use whole numbers with w, d, h, m, s or ms, largest first, such as '1h30m'"

struct unit {
    const char *name;
    uint64_t milliseconds;
};

static const struct unit UNIT_TABLE[] = {
    {"w", 604800000}, {"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1},
};
#define UNIT_COUNT (sizeof UNIT_TABLE / sizeof UNIT_TABLE[0])

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

static bool is_letter(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

/* A duration as it is being read: `unit` is the smallest unit that was seen. */
struct reading {
    const char *next;
    const char *end;
    size_t unit; /* units from here on may still come */
    uint64_t sum;
};

static size_t find_unit(const char *name, size_t size)
{
    size_t i = 0;
    while (i < UNIT_COUNT &&
           (strlen(UNIT_TABLE[i].name) != size || memcmp(UNIT_TABLE[i].name, name, size) != 0))
        i++;
    return i;
}

/* Reads a number and its unit; NULL, or what is wrong. */
static const char *read_part(struct reading *reading)
{
    uint64_t number = 0;
    if (reading->next == reading->end || !is_digit(*reading->next)) return "a number is missing";
    for (; reading->next < reading->end && is_digit(*reading->next); reading->next++)
        if (__builtin_mul_overflow(number, 10u, &number) ||
            __builtin_add_overflow(number, (uint64_t)(*reading->next - '0'), &number))
            return "it is too long";
    const char *name = reading->next;
    while (reading->next < reading->end && is_letter(*reading->next))
        reading->next++;
    if (reading->next == name) return "a unit is missing";
    size_t unit = find_unit(name, (size_t)(reading->next - name));
    if (unit == UNIT_COUNT) return "the unit is unknown";
    if (unit < reading->unit) return "the units are out of order";
    reading->unit = unit + 1;
    if (__builtin_mul_overflow(number, UNIT_TABLE[unit].milliseconds, &number) ||
        __builtin_add_overflow(reading->sum, number, &reading->sum))
        return "it is too long";
    return NULL;
}

enum bamboo_status duration_parse(const char *bytes, size_t size, int64_t *milliseconds,
                                  struct bamboo_error *error)
{
    struct reading reading = {.next = bytes, .end = bytes + size};
    bool negative = size > 0 && bytes[0] == '-';
    if (negative) reading.next++;
    const char *wrong;
    do
        wrong = read_part(&reading);
    while (!wrong && reading.next < reading.end);
    if (!wrong && reading.sum > (uint64_t)INT64_MAX + negative) wrong = "it is too long";
    if (wrong)
        return fail(error, BAMBOO_E_PARAMETER, "'%.*s' is not a duration: %s; " UNITS,
                    (int)(size < 40 ? size : 40), bytes, wrong);
    *milliseconds = (int64_t)(negative ? 0 - reading.sum : reading.sum);
    return BAMBOO_OK;
}

void duration_append(struct text *text, int64_t milliseconds)
{
    uint64_t rest = milliseconds < 0 ? 0 - (uint64_t)milliseconds : (uint64_t)milliseconds;
    if (milliseconds < 0) text_append_character(text, '-');
    if (milliseconds == 0) text_append_string(text, "0s");
    for (size_t i = 0; i < UNIT_COUNT; i++) {
        uint64_t count = rest / UNIT_TABLE[i].milliseconds;
        rest %= UNIT_TABLE[i].milliseconds;
        if (count) text_append_format(text, "%" PRIu64 "%s", count, UNIT_TABLE[i].name);
    }
}
