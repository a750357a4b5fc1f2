/* Functions and methods of lists. */
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/value_operators.h"
#include "stdlib/function_bodies.h"

BODY(function_list)
{
    (void)count;
    if (arguments[0].type < BAMBOO_STRING)
        return refuse_type(error, "list", "a list, a string or a map", arguments[0]);
    return value_elements(arguments[0], out, error);
}

/* How many numbers a range has. */
static uint64_t range_length(int64_t start, int64_t end, int64_t step)
{
    uint64_t stride = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
    uint64_t gap = step > 0 ? (uint64_t)end - (uint64_t)start : (uint64_t)start - (uint64_t)end;
    bool is_empty = step > 0 ? end <= start : end >= start;
    return is_empty ? 0 : (gap - 1) / stride + 1;
}

BODY(function_range)
{
    int64_t bounds[3] = {0, 0, 1}; /* start, end, step */
    for (size_t i = 0; i < count; i++) {
        if (arguments[i].type != BAMBOO_INTEGER)
            return refuse_type(error, "range", "whole numbers", arguments[i]);
        bounds[count == 1 ? 1 : i] = arguments[i].as.integer;
    }
    if (bounds[2] == 0)
        return fail(error, BAMBOO_E_EVALUATION, "range() wants a step that is not 0");
    uint64_t length = range_length(bounds[0], bounds[1], bounds[2]);
    if (length > VALUE_COUNT_MAX)
        return fail(error, BAMBOO_E_LIMIT, "range() would have more than %u elements",
                    VALUE_COUNT_MAX);
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    for (uint64_t i = 0; i < length; i++)
        bamboo_list_builder_append_take(
            &builder, bamboo_integer((int64_t)((uint64_t)bounds[0] + i * (uint64_t)bounds[2])));
    return bamboo_list_builder_finish(&builder, out, error);
}

/* Merges two sorted runs of `from` into `to`; equal elements keep their order. */
static enum bamboo_status merge(const struct bamboo_value *from, struct bamboo_value *to,
                                const size_t bounds[3], int sign, struct bamboo_error *error)
{
    size_t left = bounds[0], right = bounds[1];
    for (size_t at = bounds[0]; at < bounds[2]; at++) {
        bool take_right = left >= bounds[1];
        if (!take_right && right < bounds[2]) {
            int order;
            enum bamboo_status status = value_order(from[right], from[left], &order, error);
            if (status != BAMBOO_OK) return status;
            take_right = order * sign < 0;
        }
        to[at] = take_right ? from[right++] : from[left++];
    }
    return BAMBOO_OK;
}

/* A stable merge sort over borrowed values; the result is in *values again. */
static enum bamboo_status sort(struct bamboo_value **values, struct bamboo_value **scratch,
                               size_t count, int sign, struct bamboo_error *error)
{
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t start = 0; start < count; start += 2 * width) {
            size_t middle = start + width < count ? start + width : count;
            size_t end = start + 2 * width < count ? start + 2 * width : count;
            enum bamboo_status status =
                merge(*values, *scratch, (size_t[3]){start, middle, end}, sign, error);
            if (status != BAMBOO_OK) return status;
        }
        struct bamboo_value *swap = *values;
        *values = *scratch;
        *scratch = swap;
    }
    return BAMBOO_OK;
}

static enum bamboo_status list_of(const struct bamboo_value *values, size_t count,
                                  struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    for (size_t i = 0; i < count; i++)
        bamboo_list_builder_append_take(&builder, bamboo_value_retain(values[i]));
    return bamboo_list_builder_finish(&builder, out, error);
}

static enum bamboo_status sort_list(struct bamboo_value list, int sign, struct bamboo_value *out,
                                    struct bamboo_error *error)
{
    size_t count = bamboo_list_count(list);
    enum bamboo_status status = BAMBOO_E_MEMORY;
    struct bamboo_value *values = memory_allocate_zeroed(count + 1, sizeof *values);
    struct bamboo_value *scratch = memory_allocate_zeroed(count + 1, sizeof *scratch);
    if (values && scratch) {
        for (size_t i = 0; i < count; i++)
            values[i] = bamboo_list_at(list, i);
        status = sort(&values, &scratch, count, sign, error);
        if (status == BAMBOO_OK) status = list_of(values, count, out, error);
    } else {
        (void)fail_memory(error);
    }
    memory_free(values);
    memory_free(scratch);
    return status;
}

BODY(function_sorted)
{
    struct bamboo_value list = bamboo_missing();
    if (count == 2 && arguments[1].type != BAMBOO_BOOL)
        return refuse_type(error, "sorted", "true or false for descending", arguments[1]);
    enum bamboo_status status = function_list(arguments, 1, &list, error);
    if (status != BAMBOO_OK) return status;
    status = sort_list(list, count == 2 && arguments[1].as.boolean ? -1 : 1, out, error);
    bamboo_value_release(list);
    return status;
}

static enum bamboo_status want_list(struct bamboo_value value, const char *function,
                                    struct bamboo_error *error)
{
    return value.type == BAMBOO_LIST ? BAMBOO_OK : refuse_type(error, function, "a list", value);
}

BODY(function_reversed)
{
    (void)count;
    enum bamboo_status status = want_list(arguments[0], "reversed", error);
    if (status != BAMBOO_OK) return status;
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    for (size_t i = bamboo_list_count(arguments[0]); i > 0; i--)
        bamboo_list_builder_append_take(&builder,
                                        bamboo_value_retain(bamboo_list_at(arguments[0], i - 1)));
    return bamboo_list_builder_finish(&builder, out, error);
}

/* [first, second] as an element of a list in the making. */
static void append_pair(struct bamboo_list_builder *builder, struct bamboo_value first,
                        struct bamboo_value second)
{
    struct bamboo_value pair;
    struct bamboo_list_builder two;
    bamboo_list_builder_init(&two);
    bamboo_list_builder_append_take(&two, bamboo_value_retain(first));
    bamboo_list_builder_append_take(&two, bamboo_value_retain(second));
    enum bamboo_status status = bamboo_list_builder_finish(&two, &pair, NULL);
    if (status == BAMBOO_OK)
        bamboo_list_builder_append_take(builder, pair);
    else
        builder->failed = status;
}

BODY(function_enumerate)
{
    enum bamboo_status status = want_list(arguments[0], "enumerate", error);
    if (status != BAMBOO_OK) return status;
    if (count == 2 && arguments[1].type != BAMBOO_INTEGER)
        return refuse_type(error, "enumerate", "a whole number as start", arguments[1]);
    int64_t start = count == 2 ? arguments[1].as.integer : 0;
    if (start > INT64_MAX - (int64_t)VALUE_COUNT_MAX)
        return fail(error, BAMBOO_E_EVALUATION, "enumerate() would count beyond 64 bits");
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    for (size_t i = 0; i < bamboo_list_count(arguments[0]); i++)
        append_pair(&builder, bamboo_integer(start + (int64_t)i), bamboo_list_at(arguments[0], i));
    return bamboo_list_builder_finish(&builder, out, error);
}

BODY(function_zip)
{
    size_t length = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        enum bamboo_status status = want_list(arguments[i], "zip", error);
        if (status != BAMBOO_OK) return status;
        if (bamboo_list_count(arguments[i]) < length) length = bamboo_list_count(arguments[i]);
    }
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    for (size_t i = 0; i < length; i++) {
        struct bamboo_list_builder row;
        struct bamboo_value list;
        bamboo_list_builder_init(&row);
        for (size_t a = 0; a < count; a++)
            bamboo_list_builder_append_take(&row,
                                            bamboo_value_retain(bamboo_list_at(arguments[a], i)));
        enum bamboo_status status = bamboo_list_builder_finish(&row, &list, error);
        if (status != BAMBOO_OK) {
            bamboo_list_builder_release(&builder);
            return status;
        }
        bamboo_list_builder_append_take(&builder, list);
    }
    return bamboo_list_builder_finish(&builder, out, error);
}

/* Is there an element whose truth is `wanted`? */
static bool has_truth(struct bamboo_value list, bool wanted)
{
    for (size_t i = 0; i < bamboo_list_count(list); i++)
        if (value_is_true(bamboo_list_at(list, i)) == wanted) return true;
    return false;
}

BODY(function_any)
{
    (void)count;
    enum bamboo_status status = want_list(arguments[0], "any", error);
    if (status == BAMBOO_OK) *out = bamboo_bool(has_truth(arguments[0], true));
    return status;
}

BODY(function_all)
{
    (void)count;
    enum bamboo_status status = want_list(arguments[0], "all", error);
    if (status == BAMBOO_OK) *out = bamboo_bool(!has_truth(arguments[0], false));
    return status;
}

BODY(method_LIST_index)
{
    (void)count;
    for (size_t i = 0; i < bamboo_list_count(arguments[0]); i++)
        if (bamboo_value_equal(bamboo_list_at(arguments[0], i), arguments[1])) {
            *out = bamboo_integer((int64_t)i);
            return BAMBOO_OK;
        }
    return fail(error, BAMBOO_E_EVALUATION, "index(): the value is not in the list");
}

BODY(method_LIST_count)
{
    (void)count, (void)error;
    int64_t found = 0;
    for (size_t i = 0; i < bamboo_list_count(arguments[0]); i++)
        found += bamboo_value_equal(bamboo_list_at(arguments[0], i), arguments[1]);
    *out = bamboo_integer(found);
    return BAMBOO_OK;
}
