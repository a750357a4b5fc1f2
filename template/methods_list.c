/* Methods of lists, tuples and ranges. */
#include <string.h>

#include "template/compare.h"
#include "template/iterate.h"
#include "template/method_bodies.h"
#include "template/sort.h"

METHOD_BODY(LIST, append)
{
    *out = object_none();
    return list_append(evaluation, receiver.as.list, arguments->items[0]);
}

METHOD_BODY(LIST, clear)
{
    (void)evaluation, (void)arguments;
    receiver.as.list->count = 0;
    *out = object_none();
    return BAMBOO_OK;
}

METHOD_BODY(LIST, extend)
{
    struct list_object *items = NULL;
    enum bamboo_status status = object_items(evaluation, arguments->items[0], &items);
    size_t count = status == BAMBOO_OK ? items->count : 0; /* it may be the same list */
    for (size_t i = 0; status == BAMBOO_OK && i < count; i++)
        status = list_append(evaluation, receiver.as.list, items->items[i]);
    *out = object_none();
    return status;
}

METHOD_BODY(LIST, copy)
{
    (void)arguments;
    const struct list_object *list = receiver.as.list;
    enum bamboo_status status = object_list(evaluation, OBJECT_LIST, list->count, out);
    for (size_t i = 0; status == BAMBOO_OK && i < list->count; i++)
        status = list_append(evaluation, out->as.list, list->items[i]);
    return status;
}

/* --- looking for an element --- */

static enum bamboo_status count_equal(struct evaluation *evaluation, struct object receiver,
                                      const struct arguments *arguments, struct object *out)
{
    struct list_object *items = NULL;
    int64_t count = 0;
    enum bamboo_status status = object_items(evaluation, receiver, &items);
    for (size_t i = 0; status == BAMBOO_OK && i < items->count; i++) {
        bool is_equal = false;
        status = object_equal(evaluation, items->items[i], arguments->items[0], &is_equal);
        count += is_equal;
    }
    *out = object_integer(count);
    return status;
}

/* Where the element is between two indices, which may count from the end; SIZE_MAX: nowhere. */
static enum bamboo_status find(struct evaluation *evaluation, const struct list_object *items,
                               const struct arguments *arguments, size_t *found)
{
    int64_t count = (int64_t)items->count, from = 0, to = count;
    enum bamboo_status status =
        argument_integer(evaluation, argument_at(arguments, 1, NULL), 0, &from);
    if (status == BAMBOO_OK)
        status = argument_integer(evaluation, argument_at(arguments, 2, NULL), count, &to);
    if (from < 0) from = from < -count ? 0 : from + count;
    if (to < 0) to += count;
    *found = SIZE_MAX;
    for (int64_t i = from; status == BAMBOO_OK && i < to && i < count; i++) {
        bool is_equal = false;
        status = object_equal(evaluation, items->items[i], arguments->items[0], &is_equal);
        if (is_equal) {
            *found = (size_t)i;
            break;
        }
    }
    return status;
}

static enum bamboo_status index_of(struct evaluation *evaluation, struct object receiver,
                                   const struct arguments *arguments, struct object *out)
{
    struct list_object *items = NULL;
    size_t found = SIZE_MAX;
    enum bamboo_status status = object_items(evaluation, receiver, &items);
    if (status == BAMBOO_OK) status = find(evaluation, items, arguments, &found);
    if (status == BAMBOO_OK && found == SIZE_MAX)
        return evaluation_refuse(evaluation, "the element is not there");
    *out = object_integer((int64_t)found);
    return status;
}

METHOD_BODY(LIST, count)
{
    return count_equal(evaluation, receiver, arguments, out);
}

METHOD_BODY(TUPLE, count)
{
    return count_equal(evaluation, receiver, arguments, out);
}

METHOD_BODY(RANGE, count)
{
    return count_equal(evaluation, receiver, arguments, out);
}

METHOD_BODY(LIST, index)
{
    return index_of(evaluation, receiver, arguments, out);
}

METHOD_BODY(TUPLE, index)
{
    return index_of(evaluation, receiver, arguments, out);
}

METHOD_BODY(RANGE, index)
{
    return index_of(evaluation, receiver, arguments, out);
}

/* --- changing in place --- */

static void take_out(struct list_object *list, size_t index)
{
    list->count--;
    memmove(list->items + index, list->items + index + 1,
            (list->count - index) * sizeof *list->items);
}

METHOD_BODY(LIST, insert)
{
    struct list_object *list = receiver.as.list;
    int64_t at = 0, count = (int64_t)list->count;
    enum bamboo_status status = argument_integer(evaluation, &arguments->items[0], 0, &at);
    if (status == BAMBOO_OK) status = list_append(evaluation, list, arguments->items[1]);
    if (status != BAMBOO_OK) return status;
    if (at < 0) at = at < -count ? 0 : at + count;
    if (at > count) at = count;
    memmove(list->items + at + 1, list->items + at, (size_t)(count - at) * sizeof *list->items);
    list->items[at] = arguments->items[1];
    *out = object_none();
    return evaluation_pay(evaluation, (uint64_t)(count - at) / 8);
}

METHOD_BODY(LIST, pop)
{
    struct list_object *list = receiver.as.list;
    int64_t at = -1, count = (int64_t)list->count;
    enum bamboo_status status =
        argument_count(evaluation, argument_at(arguments, 0, NULL), -1, &at);
    if (status != BAMBOO_OK) return status;
    if (at < 0) at += count;
    if (at < 0 || at >= count)
        return evaluation_refuse(evaluation, "there is no element to take away");
    *out = list->items[at];
    take_out(list, (size_t)at);
    return evaluation_pay(evaluation, (uint64_t)(count - at) / 8);
}

METHOD_BODY(LIST, remove)
{
    size_t found = SIZE_MAX;
    enum bamboo_status status = find(evaluation, receiver.as.list, arguments, &found);
    if (status != BAMBOO_OK) return status;
    if (found == SIZE_MAX) return evaluation_refuse(evaluation, "the element is not there");
    take_out(receiver.as.list, found);
    *out = object_none();
    return BAMBOO_OK;
}

METHOD_BODY(LIST, reverse)
{
    (void)arguments;
    struct list_object *list = receiver.as.list;
    for (size_t i = 0; i < list->count / 2; i++) {
        struct object swap = list->items[i];
        list->items[i] = list->items[list->count - 1 - i];
        list->items[list->count - 1 - i] = swap;
    }
    *out = object_none();
    return evaluation_pay(evaluation, list->count);
}

METHOD_BODY(LIST, sort)
{
    const struct object *reverse = argument_at(arguments, SIZE_MAX, "reverse");
    struct sort_key key = {argument_at(arguments, SIZE_MAX, "key")};
    *out = object_none();
    return list_sort(evaluation, receiver.as.list, &key, reverse && object_is_true(*reverse));
}
