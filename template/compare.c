#include "template/compare.h"

#include <string.h>

#include "base/limits.h"
#include "template/iterate.h"
#include "template/map.h"
#include "template/scalar.h"

/* --- equality --- */

static enum bamboo_status equal_lists(struct evaluation *evaluation, const struct list_object *left,
                                      const struct list_object *right, bool *out)
{
    enum bamboo_status status = BAMBOO_OK;
    *out = left->count == right->count;
    for (size_t i = 0; status == BAMBOO_OK && *out && i < left->count; i++)
        status = object_equal(evaluation, left->items[i], right->items[i], out);
    return status;
}

static enum bamboo_status equal_maps(struct evaluation *evaluation, struct map_object *left,
                                     struct map_object *right, bool *out)
{
    enum bamboo_status status = BAMBOO_OK;
    size_t at = 0;
    *out = left->count == right->count;
    for (const struct map_entry *entry; *out && (entry = map_next(left, &at));) {
        struct map_entry *other = NULL;
        status = map_find(evaluation, right, entry->key, &other);
        *out = other != NULL;
        if (status == BAMBOO_OK && other)
            status = object_equal(evaluation, entry->value, other->value, out);
        if (status != BAMBOO_OK) return status;
    }
    return BAMBOO_OK;
}

/* Of two objects of one kind. */
static enum bamboo_status equal_contents(struct evaluation *evaluation, struct object left,
                                         struct object right, bool *out)
{
    if (left.kind == OBJECT_LIST || left.kind == OBJECT_TUPLE)
        return equal_lists(evaluation, left.as.list, right.as.list, out);
    if (left.kind == OBJECT_MAP || left.kind == OBJECT_SET)
        return equal_maps(evaluation, left.as.map, right.as.map, out);
    return scalar_equal(evaluation, left, right, out);
}

enum bamboo_status object_equal(struct evaluation *evaluation, struct object left,
                                struct object right, bool *out)
{
    if (object_is_number(left) && object_is_number(right))
        return scalar_equal(evaluation, left, right, out);
    *out = false;
    if (left.kind != right.kind) return evaluation_pay(evaluation, 1);
    enum bamboo_status status = evaluation_descend(evaluation);
    if (status != BAMBOO_OK) return status;
    status = equal_contents(evaluation, left, right, out);
    evaluation_ascend(evaluation);
    return status;
}

/* --- order --- */

static bool holds(int comparison, enum order order)
{
    if (comparison == UNORDERED) return false;
    switch (order) {
    case ORDER_LESS: return comparison < 0;
    case ORDER_LESS_EQUAL: return comparison <= 0;
    case ORDER_GREATER: return comparison > 0;
    case ORDER_GREATER_EQUAL: return comparison >= 0;
    }
    return false;
}

/* The first elements that differ decide, else the lengths. */
static enum bamboo_status order_lists(struct evaluation *evaluation, const struct list_object *left,
                                      enum order order, const struct list_object *right, bool *out)
{
    size_t count = left->count < right->count ? left->count : right->count;
    for (size_t i = 0; i < count; i++) {
        bool is_equal = false;
        enum bamboo_status status =
            object_equal(evaluation, left->items[i], right->items[i], &is_equal);
        if (status != BAMBOO_OK) return status;
        if (!is_equal)
            return object_ordered(evaluation, left->items[i], order, right->items[i], out);
    }
    int lengths = left->count < right->count ? -1 : left->count > right->count;
    *out = holds(lengths, order);
    return BAMBOO_OK;
}

enum bamboo_status set_contains(struct evaluation *evaluation, struct map_object *left,
                                struct map_object *right, bool *out)
{
    size_t at = 0;
    *out = true;
    for (const struct map_entry *entry; *out && (entry = map_next(right, &at));) {
        struct map_entry *other = NULL;
        enum bamboo_status status = map_find(evaluation, left, entry->key, &other);
        if (status != BAMBOO_OK) return status;
        *out = other != NULL;
    }
    return BAMBOO_OK;
}

static enum bamboo_status order_sets(struct evaluation *evaluation, struct map_object *left,
                                     enum order order, struct map_object *right, bool *out)
{
    bool is_less = order == ORDER_LESS || order == ORDER_LESS_EQUAL;
    struct map_object *large = is_less ? right : left, *small = is_less ? left : right;
    enum bamboo_status status = set_contains(evaluation, large, small, out);
    if (order == ORDER_LESS || order == ORDER_GREATER) *out = *out && large->count > small->count;
    return status;
}

static enum bamboo_status order_contents(struct evaluation *evaluation, struct object left,
                                         enum order order, struct object right, bool *out)
{
    static const char *const SIGNS[] = {"<", "<=", ">", ">="};
    int comparison = 0;
    enum bamboo_status status = BAMBOO_OK;
    if (object_is_number(left) && object_is_number(right)) {
        status = numbers_compare(evaluation, left, right, &comparison);
        *out = holds(comparison, order);
        return status;
    }
    if (left.kind == right.kind && left.kind == OBJECT_TEXT) {
        *out = holds(texts_compare(left.as.text, right.as.text), order);
        return evaluation_pay(evaluation, 1 + left.as.text->size / STEP_BYTES);
    }
    if (left.kind == right.kind && (left.kind == OBJECT_LIST || left.kind == OBJECT_TUPLE))
        return order_lists(evaluation, left.as.list, order, right.as.list, out);
    if (left.kind == right.kind && left.kind == OBJECT_SET)
        return order_sets(evaluation, left.as.map, order, right.as.map, out);
    return evaluation_refuse(evaluation, "'%s' is not possible between %s and %s", SIGNS[order],
                             object_type(left), object_type(right));
}

enum bamboo_status object_ordered(struct evaluation *evaluation, struct object left,
                                  enum order order, struct object right, bool *out)
{
    *out = false;
    enum bamboo_status status = evaluation_pay(evaluation, 1);
    if (status == BAMBOO_OK) status = evaluation_descend(evaluation);
    if (status != BAMBOO_OK) return status;
    status = order_contents(evaluation, left, order, right, out);
    evaluation_ascend(evaluation);
    return status;
}

/* --- membership --- */

static bool range_contains(const struct range_object *range, int64_t integer)
{
    int64_t distance;
    if (range->count == 0 || __builtin_sub_overflow(integer, range->start, &distance)) return false;
    if (distance % range->step != 0) return false;
    int64_t index = distance / range->step;
    return index >= 0 && index < range->count;
}

static enum bamboo_status text_contains(struct evaluation *evaluation, struct object container,
                                        struct object item, bool *out)
{
    if (item.kind != OBJECT_TEXT)
        return evaluation_refuse(evaluation, "'in' a text needs a text on its left, not %s",
                                 object_type(item));
    *out = item.as.text->size == 0 || memmem(container.as.text->bytes, container.as.text->size,
                                             item.as.text->bytes, item.as.text->size) != NULL;
    return evaluation_pay(evaluation, 1 + container.as.text->size / STEP_BYTES);
}

static enum bamboo_status list_contains(struct evaluation *evaluation, struct object container,
                                        struct object item, bool *out)
{
    struct list_object *items = NULL;
    enum bamboo_status status = object_items(evaluation, container, &items);
    for (size_t i = 0; status == BAMBOO_OK && !*out && i < items->count; i++)
        status = object_equal(evaluation, items->items[i], item, out);
    return status;
}

enum bamboo_status object_contains(struct evaluation *evaluation, struct object container,
                                   struct object item, bool *out)
{
    struct map_entry *entry = NULL;
    enum bamboo_status status;
    *out = false;
    if (container.kind == OBJECT_TEXT) return text_contains(evaluation, container, item, out);
    if (container.kind == OBJECT_MAP || container.kind == OBJECT_SET) {
        status = map_find(evaluation, container.as.map, item, &entry);
        *out = entry != NULL;
        return status;
    }
    if (container.kind == OBJECT_RANGE &&
        (item.kind == OBJECT_INTEGER || item.kind == OBJECT_BOOL)) {
        *out = range_contains(container.as.range, object_small(item));
        return BAMBOO_OK;
    }
    return list_contains(evaluation, container, item, out);
}
