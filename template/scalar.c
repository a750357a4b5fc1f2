#include "template/scalar.h"

#include <math.h>
#include <string.h>

#include "base/limits.h"
#include "template/integer.h"

static int compare_doubles(double left, double right)
{
    if (left < right) return -1;
    if (left > right) return 1;
    return isnan(left) || isnan(right) ? UNORDERED : 0;
}

/* An integer with a float, exactly. */
static enum bamboo_status compare_mixed(struct evaluation *evaluation, struct object integer,
                                        double number, int *out)
{
    if (!isfinite(number)) {
        *out = isnan(number) ? UNORDERED : (number > 0 ? -1 : 1);
        return BAMBOO_OK;
    }
    struct object whole = object_none();
    enum bamboo_status status = integer_from_double(evaluation, number, &whole);
    if (status != BAMBOO_OK) return status;
    *out = integer_compare(integer, whole);
    if (*out == 0) *out = -compare_doubles(number, trunc(number));
    return BAMBOO_OK;
}

enum bamboo_status numbers_compare(struct evaluation *evaluation, struct object left,
                                   struct object right, int *out)
{
    enum bamboo_status status = BAMBOO_OK;
    if (left.kind == OBJECT_FLOAT && right.kind == OBJECT_FLOAT) {
        *out = compare_doubles(left.as.number, right.as.number);
    } else if (left.kind == OBJECT_FLOAT) {
        status = compare_mixed(evaluation, right, left.as.number, out);
        if (*out != UNORDERED) *out = -*out;
    } else if (right.kind == OBJECT_FLOAT) {
        status = compare_mixed(evaluation, left, right.as.number, out);
    } else {
        *out = integer_compare(left, right);
    }
    return status;
}

/* Bytes of UTF-8 are in the order of their characters. */
int texts_compare(const struct text_object *left, const struct text_object *right)
{
    size_t size = left->size < right->size ? left->size : right->size;
    int order = size > 0 ? memcmp(left->bytes, right->bytes, size) : 0;
    if (order != 0) return order < 0 ? -1 : 1;
    return left->size < right->size ? -1 : left->size > right->size;
}

/* --- equality --- */

static bool equal_ranges(const struct range_object *left, const struct range_object *right)
{
    if (left->count != right->count) return false;
    return left->count == 0 ||
           (left->start == right->start && (left->count == 1 || left->step == right->step));
}

bool object_is(struct object left, struct object right)
{
    if (left.kind != right.kind) return false;
    switch (left.kind) {
    case OBJECT_UNDEFINED:
    case OBJECT_NONE: return true;
    case OBJECT_BOOL: return left.as.boolean == right.as.boolean;
    case OBJECT_INTEGER: return left.as.integer == right.as.integer;
    case OBJECT_FLOAT: return compare_doubles(left.as.number, right.as.number) == 0;
    case OBJECT_TEXT: return texts_compare(left.as.text, right.as.text) == 0;
    case OBJECT_BIG:
    case OBJECT_LIST:
    case OBJECT_TUPLE:
    case OBJECT_MAP:
    case OBJECT_SET:
    case OBJECT_RANGE:
    case OBJECT_VIEW:
    case OBJECT_ITERATOR:
    case OBJECT_BUILTIN:
    case OBJECT_METHOD:
    case OBJECT_LAMBDA:
    case OBJECT_KIND_COUNT: break;
    }
    return left.as.list == right.as.list; /* all of these are pointers */
}

enum bamboo_status scalar_equal(struct evaluation *evaluation, struct object left,
                                struct object right, bool *out)
{
    int order = 0;
    enum bamboo_status status = evaluation_pay(evaluation, 1);
    if (status != BAMBOO_OK) return status;
    if (object_is_number(left) && object_is_number(right)) {
        status = numbers_compare(evaluation, left, right, &order);
        *out = order == 0;
        return status;
    }
    *out = false;
    if (left.kind != right.kind) return BAMBOO_OK;
    if (left.kind == OBJECT_TEXT) {
        *out = left.as.text->size == right.as.text->size &&
               texts_compare(left.as.text, right.as.text) == 0;
        return evaluation_pay(evaluation, left.as.text->size / STEP_BYTES);
    }
    *out = left.kind == OBJECT_RANGE ? equal_ranges(left.as.range, right.as.range)
                                     : object_is(left, right);
    return BAMBOO_OK;
}

enum bamboo_status key_equal(struct evaluation *evaluation, struct object left, struct object right,
                             bool *out)
{
    if (left.kind != OBJECT_TUPLE || right.kind != OBJECT_TUPLE)
        return scalar_equal(evaluation, left, right, out);
    enum bamboo_status status = evaluation_descend(evaluation);
    if (status != BAMBOO_OK) return status;
    *out = left.as.list->count == right.as.list->count;
    for (size_t i = 0; status == BAMBOO_OK && *out && i < left.as.list->count; i++)
        status = key_equal(evaluation, left.as.list->items[i], right.as.list->items[i], out);
    evaluation_ascend(evaluation);
    return status;
}

/* --- hashes: what is equal has the same --- */

static uint64_t hash_bytes(const void *bytes, size_t size, uint64_t seed)
{
    const unsigned char *at = bytes;
    uint64_t hash = 14695981039346656037u ^ seed;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ at[i]) * 1099511628211u;
    return hash;
}

static uint64_t hash_number(double number)
{
    if (number <= 0 && number >= 0) number = 0; /* -0.0 equals 0.0 */
    return hash_bytes(&number, sizeof number, OBJECT_FLOAT);
}

static enum bamboo_status hash_tuple(struct evaluation *evaluation, const struct list_object *list,
                                     uint64_t *out)
{
    enum bamboo_status status = evaluation_descend(evaluation);
    if (status != BAMBOO_OK) return status;
    uint64_t hash = OBJECT_TUPLE;
    for (size_t i = 0; status == BAMBOO_OK && i < list->count; i++) {
        uint64_t item = 0;
        status = key_hash(evaluation, list->items[i], &item);
        hash = hash_bytes(&item, sizeof item, hash);
    }
    evaluation_ascend(evaluation);
    *out = hash;
    return status;
}

/* As equal_ranges() compares: neither the start of an empty range nor the step of one with one
 * element matters. */
static uint64_t hash_range(const struct range_object *range)
{
    uint64_t hash = hash_bytes(&range->count, sizeof range->count, OBJECT_RANGE);
    if (range->count > 0) hash = hash_bytes(&range->start, sizeof range->start, hash);
    if (range->count > 1) hash = hash_bytes(&range->step, sizeof range->step, hash);
    return hash;
}

/* A number hashes as the nearest float, so that 1, 1.0 and True meet. */
enum bamboo_status key_hash(struct evaluation *evaluation, struct object object, uint64_t *out)
{
    switch (object.kind) {
    case OBJECT_BOOL:
    case OBJECT_INTEGER: *out = hash_number((double)object_small(object)); return BAMBOO_OK;
    case OBJECT_FLOAT: *out = hash_number(object.as.number); return BAMBOO_OK;
    case OBJECT_BIG: *out = hash_number(integer_as_double(object)); return BAMBOO_OK;
    case OBJECT_TEXT:
        *out = hash_bytes(object.as.text->bytes, object.as.text->size, OBJECT_TEXT);
        return evaluation_pay(evaluation, object.as.text->size / STEP_BYTES);
    case OBJECT_TUPLE: return hash_tuple(evaluation, object.as.list, out);
    case OBJECT_LIST:
    case OBJECT_MAP:
    case OBJECT_SET:
        return evaluation_refuse(evaluation, "unhashable type: '%s'", object_type(object));
    case OBJECT_NONE:
    case OBJECT_UNDEFINED: *out = object.kind; return BAMBOO_OK;
    case OBJECT_RANGE: *out = hash_range(object.as.range); return BAMBOO_OK;
    case OBJECT_VIEW:
    case OBJECT_ITERATOR:
    case OBJECT_BUILTIN:
    case OBJECT_METHOD:
    case OBJECT_LAMBDA:
    case OBJECT_KIND_COUNT: break;
    }
    return evaluation_refuse(evaluation, "a %s cannot be a key here", object_type(object));
}
