/* + - * and unary minus. Division is in value_divide.c; order, `in`, index and slice have files of
 * their own. */
#include "base/value_operators.h"

#include <math.h>
#include <string.h>

#include "base/limits.h"
#include "base/value_layout.h"
#include "base/value_operands.h"

static const struct operator_name ADD = {"+", "add", "and", false};
static const struct operator_name SUBTRACT = {"-", "subtract", "from", true};
static const struct operator_name MULTIPLY = {"*", "multiply", "by", false};

/* A result that has the type of `like`: an integer or a duration. */
static enum bamboo_status finish_integer(bool overflows, int64_t integer, enum bamboo_type type,
                                         struct bamboo_value *out, struct bamboo_error *error)
{
    if (overflows) return refuse_overflow(type, error);
    *out = (struct bamboo_value){.type = type, .as = {.integer = integer}};
    return BAMBOO_OK;
}

/* --- + --- */

static enum bamboo_status add_strings(const struct bamboo_string *left,
                                      const struct bamboo_string *right, struct bamboo_value *out,
                                      struct bamboo_error *error)
{
    char *bytes = NULL;
    enum bamboo_status status =
        value_string_reserve((size_t)left->size + right->size, out, &bytes, error);
    if (status || !bytes) return status;
    if (left->size) memcpy(bytes, left->bytes, left->size);
    if (right->size) memcpy(bytes + left->size, right->bytes, right->size);
    return BAMBOO_OK;
}

static void append_items(struct bamboo_list_builder *builder, const struct bamboo_list *list)
{
    for (uint32_t i = 0; i < list->count && !builder->failed; i++)
        bamboo_list_builder_append_take(builder, bamboo_value_retain(list->items[i]));
}

static void put_entries(struct bamboo_map_builder *builder, const struct bamboo_map *map)
{
    for (uint32_t i = 0; i < map->count && !builder->failed; i++)
        bamboo_map_builder_put_take(builder, value_of_string(map->entries[i].key),
                                    bamboo_value_retain(map->entries[i].value));
}

static enum bamboo_status add_lists(const struct bamboo_list *left, const struct bamboo_list *right,
                                    struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    append_items(&builder, left);
    append_items(&builder, right);
    return bamboo_list_builder_finish(&builder, out, error);
}

static enum bamboo_status add_maps(const struct bamboo_map *left, const struct bamboo_map *right,
                                   struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_map_builder builder;
    bamboo_map_builder_init(&builder);
    put_entries(&builder, left);
    put_entries(&builder, right);
    return bamboo_map_builder_finish(&builder, out, error);
}

static const char *add_hint(struct bamboo_value left, struct bamboo_value right)
{
    bool has_list = left.type == BAMBOO_LIST || right.type == BAMBOO_LIST;
    bool has_string = left.type == BAMBOO_STRING || right.type == BAMBOO_STRING;
    if (has_list) return "use str() or [..]";
    return has_string ? "use str() or \"${..}\"" : NULL;
}

enum bamboo_status value_add(struct bamboo_value left, struct bamboo_value right,
                             struct bamboo_value *out, struct bamboo_error *error)
{
    int64_t sum;
    if (both_are(left, right, BAMBOO_INTEGER) || both_are(left, right, BAMBOO_DURATION)) {
        bool overflows = __builtin_add_overflow(left.as.integer, right.as.integer, &sum);
        return finish_integer(overflows, sum, left.type, out, error);
    }
    if (value_is_number(left) && value_is_number(right))
        return finish_float(value_as_double(left) + value_as_double(right), out, error);
    if (both_are(left, right, BAMBOO_STRING))
        return add_strings(left.as.string, right.as.string, out, error);
    if (both_are(left, right, BAMBOO_LIST))
        return add_lists(left.as.list, right.as.list, out, error);
    if (both_are(left, right, BAMBOO_MAP)) return add_maps(left.as.map, right.as.map, out, error);
    return refuse_operands(&ADD, left, right, add_hint(left, right), error);
}

/* --- - --- */

enum bamboo_status value_subtract(struct bamboo_value left, struct bamboo_value right,
                                  struct bamboo_value *out, struct bamboo_error *error)
{
    int64_t difference;
    if (both_are(left, right, BAMBOO_INTEGER) || both_are(left, right, BAMBOO_DURATION)) {
        bool overflows = __builtin_sub_overflow(left.as.integer, right.as.integer, &difference);
        return finish_integer(overflows, difference, left.type, out, error);
    }
    if (value_is_number(left) && value_is_number(right))
        return finish_float(value_as_double(left) - value_as_double(right), out, error);
    return refuse_operands(&SUBTRACT, left, right, NULL, error);
}

enum bamboo_status value_negate(struct bamboo_value operand, struct bamboo_value *out,
                                struct bamboo_error *error)
{
    if (operand.type == BAMBOO_INTEGER || operand.type == BAMBOO_DURATION) {
        int64_t negated;
        bool overflows = __builtin_sub_overflow(0, operand.as.integer, &negated);
        return finish_integer(overflows, negated, operand.type, out, error);
    }
    if (operand.type == BAMBOO_FLOAT) return finish_float(-operand.as.number, out, error);
    return fail(error, BAMBOO_E_EVALUATION, "cannot negate %s", value_type_phrase(operand.type));
}

/* --- * --- */

static enum bamboo_status repeat_string(const struct bamboo_string *string, size_t count,
                                        struct bamboo_value *out, struct bamboo_error *error)
{
    size_t size;
    char *bytes = NULL;
    if (__builtin_mul_overflow((size_t)string->size, count, &size)) size = SIZE_MAX;
    enum bamboo_status status = value_string_reserve(size, out, &bytes, error);
    if (status || !bytes) return status;
    for (size_t at = 0; at < size; at += string->size)
        memcpy(bytes + at, string->bytes, string->size);
    return BAMBOO_OK;
}

static enum bamboo_status repeat_list(const struct bamboo_list *list, size_t count,
                                      struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_list_builder builder;
    size_t whole;
    if (__builtin_mul_overflow((size_t)list->count, count, &whole) || whole > VALUE_COUNT_MAX)
        return fail(error, BAMBOO_E_LIMIT, "a list has more than %u elements", VALUE_COUNT_MAX);
    bamboo_list_builder_init(&builder);
    for (size_t done = 0; done < whole && !builder.failed; done += list->count)
        append_items(&builder, list);
    return bamboo_list_builder_finish(&builder, out, error);
}

static enum bamboo_status scale_duration(int64_t milliseconds, struct bamboo_value factor,
                                         struct bamboo_value *out, struct bamboo_error *error)
{
    int64_t product;
    if (factor.type == BAMBOO_INTEGER) {
        bool overflows = __builtin_mul_overflow(milliseconds, factor.as.integer, &product);
        return finish_integer(overflows, product, BAMBOO_DURATION, out, error);
    }
    double scaled = (double)milliseconds * factor.as.number;
    bool overflows = !(fabs(scaled) < 9223372036854775808.0);
    return finish_integer(overflows, overflows ? 0 : llround(scaled), BAMBOO_DURATION, out, error);
}

static enum bamboo_status multiply_numbers(struct bamboo_value left, struct bamboo_value right,
                                           struct bamboo_value *out, struct bamboo_error *error)
{
    int64_t product;
    if (!both_are(left, right, BAMBOO_INTEGER))
        return finish_float(value_as_double(left) * value_as_double(right), out, error);
    bool overflows = __builtin_mul_overflow(left.as.integer, right.as.integer, &product);
    return finish_integer(overflows, product, BAMBOO_INTEGER, out, error);
}

enum bamboo_status value_multiply(struct bamboo_value left, struct bamboo_value right,
                                  struct bamboo_value *out, struct bamboo_error *error)
{
    if (value_is_number(left) && value_is_number(right))
        return multiply_numbers(left, right, out, error);
    /* The other pairs are a thing and a number, in any order. */
    struct bamboo_value thing = value_is_number(left) ? right : left;
    struct bamboo_value factor = value_is_number(left) ? left : right;
    if (thing.type == BAMBOO_DURATION && value_is_number(factor))
        return scale_duration(thing.as.integer, factor, out, error);
    size_t count =
        factor.type == BAMBOO_INTEGER && factor.as.integer > 0 ? (size_t)factor.as.integer : 0;
    if (thing.type == BAMBOO_STRING && factor.type == BAMBOO_INTEGER)
        return repeat_string(thing.as.string, count, out, error);
    if (thing.type == BAMBOO_LIST && factor.type == BAMBOO_INTEGER)
        return repeat_list(thing.as.list, count, out, error);
    return refuse_operands(&MULTIPLY, left, right, NULL, error);
}
