/* Builtins that make or go through lists, tuples, maps, sets and iterators. */
#include <string.h>

#include "template/arguments.h"
#include "template/builtin_bodies.h"
#include "template/compare.h"
#include "template/iterate.h"
#include "template/map.h"
#include "template/print.h"
#include "template/set.h"
#include "template/sort.h"

/* --- questions --- */

/* Goes on until an element's truth is `wanted`. */
static enum bamboo_status find_truth(struct evaluation *evaluation, struct object object,
                                     bool wanted, bool *found)
{
    struct object iterator = object;
    struct list_object *items = NULL;
    enum bamboo_status status = BAMBOO_OK;
    *found = false;
    if (object.kind != OBJECT_ITERATOR) {
        status = object_items(evaluation, object, &items);
        if (status == BAMBOO_OK) status = object_iterator(evaluation, items, &iterator);
    }
    for (bool more = true; status == BAMBOO_OK && more && !*found;) {
        struct object item = object_none();
        status = iterator_next(evaluation, iterator.as.iterator, &more, &item);
        if (status == BAMBOO_OK && more) *found = object_is_true(item) == wanted;
    }
    return status;
}

BODY(all)
{
    bool found = false;
    enum bamboo_status status = find_truth(evaluation, arguments->items[0], false, &found);
    *out = object_bool(!found);
    return status;
}

BODY(any)
{
    bool found = false;
    enum bamboo_status status = find_truth(evaluation, arguments->items[0], true, &found);
    *out = object_bool(found);
    return status;
}

/* --- the smallest and the largest --- */

static enum bamboo_status extreme(struct evaluation *evaluation, const struct arguments *arguments,
                                  enum order order, struct object *out)
{
    struct list_object several = {.items = NULL};
    struct list_object *items = &several;
    struct sort_key key = {argument_at(arguments, SIZE_MAX, "key")};
    const struct object *otherwise = argument_at(arguments, SIZE_MAX, "default");
    enum bamboo_status status = BAMBOO_OK;
    if (arguments->count == 0) return evaluation_refuse(evaluation, "there is nothing to compare");
    several.items = (struct object *)arguments->items; /* only read */
    several.count = arguments->count;
    if (arguments->count == 1) status = object_items(evaluation, arguments->items[0], &items);
    if (status != BAMBOO_OK) return status;
    if (items->count == 0 && !otherwise)
        return evaluation_refuse(evaluation, "an empty list has no smallest and no largest");
    *out = items->count > 0 ? items->items[0] : *otherwise;
    struct object best = object_none();
    if (items->count > 0) status = sort_key_of(evaluation, &key, *out, &best);
    for (size_t i = 1; status == BAMBOO_OK && i < items->count; i++) {
        struct object value = object_none();
        bool is_better = false;
        status = sort_key_of(evaluation, &key, items->items[i], &value);
        if (status == BAMBOO_OK)
            status = object_ordered(evaluation, value, order, best, &is_better);
        if (status == BAMBOO_OK && is_better) {
            *out = items->items[i];
            best = value;
        }
    }
    return status;
}

BODY(max)
{
    return extreme(evaluation, arguments, ORDER_GREATER, out);
}

BODY(min)
{
    return extreme(evaluation, arguments, ORDER_LESS, out);
}

/* --- lists and tuples --- */

/* A list or tuple of its own with what going through the only argument meets. */
static enum bamboo_status copy_items(struct evaluation *evaluation,
                                     const struct arguments *arguments, enum object_kind kind,
                                     struct object *out)
{
    struct list_object *items = NULL;
    enum bamboo_status status = object_list(evaluation, kind, 0, out);
    if (status != BAMBOO_OK || arguments->count == 0) return status;
    status = object_items(evaluation, arguments->items[0], &items);
    for (size_t i = 0; status == BAMBOO_OK && i < items->count; i++)
        status = list_append(evaluation, out->as.list, items->items[i]);
    return status;
}

BODY(list)
{
    return copy_items(evaluation, arguments, OBJECT_LIST, out);
}

BODY(tuple)
{
    return copy_items(evaluation, arguments, OBJECT_TUPLE, out);
}

BODY(sorted)
{
    const struct object *reverse = argument_at(arguments, SIZE_MAX, "reverse");
    struct sort_key key = {argument_at(arguments, SIZE_MAX, "key")};
    if (arguments->count == 0) return evaluation_refuse(evaluation, "sorted() needs a list");
    enum bamboo_status status = copy_items(evaluation, arguments, OBJECT_LIST, out);
    if (status != BAMBOO_OK) return status;
    return list_sort(evaluation, out->as.list, &key, reverse && object_is_true(*reverse));
}

BODY(range)
{
    int64_t bounds[3] = {0, 0, 1};
    enum bamboo_status status = BAMBOO_OK;
    for (size_t i = 0; status == BAMBOO_OK && i < arguments->count; i++) {
        if (arguments->items[i].kind == OBJECT_NONE || arguments->items[i].kind == OBJECT_BIG)
            return evaluation_refuse(evaluation, "range() wants integers of 64 bits");
        status = argument_integer(evaluation, &arguments->items[i], 0, &bounds[i]);
    }
    if (status != BAMBOO_OK) return status;
    if (arguments->count == 1) {
        bounds[1] = bounds[0];
        bounds[0] = 0;
    }
    if (bounds[2] == 0) return evaluation_refuse(evaluation, "the step of range() is 0");
    return object_range(evaluation, bounds[0], bounds[1], bounds[2], out);
}

/* --- iterators --- */

BODY(enumerate)
{
    const struct object *over = argument_at(arguments, 0, "iterable");
    const struct object *start = argument_at(arguments, 1, "start");
    struct list_object *items = NULL;
    struct object pairs = object_none();
    int64_t number = 0;
    if (!over) return evaluation_refuse(evaluation, "enumerate() needs a list");
    enum bamboo_status status = argument_count(evaluation, start, 0, &number);
    if (status == BAMBOO_OK) status = object_items(evaluation, *over, &items);
    if (status == BAMBOO_OK) status = object_list(evaluation, OBJECT_LIST, 0, &pairs);
    for (size_t i = 0; status == BAMBOO_OK && i < items->count; i++) {
        struct object pair = object_none();
        status = object_pair(evaluation, object_integer(number++), items->items[i], &pair);
        if (status == BAMBOO_OK) status = list_append(evaluation, pairs.as.list, pair);
    }
    return status == BAMBOO_OK ? object_iterator(evaluation, pairs.as.list, out) : status;
}

BODY(reversed)
{
    struct object over = arguments->items[0];
    struct list_object *items = NULL;
    struct object backwards = object_none();
    if (over.kind == OBJECT_SET || over.kind == OBJECT_ITERATOR)
        return evaluation_refuse(evaluation, "a %s cannot be reversed", object_type(over));
    enum bamboo_status status = object_items(evaluation, over, &items);
    if (status == BAMBOO_OK) status = object_list(evaluation, OBJECT_LIST, 0, &backwards);
    for (size_t i = 0; status == BAMBOO_OK && i < items->count; i++)
        status = list_append(evaluation, backwards.as.list, items->items[items->count - 1 - i]);
    return status == BAMBOO_OK ? object_iterator(evaluation, backwards.as.list, out) : status;
}

/* A tuple of the elements at `index` of all lists. */
static enum bamboo_status across(struct evaluation *evaluation, struct list_object *const *lists,
                                 size_t count, size_t index, struct object *out)
{
    enum bamboo_status status = object_list(evaluation, OBJECT_TUPLE, count, out);
    for (size_t i = 0; status == BAMBOO_OK && i < count; i++)
        status = list_append(evaluation, out->as.list, lists[i]->items[index]);
    return status;
}

BODY(zip)
{
    size_t shortest = 0;
    struct object rows = object_none();
    struct list_object **lists =
        evaluation_allocate(evaluation, arguments->count, sizeof(struct list_object *));
    if (!lists) return evaluation->status;
    enum bamboo_status status = object_list(evaluation, OBJECT_LIST, 0, &rows);
    for (size_t i = 0; status == BAMBOO_OK && i < arguments->count; i++) {
        status = object_items(evaluation, arguments->items[i], &lists[i]);
        if (status == BAMBOO_OK && (i == 0 || lists[i]->count < shortest))
            shortest = lists[i]->count;
    }
    for (size_t i = 0; status == BAMBOO_OK && i < shortest; i++) {
        struct object row = object_none();
        status = across(evaluation, lists, arguments->count, i, &row);
        if (status == BAMBOO_OK) status = list_append(evaluation, rows.as.list, row);
    }
    return status == BAMBOO_OK ? object_iterator(evaluation, rows.as.list, out) : status;
}

/* --- maps, sets, texts --- */

static enum bamboo_status set_pairs(struct evaluation *evaluation, struct map_object *map,
                                    struct object object)
{
    struct list_object *items = NULL, *pair = NULL;
    enum bamboo_status status = object_items(evaluation, object, &items);
    for (size_t i = 0; status == BAMBOO_OK && i < items->count; i++) {
        status = object_items(evaluation, items->items[i], &pair);
        if (status == BAMBOO_OK && pair->count != 2)
            status = evaluation_refuse(evaluation, "dict() wants pairs");
        if (status == BAMBOO_OK) status = map_set(evaluation, map, pair->items[0], pair->items[1]);
    }
    return status;
}

BODY(dict)
{
    enum bamboo_status status = object_map(evaluation, OBJECT_MAP, out);
    if (status == BAMBOO_OK && arguments->count > 0)
        status = arguments->items[0].kind == OBJECT_MAP
                     ? map_merge(evaluation, out->as.map, arguments->items[0].as.map)
                     : set_pairs(evaluation, out->as.map, arguments->items[0]);
    for (size_t i = 0; status == BAMBOO_OK && i < arguments->keyword_count; i++) {
        const struct keyword_argument *each = &arguments->keywords[i];
        struct object key = object_none();
        status = object_borrow_text(evaluation, each->name, strlen(each->name), &key);
        if (status == BAMBOO_OK) status = map_set(evaluation, out->as.map, key, each->value);
    }
    return status;
}

BODY(set)
{
    if (arguments->count > 0) return set_of(evaluation, arguments->items[0], out);
    return object_map(evaluation, OBJECT_SET, out);
}

BODY(str)
{
    const struct object *object = argument_at(arguments, 0, "object");
    if (!object) return object_borrow_text(evaluation, "", 0, out);
    return object_str(evaluation, *object, out);
}
