/* < and its kin. Strings order by code points, which is the order of their bytes in UTF-8. */
#include <string.h>

#include "base/value_compare.h"
#include "base/value_layout.h"
#include "base/value_operators.h"
#include "base/value_operands.h"

static const struct operator_name ORDER = {"<", "order", "and", false};

static int compare_sizes(size_t left, size_t right)
{
    return (left > right) - (left < right);
}

static int order_strings(const struct bamboo_string *left, const struct bamboo_string *right)
{
    size_t common = left->size < right->size ? left->size : right->size;
    int order = common ? memcmp(left->bytes, right->bytes, common) : 0;
    return order ? order : compare_sizes(left->size, right->size);
}

/* The first elements that differ decide; without any, the shorter list is less. */
static enum bamboo_status order_lists(const struct bamboo_list *left,
                                      const struct bamboo_list *right, int *out,
                                      struct bamboo_error *error)
{
    for (uint32_t i = 0; i < left->count && i < right->count; i++)
        if (!bamboo_value_equal(left->items[i], right->items[i]))
            return value_order(left->items[i], right->items[i], out, error);
    *out = compare_sizes(left->count, right->count);
    return BAMBOO_OK;
}

enum bamboo_status value_order(struct bamboo_value left, struct bamboo_value right, int *out,
                               struct bamboo_error *error)
{
    if (value_is_number(left) && value_is_number(right)) {
        *out = compare_numbers(left, right);
        return BAMBOO_OK;
    }
    if (left.type == right.type && left.type == BAMBOO_DURATION) {
        *out = (left.as.integer > right.as.integer) - (left.as.integer < right.as.integer);
        return BAMBOO_OK;
    }
    if (left.type == right.type && left.type == BAMBOO_STRING) {
        *out = order_strings(left.as.string, right.as.string);
        return BAMBOO_OK;
    }
    if (left.type == right.type && left.type == BAMBOO_LIST)
        return order_lists(left.as.list, right.as.list, out, error);
    return refuse_operands(&ORDER, left, right, NULL, error);
}
