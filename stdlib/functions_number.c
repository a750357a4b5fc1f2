/* Functions of numbers and durations. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/duration.h"
#include "base/value_operators.h"
#include "stdlib/function_bodies.h"

BODY(function_abs)
{
    (void)count;
    struct bamboo_value value = arguments[0];
    if (value.type == BAMBOO_FLOAT) {
        *out = bamboo_float(fabs(value.as.number));
        return BAMBOO_OK;
    }
    if (value.type != BAMBOO_INTEGER && value.type != BAMBOO_DURATION)
        return refuse_type(error, "abs", "a number or a duration", value);
    if (value.as.integer == INT64_MIN)
        return fail(error, BAMBOO_E_EVALUATION, "the number does not fit into 64 bits");
    value.as.integer = value.as.integer < 0 ? -value.as.integer : value.as.integer;
    *out = value;
    return BAMBOO_OK;
}

BODY(function_round)
{
    struct bamboo_value value = arguments[0];
    int64_t digits = 0;
    if (!value_is_number(value)) return refuse_type(error, "round", "a number", value);
    if (count == 2) {
        if (arguments[1].type != BAMBOO_INTEGER || arguments[1].as.integer < 0 ||
            arguments[1].as.integer > 20)
            return fail(error, BAMBOO_E_EVALUATION, "round() keeps 0 to 20 digits");
        digits = arguments[1].as.integer;
    }
    if (value.type == BAMBOO_INTEGER) {
        *out = value;
        return BAMBOO_OK;
    }
    if (count == 2) { /* by its decimal form, as Python does: exact for every double */
        char text[400];
        snprintf(text, sizeof text, "%.*f", (int)digits, value.as.number);
        *out = bamboo_float(strtod(text, NULL));
        return BAMBOO_OK;
    }
    double whole = nearbyint(value.as.number); /* halves go to the even one */
    if (whole < -9223372036854775808.0 || whole >= 9223372036854775808.0)
        return fail(error, BAMBOO_E_EVALUATION, "the number does not fit into 64 bits");
    *out = bamboo_integer((int64_t)whole);
    return BAMBOO_OK;
}

/* The element that comes first (sign < 0) or last (sign > 0) in order; the first of equal ones. */
static enum bamboo_status extreme(const char *function, int sign,
                                  const struct bamboo_value *arguments, size_t count,
                                  struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_value list = count == 1 ? arguments[0] : bamboo_missing();
    if (count == 1 && list.type != BAMBOO_LIST)
        return refuse_type(error, function, "a list, or several values", list);
    size_t total = count == 1 ? bamboo_list_count(list) : count;
    if (total == 0) return fail(error, BAMBOO_E_EVALUATION, "%s() of an empty list", function);
    struct bamboo_value best = count == 1 ? bamboo_list_at(list, 0) : arguments[0];
    for (size_t i = 1; i < total; i++) {
        struct bamboo_value next = count == 1 ? bamboo_list_at(list, i) : arguments[i];
        int order;
        enum bamboo_status status = value_order(next, best, &order, error);
        if (status != BAMBOO_OK) return status;
        if (order * sign > 0) best = next;
    }
    *out = bamboo_value_retain(best);
    return BAMBOO_OK;
}

BODY(function_min)
{
    return extreme("min", -1, arguments, count, out, error);
}

BODY(function_max)
{
    return extreme("max", 1, arguments, count, out, error);
}

/* Adding up texts, lists or maps would copy what is there each time: join() and + are for them. */
static bool can_be_summed(struct bamboo_value value)
{
    return value_is_number(value) || value.type == BAMBOO_DURATION;
}

BODY(function_sum)
{
    if (arguments[0].type != BAMBOO_LIST) return refuse_type(error, "sum", "a list", arguments[0]);
    size_t length = bamboo_list_count(arguments[0]);
    struct bamboo_value total = bamboo_integer(0);
    if (count == 2)
        total = arguments[1];
    else if (length > 0 && bamboo_list_at(arguments[0], 0).type == BAMBOO_DURATION)
        total = bamboo_duration(0);
    if (!can_be_summed(total))
        return refuse_type(error, "sum", "a number or a duration to begin with", total);
    for (size_t i = 0; i < length; i++) {
        struct bamboo_value element = bamboo_list_at(arguments[0], i);
        if (!can_be_summed(element))
            return refuse_type(error, "sum", "a list of numbers or durations", element);
        enum bamboo_status status = value_add(total, element, &total, error);
        if (status != BAMBOO_OK) return status;
    }
    *out = total;
    return BAMBOO_OK;
}

BODY(function_seconds)
{
    (void)count;
    if (arguments[0].type != BAMBOO_DURATION)
        return refuse_type(error, "seconds", "a duration", arguments[0]);
    *out = bamboo_float((double)arguments[0].as.integer / 1000);
    return BAMBOO_OK;
}

BODY(function_duration)
{
    (void)count;
    struct bamboo_value value = arguments[0];
    if (value.type == BAMBOO_DURATION) {
        *out = value;
        return BAMBOO_OK;
    }
    if (value.type == BAMBOO_STRING) {
        size_t size;
        int64_t milliseconds;
        struct bamboo_error why = {0};
        const char *bytes = bamboo_string_bytes(value, &size);
        if (duration_parse(bytes, size, &milliseconds, &why) != BAMBOO_OK)
            return fail(error, BAMBOO_E_EVALUATION, "%s", why.message);
        *out = bamboo_duration(milliseconds);
        return BAMBOO_OK;
    }
    if (!value_is_number(value))
        return refuse_type(error, "duration", "a text such as \"1h30m\", or seconds", value);
    double milliseconds = value_as_double(value) * 1000;
    if (fabs(milliseconds) >= 9e15)
        return fail(error, BAMBOO_E_EVALUATION, "the duration is too long");
    *out = bamboo_duration((int64_t)llround(milliseconds));
    return BAMBOO_OK;
}
