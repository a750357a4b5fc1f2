#include "template/operators.h"

#include <math.h>
#include <string.h>

#include "base/limits.h"
#include "template/compare.h"
#include "template/convert.h"
#include "template/format.h"
#include "template/integer.h"
#include "template/scalar.h"
#include "template/set.h"

typedef enum bamboo_status (*operation)(struct evaluation *evaluation, struct object left,
                                        struct object right, struct object *out);

static const char *spelling_of(enum binary sign)
{
    static const char *const SPELLINGS[] = {
#define BINARY(name, spelling, operation) spelling,
#include "template/binaries.def"
#undef BINARY
    };
    return SPELLINGS[sign];
}

static enum bamboo_status refuse(struct evaluation *evaluation, enum binary sign,
                                 struct object left, struct object right)
{
    return evaluation_refuse(evaluation, "'%s' is not possible between %s and %s",
                             spelling_of(sign), object_type(left), object_type(right));
}

/* --- numbers --- */

/* Both as floats. */
static enum bamboo_status as_doubles(struct evaluation *evaluation, struct object left,
                                     struct object right, double *a, double *b)
{
    struct object first = object_none(), second = object_none();
    enum bamboo_status status = object_to_float(evaluation, left, &first);
    if (status == BAMBOO_OK) status = object_to_float(evaluation, right, &second);
    if (status != BAMBOO_OK) return status;
    *a = first.as.number;
    *b = second.as.number;
    return BAMBOO_OK;
}

/* The rest has the divisor's sign; so has a zero. */
static double floor_modulo(double left, double right)
{
    double rest = fmod(left, right);
    if (isnan(rest)) return rest;
    if (rest < 0 || rest > 0) return (rest < 0) == (right < 0) ? rest : rest + right;
    return copysign(0.0, right);
}

static double floor_quotient(double left, double right)
{
    double rest = fmod(left, right);
    double quotient = (left - rest) / right;
    if ((rest < 0 || rest > 0) && (rest < 0) != (right < 0)) quotient -= 1.0;
    if (isnan(quotient)) return quotient;
    if (!(quotient < 0) && !(quotient > 0)) return copysign(0.0, left / right);
    double whole = floor(quotient);
    return quotient - whole > 0.5 ? whole + 1.0 : whole;
}

static enum bamboo_status float_power(struct evaluation *evaluation, double left, double right,
                                      double *out)
{
    bool is_zero = !(left < 0) && !(left > 0) && !isnan(left);
    if (is_zero && right < 0)
        return evaluation_refuse(evaluation, "0.0 cannot be raised to a negative power");
    if (left < 0 && isfinite(left) && isfinite(right) && floor(right) < right)
        return evaluation_refuse(evaluation, "the power is a complex number");
    *out = pow(left, right);
    if (isinf(*out) && isfinite(left) && isfinite(right))
        return evaluation_refuse(evaluation, "the power is too large for a float");
    return BAMBOO_OK;
}

static enum bamboo_status float_binary(struct evaluation *evaluation, enum binary sign,
                                       struct object left, struct object right, struct object *out)
{
    double a = 0, b = 0, result = 0;
    enum bamboo_status status = as_doubles(evaluation, left, right, &a, &b);
    if (status != BAMBOO_OK) return status;
    bool divides = sign == BINARY_DIVIDE || sign == BINARY_FLOOR_DIVIDE || sign == BINARY_MODULO;
    if (divides && !(b < 0) && !(b > 0) && !isnan(b))
        return evaluation_refuse(evaluation, "division by zero");
    switch (sign) {
    case BINARY_ADD: result = a + b; break;
    case BINARY_SUBTRACT: result = a - b; break;
    case BINARY_MULTIPLY: result = a * b; break;
    case BINARY_DIVIDE: result = a / b; break;
    case BINARY_FLOOR_DIVIDE: result = floor_quotient(a, b); break;
    case BINARY_MODULO: result = floor_modulo(a, b); break;
    case BINARY_POWER: status = float_power(evaluation, a, b, &result); break;
    case BINARY_AND:
    case BINARY_OR:
    case BINARY_XOR:
    case BINARY_SHIFT_LEFT:
    case BINARY_SHIFT_RIGHT: return refuse(evaluation, sign, left, right);
    }
    *out = object_float(result);
    return status;
}

static enum bamboo_status power_of_integers(struct evaluation *evaluation, struct object left,
                                            struct object right, struct object *out)
{
    if (integer_is_negative(right)) return float_binary(evaluation, BINARY_POWER, left, right, out);
    return integer_power(evaluation, left, right, out);
}

static enum bamboo_status integer_binary(struct evaluation *evaluation, enum binary sign,
                                         struct object left, struct object right,
                                         struct object *out)
{
    static const operation OPERATIONS[] = {
#define BINARY(name, spelling, operation) operation,
#include "template/binaries.def"
#undef BINARY
    };
    enum bamboo_status status = OPERATIONS[sign](evaluation, left, right, out);
    bool is_bits = sign == BINARY_AND || sign == BINARY_OR || sign == BINARY_XOR;
    if (status == BAMBOO_OK && is_bits && left.kind == OBJECT_BOOL && right.kind == OBJECT_BOOL)
        *out = object_bool(object_small(*out) != 0);
    return status;
}

/* --- texts and lists --- */

static enum bamboo_status join_texts(struct evaluation *evaluation, const struct text_object *left,
                                     const struct text_object *right, struct object *out)
{
    if (left->size + right->size > VALUE_SIZE_MAX)
        return evaluation_refuse_size(evaluation, "a text");
    char *bytes = evaluation_allocate(evaluation, left->size + right->size + 1, 1);
    if (!bytes) return evaluation->status;
    memcpy(bytes, left->bytes, left->size);
    memcpy(bytes + left->size, right->bytes, right->size);
    return object_borrow_text(evaluation, bytes, left->size + right->size, out);
}

static enum bamboo_status join_lists(struct evaluation *evaluation, struct object left,
                                     struct object right, struct object *out)
{
    const struct list_object *a = left.as.list, *b = right.as.list;
    struct object joined = object_none();
    enum bamboo_status status = object_list(evaluation, left.kind, a->count + b->count, &joined);
    for (size_t i = 0; status == BAMBOO_OK && i < a->count; i++)
        status = list_append(evaluation, joined.as.list, a->items[i]);
    for (size_t i = 0; status == BAMBOO_OK && i < b->count; i++)
        status = list_append(evaluation, joined.as.list, b->items[i]);
    *out = joined;
    return status;
}

static enum bamboo_status repeat_text(struct evaluation *evaluation, const struct text_object *text,
                                      uint64_t times, struct object *out)
{
    size_t size;
    if (__builtin_mul_overflow(text->size, times, &size) || size > VALUE_SIZE_MAX)
        return evaluation_refuse_size(evaluation, "a text");
    char *bytes = evaluation_allocate(evaluation, size + 1, 1);
    if (!bytes) return evaluation->status;
    for (size_t at = 0; text->size > 0 && at < size; at += text->size)
        memcpy(bytes + at, text->bytes, text->size);
    return object_borrow_text(evaluation, bytes, size, out);
}

static enum bamboo_status repeat_list(struct evaluation *evaluation, struct object list,
                                      uint64_t times, struct object *out)
{
    size_t count = list.as.list->count, total;
    if (__builtin_mul_overflow(count, times, &total))
        return evaluation_refuse_size(evaluation, "a list");
    struct object repeated = object_none();
    enum bamboo_status status = object_list(evaluation, list.kind, total, &repeated);
    for (size_t i = 0; status == BAMBOO_OK && i < total; i++)
        status = list_append(evaluation, repeated.as.list, list.as.list->items[i % count]);
    *out = repeated;
    return status;
}

static bool is_sequence(struct object object)
{
    return object.kind == OBJECT_TEXT || object.kind == OBJECT_LIST || object.kind == OBJECT_TUPLE;
}

static enum bamboo_status repeat(struct evaluation *evaluation, struct object sequence,
                                 struct object times, struct object *out)
{
    if (times.kind == OBJECT_BIG && !integer_is_negative(times))
        return evaluation_refuse_size(evaluation, "a list");
    uint64_t count = integer_is_negative(times) ? 0 : (uint64_t)object_small(times);
    if (sequence.kind == OBJECT_TEXT) return repeat_text(evaluation, sequence.as.text, count, out);
    return repeat_list(evaluation, sequence, count, out);
}

static enum bamboo_status other_binary(struct evaluation *evaluation, enum binary sign,
                                       struct object left, struct object right, struct object *out)
{
    bool is_alike = left.kind == right.kind;
    if (sign == BINARY_MODULO && left.kind == OBJECT_TEXT)
        return text_format(evaluation, left.as.text, right, out);
    if (sign == BINARY_ADD && is_alike && left.kind == OBJECT_TEXT)
        return join_texts(evaluation, left.as.text, right.as.text, out);
    if (sign == BINARY_ADD && is_alike && is_sequence(left))
        return join_lists(evaluation, left, right, out);
    if (sign == BINARY_MULTIPLY && is_sequence(left) && object_is_integer(right))
        return repeat(evaluation, left, right, out);
    if (sign == BINARY_MULTIPLY && is_sequence(right) && object_is_integer(left))
        return repeat(evaluation, right, left, out);
    if (is_alike && left.kind == OBJECT_SET && sign == BINARY_AND)
        return set_intersection(evaluation, left.as.map, right.as.map, out);
    if (is_alike && left.kind == OBJECT_SET && sign == BINARY_SUBTRACT)
        return set_difference(evaluation, left.as.map, right.as.map, out);
    if (is_alike && left.kind == OBJECT_SET && sign == BINARY_OR)
        return set_union(evaluation, left.as.map, right.as.map, out);
    if (is_alike && left.kind == OBJECT_SET && sign == BINARY_XOR)
        return set_symmetric_difference(evaluation, left.as.map, right.as.map, out);
    if (is_alike && left.kind == OBJECT_MAP && sign == BINARY_OR)
        return map_union(evaluation, left.as.map, right.as.map, out);
    return refuse(evaluation, sign, left, right);
}

/* --- all --- */

enum bamboo_status object_binary(struct evaluation *evaluation, enum binary sign,
                                 struct object left, struct object right, struct object *out)
{
    if (object_is_integer(left) && object_is_integer(right))
        return integer_binary(evaluation, sign, left, right, out);
    if (object_is_number(left) && object_is_number(right))
        return float_binary(evaluation, sign, left, right, out);
    return other_binary(evaluation, sign, left, right, out);
}

enum bamboo_status object_unary(struct evaluation *evaluation, enum unary sign,
                                struct object operand, struct object *out)
{
    static const char *const SIGNS[] = {"+", "-", "~"};
    bool is_float = operand.kind == OBJECT_FLOAT;
    if (!object_is_integer(operand) && (!is_float || sign == UNARY_INVERT))
        return evaluation_refuse(evaluation, "'%s' is not possible before %s", SIGNS[sign],
                                 object_type(operand));
    if (is_float) {
        *out = object_float(sign == UNARY_MINUS ? -operand.as.number : operand.as.number);
        return BAMBOO_OK;
    }
    if (sign == UNARY_PLUS) return integer_add(evaluation, operand, object_integer(0), out);
    enum bamboo_status status = integer_subtract(evaluation, object_integer(0), operand, out);
    if (status == BAMBOO_OK && sign == UNARY_INVERT)
        status = integer_subtract(evaluation, *out, object_integer(1), out);
    return status;
}

enum bamboo_status object_compare(struct evaluation *evaluation, enum comparison sign,
                                  struct object left, struct object right, bool *out)
{
    bool is_negated = sign == COMPARE_NOT_EQUAL || sign == COMPARE_NOT_IN || sign == COMPARE_IS_NOT;
    enum bamboo_status status = BAMBOO_OK;
    *out = false;
    switch (sign) {
    case COMPARE_EQUAL:
    case COMPARE_NOT_EQUAL: status = object_equal(evaluation, left, right, out); break;
    case COMPARE_LESS: return object_ordered(evaluation, left, ORDER_LESS, right, out);
    case COMPARE_LESS_EQUAL: return object_ordered(evaluation, left, ORDER_LESS_EQUAL, right, out);
    case COMPARE_GREATER: return object_ordered(evaluation, left, ORDER_GREATER, right, out);
    case COMPARE_GREATER_EQUAL:
        return object_ordered(evaluation, left, ORDER_GREATER_EQUAL, right, out);
    case COMPARE_IN:
    case COMPARE_NOT_IN: status = object_contains(evaluation, right, left, out); break;
    case COMPARE_IS:
    case COMPARE_IS_NOT: *out = object_is(left, right); break;
    }
    if (is_negated) *out = !*out;
    return status;
}
