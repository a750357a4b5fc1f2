/* Equality of values, as the language has it. Order is an operator: value_order.c. */
#include "base/value_compare.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/value.h"
#include "base/value_layout.h"

int compare_integer_with_float(int64_t integer, double number)
{
    /* Beyond these a double is larger than every integer of 64 bits; below, its whole part is one.
     */
    if (number >= 9223372036854775808.0) return -1;
    if (number < -9223372036854775808.0) return 1;
    int64_t whole = (int64_t)number;
    if (integer != whole) return integer < whole ? -1 : 1;
    double rest = number - (double)whole;
    return (rest < 0) - (rest > 0);
}

int compare_numbers(struct bamboo_value left, struct bamboo_value right)
{
    if (left.type == BAMBOO_INTEGER && right.type == BAMBOO_INTEGER)
        return (left.as.integer > right.as.integer) - (left.as.integer < right.as.integer);
    if (left.type == BAMBOO_INTEGER)
        return compare_integer_with_float(left.as.integer, right.as.number);
    if (right.type == BAMBOO_INTEGER)
        return -compare_integer_with_float(right.as.integer, left.as.number);
    return (left.as.number > right.as.number) - (left.as.number < right.as.number);
}

static bool lists_equal(const struct bamboo_list *left, const struct bamboo_list *right)
{
    if (left == right) return true;
    if (left->count != right->count) return false;
    for (uint32_t i = 0; i < left->count; i++)
        if (!bamboo_value_equal(left->items[i], right->items[i])) return false;
    return true;
}

static bool maps_equal(struct bamboo_value left, struct bamboo_value right)
{
    if (left.as.map == right.as.map) return true;
    if (left.as.map->count != right.as.map->count) return false;
    for (uint32_t i = 0; i < left.as.map->count; i++) {
        const struct map_entry *entry = &left.as.map->entries[i];
        struct bamboo_value other = bamboo_map_find(right, value_of_string(entry->key));
        if (!bamboo_value_equal(entry->value, other)) return false;
    }
    return true;
}

/* Only a whole number can be equal; printf writes all its digits. */
static bool big_equals_float(struct bamboo_value big, double number)
{
    char digits[400];
    if (trunc(number) < number || trunc(number) > number) return false;
    snprintf(digits, sizeof digits, "%.0f", number);
    return strcmp(digits, bamboo_string_bytes(big, NULL)) == 0;
}

bool bamboo_value_equal(struct bamboo_value left, struct bamboo_value right)
{
    if (value_is_number(left) && value_is_number(right)) return compare_numbers(left, right) == 0;
    if (left.type == BAMBOO_BIG_INTEGER && right.type == BAMBOO_FLOAT)
        return big_equals_float(left, right.as.number);
    if (left.type == BAMBOO_FLOAT && right.type == BAMBOO_BIG_INTEGER)
        return big_equals_float(right, left.as.number);
    if (left.type != right.type) return false;
    switch (left.type) {
    case BAMBOO_MISSING:
    case BAMBOO_NULL: return true;
    case BAMBOO_BOOL: return left.as.boolean == right.as.boolean;
    case BAMBOO_DURATION: return left.as.integer == right.as.integer;
    case BAMBOO_BIG_INTEGER:
    case BAMBOO_STRING: return string_equal(left.as.string, right.as.string);
    case BAMBOO_LIST: return lists_equal(left.as.list, right.as.list);
    case BAMBOO_MAP: return maps_equal(left, right);
    case BAMBOO_INTEGER:
    case BAMBOO_FLOAT:
    case BAMBOO_TYPE_COUNT: break;
    }
    return false;
}
